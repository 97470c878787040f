import { expect, test } from 'vitest';
import { layersOf } from './host-layers';
import { headersFor } from './policy';

const lower = (headers: object) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value as string]));
const page = lower(headersFor('page'));

test('a header of the host is the policy’s to the letter, another, or none', () => {
  const host: Record<string, string> = { ...page, 'referrer-policy': 'origin', 'x-other': '1' };
  delete host['permissions-policy'];
  const { kind, headers } = layersOf({ path: 'index.html', host, wall: {} });
  expect(kind).toBe('page');
  expect(headers).toMatchObject({
    'Content-Security-Policy': 'same',
    'Referrer-Policy': 'other',
    'Permissions-Policy': 'none',
  });
  expect(Object.keys(headers ?? {})).toEqual(Object.keys(headersFor('page')));
});

test('a weaker policy is another, and that of a worker is not that of the page', () => {
  const host = { ...page, 'content-security-policy': 'upgrade-insecure-requests' };
  expect(layersOf({ path: 'index.html', host, wall: {} }).headers?.['Content-Security-Policy']).toBe('other');
  const worker = layersOf({ path: 'engine/vault-1.js', host: page, wall: page });
  expect([worker.kind, worker.headers?.['Content-Security-Policy']]).toEqual(['vault', 'other']);
  expect(worker.wall).toContain('connection-allowlist');
});

test('of a host that did not answer nothing is said', () => {
  expect(layersOf({ path: 'index.html', host: null, wall: page }).headers).toBeNull();
});
