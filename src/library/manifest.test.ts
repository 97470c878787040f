/** A manifest is written by anybody: what it may say, and everything that is refused. */
import { describe, expect, test } from 'vitest';
import { card as faces } from '../models/yunet-n/card';
import { card as style } from '../models/dct-net-anime/card';
import { filesNamed } from '../privacy/mirror-list';
import { cardOfContent } from './catalog';
import { readManifest, writeManifest, type ListedModel } from './manifest';

const sha256 = 'ab'.repeat(32);
const id = `imported-${sha256.slice(0, 16)}`;
const chunks = { bytes: 262_144, sha256: ['cd'.repeat(32), 'ef'.repeat(32)] };
const part = { name: 'mine.onnx', path: 'mine.onnx', bytes: 300_000, sha256, chunks };
const { original, ...described } = style;
const mine: ListedModel = {
  ...described,
  ...{ id, title: '小画家', family: { id, title: '小画家' }, part },
  guess: { order: 'bgr', range: 'unit' },
  source: 'Imported from disk.',
};
const nothingKnown = () => undefined;

/** What the manifest of `mine` says once `change` has had its way with it. */
function tampered(change: (model: Record<string, unknown>, whole: Record<string, unknown>) => void): string {
  const whole = JSON.parse(writeManifest([mine])) as { models: [Record<string, unknown>] };
  change(whole.models[0], whole);
  return JSON.stringify(whole);
}

/** What a model needs of a device, and what stands in for it, the catalogue alone tells. */
function told(card: ListedModel): ListedModel {
  const copy = { ...card };
  for (const untold of ['fallback']) Reflect.deleteProperty(copy, untold);
  return copy;
}

test('a model comes back as it was written, without what only the catalogue says', () => {
  expect(writeManifest([{ ...mine, ...(original && { original }) }])).toBe(writeManifest([mine]));
  expect(readManifest(writeManifest([mine]), nothingKnown)).toEqual([told(mine)]);
  const finder: ListedModel = { ...faces, id, family: { id, title: faces.title }, part };
  expect(readManifest(writeManifest([finder]), nothingKnown)).toEqual([told(finder)]);
});

test('of a model that the catalogue knows it says nothing but where it lies', () => {
  const known = { ...style.part, path: 'a/b.onnx', chunks: { bytes: 2 ** 24, sha256: [style.part.sha256] } };
  const liar = { ...mine, title: 'Free for all', licence: { ...mine.licence, spdx: 'CC0' }, part: known };
  expect(readManifest(writeManifest([liar]), cardOfContent)).toEqual([{ ...style, part: known }]);
});

test('the wall reads the same files off it as the library', () => {
  const text = writeManifest([mine]);
  expect(filesNamed(text)).toEqual([{ path: 'models/mine.onnx', bytes: part.bytes, sha256 }]);
});

const long = 'x'.repeat(5000);
const of = (key: string, value: unknown) => (model: Record<string, unknown>) => (model[key] = value);
const inside = (outer: string, key: string, value: unknown) => (model: Record<string, unknown>) =>
  ((model[outer] as Record<string, unknown>)[key] = value);

