/**
 * Z-Image's sampler: Euler steps along a straight flow from noise to picture.
 * Tongyi-MAI/Z-Image@c7ec135 src/zimage/scheduler.py and pipeline.py (`generate`), with `use_dynamic_shifting` off and
 * `sigma_min` 0. The latents stay in float32 from step to step, as there.
 */
export interface FlowStep {
  /** How much of the latents is noise, 1…0, before this step and after it. */
  readonly sigma: number;
  readonly nextSigma: number;
  /** What the transformer is told: 0 at the first step. */
  readonly timestep: number;
}

/** `stepCount` steps; `shift` is 3 for Z-Image: σ = shift·s / (1 + (shift − 1)·s) for s = 1, 1 − 1/N, … 1/N. */
export function flowSteps(stepCount: number, shift: number): FlowStep[] {
  const sigmas = Array.from({ length: stepCount + 1 }, (_, i) => {
    const s = 1 - i / stepCount;
    return (shift * s) / (1 + (shift - 1) * s);
  });
  return sigmas.slice(0, -1).map((sigma, i) => {
    return { sigma, nextSigma: sigmas[i + 1] ?? 0, timestep: 1 - sigma };
  });
}

/** In place: x ← x − (σ′ − σ)·output, as the model's output is the flow from picture to noise with its sign turned. */
export function stepLatents(latents: Float32Array, output: ArrayLike<number>, step: FlowStep): void {
  const change = Math.fround(step.nextSigma - step.sigma);
  for (let i = 0; i < latents.length; i++) {
    latents[i] = (latents[i] as number) - change * (output[i] as number);
  }
}

/** The picture the model has in mind before the step: x₀ = x + σ·output. */
export function estimateLatents(
  latents: Float32Array,
  output: ArrayLike<number>,
  { sigma }: FlowStep,
): Float32Array<ArrayBuffer> {
  const towards = new Float32Array(latents.length);
  for (let i = 0; i < latents.length; i++)
    towards[i] = (latents[i] as number) + sigma * (output[i] as number);
  return towards;
}

/** FLUX.1's VAE: what the decoder is given for latents of the flow. */
export function decoderLatents(
  latents: Float32Array,
  { scale, shift }: { scale: number; shift: number },
): Float32Array<ArrayBuffer> {
  return latents.map((value) => value / scale + shift);
}
