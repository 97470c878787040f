/** `npm run create` as a person runs it: a batch with its seeds, settings in the files, and a size that is none. */
import { expect, test } from '@playwright/test';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { writeDrawingMiniature } from '../build/drawing-miniature';
import { parametersKeyword, readParameters } from '../src/pipelines/text-to-image/parameters';
import { readPngText } from '../src/runtime/png-text';

let folder: string;
test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'obscura-create-command-'));
  await writeDrawingMiniature(join(folder, 'models'));
});
test.afterAll(() => rmSync(folder, { recursive: true }));

async function create(...args: readonly string[]) {
  const given = ['tsx', 'src/cli/create.ts', ...args, '--model', join(folder, 'models'), '--backend', 'wasm'];
  const child = spawn('npx', [...given, '--out', join(folder, 'out')], {
    cwd: resolve(import.meta.dirname, '..'),
  });
  let [said, failed] = ['', ''];
  child.stdout.on('data', (bytes: Buffer) => (said += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (failed += bytes.toString()));
  const status = await new Promise((done) => child.on('close', done));
  return { status, said, failed };
}

test('two pictures, each with its own seed and told in its file', async () => {
  test.setTimeout(120_000);
  const prompt = 'a paper lantern, "lit"';
  const { status, said, failed } = await create(
    ...[prompt, '--seed', '7', '--size', '512x384', '--count', '2', '--parameters'],
  );
  expect(status, failed).toBe(0);
  const lines = said
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines).toHaveLength(2);
  for (const [place, line] of lines.entries()) {
    const size = { width: 512, height: 384 };
    expect(line).toMatchObject({ prompt, ...size, seed: 7 + place, steps: 8, backend: 'wasm', bytesSent: 0 });
    const file = readFileSync(line['output'] as string);
    expect([file.readUInt32BE(16), file.readUInt32BE(20)]).toEqual([512, 384]);
    const text = await readPngText(new Blob([new Uint8Array(file)]), parametersKeyword);
    expect(readParameters(text!)).toEqual({
      prompt,
      seed: 7 + place,
      size,
      stepCount: 8,
      model: 'Z-Image-Turbo',
    });
  }
});

test('a size that the model does not draw is said so, with those it draws', async () => {
  test.setTimeout(120_000);
  const { status, said, failed } = await create('a lantern', '--size', '500x500');
  expect([status, said]).toEqual([1, '']);
  expect(failed).toMatch(/does not draw 500x500, but 512x512, 512x384, /);
});
