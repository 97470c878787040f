import { describe, expect, test } from 'vitest';
import { fileKind, headersFile, headersFor, metaPolicy, mimeType, type FileKind } from './policy';

const kinds: readonly FileKind[] = ['page', 'inference', 'library', 'wall', 'asset'];
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
  ];
  expect(paths.map(fileKind)).toEqual(['page', 'page', 'wall', 'inference', 'library']);
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
  const text = headersFile(['', 'engine/library-1.js', 'assets/*']);
  expect(text).toContain(`/\n  Content-Security-Policy: ${policyOf('page')}\n`);
  expect(text).toContain(`/engine/library-1.js\n  Content-Security-Policy: ${policyOf('library')}\n`);
  expect(text.split('\n').every((line) => line.length <= 2000)).toBe(true);
});
