/** What a manifest says of a text-to-image model: names, numbers and sizes, each within bounds. */
import type { FreeDimensions, Sampler, TextToImageSpec } from '../pipelines/text-to-image/card';
import { tiers, type NamedSize } from '../pipelines/text-to-image/sizes';
import { Fields } from './manifest-fields';

const mostLetters = 64;
const mostSizes = 32;

export function readPictureSpec(spec: Fields): TextToImageSpec {
  const encoder = spec.fields('textEncoder');
  const denoiser = spec.fields('denoiser');
  const decoder = spec.fields('decoder');
  const latents = spec.fields('latents');
  const name = (of: Fields, field: string) => of.text(field, mostLetters);
  const outputs = encoder.list('outputs', 1, 4).map((output) => {
    if (typeof output !== 'string' || output.length > mostLetters) throw encoder.refuse('outputs');
    return output;
  });
  return {
    prompt: spec.oneOf('prompt', ['qwen-chat', 'clip'] as const),
    sampler: readSampler(spec.fields('sampler')),
    latents: {
      channels: latents.whole('channels', 1, 64),
      scale: latents.number('scale', 1e-3, 1e3),
      shift: latents.number('shift', -1e3, 1e3),
    },
    textEncoder: {
      ids: name(encoder, 'ids'),
      ...(encoder.has('mask') && { mask: name(encoder, 'mask') }),
      outputs,
    },
    denoiser: {
      latents: name(denoiser, 'latents'),
      time: name(denoiser, 'time'),
      caption: name(denoiser, 'caption'),
      output: name(denoiser, 'output'),
      free: readFree(denoiser.fields('free')),
    },
    decoder: {
      latents: name(decoder, 'latents'),
      output: name(decoder, 'output'),
      free: readFree(decoder.fields('free')),
    },
    sizes: readSizes(spec.fields('sizes')),
  };
}

function readSampler(sampler: Fields): Sampler {
  if (sampler.oneOf('kind', ['flow', 'turbo'] as const) === 'turbo') return { kind: 'turbo' };
  return {
    kind: 'flow',
    stepCount: sampler.whole('stepCount', 1, 100),
    shift: sampler.number('shift', 0.1, 100),
  };
}

function readFree(free: Fields): FreeDimensions {
  const sides = { width: free.text('width', mostLetters), height: free.text('height', mostLetters) };
  if (!free.has('fixed')) return sides;
  const fixed = free.fields('fixed');
  const values = fixed.names.map((each) => [each, fixed.whole(each, 1, 65_536)] as const);
  return { ...sides, fixed: Object.fromEntries(values) };
}

function readSizes(sizes: Fields): TextToImageSpec['sizes'] {
  const read = (value: unknown): NamedSize => {
    const size = new Fields(value, sizes.where);
    return {
      aspect: size.match('aspect', /^\d{1,2}:\d{1,2}$/, 5),
      width: size.whole('width', 64, 4096),
      height: size.whole('height', 64, 4096),
    };
  };
  const named = tiers.filter((tier) => sizes.has(tier));
  if (named.length === 0) throw sizes.refuse('fast');
  return Object.fromEntries(named.map((tier) => [tier, sizes.list(tier, 1, mostSizes).map(read)]));
}
