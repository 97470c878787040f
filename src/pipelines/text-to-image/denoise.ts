/** The second stage: noise to latents, one picture after another with one session. All arithmetic of the steps in f32. */
import { StudioError } from '../../base/errors';
import type { Session } from '../../runtime/runtime';
import type { ReadPrompt, Sampler, TextToImageSpec } from './card';
import { estimateLatents, flowSteps, stepLatents } from './flow-match';
import { noise } from './noise';
import { padCaption } from './prompt';
import type { PictureSize } from './sizes';
import { turboEnd, turboSigma, turboStart, turboTimestep } from './turbo-step';
import { checkPart, floating, floatsOf, isFinite32, tensorFor, whole } from './values';

/** Pixels of the picture a side for one of the latents: three doublings in the decoder. */
export const latentSidePx = 8;

export interface Latents {
  /** [channels, height, width] */
  readonly values: Float32Array<ArrayBuffer>;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

export interface DenoiseStep {
  readonly done: number;
  /** Where the steps seem to lead: x₀ before this step. */
  readonly towards: Latents;
}

/** As many steps along the flow; a sampler of one step has no other count. */
export function withSteps(sampler: Sampler, stepCount: number | null): Sampler {
  return sampler.kind === 'flow' && stepCount !== null ? { ...sampler, stepCount } : sampler;
}

export function stepCountOf(sampler: Sampler): number {
  return sampler.kind === 'flow' ? sampler.stepCount : 1;
}

/** The caption as the denoiser's graph is right for, [1, L, width]. */
export function captionFor({ prompt }: TextToImageSpec, { rows, width }: ReadPrompt) {
  const padded = prompt === 'qwen-chat' ? padCaption(rows, width) : rows;
  return { values: padded, dims: [1, padded.length / width, width] };
}

/** @throws StudioError model/not-as-described */
export function checkDenoiser(session: Session, { denoiser }: TextToImageSpec): void {
  const { latents, time, caption, output } = denoiser;
  checkPart('denoiser', session, {
    inputs: [
      { names: [latents], rank: 4, types: floating },
      { names: [time], rank: 1, types: [...floating, ...whole] },
      { names: [caption], rank: 3, types: floating },
    ],
    outputs: [{ names: [output], rank: 4, types: floating }],
  });
}

/**
 * Latents of the picture that `seed` stands for.
 * @throws StudioError model/not-finite, model/not-as-described; the signal's reason between two steps
 */
export async function* denoise(
  session: Session,
  spec: TextToImageSpec,
  job: { readonly seed: number; readonly size: PictureSize; readonly caption: ReturnType<typeof captionFor> },
  signal: AbortSignal,
): AsyncGenerator<DenoiseStep, Latents, void> {
  const { channels } = spec.latents;
  const shape = { channels, height: job.size.height / latentSidePx, width: job.size.width / latentSidePx };
  const dims = [1, channels, shape.height, shape.width];
  const start = noise(job.seed, channels * shape.height * shape.width);
  const names = spec.denoiser;
  const caption = tensorFor(session, names.caption, job.caption);
  const ask = async (shown: Float32Array, time: number): Promise<Float32Array> => {
    signal.throwIfAborted();
    const outputs = await session.run({
      [names.latents]: tensorFor(session, names.latents, { dims, values: shown }),
      [names.time]: tensorFor(session, names.time, { dims: [1], values: [time] }),
      [names.caption]: caption,
    });
    signal.throwIfAborted();
    const output = floatsOf('denoiser', outputs[names.output]);
    if (output.length !== shown.length) {
      const got = outputs[names.output]?.dims.join(', ') ?? '';
      throw new StudioError('model/not-as-described', { part: 'denoiser', differs: `gives [${got}]` });
    }
    if (!isFinite32(output)) throw new StudioError('model/not-finite', { part: 'denoiser' });
    return output;
  };
  if (spec.sampler.kind === 'turbo') {
    const sigma = turboSigma();
    const { latents, shown } = turboStart(start, sigma);
    const values = turboEnd(latents, await ask(shown, turboTimestep), sigma);
    yield { done: 1, towards: { ...shape, values } };
    return { ...shape, values };
  }
  const latents = start;
  for (const [index, step] of flowSteps(spec.sampler.stepCount, spec.sampler.shift).entries()) {
    const output = await ask(latents, step.timestep);
    const towards = { ...shape, values: estimateLatents(latents, output, step) };
    stepLatents(latents, output, step);
    yield { done: index + 1, towards };
  }
  return { ...shape, values: latents };
}
