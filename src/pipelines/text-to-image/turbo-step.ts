/**
 * SD-Turbo's sampler: one step of the Euler scheduler at the last training timestep.
 * huggingface/diffusers src/diffusers/schedulers/scheduling_euler_discrete.py with `timestep_spacing` "trailing" and one
 * step: the variance-preserving latents at timestep 999 of the `scaled_linear` schedule.
 */
const trainingSteps = 1000;
const firstBeta = 0.00085;
const lastBeta = 0.012;

/** σ = √((1 − ᾱ)/ᾱ) after all training steps, about 14.6146; ᾱ is the product of 1 − β, √β rising evenly. */
export function turboSigma(): number {
  let kept = 1;
  for (let i = 0; i < trainingSteps; i++) {
    const share = i / (trainingSteps - 1);
    const root = Math.sqrt(firstBeta) * (1 - share) + Math.sqrt(lastBeta) * share;
    kept *= 1 - root * root;
  }
  return Math.sqrt((1 - kept) / kept);
}

export const turboTimestep = trainingSteps - 1;

/** From standard normal noise: the latents, and what the network is shown of them. */
export function turboStart(noise: Float32Array, sigma: number) {
  const latents = noise.map((value) => value * sigma);
  const shrink = 1 / Math.sqrt(sigma * sigma + 1);
  return { latents, shown: latents.map((value) => value * shrink) };
}

/** x₀ = x − σ·ε: with one step the end of it. */
export function turboEnd(
  latents: Float32Array,
  output: ArrayLike<number>,
  sigma: number,
): Float32Array<ArrayBuffer> {
  return Float32Array.from(latents, (value, i) => value - sigma * (output[i] as number));
}
