/** The worker's half of a text-to-image job: opens kept parts as the run asks for them, times it, encodes what comes out. */
import { openablePart, readPart } from '../library/openable';
import type { ModelStore } from '../library/store';
import { StudioError } from '../base/errors';
import { contentOf, filesOf } from '../models/files';
import type { ModelCard } from '../models/model';
import type { PartName, PreviewColours, TextToImageSpec } from '../pipelines/text-to-image/card';
import type { ModelParts } from '../pipelines/pipeline';
import { withSteps } from '../pipelines/text-to-image/denoise';
import { loadRun } from '../pipelines/runs';
import type { OpenedModel } from '../privacy/record';
import type { OrtRuntime } from '../runtime/ort';
import { encodePicture } from '../runtime/picture';
import { JobRun } from './job-run';
import { lookForFaces } from './look-for-faces';
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
  const { runtime, store, pace, prompts, colours } = powers;
  const { model, size, faces: finder } = job;
  const content = contentOf(model);
  const run = new JobRun(runtime);
  const steps = (await loadRun('text-to-image'))({ prompt: job.prompt, seeds: job.seeds }, size, {
    model: keptParts(job, powers, run),
    prompts: prompts.of(content),
    colours: colours.get(content) ?? null,
    signal,
  });
  const kind = `${model.id} ${size.width}x${size.height}`;
  const made = await run.drive(steps, { paced: { pace, kind }, report, signal });
  colours.set(content, made.colours);
  const pictures = [];
  for (const { seed, image } of made.pictures) {
    const { width, height } = image;
    pictures.push({ seed, picture: await encodePicture(image, 'png'), width, height });
    signal.throwIfAborted();
  }
  const timings = run.timings(0);
  const images = made.pictures.map(({ image }) => image);
  const faces = finder && (await lookForFaces(images, finder, { runtime, store, signal }));
  return {
    pictures: pictures.map((each, place) => ({ ...each, faces: faces?.[place] ?? null })),
    cut: made.cut,
    stepCount: made.stepCount,
    promptKnown: made.promptKnown,
    tiledCount: made.tiledCount,
    facts: runtime.facts,
    models: [model, ...(faces ? [finder] : [])].map((card) => opened(card)),
    timings,
  };
}

function opened(card: ModelCard): OpenedModel {
  const parts = filesOf(card).map(({ name, sha256 }) => ({ name, sha256 }));
  return { id: card.id, parts, reused: false };
}

function keptParts(
  { model, stepCount }: CreateJob,
  { runtime, store }: CreatePowers,
  run: JobRun,
): ModelParts<TextToImageSpec, PartName> {
  const { use } = model;
  if (use.pipeline !== 'text-to-image') throw new StudioError('model/wrong-shape', { model: model.title });
  return {
    spec: { ...use.spec, sampler: withSteps(use.spec.sampler, stepCount) },
    open: (part, options) =>
      // None of these graphs was compared on WebGPU by us.
      run.opening(async () =>
        runtime.open(await openablePart(model, part, store), { untried: true, ...options }),
      ),
    text: (part) => run.opening(async () => new TextDecoder().decode(await readPart(model, part, store))),
  };
}
