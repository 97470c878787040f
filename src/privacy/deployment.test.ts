import { describe, expect, test } from 'vitest';
import { StudioError } from '../base/errors';
import { askDeployment } from './ask-deployment';
import { openDeployment, readDeployment } from './deployment';

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

describe('as the wall read it off the host', () => {
  const told = (known: boolean, text: string | null) => askDeployment(() => Promise.resolve({ known, text }));

  test('no such file sets nothing', async () => {
    expect(await told(true, null)).toEqual(openDeployment);
  });

  test('a file at fault, a host that nobody could ask and a wall that is silent are not taken for none', async () => {
    await expect(told(true, '{}')).rejects.toMatchObject({ code: 'deployment/invalid' });
    await expect(told(false, null)).rejects.toMatchObject({ code: 'network/failed' });
    await expect(askDeployment(() => Promise.resolve(null))).rejects.toMatchObject({
      code: 'network/failed',
    });
  });
});
