import { describe, expect, test } from 'vitest';
import { judge, leakChannels, openByDesign, type Attempt } from './leaks';
import { pageCarriers } from './leaks/page-carriers';
import { workerCarriers } from './leaks/worker-carriers';

const attempt = (channel: string, change: Partial<Attempt> = {}): Attempt => ({
  ...{ channel, tried: 'unsure', directive: null, guarded: false, error: null },
  ...change,
});
const alone = { allowlist: null, arrived: null } as const;

describe('the channels', () => {
  test('each has something that tries it, and each that can be tried is a channel', () => {
    const tried = new Set([...Object.keys(pageCarriers), ...Object.keys(workerCarriers)]);
    expect(new Set(leakChannels.map(({ id }) => id.split(':')[0]))).toEqual(tried);
  });

  test('have names of their own', () => {
    expect(new Set(leakChannels.map(({ id }) => id)).size).toBe(leakChannels.length);
    expect(leakChannels.length).toBeGreaterThan(100);
  });

  test('what is open by design is one of them', () => {
    const ids = leakChannels.map(({ id }) => id);
    expect(
      Object.values(openByDesign)
        .flat()
        .filter((id) => !ids.includes(id)),
    ).toEqual([]);
  });
});

describe('what came of an attempt', () => {
  test('the other side is believed before the page', () => {
    const seen = { allowlist: true, arrived: true };
    const refused = attempt('fetch:foreign', { tried: 'refused', directive: 'connect-src', guarded: true });
    expect(judge(refused, seen)).toMatchObject({ leaked: true, blockedBy: null });
  });

  test('an answer is a leak where nobody else listens', () => {
    expect(judge(attempt('img:own', { tried: 'sent' }), alone).leaked).toBe(true);
  });

  test('is laid to the rule that was said to be violated', () => {
    const violated = attempt('fetch:foreign', { tried: 'refused', directive: 'connect-src' });
    expect(judge(violated, alone)).toMatchObject({ leaked: false, blockedBy: 'csp' });
  });

  test('is laid to the service worker only where it noted a refusal or the host heard nothing', () => {
    const own = attempt('img:own', { tried: 'refused' });
    expect(judge(own, { ...alone, refusedByWall: true }).blockedBy).toBe('service-worker');
    expect(judge(own, { ...alone, arrived: false }).blockedBy).toBe('service-worker');
    expect(judge(own, alone).blockedBy).toBe('browser');
  });

  test('what the own host answered to an empty frame is a leak, whatever the browser is held to obey', () => {
    const answered = attempt('blank-frame-img:own', { tried: 'sent' });
    expect(judge(answered, { allowlist: true, arrived: null }).leaked).toBe(true);
  });

  test.each(openByDesign['without-allowlist'])('%s is closed by the allowlist alone', (channel) => {
    expect(judge(attempt(channel), { ...alone, allowlist: true })).toMatchObject({
      leaked: false,
      blockedBy: 'connection-allowlist',
    });
    expect(judge(attempt(channel), { ...alone, allowlist: false }).leaked).toBe(true);
    expect(judge(attempt(channel), alone).leaked).toBeNull();
  });

  test('nobody can tell of one that the page was told nothing about', () => {
    expect(judge(attempt('beacon:foreign'), alone)).toMatchObject({ leaked: null, blockedBy: null });
  });

  test('a navigation that the page’s guard cancelled is said to be closed by it', () => {
    const cancelled = attempt('location:foreign', { guarded: true });
    expect(judge(cancelled, { ...alone, allowlist: false })).toMatchObject({
      leaked: false,
      blockedBy: 'page-guard',
    });
  });
});
