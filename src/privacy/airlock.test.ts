import { describe, expect, test } from 'vitest';
import type { StudioError } from '../base/errors';
import { airlockFetch, openAirlock } from './airlock';
import type { ForeignFile } from './policy';

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

describe('opened for one file of a foreign host', () => {
  const file: ForeignFile = { url: 'https://hub.example/a/b.onnx', redirects: [] };
  const moving = { ...file, redirects: ['https://cdn.example'] };
  const script = 'https://host.example/app/engine/grant-m-1.js';

  /** What is asked for in turn; every answer but the script's is `response`, as if it came from `url`. */
  function opened(of: ForeignFile, response = () => new Response('weights'), url = of.url) {
    const asked: { url: string; init: RequestInit }[] = [];
    const line = (address: string, init: RequestInit) => {
      asked.push({ url: address, init });
      const answered = address === script ? new Response('import') : response();
      return Promise.resolve(
        Object.defineProperty(answered, 'url', { value: address === script ? script : url }),
      );
    };
    return { asked, ask: openAirlock([of], script, { line }) };
  }

  test('asks for the own script, and then for the file with nothing of the visitor', async () => {
    const { asked, ask } = opened(file);
    expect(await (await ask(file.url, { range: { first: 0, last: 9 } })).text()).toBe('weights');
    expect(asked.map(({ url }) => url)).toEqual([script, file.url]);
    expect(asked[0]!.init.headers).toBeUndefined();
    expect(asked[1]!.init).toEqual({
      headers: { Range: 'bytes=0-9' },
      cache: 'no-store',
      credentials: 'omit',
      mode: 'cors',
      redirect: 'error',
      referrerPolicy: 'no-referrer',
    });
  });

  test.each([
    'https://hub.example/a/c.onnx',
    'https://hub.example/a/b.onnx?d=secret',
    'https://evil.example/a/b.onnx',
    'http://hub.example/a/b.onnx',
    'models/x.onnx',
    '',
  ])('refuses %s without touching the line', async (address) => {
    const { asked, ask } = opened(file);
    await expect(ask(address, {})).rejects.toMatchObject({ code: 'network/refused' });
    expect(asked).toEqual([]);
  });

  test('asks also where the host states what the file is, to the letter', async () => {
    const metadata = 'https://hub.example/api?Revision=v1';
    const { asked, ask } = opened({ ...file, metadata }, undefined, metadata);
    expect((await ask(metadata, {})).ok).toBe(true);
    expect(asked.map(({ url }) => url)).toEqual([script, metadata]);
    for (const address of [`${metadata}&d=secret`, 'https://hub.example/api'])
      await expect(ask(address, {})).rejects.toMatchObject({ code: 'network/refused' });
  });

  test.each(['http://hub.example/a', 'https://*', 'data:,a'])('refuses a grant of %s', async (url) => {
    const { asked, ask } = opened({ ...file, url });
    await expect(ask(url, {})).rejects.toMatchObject({ code: 'network/refused' });
    expect(asked).toEqual([]);
  });

  test('follows a redirect only where the grant names one, and takes an answer only from there', async () => {
    const there = opened(moving, undefined, 'https://cdn.example/x?signed=1');
    expect((await there.ask(file.url, {})).ok).toBe(true);
    expect(there.asked[1]!.init.redirect).toBe('follow');
    let ended = false;
    const body = () => new Response(new ReadableStream({ cancel: () => void (ended = true) }));
    const { ask } = opened(moving, body, 'https://evil.example/x');
    await expect(ask(file.url, {})).rejects.toMatchObject({ code: 'network/refused' });
    expect(ended).toBe(true);
  });

  test('a host that cannot be reached or read is told with its address, an abort as it is', async () => {
    const dead = openAirlock([file], script, {
      line: () => Promise.reject(new TypeError('Failed to fetch')),
    });
    await expect(dead(file.url, {})).rejects.toMatchObject({
      code: 'network/unreachable',
      details: { host: 'hub.example', address: file.url },
    });
    const reason = new Error('my reason');
    const stopped = openAirlock([file], script, { line: () => Promise.reject(reason) });
    await expect(stopped(file.url, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  test.each([
    [404, 'network/failed'],
    [429, 'network/host-busy'],
    [503, 'network/host-busy'],
  ])('the status %i is told as %s', async (status, code) => {
    await expect(opened(file, () => new Response('', { status })).ask(file.url, {})).rejects.toMatchObject({
      code,
    });
  });
});
