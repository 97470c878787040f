import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeAskingMiniature } from '../../build/asking-miniature';
import { writeDrawingMiniature } from '../../build/drawing-miniature';
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

test('a title in the form of an id names it too', async () => {
  const drawing = join(folder, 'drawing');
  await writeDrawingMiniature(drawing);
  const to = mkdtempSync(join(folder, 'to-'));
  expect(await modelsFolder('z-image-turbo', to, drawing)).toBe(to);
  expect(modelsIn(to).map(({ title }) => title)).toEqual(['Z-Image-Turbo']);
});

test('what is neither is answered with what there is', async () => {
  const [model] = modelsIn(beside);
  await expect(modelsFolder('qwen3', folder, beside)).rejects.toThrow(model!.id);
  await expect(modelsFolder('qwen3', folder, join(folder, 'none'))).rejects.toThrow('(none)');
});

test('the command line says so too, and what else it refuses, with 1 and without a browser', () => {
  const root = resolve(import.meta.dirname, '../..');
  const run = (...more: string[]) => {
    const asked = ['--question', 'What?', '--model', 'qwen3', ...more];
    const command = [
      '--import',
      'tsx',
      join(root, 'src/cli/ask.ts'),
      join(root, 'docs/obscura.png'),
      ...asked,
    ];
    const { status, stderr } = spawnSync(process.execPath, command, { cwd: root, encoding: 'utf8' });
    return `${status} ${stderr}`;
  };
  expect(run()).toMatch(/^1 qwen3 is no folder, and no model that/);
  expect(run('--max-tokens', '5000')).toMatch(/^1 --max-tokens is a whole number from 1 to 4096, not "5000"/);
});
