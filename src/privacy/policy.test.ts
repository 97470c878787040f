import { describe, expect, test } from 'vitest';
import { grantScript } from './grant-script';
import {
  fileKind,
  headersFile,
  headersFor,
  headersOf,
  isGrantable,
  metaPolicy,
  mimeType,
  readHeadersFile,
  withinFolder,
  type FileKind,
} from './policy';

const kinds: readonly FileKind[] = ['page', 'inference', 'library', 'vault', 'pdf', 'wall', 'asset'];
const policyOf = (kind: FileKind) => headersFor(kind)['Content-Security-Policy'] ?? '';

describe('headers', () => {
  test.each(kinds)('%s: isolated, silent to other origins, and closed by default', (kind) => {
    const headers = headersFor(kind);
    expect(headers['Connection-Allowlist']).toBe('(response-origin);webrtc=block');
    expect(headers['Cross-Origin-Opener-Policy']).toBe('same-origin');
    expect(headers['Cross-Origin-Embedder-Policy']).toBe('require-corp');
    expect(headers['Cross-Origin-Resource-Policy']).toBe('same-origin');
    expect(headers['Referrer-Policy']).toBe('no-referrer');
    expect(headers['X-Content-Type-Options']).toBe('nosniff');
    expect(policyOf(kind)).toMatch(/^default-src 'none';/);
  });

  test.each(kinds)('%s: names no foreign origin, no eval, no inline, no wildcard', (kind) => {
    expect(policyOf(kind)).not.toMatch(/https?:|wss?:|\*|unsafe-inline|'unsafe-eval'|strict-dynamic|nonce-/);
  });

  test('the page demands Trusted Types; the inference worker must not, or wasm threads fail', () => {
    expect(policyOf('page')).toContain("require-trusted-types-for 'script'");
    expect(policyOf('page')).toContain('trusted-types svelte-trusted-html obscura-url');
    expect(policyOf('inference')).not.toContain('trusted-types');
    expect(policyOf('inference')).toContain("worker-src 'self'");
    expect(policyOf('library')).not.toContain('worker-src');
  });

  test('the page connects to nothing, nor does a frame that it makes', () => {
    expect(policyOf('page')).toContain("connect-src 'none';");
  });

  test('what reads kept things, or what a stranger made, reaches no address and starts no worker', () => {
    for (const kind of ['vault', 'pdf'] as const)
      expect(policyOf(kind)).not.toMatch(/connect-src|worker-src|img-src|font-src/);
    expect(fileKind('engine/pdf-Ab_-1.js')).toBe('pdf');
  });

  test('only the camera may be used, and only by ourselves', () => {
    const features = (headersFor('page')['Permissions-Policy'] ?? '').split(', ');
    expect(features[0]).toBe('camera=(self)');
    expect(features.slice(1).every((feature) => feature.endsWith('=()'))).toBe(true);
    expect(features).toContain('clipboard-read=()');
    expect(features).toContain('deferred-fetch=()');
  });

  test('the meta element carries the page policy without what only a header can say', () => {
    expect(metaPolicy()).not.toContain('frame-ancestors');
    expect(`${metaPolicy()}; frame-ancestors 'none'`.split('; ').sort()).toEqual(
      policyOf('page').split('; ').sort(),
    );
  });
});

test('what a file is depends on its path alone', () => {
  const paths = [
    '',
    'index.html',
    'service-worker.js',
    'engine/inference-AbC_-123.js',
    'engine/library-1.js',
    'engine/grant-m-1.js',
  ];
  expect(paths.map(fileKind)).toEqual(['page', 'page', 'wall', 'inference', 'library', 'library']);
  expect(['assets/index-1.js', 'models/a/b.onnx', 'manifest.webmanifest'].map(fileKind)).toEqual(
    Array(3).fill('asset'),
  );
});

test('content types: scripts by both endings, the unknown as plain bytes', () => {
  expect(mimeType('')).toBe('text/html; charset=utf-8');
  expect(mimeType('a.mjs')).toBe(mimeType('a.js'));
  expect(mimeType('models/x.onnx')).toBe('application/octet-stream');
});

test('_headers gives each path the headers of its kind, in lines a host accepts', () => {
  const text = headersFile(['', 'engine/library-1.js', 'assets/*'], []);
  expect(text).toContain(`/\n  Content-Security-Policy: ${policyOf('page')}\n`);
  expect(text).toContain(`/engine/library-1.js\n  Content-Security-Policy: ${policyOf('library')}\n`);
  expect(text.split('\n').every((line) => line.length <= 2000)).toBe(true);
});

