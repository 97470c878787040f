/**
 * A prompt becomes pictures. Each part is opened, used and freed before the next, for all the pictures at once, so that
 * memory peaks at the largest part. Order: Tongyi-MAI/Z-Image@c7ec135 src/zimage/pipeline.py (`generate`).
 */
import { StudioError } from '../../base/errors';
import type { RgbaImage } from '../../runtime/image';
import type { Session } from '../../runtime/runtime';
import { wholeAreaPx } from '../../runtime/tiles';
import type { Run } from '../pipeline';
import type {
  CreateProgress,
  CreateStage,
  FreeDimensions,
  ReadPrompt,
  TextToImageContext,
  TextToImageInput,
} from './card';
import { captionFor, checkDenoiser, denoise, latentSidePx, stepCountOf, type Latents } from './denoise';
import { checkDecoder, develop } from './develop';
import { fitColours, previewOf } from './preview';
import { readPrompt } from './read-prompt';
import type { PictureSize } from './sizes';

export const run: Run<'text-to-image'> = async function* (input, size, context) {
  const { model, signal } = context;
  const stepCount = stepCountOf(model.spec.sampler);
  const report = planWork(input.seeds.length, stepCount);
  yield report('open', 0);
  const known = await context.prompts.get(input.prompt);
  yield report('read', 0);
  const read = known ?? (await readPrompt(input.prompt, model, signal));
  if (!known) await context.prompts.set(input.prompt, read);
  yield report('read', 1);
  const drawn = yield* drawAll(input, { size, read, report }, context);
  yield report('develop', 0);
  const { pictures, tiledCount } = yield* developAll(drawn, { size, report }, context);
  const [latents, image] = [drawn.at(-1), pictures.at(-1)];
  if (!latents || !image) throw new RangeError('a run without a seed draws nothing');
  return {
    pictures: pictures.map((each, index) => ({ seed: input.seeds[index] ?? 0, image: each })),
    cut: read.cut,
    stepCount,
    promptKnown: known !== undefined,
    tiledCount,
    colours: fitColours(latents, image),
  };
};

type Report = (stage: CreateStage, share: number) => CreateProgress;

async function* drawAll(
  { seeds }: TextToImageInput,
  { size, read, report }: { size: PictureSize; read: ReadPrompt; report: Report },
  { model, colours, signal }: TextToImageContext,
): AsyncGenerator<CreateProgress, Latents[], void> {
  const { spec } = model;
  const caption = captionFor(spec, read);
  const count = stepCountOf(spec.sampler);
  const session = await model.open('denoiser', { freeDimensions: pinned(spec.denoiser.free, size) });
  try {
    checkDenoiser(session, spec);
    const drawn: Latents[] = [];
    for (const [picture, seed] of seeds.entries()) {
      signal.throwIfAborted();
      yield { ...report('draw', picture / seeds.length), step: { picture, done: 0, count } };
      const steps = denoise(session, spec, { seed, size, caption }, signal);
      let step = await steps.next();
      while (!step.done) {
        const { done, towards } = step.value;
        yield {
          ...report('draw', (picture + done / count) / seeds.length),
          step: { picture, done, count },
          preview: previewOf(towards, colours),
        };
        step = await steps.next();
      }
      drawn.push(step.value);
    }
    return drawn;
  } finally {
    await session.release();
  }
}

async function* developAll(
  drawn: readonly Latents[],
  { size, report }: { size: PictureSize; report: Report },
  { model, signal }: TextToImageContext,
): AsyncGenerator<CreateProgress, { pictures: RgbaImage[]; tiledCount: number }, void> {
  const { spec } = model;
  let tiled = size.width * size.height > wholeAreaPx;
  const open = async (): Promise<Session> => {
    const free = tiled ? spec.decoder.free.fixed : pinned(spec.decoder.free, size);
    return model.open('decoder', free && { freeDimensions: free });
  };
  const decoder: { session: Session | null } = { session: null };
  try {
    let session = (decoder.session = await open());
    checkDecoder(session, spec);
    const pictures: RgbaImage[] = [];
    let tiledCount = 0;
    for (const latents of drawn) {
      signal.throwIfAborted();
      try {
        pictures.push(await develop(session, spec, latents, { tiled, signal }));
      } catch (thrown) {
        if (tiled || !needsTiles(thrown)) throw thrown;
        tiled = true;
        decoder.session = null;
        await session.release();
        session = decoder.session = await open();
        pictures.push(await develop(session, spec, latents, { tiled, signal }));
      }
      if (tiled) tiledCount++;
      yield report('develop', pictures.length / drawn.length);
    }
    return { pictures, tiledCount };
  } finally {
    await decoder.session?.release();
  }
}

function needsTiles(thrown: unknown): boolean {
  return (
    thrown instanceof StudioError &&
    (thrown.code === 'model/not-finite' || thrown.code === 'gpu/out-of-memory')
  );
}

function pinned({ width, height, fixed }: FreeDimensions, size: PictureSize) {
  return { ...fixed, [width]: size.width / latentSidePx, [height]: size.height / latentSidePx };
}

/** Units of a tenth of a step; reading the prompt counts as one step, a picture's development as one. */
function planWork(pictureCount: number, stepCount: number): Report {
  const shares: Record<CreateStage, number> = {
    open: 1,
    read: 10,
    draw: 10 * stepCount * pictureCount,
    develop: 10 * pictureCount,
  };
  const order = ['open', 'read', 'draw', 'develop'] as const;
  const total = order.reduce((sum, stage) => sum + shares[stage], 0);
  return (stage, share) => {
    const before = order.slice(0, order.indexOf(stage)).reduce((sum, earlier) => sum + shares[earlier], 0);
    return { kind: 'work', stage, done: before + Math.round(shares[stage] * share), total };
  };
}