describe('what is refused', () => {
  test.each([
    ['no JSON', 'nothing'],
    ['null', 'null'],
    ['a list', '[]'],
    ['more than a manifest has', `"${'x'.repeat(1024 * 1024)}"`],
    ['another format', tampered((_, whole) => (whole.format = 'other'))],
    ['no models', tampered((_, whole) => delete whole.models)],
    ['a model twice', tampered((model, whole) => (whole.models = [model, model]))],
    ['a model that is a number', tampered((_, whole) => (whole.models = [7]))],
    ['a model whose fields are inherited', tampered((_, whole) => (whole.models = [{ __proto__: mine }]))],
    ['the id of a built-in', tampered(of('id', 'obscura-faces'))],
    ['an id of another file', tampered(of('id', `imported-${'0'.repeat(16)}`))],
    ['a title without end', tampered(of('title', long))],
    ['a title of nothing', tampered(of('title', ' '))],
    ['a title that turns round what is read', tampered(of('title', 'a\u202eb'))],
    ['a title in an object', tampered(of('title', { toString: 1 }))],
    ['another pipeline', tampered(inside('use', 'pipeline', 'shell'))],
    ['another role', tampered(inside('use', 'role', 'constructor'))],
    ['a style of its own', tampered(inside('use', 'spec', { ...mine.use.spec, style: 'oil' }))],
    ['a multiple of nothing', tampered(inside('use', 'spec', { ...mine.use.spec, multiple: 0 }))],
    ['a halo without end', tampered(inside('use', 'spec', { ...mine.use.spec, haloPx: 1e9 }))],
    [
      'one level for black and white',
      tampered(inside('use', 'spec', { ...mine.use.spec, inputRange: [1, 1] })),
    ],
    ['levels that are words', tampered(inside('use', 'spec', { ...mine.use.spec, outputRange: ['0', '1'] }))],
    ['a guess of nothing', tampered(of('guess', {}))],
    ['needs without end', tampered(inside('needs', 'gpuPeakBytes', 2 ** 60))],
    ['needs in words', tampered(inside('needs', 'gpu', 'yes'))],
    ['a licence in words', tampered(of('licence', 'MIT'))],
    ['a licence that is nearly true', tampered(inside('licence', 'commercialUse', 1))],
    ['an address that is a script', tampered(of('sourceUrl', 'javascript:alert(1)'))],
    ['an address with a name in it', tampered(of('sourceUrl', 'https://a@b.example/'))],
    ['a path that climbs', tampered(inside('part', 'path', '../mine.onnx'))],
    ['a path that climbs within', tampered(inside('part', 'path', 'a/../../mine.onnx'))],
    ['an absolute path', tampered(inside('part', 'path', '/mine.onnx'))],
    ['an escaped path', tampered(inside('part', 'path', '%2e%2e/mine.onnx'))],
    ['a path of another kind of slash', tampered(inside('part', 'path', '..\\mine.onnx'))],
    ['a path to a host', tampered(inside('part', 'path', 'https://a.example/mine.onnx'))],
    ['a path with a query', tampered(inside('part', 'path', 'mine.onnx?x=.onnx'))],
    ['a path to another kind of file', tampered(inside('part', 'path', 'mine.html'))],
    ['no bytes', tampered(inside('part', 'bytes', 0))],
    ['half a byte', tampered(inside('part', 'bytes', 0.5))],
    ['too many bytes', tampered(inside('part', 'bytes', 2 ** 40))],
    ['a hash in capitals', tampered(inside('part', 'sha256', sha256.toUpperCase()))],
    ['a chunk too few', tampered(inside('part', 'chunks', { ...chunks, sha256: [sha256] }))],
    ['a chunk that is no hash', tampered(inside('part', 'chunks', { ...chunks, sha256: [sha256, null] }))],
    ['chunks of one byte', tampered(inside('part', 'chunks', { ...chunks, bytes: 1 }))],
  ])('%s', (_, text) => {
    expect(() => readManifest(text, nothingKnown)).toThrow(
      expect.objectContaining({ code: 'model/manifest' }) as Error,
    );
  });

  test('another version, by its number', () => {
    const text = tampered((_, whole) => (whole.version = 2));
    expect(() => readManifest(text, nothingKnown)).toThrow(
      expect.objectContaining({ code: 'model/manifest-version', details: { version: 2 } }) as Error,
    );
    expect(filesNamed(text)).toEqual([]);
  });

  test('another length of a file that the catalogue knows', () => {
    const short = { ...part, sha256: style.part.sha256 };
    expect(() => readManifest(writeManifest([{ ...mine, part: short }]), cardOfContent)).toThrow(
      'model/manifest',
    );
  });
});