describe('a grant', () => {
  const path = 'engine/grant-m-1.js';
  const url = 'https://hub.example/at/0a1b/m.onnx';
  const cdn = 'https://cdn.example';
  const file = { url, redirects: [] };
  const sealed = headersFor('library');

  test('adds its file to what the library worker may reach, and changes nothing else', () => {
    expect(headersOf(path, [{ path, ...file }])).toEqual({
      ...sealed,
      'Content-Security-Policy': policyOf('library').replace(
        "connect-src 'self'",
        `connect-src 'self' ${url}`,
      ),
      'Connection-Allowlist': '(response-origin "https://hub.example");webrtc=block',
    });
  });

  test('allows redirects only where the card names where to', () => {
    const headers = headersOf(path, [{ path, url, redirects: [cdn] }]);
    expect(headers['Content-Security-Policy']).toContain(`connect-src 'self' ${url} ${cdn};`);
    expect(headers['Connection-Allowlist']).toBe(
      '(response-origin "https://hub.example");redirects=allow;webrtc=block',
    );
  });

  test('adds the place where the host states what the file is, which a policy names without its query', () => {
    const metadata = 'https://api.hub.example/files?Revision=v1.0.0';
    const headers = headersOf(path, [{ path, ...file, metadata }]);
    expect(headers['Content-Security-Policy']).toContain(
      `connect-src 'self' ${url} https://api.hub.example/files;`,
    );
    expect(headers['Connection-Allowlist']).toBe(
      '(response-origin "https://hub.example" "https://api.hub.example");webrtc=block',
    );
    const bad = [
      'files?a=1&b=2',
      'files?a=b;script-src',
      'files?a= *',
      'files#a',
      'files?a=%20',
      '?',
      'a?b?c=d',
    ];
    for (const end of bad)
      expect(isGrantable({ ...file, metadata: `https://api.hub.example/${end}` }), end).toBe(false);
  });

  test.each([
    ['a script of no grant', { path: 'engine/grant-n-1.js', ...file }],
    ['an address that is a header', { path, url: `${url}; script-src *`, redirects: [] }],
    ['a redirect to anywhere', { path, url, redirects: ['*'] }],
  ])('is not for %s', (_what, grant) => {
    expect(headersOf(path, [grant])).toEqual(sealed);
  });

  test.each(['', 'index.html', 'engine/inference-1.js', 'service-worker.js', 'assets/a.js'])(
    'is never of "%s", even if a list says so',
    (asked) => {
      expect(headersOf(asked, [{ path: asked, ...file }])).toEqual(headersFor(fileKind(asked)));
    },
  );

  test('is for https, and for this machine where tests run', () => {
    const granted = (address: string) => isGrantable({ url: address, redirects: [address] });
    const good = [url, cdn, 'http://localhost:8000', 'http://127.0.0.1:1/a.onnx'];
    expect(good.filter((address) => !granted(address))).toEqual([]);
    const bad = [
      'http://hub.example',
      `${url}?d=1`,
      `${url}/`,
      `${url}#a`,
      'https://*',
      'https://*.a.b',
      'wss://a.b',
    ];
    expect([...bad, '*', '', 'data:,a', `${cdn}:8443`, 'http://localhost.evil:1'].filter(granted)).toEqual(
      [],
    );
  });

  test('has a script named after the library of the same build', () => {
    expect(grantScript('../engine/library-AbC.js', 'm')).toBe('../engine/grant-m-AbC.js');
    expect(grantScript('/workers/library.ts?worker', 'm')).toBe('/workers/library.ts?worker');
  });

  test('is read back from _headers as it was written', () => {
    const grants = [{ path, url, redirects: [cdn] }];
    const text = headersFile(['', path, 'engine/library-1.js'], grants);
    expect(readHeadersFile(text, path)).toEqual(headersOf(path, grants));
    expect(readHeadersFile(text, 'engine/library-1.js')).toEqual(sealed);
    expect(readHeadersFile(text, 'engine/grant-x-1.js')).toBeNull();
  });
});

describe('within a folder', () => {
  const policyWithin = (base: string, kind: FileKind = 'inference') =>
    withinFolder(headersFor(kind), base)['Content-Security-Policy'] ?? '';

  test.each(['inference', 'library'] as const)('%s may connect to the folder alone', (kind) => {
    expect(policyWithin('https://host.example/app/', kind)).toContain(
      'connect-src https://host.example/app/;',
    );
    expect(policyWithin('https://host.example/app/', kind)).not.toContain("connect-src 'self'");
  });

  test.each([
    'https://host.example/a;b/',
    'https://host.example/a,b/',
    'http://[::1]:4173/',
    'https://h/ x/',
  ])('an address that a policy cannot hold leaves it as it was: %s', (base) => {
    expect(policyWithin(base)).toBe(policyOf('inference'));
  });

  test('no other header changes', () => {
    const { 'Content-Security-Policy': before, ...others } = headersFor('library');
    expect(before).toContain("connect-src 'self'");
    expect(withinFolder(headersFor('library'), 'https://host.example/')).toMatchObject(others);
  });
});
