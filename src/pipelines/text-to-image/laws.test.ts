/** What holds of every run: order of the parts, what is open, cancel, progress, previews, and what is not a model. */
import { describe, expect, it, test } from 'vitest';
import { miniatureParts } from '../../../build/miniature-models';
import { create, knownPrompts, likeness, unpacked } from '../../../build/miniature-run';
import type { RgbaImage } from '../../runtime/image';
import { resizeArea } from '../../runtime/resize';
import type { Session, Tensor } from '../../runtime/runtime';
import type { CreateProgress, PartName } from './card';
import cases from './reference/pictures.json';

const first = cases[0]!;

test('one batch opens every part once, one at a time, and leaves none', async () => {
  const model = miniatureParts('z-image-f32');
  const batch = await create(model, first, { seeds: [first.seed, first.seed + 1] });
  expect(model.opened).toEqual(['textEncoder', 'denoiser', 'decoder']);
  expect(model.alive).toEqual({ now: 0, most: 1 });
  expect(batch.pictures.map(({ seed }) => seed)).toEqual([42, 43]);
  expect(likeness(batch, unpacked(first.zImage.f32.picture))).toBeGreaterThan(60);
  const alone = await create(miniatureParts('z-image-f32'), { ...first, seed: 43 });
  expect(batch.pictures[1]!.image).toEqual(alone.pictures[0]!.image);
  expect(batch.pictures[1]!.image).not.toEqual(batch.pictures[0]!.image);
});

test('a prompt read once is not read again for another seed', async () => {
  const model = miniatureParts('z-image-f32');
  const prompts = knownPrompts();
  expect((await create(model, first, { prompts })).promptKnown).toBe(false);
  const again = await create(model, { ...first, seed: 43 }, { prompts });
  expect(again.promptKnown).toBe(true);
  expect(model.opened.filter((part) => part === 'textEncoder')).toHaveLength(1);
  expect((await create(model, first, { prompts })).pictures[0]!.image).toEqual(
    (await create(miniatureParts('z-image-f32'), first)).pictures[0]!.image,
  );
});

test('progress never falls, keeps its total, ends complete and shows every step', async () => {
  const seen: CreateProgress[] = [];
  await create(miniatureParts('z-image-f32'), first, {
    seeds: [1, 2],
    onProgress: (each) => seen.push(each),
  });
  expect(new Set(seen.map(({ total }) => total)).size).toBe(1);
  seen.forEach(({ done }, i) => expect(done).toBeGreaterThanOrEqual(seen[i - 1]?.done ?? 0));
  expect(seen.at(-1)!.done).toBe(seen.at(-1)!.total);
  expect(seen.filter(({ preview }) => preview).map(({ step }) => step!.done)).toEqual([
    1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8,
  ]);
});

test.each(['open', 'read', 'draw', 'develop'] as const)(
  'a cancel at "%s" stops there and frees all',
  async (stage) => {
    const model = miniatureParts('z-image-f32');
    const abort = new AbortController();
    let later = 0;
    const onProgress = (progress: CreateProgress) => {
      if (abort.signal.aborted) later++;
      if (progress.stage === stage && (stage !== 'draw' || progress.step?.done === 3)) abort.abort();
    };
    const creating = create(model, first, { signal: abort.signal, onProgress });
    await expect(creating).rejects.toHaveProperty('name', 'AbortError');
    expect(model.alive.now).toBe(0);
    // What was under way may be reported once; no part is opened for it.
    expect(later).toBeLessThanOrEqual(1);
    const reached = { open: 0, read: 0, draw: 2, develop: 2 }[stage];
    expect(model.opened.length).toBeLessThanOrEqual(reached + 1);
  },
);

