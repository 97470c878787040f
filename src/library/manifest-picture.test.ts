/** A text-to-image model in a manifest: comes back as it was written, and is refused where it says what cannot be. */
import { expect, test } from 'vitest';
import { withFiles } from '../models/files';
import { card as sdTurbo } from '../models/sd-turbo/card';
import { card as zImage } from '../models/z-image-turbo/card';
import type { ModelCard } from '../models/model';
import { readManifest, writeManifest, type ListedFile, type ListedModel } from './manifest';

function listed(card: ModelCard): ListedModel {
  let number = 0;
  const id = `imported-${'1'.padStart(64, '0').slice(0, 16)}`;
  const family = { id, title: card.title };
  const model = withFiles<ListedFile>({ ...card, id, family }, ({ name }) => {
    const sha256 = String(++number).padStart(64, '0');
    return { name, path: `m/${name}`, bytes: 9, sha256, chunks: { bytes: 2 ** 24, sha256: [sha256] } };
  });
  const copy = { ...model };
  for (const untold of ['needs', 'fallback']) Reflect.deleteProperty(copy, untold);
  return copy;
}

const unknown = () => undefined;

test.each([zImage, sdTurbo])('$title comes back as it was written', (card) => {
  const model = listed(card);
  expect(readManifest(writeManifest([model]), unknown)).toEqual([model]);
});

type Spec = Record<string, Record<string, unknown>>;

test.each<[string, (spec: Spec) => unknown]>([
  ['no steps', (spec) => (spec['sampler']!['stepCount'] = 0)],
  ['a sampler nobody knows', (spec) => (spec['sampler']!['kind'] = 'magic')],
  ['a scale of nothing', (spec) => (spec['latents']!['scale'] = 0)],
  ['a prompt nobody knows', (spec) => Object.assign(spec, { prompt: 'llama' })],
  ['outputs that are no names', (spec) => (spec['textEncoder']!['outputs'] = [1])],
  ['a size too large', (spec) => (spec['sizes']!['fast'] = [{ aspect: '1:1', width: 8192, height: 8192 }])],
  ['no size', (spec) => Object.assign(spec, { sizes: {} })],
  [
    'a free dimension without a number',
    (spec) => (spec['decoder']!['free'] = { width: 'w', height: 'h', fixed: { b: 'x' } }),
  ],
])('%s is refused', (_, spoil) => {
  const manifest = JSON.parse(writeManifest([listed(zImage)])) as { models: [{ use: { spec: Spec } }] };
  spoil(manifest.models[0].use.spec);
  expect(() => readManifest(JSON.stringify(manifest), unknown)).toThrow(
    expect.objectContaining({ code: 'model/manifest' }),
  );
});
