import { expect, test } from 'vitest';
import { makeRecord } from '../../privacy/record';
import { words as tracesWords } from '../words/traces-words';
import { recordRows } from './record-rows';

const words = tracesWords.en;
interface Given {
  readonly job?: string;
  readonly reusedTokens?: number;
  readonly reusedPrompt?: boolean;
}
const record = (given: Given, open = false) =>
  makeRecord({
    ...{
      job: 'create',
      startedAt: 1000,
      endedAt: 2000,
      headers: 'unknown',
      isolated: true,
      device: 'unknown',
    },
    build: { shell: 'unknown', serviceWorker: 'unknown' },
    airlock: { standing: true, openHosts: [] },
    models: [{ id: 'm', parts: [{ name: 'm.onnx', sha256: 'ab' }], reused: open }],
    durations: 'unknown',
    network: { complete: true, requests: 0, bytesReceived: 0, refused: 0, refusedHere: 0 },
    ...{ aroundWall: 0, wrote: false },
    input: { hmacSha256: 'unknown' },
    output: { sha256: 'unknown', type: 'image/png' },
    ...given,
  });
const said = (...given: Parameters<typeof record>) =>
  recordRows(record(...given), 'en').facts.find(({ name }) => name === words.reused)?.value;

test('every cache in memory that had a part in a result is named, and nothing else', () => {
  expect(said({})).toBe(words.noneReused);
  expect(said({ reusedPrompt: false, reusedTokens: 0 })).toBe(words.noneReused);
  expect(said({ reusedPrompt: true })).toBe(words.promptReused);
  expect(said({ reusedTokens: 37 })).toBe(words.tokensReused(37));
  expect(said({ reusedPrompt: true }, true)).toBe(`${words.picture.modelReused} ${words.promptReused}`);
});

test('an answer was not drawn', () => {
  const names = (job: string) => {
    const { title, answers } = recordRows(record({ job }), 'zh');
    return [title, ...answers.flatMap(({ name, why }) => [name, why])].join();
  };
  expect(names('create')).toContain('画');
  expect(names('ask')).not.toContain('画');
  expect(names('ask')).toContain('在本机回答');
});
