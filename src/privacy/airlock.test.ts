import { describe, expect, test } from 'vitest';
import type { StudioError } from '../base/errors';
import { airlockFetch } from './airlock';

const base = 'https://host.example/app/';
const through = (answer: () => Promise<Response>) => {
  const asked: string[] = [];
  const line = (url: string) => {
    asked.push(url);
    return answer();
  };
  return { asked, line, base };
};
const fine = () => Promise.resolve(new Response('weights'));

test('fetches a file of the app', async () => {
  const options = through(fine);
  expect(await (await airlockFetch('models/a-b/c_1.onnx', options)).text()).toBe('weights');
  expect(options.asked).toEqual(['https://host.example/app/models/a-b/c_1.onnx']);
});

describe('refuses without touching the line', () => {
  test.each([
    'https://attacker.example/x',
    '//attacker.example/x',
    '/models/x',
    '../x',
    'models/../../x',
    'models/./x',
    'models/%2e%2e/x',
    'models\\x',
    'models/x?d=secret',
    'models/x#secret',
    'data:text/plain,x',
    'models/',
    '',
  ])('%s', async (path) => {
    const options = through(fine);
    await expect(airlockFetch(path, options)).rejects.toMatchObject({ code: 'network/refused' });
    expect(options.asked).toEqual([]);
  });
});

test('asks for a part by a Range header and nothing else', async () => {
  let headers: HeadersInit | undefined;
  const line = (_url: string, init: RequestInit) => {
    headers = init.headers;
    return fine();
  };
  await airlockFetch('models/x.onnx', { base, line, range: { first: 16, last: 31 } });
  expect(headers).toEqual({ Range: 'bytes=16-31' });
  await airlockFetch('models/x.onnx', { base, line });
  expect(headers).toBeUndefined();
});

const answer = (status: number, headers: Record<string, string> = {}) => {
  return () => Promise.resolve(new Response('<p>', { status, headers }));
};

test.each([
  ['a dead line', () => Promise.reject(new TypeError('Failed to fetch')), 'network/failed'],
  ['no such file', answer(404), 'network/failed'],
  ['an error of the host', answer(503), 'network/host-busy'],
  ['too many requests', answer(429), 'network/host-busy'],
  [
    'a page in place of the file',
    answer(200, { 'Content-Type': 'text/html; charset=utf-8' }),
    'network/not-the-file',
  ],
])('%s is told as what it is', async (_what, line, code) => {
  await expect(airlockFetch('models/x.onnx', through(line))).rejects.toMatchObject({ code });
});

test('how long a busy host asks to be left alone is told in milliseconds', async () => {
  const wait = (value: string) =>
    airlockFetch('models/x.onnx', through(answer(429, { 'Retry-After': value }))).catch(
      (thrown: unknown) => (thrown as StudioError).details.retryAfterMs,
    );
  expect(await wait('3')).toBe(3000);
  expect(await wait('soon')).toBeUndefined();
  const date = await wait(new Date(Date.now() + 60_000).toUTCString());
  expect(date).toBeGreaterThan(55_000);
  expect(date).toBeLessThan(61_000);
});

test('an abort passes through untouched', async () => {
  const reason = new DOMException('stop', 'AbortError');
  const options = through(() => Promise.reject(reason));
  await expect(airlockFetch('models/x.onnx', options)).rejects.toBe(reason);
  const own = new Error('my reason');
  const signal = AbortSignal.abort(own);
  const late = through(() => Promise.reject(own));
  await expect(airlockFetch('models/x.onnx', { ...late, signal })).rejects.toBe(own);
});
