/** The worker's half of a text-to-image job: opens kept parts as the run asks for them, times it, encodes what comes out. */
import { openablePart, readPart } from '../library/openable';
import type { ModelStore } from '../library/store';
import { StudioError } from '../base/errors';
import { contentOf, filesOf } from '../models/files';
import type { PartName, PreviewColours, TextToImageSpec } from '../pipelines/text-to-image/card';
import type { ModelParts } from '../pipelines/pipeline';
import { loadRun } from '../pipelines/runs';
import type { OrtRuntime } from '../runtime/ort';
import { encodePicture } from '../runtime/picture';
import { finished } from './finished';
import { nextTurn } from './next-turn';
import type { Pace } from './pace';
import type { PromptMemory } from './prompt-memory';
import type { CreateJob, CreateOutcome, CreateReport } from './protocol';

export interface CreatePowers {
  readonly runtime: OrtRuntime;
  readonly store: ModelStore;
  readonly pace: Pace;
  readonly prompts: PromptMemory;
  /** What previews look like, by the bytes of a model. */
  readonly colours: Map<string, PreviewColours>;
}

export async function createPictures(
  job: CreateJob,
  powers: CreatePowers,
  { report, signal }: { readonly report: (progress: CreateReport) => void; readonly signal: AbortSignal },
): Promise<CreateOutcome> {
  const { runtime, pace, prompts, colours } = powers;
  const { model, size } = job;
  const content = contentOf(model);
  runtime.resetPeak();
  const started = performance.now();
  const before = { runMs: runtime.runMs, readbackBytes: runtime.readbackBytes };
  const opening = { ms: 0 };
  const steps = (await loadRun('text-to-image'))({ prompt: job.prompt, seeds: job.seeds }, size, {
    model: keptParts(job, powers, opening),
    prompts: prompts.of(content),
    colours: colours.get(content) ?? null,
    signal,
  });
  const kind = `${model.id} ${size.width}x${size.height}`;
  let total = 1;
  const made = await finished(steps, async (progress) => {
    report(pace.withTimeLeft(kind, progress, performance.now() - started));
    total = progress.total;
    // A turn of the event loop, so that a cancel can be heard between two steps.
    await nextTurn();
    signal.throwIfAborted();
  });
  colours.set(content, made.colours);
  const endedAt = performance.now();
  pace.remember(kind, total, endedAt - started);
  const pictures = [];
  for (const { seed, image } of made.pictures) {
    pictures.push({
      seed,
      picture: await encodePicture(image, 'png'),
      width: image.width,
      height: image.height,
    });
    signal.throwIfAborted();
  }
  return {
    pictures,
    cut: made.cut,
    stepCount: made.stepCount,
    promptKnown: made.promptKnown,
    tiledCount: made.tiledCount,
    facts: runtime.facts,
    models: [
      {
        id: model.id,
        parts: filesOf(model).map(({ name, sha256 }) => ({ name, sha256 })),
        reused: false,
      },
    ],
    timings: {
      decodeMs: 0,
      totalMs: endedAt - started,
      runMs: runtime.runMs - before.runMs,
      openMs: opening.ms,
      encodeMs: performance.now() - endedAt,
      readbackBytes: runtime.readbackBytes - before.readbackBytes,
      gpuPeakBytes: runtime.gpuPeakBytes,
      gpuLeftBytes: runtime.gpuLiveBytes,
    },
  };
}

function keptParts(
  { model }: CreateJob,
  { runtime, store }: CreatePowers,
  opening: { ms: number },
): ModelParts<TextToImageSpec, PartName> {
  const { use } = model;
  if (use.pipeline !== 'text-to-image') throw new StudioError('model/wrong-shape', { model: model.title });
  const timed = async <T>(work: () => Promise<T>): Promise<T> => {
    const started = performance.now();
    const done = await work();
    opening.ms += performance.now() - started;
    return done;
  };
  return {
    spec: use.spec,
    open: (part, options) =>
      // None of these graphs was compared on WebGPU by us.
      timed(async () => runtime.open(await openablePart(model, part, store), { untried: true, ...options })),
    text: (part) => timed(async () => new TextDecoder().decode(await readPart(model, part, store))),
  };
}
