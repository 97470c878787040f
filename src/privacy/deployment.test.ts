import { describe, expect, test } from 'vitest';
import { StudioError } from '../base/errors';
import { airlockFetch } from './airlock';
import { openDeployment, readDeployment } from './deployment';
import { fetchDeployment } from './fetch-deployment';

const head = { format: 'obscura-config', version: 1 };
const read = (fields: object) => readDeployment(JSON.stringify({ ...head, ...fields }));

test('a file that sets nothing is as none', () => {
  expect(read({})).toEqual(openDeployment);
});

test('what is set is obeyed, and what is left out stays open', () => {
  const notice = { en: 'Clinic rules apply.', zh: '适用诊所规定。' };
  expect(read({ notice, models: { allowed: ['yunet-n'], from: 'here' } })).toEqual({
    notice,
    models: { allowed: ['yunet-n'], import: true, from: 'here' },
    ...{ audit: 'offered', retention: 'until-deleted', aiMark: 'by-choice' },
  });
});

test.each([
  ['nothing', 'nothing'],
  ['session', 'session'],
  ['24-hours', 'day'],
  ['30-days', 'month'],
  ['until-deleted', 'until-deleted'],
])('how long results may be kept: %s', (word, retention) => {
  expect(read({ retention: word, audit: 'on', aiMark: 'always' })).toEqual({
    ...openDeployment,
    ...{ retention, audit: 'on', aiMark: 'always' },
  });
});

test.each([
  ['', 'not JSON', '{'],
  ['', 'not an object', '[]'],
  ['format', 'not "obscura-config"', '{"version":1}'],
  ['version', 'not 1', JSON.stringify({ ...head, version: 2 })],
  ['modles', 'not known', JSON.stringify({ ...head, modles: {} })],
  ['models.alowed', 'not known', JSON.stringify({ ...head, models: { alowed: [] } })],
  [
    'models.allowed',
    'not a list of model ids or SHA-256',
    JSON.stringify({ ...head, models: { allowed: 'x' } }),
  ],
  [
    'models.allowed',
    'not a list of model ids or SHA-256',
    JSON.stringify({ ...head, models: { allowed: ['../x'] } }),
  ],
  ['models.import', 'not true or false', JSON.stringify({ ...head, models: { import: 'no' } })],
  [
    'models.from',
    'not "anywhere" or "here"',
    JSON.stringify({ ...head, models: { from: 'https://x.example' } }),
  ],
  ['models', 'not an object', JSON.stringify({ ...head, models: null })],
  ['notice.zh', 'not 1 to 2000 characters', JSON.stringify({ ...head, notice: { en: 'Rules' } })],
  ['notice.en', 'not 1 to 2000 characters', JSON.stringify({ ...head, notice: { en: ' ', zh: '规定' } })],
  ['audit', 'not one of its values', JSON.stringify({ ...head, audit: true })],
  ['retention', 'not one of its values', JSON.stringify({ ...head, retention: 'day' })],
  ['aiMark', 'not one of its values', JSON.stringify({ ...head, aiMark: 'never' })],
  ['embedding', 'not known', JSON.stringify({ ...head, embedding: { origins: ['https://x.example'] } })],
  ['', 'more than 65536 characters', ' '.repeat(65_537)],
])('refuses as a whole, naming the field: %s %s', (field, reason, text) => {
  expect(() => readDeployment(text)).toThrow(new StudioError('deployment/invalid', { field, reason }));
});

describe('read off the host', () => {
  const from = (answer: Response) =>
    fetchDeployment((path) =>
      airlockFetch(path, { base: 'https://h.example/', line: () => Promise.resolve(answer) }),
    );
  const page = { headers: { 'Content-Type': 'text/html' } };

  test('a host that has none sets nothing, also where it answers with its page', async () => {
    expect(await from(new Response('', { status: 404 }))).toEqual(openDeployment);
    expect(await from(new Response('<!doctype html>', page))).toEqual(openDeployment);
  });

  test('a file at fault, or a host that fails, is not taken for none', async () => {
    await expect(from(new Response('{}'))).rejects.toMatchObject({ code: 'deployment/invalid' });
    await expect(from(new Response('', { status: 500 }))).rejects.toMatchObject({
      code: 'network/host-busy',
    });
    await expect(from(new Response('', { status: 403 }))).rejects.toMatchObject({ code: 'network/failed' });
    await expect(from(Response.error())).rejects.toMatchObject({ code: 'network/failed' });
  });
});
