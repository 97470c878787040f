import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeAskingMiniature } from '../../build/asking-miniature';
import { cardOfContent } from '../library/catalog';
import { readManifest } from '../library/manifest';
import { modelsFolder } from './models-folder';
import { pack } from './pack';

const folder = mkdtempSync(join(tmpdir(), 'obscura-folder-'));
const [built, beside] = [join(folder, 'built'), join(folder, 'beside')];
beforeAll(async () => {
  mkdirSync(built);
  await writeAskingMiniature(built);
  await pack([built], beside);
});
afterAll(() => rmSync(folder, { recursive: true }));

const modelsIn = (dir: string) =>
  readManifest(readFileSync(join(dir, 'manifest.json'), 'utf8'), cardOfContent);

test('a folder with a manifest is taken as it is', async () => {
  expect(await modelsFolder(built, folder, beside)).toBe(built);
});

test('an id is a model beside the app, offered alone with its files', async () => {
  const [model] = modelsIn(beside);
  const to = join(folder, 'alone');
  mkdirSync(to);
  expect(await modelsFolder(model!.id, to, beside)).toBe(to);
  expect(modelsIn(to)).toEqual([model]);
  expect(existsSync(join(to, model!.id, 'vision.onnx'))).toBe(true);
});

test('what is neither is answered with what there is', async () => {
  const [model] = modelsIn(beside);
  await expect(modelsFolder('qwen3', folder, beside)).rejects.toThrow(model!.id);
  await expect(modelsFolder('qwen3', folder, join(folder, 'none'))).rejects.toThrow('(none)');
});
