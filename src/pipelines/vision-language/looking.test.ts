/** How the pictures of a chat come to be seen by the tied miniature: what is done with each, and when. */
import { beforeAll, expect, test } from 'vitest';
import { openMiniatureParts, type MiniatureParts } from '../../../build/miniature-parts';
import { askOf, fileOf, picture } from '../../../build/noise-pictures';
import { answer, Memory, type Answer, type AnswerParts } from './answer';
import type { AskedTurn } from './card';
import { greedy } from './sampling';

let parts: MiniatureParts;
beforeAll(async () => {
  parts = await openMiniatureParts();
});

async function run(
  turns: readonly AskedTurn[],
  { memory = new Memory(400), using = parts }: { memory?: Memory; using?: AnswerParts } = {},
): Promise<Answer> {
  const options = { ...greedy, mostNewTokens: 4, numbered: false, seed: 1 };
  const running = answer(turns, options, { parts: using, memory, signal: new AbortController().signal });
  for (;;) {
    const step = await running.next();
    if (step.done) return step.value;
  }
}

/** Three pictures, and all that is done with them and with the model. */
function watched() {
  const events: string[] = [];
  const files = ['a', 'b', 'c'].map((name, seed) =>
    fileOf(picture(seed), { happened: (what) => events.push(`${what} ${name}`) }),
  );
  const using: AnswerParts = {
    ...parts,
    openVision: async () => {
      events.push('open');
      const session = await parts.openVision();
      const look: typeof session.run = (feeds) => {
        events.push('look');
        return session.run(feeds);
      };
      return { ...session, run: look };
    },
  };
  return { events, files, using };
}

test('they are counted from their headers, then decoded and looked at one by one', async () => {
  const { events, files, using } = watched();
  await run([askOf('What?', ...files)], { using });
  const reads = ['read a', 'read b', 'read c'];
  expect(events).toEqual([...reads, 'open', 'decode a', 'look', 'decode b', 'look', 'decode c', 'look']);
});

test('those that do not fit are refused before one is decoded, or the model opened', async () => {
  const { events, files, using } = watched();
  const openDecoder = () => Promise.reject(new Error('not to be opened'));
  const refused = run([askOf('What?', ...files)], {
    using: { ...using, openDecoder },
    memory: new Memory(30),
  });
  await expect(refused).rejects.toMatchObject({ code: 'chat/full', details: { room: 30 } });
  expect(events).toEqual(['read a', 'read b', 'read c']);
});

test('those that were seen are not decoded again, and their sizes are still known', async () => {
  const { events, files, using } = watched();
  const memory = new Memory(400);
  const first = [askOf('What?', ...files.slice(0, 2))];
  const { sizes } = await run(first, { using, memory });
  expect(sizes).toEqual(Array(2).fill({ width: 24, height: 32 }));
  events.length = 0;
  await run([...first, askOf('And this?', ...files.slice(2))], { using, memory });
  expect(events).toEqual(['read a', 'read b', 'read c', 'open', 'decode c', 'look']);
  events.length = 0;
  expect((await run(first, { using, memory })).sizes).toEqual(sizes);
  expect(events).toEqual(['read a', 'read b']);
});

test('they take the room that they have, whatever their headers say', async () => {
  const headers = [{}, { size: null }, { size: { width: 24, height: 16 } }];
  const told = [];
  for (const header of headers) told.push(await run([askOf('What?', fileOf(picture(9), header))]));
  const [wanted, ...others] = told;
  for (const { tokens, readTokens } of others) {
    expect([tokens, readTokens]).toEqual([wanted!.tokens, wanted!.readTokens]);
  }
});

test('a later one looked at more closely leaves what was read before', async () => {
  const memory = new Memory(400);
  const first = [askOf('What?', fileOf(picture(1, 64, 64)))];
  const one = await run(first, { memory });
  const closer = askOf('And?', fileOf(picture(2, 64, 64), { mostTokens: 16 }));
  const other = await run([...first, closer], { memory });
  // All but the opening of the answer, which comes after another turn now.
  expect(other.reusedTokens).toBeGreaterThan(one.readTokens - 12);
  expect(other.readTokens).toBeGreaterThan(one.readTokens + 12);
});
