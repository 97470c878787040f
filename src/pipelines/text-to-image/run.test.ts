/**
 * The whole pipeline on onnxruntime's wasm with miniatures of both models, against the official code: native onnxruntime,
 * Z-Image's own scheduler and diffusers' maths (reference/miniatures.py). What is done wrongly on purpose is seen.
 */
import { describe, expect, it } from 'vitest';
import { miniatureParts } from '../../../build/miniature-models';
import { create, latentsOf, likeness, scaled, unpacked, watched, worst } from '../../../build/miniature-run';
import type { Session, Tensor } from '../../runtime/runtime';
import type { PartName } from './card';
import cases from './reference/pictures.json';

describe.each(cases)('$width × $height, "$prompt"', (asked) => {
  it('is what the official code draws with Z-Image-Turbo in 32 bits', async () => {
    const { model, seen } = watched('z-image-f32');
    const result = await create(model, asked);
    expect(worst(seen.latents!, latentsOf(asked.zImage.f32.latents).map(scaled.z))).toBeLessThan(1e-4);
    expect(likeness(result, unpacked(asked.zImage.f32.picture))).toBeGreaterThan(60);
    expect(result.stepCount).toBe(8);
  });

  it('and in 4 bits to a hundredth, and in 16 bits to 40 dB', async () => {
    const { model, seen } = watched('z-image-q4');
    await create(model, asked);
    expect(worst(seen.latents!, latentsOf(asked.zImage.q4.latents).map(scaled.z))).toBeLessThan(1e-2);
    const half = await create(miniatureParts('z-image-f16'), asked);
    expect(likeness(half, unpacked(asked.zImage.f32.picture))).toBeGreaterThan(40);
  });

  it('is what diffusers draws with SD-Turbo, in 32 bits and in 16', async () => {
    const { model, seen } = watched('sd-turbo-f32');
    const result = await create(model, asked);
    expect(worst(seen.latents!, latentsOf(asked.sdTurbo.f32.latents).map(scaled.sd))).toBeLessThan(1e-4);
    expect(likeness(result, unpacked(asked.sdTurbo.f32.picture))).toBeGreaterThan(60);
    expect(
      likeness(await create(miniatureParts('sd-turbo-f16'), asked), unpacked(asked.sdTurbo.f32.picture)),
    ).toBeGreaterThan(40);
  });
});

const first = cases[0]!;

describe('what is done wrongly is seen:', () => {
  const pad = (tensor: Tensor): Tensor => {
    const [, , width = 0] = tensor.dims;
    const rows = first.zImage.f32.ids;
    return { ...tensor, dims: [1, rows, width], data: tensor.data.slice(0, rows * width) };
  };
  const feeding = (part: PartName, input: string, change: (tensor: Tensor) => Tensor) => ({
    meddle: (opened: PartName, session: Session): Session =>
      opened !== part
        ? session
        : { ...session, run: (feeds) => session.run({ ...feeds, [input]: change(feeds[input]!) }) },
  });
  const mutants: Record<string, NonNullable<Parameters<typeof miniatureParts>[1]>> = {
    'nine steps': { spec: { sampler: { kind: 'flow', stepCount: 9, shift: 3 } } },
    'another shift': { spec: { sampler: { kind: 'flow', stepCount: 8, shift: 2.9 } } },
    'a caption that is not padded': feeding('denoiser', 'encoder_hidden_states', pad),
    'scale and shift of the decoder exchanged': {
      spec: { latents: { channels: 16, scale: 0.1159, shift: 0.3611 } },
    },
    'another end of the template': feeding('textEncoder', 'input_ids', (ids) => ({
      ...ids,
      data: (ids.data as BigInt64Array).map((id, i) => (i >= ids.data.length - 2 ? 0n : id)),
    })),
    'time that runs the other way': feeding('denoiser', 'timestep', (time) => ({
      ...time,
      data: (time.data as Float32Array).map((value) => 1 - value),
    })),
  };
  it.each(Object.keys(mutants))('%s', async (name) => {
    const { model, seen } = watched('z-image-f32', mutants[name]);
    const result = await create(model, first);
    expect(worst(seen.latents!, latentsOf(first.zImage.f32.latents).map(scaled.z))).toBeGreaterThan(1e-3);
    expect(likeness(result, unpacked(first.zImage.f32.picture))).toBeLessThan(40);
  });
});
