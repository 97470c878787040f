/**
 * `manifest.json`: models as data beside their files, written by an export and by `npm run model -- pack`. It is
 * read as if an enemy had written it, and says nothing about a model that the catalogue knows.
 */
import { StudioError } from '../base/errors';
import {
  manifestFormat,
  manifestVersion,
  maxManifestBytes,
  onnxPath,
  partPath,
} from '../privacy/mirror-list';
import { contentOf, filesOf, withFiles } from '../models/files';
import type {
  ColourGuess,
  Licence,
  ModelCard,
  ModelFile,
  ModelNeeds,
  ModelPart,
  ModelParts,
  ModelUse,
  OneFile,
  SeveralParts,
} from '../models/model';
import { styleIds, type CartoonSpec } from '../pipelines/cartoon/card';
import { pictureLayouts } from '../runtime/picture-tensor';
import { Cut, largestChunkBytes, smallestChunkBytes } from './chunks';
import { Fields } from './manifest-fields';
import { readPictureSpec } from './manifest-picture';

/** A file of a manifest: `path` is relative to the manifest, and every chunk's hash is known. */
export type ListedFile = ModelFile & Required<Pick<ModelFile, 'path' | 'chunks'>>;
export type ListedModel = ModelCard<ListedFile>;
type ListedFiles = OneFile<ListedFile> | SeveralParts<ListedFile>;

export type KnownCard = (content: string) => ModelCard | undefined;

/** Beyond this a tab could not hold the file it describes. */
export const mostFileBytes = 2 ** 32;
const mostModels = 256;
const mostParts = 16;
const partName = /^[a-z][A-Za-z\d]{0,31}$/;
const sha256Pattern = /^[0-9a-f]{64}$/;

/** What a model's file is called beside a manifest: its own name where that is plain. */
export function plainFileName({ name }: ModelFile, { parts }: ModelCard): string {
  return (parts ? partPath : onnxPath).test(name) && !name.includes('/') ? name : 'model.onnx';
}

export function writeManifest(models: readonly ListedModel[]): string {
  const plain = ({ path, bytes, sha256, chunks }: ListedFile) => ({ path, bytes, sha256, chunks });
  const listed = models.map((model) => {
    const { id, title, use, guess, licence, source, sourceUrl, needs } = model;
    const files = model.parts
      ? {
          parts: Object.fromEntries(
            Object.entries(model.parts).map(([name, part]) => [name, part.map(plain)]),
          ),
        }
      : { part: plain(model.part) };
    return { id, title, use, guess, licence, source, sourceUrl, needs, ...files };
  });
  const manifest = { format: manifestFormat, version: manifestVersion, models: listed };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** @throws StudioError model/manifest naming the field, model/manifest-version */
export function readManifest(text: string, known: KnownCard): readonly ListedModel[] {
  const manifest = new Fields(parsed(text), '');
  manifest.oneOf('format', [manifestFormat]);
  const version = manifest.whole('version', 1, Number.MAX_SAFE_INTEGER);
  if (version !== manifestVersion) throw new StudioError('model/manifest-version', { version });
  const models = manifest
    .list('models', 0, mostModels)
    .map((value, index) => readModel(new Fields(value, `models.${index}`), known));
  const ids = models.map(({ id }) => id);
  const paths = models.flatMap((model) => filesOf<ListedFile>(model)).map(({ path }) => path);
  for (const [twice, values] of Object.entries({ id: ids, path: paths })) {
    if (new Set(values).size < values.length) throw new StudioError('model/manifest', { twice });
  }
  return models;
}

function parsed(text: string): unknown {
  if (text.length > maxManifestBytes) throw new StudioError('model/manifest', { maxBytes: maxManifestBytes });
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new StudioError('model/manifest', { reason: 'no JSON' }, { cause });
  }
}

function readModel(model: Fields, known: KnownCard): ListedModel {
  const files = readFiles(model);
  const listed = new Map(filesOf<ListedFile>(files).map((file) => [file.sha256, file]));
  const card = known(contentOf(files));
  if (card) {
    return withFiles(card, ({ name, bytes, sha256 }) => {
      const file = listed.get(sha256);
      if (file?.bytes !== bytes) throw model.refuse('bytes');
      return { ...file, name };
    });
  }
  // What a model is called follows from its first hash, so that one file is never kept under two names.
  const [first = ''] = listed.keys();
  const own = new RegExp(`^imported-(?:dct-net-)?${first.slice(0, 16)}$`);
  const id = model.match('id', own, 64);
  const title = model.text('title', 255);
  const use = readUse(model.fields('use'));
  return {
    id,
    title,
    family: { id, title },
    use,
    ...(use.role === 'cartoon' && model.has('guess') && { guess: readGuess(model.fields('guess')) }),
    licence: readLicence(model.fields('licence')),
    source: model.text('source', 400),
    ...(model.has('sourceUrl') && { sourceUrl: model.match('sourceUrl', /^https:\/\/[^\s@]+$/, 300) }),
    builtIn: false,
    ...(model.has('needs') && { needs: readNeeds(model.fields('needs')) }),
    ...files,
  };
}

