import { expect, test, vi } from 'vitest';
import { guardEvent, guardPage, staysHere } from './guard';

const base = 'https://host.example/app/';
const here = `${base}?lang=zh#/cartoon`;
const to = (url: string, downloadRequest: string | null = null) => ({
  destination: { url },
  downloadRequest,
});

test.each([`${base}?lang=zh#/models`, `${base}?lang=zh`, here])('%s is this page', (url) => {
  expect(staysHere(to(url), here)).toBe(true);
});

test('a file of this tab may be saved', () => {
  expect(staysHere(to('blob:https://host.example/1', 'a.png'), here)).toBe(true);
});

test.each([
  'https://evil.example/?d=secret',
  'https://host.example/other/',
  base,
  `${here}secret`.replace('#', 'secret#'),
  `${base}?d=secret`,
  `${base}secret`,
  'http://host.example/app/',
  'data:text/html,secret',
  'mailto:a@evil.example?body=secret',
])('%s leaves', (url) => {
  expect(staysHere(to(url), here)).toBe(false);
});

test('no address is downloaded, not even of this app', () => {
  expect(staysHere(to(here, ''), here)).toBe(false);
});

test('what leaves is cancelled and told; what cannot be cancelled is not', () => {
  let navigate: Parameters<NonNullable<Parameters<typeof guardPage>[0]['navigation']>['addEventListener']>[1];
  const told: string[] = [];
  const page = {
    navigation: {
      addEventListener: (_type: 'navigate', heard: typeof navigate) => {
        navigate = heard;
      },
    },
    dispatchEvent: ({ type }: Event) => told.push(type) > 0,
    location: { href: here },
  };
  guardPage(page);
  const preventDefault = vi.fn();
  navigate!({ ...to('https://evil.example/'), cancelable: true, preventDefault });
  navigate!({ ...to(here), cancelable: true, preventDefault });
  navigate!({ ...to('https://evil.example/'), cancelable: false, preventDefault });
  expect(preventDefault).toHaveBeenCalledTimes(1);
  expect(told).toEqual([guardEvent]);
});

test('powers that no service worker is asked about are taken away for good', () => {
  class BackgroundFetchManager {
    fetch = undefined;
  }
  const told: string[] = [];
  const page = {
    WebSocket: class {
      readonly url = '';
    },
    BackgroundFetchManager,
    dispatchEvent: ({ type }: Event) => told.push(type) > 0,
    location: { href: here },
  };
  guardPage(page);
  expect(() => new page.WebSocket()).toThrow('not used');
  expect(() => Object.defineProperty(page, 'WebSocket', { value: 1 })).toThrow(TypeError);
  const { fetch } = BackgroundFetchManager.prototype as unknown as { fetch: () => void };
  expect(fetch).toThrow('not used');
  expect(told).toEqual([guardEvent, guardEvent]);
  expect('WebTransport' in page).toBe(false);
});
