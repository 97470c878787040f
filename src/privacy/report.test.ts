import { expect, test } from 'vitest';
import { openDeployment } from './deployment';
import { makeReport, type ReportFacts } from './report';

const time = Date.UTC(2026, 0, 2, 3, 4, 5);
const nothing: ReportFacts = {
  madeAt: time,
  address: 'https://h.example/',
  browser: { userAgent: 'Browser 1', isolated: false },
  build: null,
  wall: { standing: false, headersFrom: 'unknown' },
  airlock: { openHosts: [], inOtherTabs: [] },
  headers: null,
  leakTest: null,
  ledger: { rows: [], refused: 0, testimony: { timings: null, violations: 0, reports: 0 } },
  stores: null,
  deployment: openDeployment,
};

test('what was not measured is unknown, and what was not done is not there', () => {
  const report = makeReport(nothing);
  expect(report).toMatchObject({
    madeAt: '2026-01-02T03:04:05.000Z',
    build: { shell: 'unknown', serviceWorker: 'unknown', files: 'unknown' },
    headers: 'unknown',
    leakTest: null,
    stores: 'unknown',
    wall: { standing: false, headersFrom: 'unknown' },
  });
  // What the administrator allows is read, not measured.
  expect(JSON.stringify({ ...report, deployment: null })).not.toMatch(/\btrue\b/);
  expect(report.limits.join(' ')).toContain('not an attestation');
});

test('it says of an attack what came of each way out, and unknown where nobody could tell', () => {
  const result = (channel: string, leaked: boolean | null) => ({
    channel,
    leaked,
    blockedBy: null,
    tried: true,
  });
  const results = [result('a:own', true), result('b:own', false), result('c:own', null)];
  const { leakTest } = makeReport({ ...nothing, leakTest: { endedAt: time, allowlist: null, results } });
  expect(leakTest?.allowlist).toBe('unknown');
  expect(leakTest?.results.map(({ leaked }) => leaked)).toEqual([true, false, 'unknown']);
});

test('a build whose own script was not read at install has no hash of it', () => {
  const files = [{ path: 'index.html', sha256: 'aa' }];
  const { build } = makeReport({ ...nothing, build: { shell: 's', serviceWorker: null, files } });
  expect(build).toEqual({ shell: 's', serviceWorker: 'unknown', files });
});