function readNeeds(needs: Fields): ModelNeeds {
  const figure = (name: keyof ModelNeeds) =>
    needs.has(name) && { [name]: needs.whole(name, 1, mostFileBytes) };
  const flag = (name: keyof ModelNeeds) => needs.has(name) && { [name]: needs.oneOf(name, [true]) };
  const figures = { ...figure('gpuBufferBytes'), ...figure('gpuPeakBytes'), ...figure('workPerPx') };
  return { ...flag('gpu'), ...flag('f16'), ...figures };
}

function readFiles(model: Fields): ListedFiles {
  if (!model.has('parts')) return { part: readFile(model.fields('part'), onnxPath) };
  const parts = model.fields('parts');
  const { names } = parts;
  if (names.length < 1 || names.length > mostParts || !names.every((name) => partName.test(name)))
    throw model.refuse('parts');
  const read = (value: unknown) => readFile(new Fields(value, parts.where), partPath);
  const listed: ModelParts<ListedFile> = Object.fromEntries(
    names.map((name): [string, ModelPart<ListedFile>] => {
      const [graph, ...weights] = parts.list(name, 1, mostParts);
      return [name, [read(graph), ...weights.map(read)]];
    }),
  );
  const files = Object.values(listed).flat();
  for (const values of [files.map(({ name }) => name), files.map(({ sha256 }) => sha256)])
    if (new Set(values).size < values.length) throw model.refuse('parts');
  return { parts: listed };
}

function readFile(part: Fields, pattern: RegExp): ListedFile {
  const path = part.match('path', pattern, 200);
  const bytes = part.whole('bytes', 1, mostFileBytes);
  const sha256 = part.match('sha256', sha256Pattern, 64);
  const chunks = part.fields('chunks');
  const chunkBytes = chunks.whole('bytes', smallestChunkBytes, largestChunkBytes);
  const { count } = new Cut(bytes, chunkBytes);
  const hashes = chunks.list('sha256', count, count).map((hash) => {
    if (typeof hash !== 'string' || !sha256Pattern.test(hash)) throw chunks.refuse('sha256');
    return hash;
  });
  const name = path.split('/').at(-1) ?? path;
  return { name, path, bytes, sha256, chunks: { bytes: chunkBytes, sha256: hashes } };
}

function readUse(use: Fields): ModelUse {
  const spec = use.fields('spec');
  const pipeline = use.oneOf('pipeline', ['cartoon', 'text-to-image', 'vision-language'] as const);
  if (pipeline === 'vision-language') {
    const form = spec.oneOf('form', ['obscura', 'transformers.js'] as const);
    const thinking = spec.has('thinking') && { thinking: spec.oneOf('thinking', [true] as const) };
    return { pipeline, role: use.oneOf('role', ['words'] as const), spec: { form, ...thinking } };
  }
  if (pipeline === 'text-to-image') {
    return {
      pipeline,
      role: use.oneOf('role', ['picture'] as const),
      spec: readPictureSpec(spec),
    };
  }
  if (use.oneOf('role', ['cartoon', 'faces'] as const) === 'cartoon') {
    return { pipeline: 'cartoon', role: 'cartoon', spec: readCartoonSpec(spec) };
  }
  const decode = spec.oneOf('decode', ['yunet'] as const);
  const layout = spec.has('layout') && { layout: spec.oneOf('layout', ['rgba'] as const) };
  const refine = spec.has('refine') && { refine: spec.oneOf('refine', [true] as const) };
  const minScore = spec.number('minScore', 0, 1);
  return { pipeline: 'cartoon', role: 'faces', spec: { decode, minScore, ...layout, ...refine } };
}

function readCartoonSpec(spec: Fields): CartoonSpec {
  return {
    style: spec.oneOf('style', styleIds),
    input: spec.text('input', 200),
    output: spec.text('output', 200),
    layout: spec.oneOf('layout', pictureLayouts),
    order: spec.oneOf('order', ['rgb', 'bgr'] as const),
    inputRange: readRange(spec, 'inputRange'),
    outputRange: readRange(spec, 'outputRange'),
    multiple: spec.whole('multiple', 1, 256),
    ...(spec.has('size') && { size: readSize(spec.fields('size')) }),
    haloPx: spec.whole('haloPx', 0, 4096),
  };
}

function readSize(size: Fields): NonNullable<CartoonSpec['size']> {
  return { width: size.whole('width', 1, 4096), height: size.whole('height', 1, 4096) };
}

function readRange(spec: Fields, name: string): readonly [number, number] {
  const [black, white] = spec.list(name, 2, 2);
  const isLevel = (level: unknown): level is number => typeof level === 'number' && Math.abs(level) <= 65_535;
  if (!isLevel(black) || !isLevel(white) || black === white) throw spec.refuse(name);
  return [black, white];
}

function readGuess(guess: Fields): ColourGuess {
  return {
    order: guess.oneOf('order', ['rgb', 'bgr'] as const),
    range: guess.oneOf('range', ['bytes', 'signed', 'unit', null] as const),
  };
}

function readLicence(licence: Fields): Licence {
  return {
    spdx: licence.text('spdx', 64),
    holder: licence.text('holder', 120),
    commercialUse: licence.flag('commercialUse'),
  };
}
