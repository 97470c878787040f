import { describe, expect, test } from 'vitest';
import { checkScriptUrl } from './trusted-url';

const base = 'https://host.example/app/';

test.each([
  'service-worker.js',
  'engine/inference-Ab_-1234.js',
  'engine/library-Ab_-1234.js',
  'engine/leak-test-1.js',
  'engine/vault-Ab_-1234.js',
  'engine/pdf-Ab_-1234.js',
])('admits %s, relative or absolute', (path) => {
  expect(checkScriptUrl(path, base)).toBe(base + path);
  expect(checkScriptUrl(base + path, base)).toBe(base + path);
});

describe('refuses', () => {
  test.each([
    'https://attacker.example/app/service-worker.js',
    '//attacker.example/service-worker.js',
    '../service-worker.js',
    'service-worker.js?d=secret',
    'service-worker.js#secret',
    'other/service-worker.js',
    'engine/ort-jspi-1.js',
    'engine/inference-1.js/../x.js',
    'assets/index-1.js',
    'data:text/javascript,1',
    'blob:https://host.example/1',
  ])('%s', (url) => {
    expect(() => checkScriptUrl(url, base)).toThrow('network/refused');
  });
});
