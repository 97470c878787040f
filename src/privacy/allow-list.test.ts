import { describe, expect, test } from 'vitest';
import { decide, type AllowList, type ListedFile } from './allow-list';
import { headersFor, withinFolder } from './policy';

const file = (path: string): ListedFile => ({ path, bytes: 1, sha256: '0' });
const list: AllowList = {
  grants: [],
  shellHash: 'abc',
  shell: [file('index.html'), file('assets/index-1.js')],
  engine: [file('engine/inference-1.js')],
  models: [file('models/m/m.onnx')],
};
const base = 'https://host.example/some/where/';
const ask = (url: string, method = 'GET', mode: RequestMode = 'same-origin') =>
  decide({ method, url: new URL(url, base).href, mode }, base, list);

describe('what is let through', () => {
  test.each([
    ['./', 'index.html', 'cache', 'page'],
    ['index.html', 'index.html', 'cache', 'page'],
    ['assets/index-1.js', 'assets/index-1.js', 'cache', 'asset'],
    ['engine/inference-1.js', 'engine/inference-1.js', 'cache', 'inference'],
    ['models/m/m.onnx', 'models/m/m.onnx', 'network', 'asset'],
  ] as const)('%s', (url, path, from, kind) => {
    const decision = ask(url);
    expect(decision).toMatchObject({ allow: true, file: { path }, from });
    const { 'Connection-Allowlist': reach, ...headers } = withinFolder(headersFor(kind), base);
    expect(decision.allow && decision.headers).toMatchObject(headers);
    if (kind !== 'page') expect(decision.allow && decision.headers['Connection-Allowlist']).toBe(reach);
  });
});

test('a link to the page may bear any query, and is answered from the cache', () => {
  for (const query of ['?backend=wasm&lang=zh', '?utm_source=x', 'index.html?lang=fr']) {
    expect(ask(query, 'GET', 'navigate')).toMatchObject({ file: { path: 'index.html' }, from: 'cache' });
  }
  expect(ask('assets/index-1.js?d=secret', 'GET', 'navigate')).toEqual({ allow: false, reason: 'query' });
});

describe('the page reaches', () => {
  const reachOf = (url: string, at = base) => {
    const decision = decide({ method: 'GET', url: new URL(url, at).href, mode: 'navigate' }, at, list);
    return decision.allow ? decision.headers['Connection-Allowlist'] : undefined;
  };
  const own = ['', 'assets/index-1.js', 'engine/inference-1.js', 'service-worker.js'];
  const exactly = (...paths: string[]) =>
    `(${paths.map((path) => `"${base}${path}?"`).join(' ')});webrtc=block`;

  test('the files of its build and newer service workers, each by its whole address and without a query', () => {
    expect(reachOf('./')).toBe(exactly(...own));
    expect(reachOf('index.html')).toBe(exactly(...own, 'index.html'));
  });

  test('itself again under the query that it was opened with, in which no sign is a pattern’s', () => {
    const opened = (query: string) =>
      `${exactly(...own).replace(');webrtc=block', '')} "${base}?${query}");webrtc=block`;
    expect(reachOf('?backend=wasm&lang=en')).toBe(opened('backend=wasm&lang=en'));
    expect(reachOf('?a=*(b)+:{c}?/%22')).toBe(opened(String.raw`a=\\*\\(b\\)\\+\\:\\{c\\}\\?\\/%22`));
  });

  test('its whole host where the address cannot stand in a policy', () => {
    expect(reachOf('./', 'http://[::1]:4173/')).toBe('(response-origin);webrtc=block');
  });
});

describe('what is refused', () => {
  test.each([
    ['https://attacker.example/some/where/index.html', 'GET', 'foreign'],
    ['http://host.example/some/where/', 'GET', 'foreign'],
    ['https://host.example:444/some/where/', 'GET', 'foreign'],
    ['https://host.example/', 'GET', 'outside'],
    ['https://host.example/some/wherever/index.html', 'GET', 'outside'],
    ['../where', 'GET', 'outside'],
    ['./', 'POST', 'method'],
    ['assets/index-1.js', 'HEAD', 'method'],
    ['assets/index-1.js?secret', 'GET', 'query'],
    ['engine/inference-1.js?d=secret', 'GET', 'query'],
    ['models/m/m.onnx?d=secret', 'GET', 'query'],
    ['?d=secret', 'GET', 'query'],
    ['?backend=secret', 'GET', 'query'],
    ['?lang=en&lang=secret', 'GET', 'query'],
    ['secret', 'GET', 'unlisted'],
    ['assets/', 'GET', 'unlisted'],
    ['assets/index-1.js/secret', 'GET', 'unlisted'],
    ['assets/%69ndex-1.js', 'GET', 'unlisted'],
    ['service-worker.js', 'GET', 'unlisted'],
    ['toString', 'GET', 'unlisted'],
  ])('%s %s: %s', (url, method, reason) => {
    expect(ask(url, method)).toEqual({ allow: false, reason });
  });
});
