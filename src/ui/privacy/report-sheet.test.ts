import { expect, test } from 'vitest';
import { openDeployment } from '../../privacy/deployment';
import { makeReport } from '../../privacy/report';
import { reportSheet } from './report-sheet';

const report = makeReport({
  madeAt: Date.UTC(2026, 0, 2, 3, 4, 5),
  address: 'https://h.example/',
  browser: { userAgent: `<img src=x onerror="alert('1')"> & more`, isolated: true },
  build: { shell: 'abc', serviceWorker: null, files: [{ path: 'index.html', sha256: 'f'.repeat(64) }] },
  wall: { standing: true, headersFrom: 'service-worker' },
  airlock: { openHosts: ['hub.example'], inOtherTabs: [] },
  headers: [{ client: 'page', header: 'X-Content-Type-Options', from: ['wall'] }],
  leakTest: null,
  ledger: { rows: [], refused: 3, testimony: { timings: null, violations: 1, reports: 0 } },
  stores: null,
  deployment: openDeployment,
});

test.each([
  ['en', ['2 Jan 2026', 'It was not run.', '3 refused', 'unknown', 'hub.example', 'f'.repeat(64)]],
  ['zh', ['2026年1月2日', '没有运行过。', '拒绝 3 行', '未知', 'hub.example', 'f'.repeat(64)]],
] as const)(
  'in %s it says what was measured and what was not, and carries no markup of a text',
  async (language, told) => {
    const text = await reportSheet(report, language).text();
    for (const part of told) expect(text).toContain(part);
    expect(text).not.toMatch(/<img|<script|onerror="/);
    expect(text).toContain('&#60;img src=x onerror=&#34;alert(&#39;1&#39;)&#34;&#62; &#38; more');
  },
);