describe('a decoder', () => {
  const decoder = (
    run: (session: Session, feeds: Parameters<Session['run']>[0]) => ReturnType<Session['run']>,
  ) => ({
    meddle: (part: PartName, session: Session): Session =>
      part === 'decoder' ? { ...session, run: (feeds) => run(session, feeds) } : session,
  });
  const large = { ...first, width: 1024, height: 64 };

  it('that gives no numbers for the whole is tried in tiles, which give the same picture', async () => {
    const whole = await create(miniatureParts('z-image-f32'), large);
    const broken = miniatureParts(
      'z-image-f32',
      decoder(async (session, feeds) => {
        const outputs = await session.run(feeds);
        const sample = outputs['sample']!;
        const isWhole = feeds['latent_sample']!.dims[3] === large.width / 8;
        return {
          sample: { ...sample, data: isWhole ? new Float32Array(sample.data.length).fill(NaN) : sample.data },
        };
      }),
    );
    const tiled = await create(broken, large);
    expect([whole.tiledCount, tiled.tiledCount]).toEqual([0, 1]);
    const other = whole.pictures[0]!.image.data;
    const off = [...tiled.pictures[0]!.image.data].map((value, i) => Math.abs(value - other[i]!));
    expect(off.every((value) => value <= 1)).toBe(true);
    expect(broken.alive).toEqual({ now: 0, most: 1 });
  });

  it('that gives none at all, or a denoiser, ends the run with a plain error and nothing open', async () => {
    const nan = ({ type, dims, data }: Tensor): Tensor => ({
      type,
      dims,
      data: new Float32Array(data.length).fill(Infinity),
    });
    for (const guilty of ['decoder', 'denoiser'] as const) {
      const model = miniatureParts('z-image-f32', {
        meddle: (part, session) =>
          part !== guilty
            ? session
            : { ...session, run: async (feeds) => ({ sample: nan((await session.run(feeds))['sample']!) }) },
      });
      await expect(create(model, first)).rejects.toMatchObject({
        code: 'model/not-finite',
        details: { part: guilty },
      });
      expect(model.alive.now).toBe(0);
    }
  });
});

test('a graph that is not the one described says in which words', async () => {
  const renamed = miniatureParts('z-image-f32', {
    meddle: (part, session) =>
      part !== 'denoiser'
        ? session
        : {
            ...session,
            inputs: session.inputs.map((each, i) =>
              i === 0 ? { ...each, name: 'latent', dims: [1, 16, 1, 8, 8] } : each,
            ),
          },
  });
  await expect(create(renamed, first)).rejects.toMatchObject({
    code: 'model/not-as-described',
    details: {
      part: 'denoiser',
      differs: expect.stringMatching(/hidden_states: missing, there is latent.*also wants latent/) as string,
    },
  });
  expect(renamed.alive.now).toBe(0);
});

test('after one picture the previews have its colours', async () => {
  const { colours, pictures } = await create(miniatureParts('z-image-f32'), first);
  expect(colours.map((row) => row.length)).toEqual([17, 17, 17]);
  const previews: RgbaImage[] = [];
  const onProgress = ({ preview }: CreateProgress) => {
    if (preview) previews.push(preview);
  };
  await create(miniatureParts('z-image-f32'), first, { onProgress });
  const isGrey = ({ data }: RgbaImage) =>
    data.every((value, i) => i % 4 === 3 || value === data[i - (i % 4)]);
  expect(previews.every(isGrey)).toBe(true);
  previews.length = 0;
  await create(miniatureParts('z-image-f32'), first, { onProgress, colours });
  const small = resizeArea(pictures[0]!.image, 16, 8).data;
  const error = (preview: RgbaImage) =>
    Math.hypot(...[...preview.data].map((value, i) => Math.abs(value - small[i]!)));
  expect(error(previews.at(-1)!)).toBeLessThan(error(previews[0]!));
  // Better than the best single colour.
  const mean = [0, 1, 2, 3].map(
    (c) => [...small].filter((_, i) => i % 4 === c).reduce((sum, v) => sum + v, 0) / (16 * 8),
  );
  expect(error(previews.at(-1)!)).toBeLessThan(
    Math.hypot(...[...small].map((value, i) => value - mean[i % 4]!)),
  );
});
