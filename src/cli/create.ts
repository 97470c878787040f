/** `npm run create -- "PROMPT" --model ID|DIR --seed N --size WxH --out DIR`: a PNG and a JSON line for each picture. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CreateDriver } from './create-driver';
import { modelsFolder } from './models-folder';
import { backends, makeFolder, oneOf } from './options';
import { PlainError, runCommand } from './plain-error';
import { plainWords } from './plain-words';

const usage =
  'npm run create -- "PROMPT" --model ID|DIR --out DIR [--seed N] [--size WxH] [--count 1|2|4|8] ' +
  '[--parameters] [--backend auto|webgpu|wasm]';
const counts = ['1', '2', '4', '8'] as const;

function readSize(text: string): { width: number; height: number } {
  const [, width, height] = /^(\d{1,5})x(\d{1,5})$/.exec(text) ?? [];
  if (width === undefined || height === undefined)
    throw new PlainError(`--size is like 512x512, not "${text}".`);
  return { width: Number(width), height: Number(height) };
}

function readSeed(text: string): number {
  if (!/^\d{1,16}$/.test(text) || !Number.isSafeInteger(Number(text)))
    throw new PlainError(`--seed is a whole number of 0 or more, not "${text}".`);
  return Number(text);
}

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        model: { type: 'string' },
        seed: { type: 'string', default: '0' },
        size: { type: 'string', default: '512x512' },
        count: { type: 'string', default: '1' },
        out: { type: 'string' },
        parameters: { type: 'boolean', default: false },
        backend: { type: 'string', default: 'auto' },
      },
    });
    const [prompt, ...more] = positionals;
    if (!prompt?.trim() || more.length > 0 || values.out === undefined || values.model === undefined)
      throw new PlainError(`Usage: ${usage}`);
    return {
      prompt,
      model: values.model,
      out: values.out,
      seed: readSeed(values.seed),
      size: readSize(values.size),
      told: values.parameters,
      count: oneOf('count', values.count, counts),
      backend: oneOf('backend', values.backend, backends),
    };
  } catch (thrown) {
    if (thrown instanceof PlainError) throw thrown;
    throw new PlainError(`${thrown instanceof Error ? thrown.message : String(thrown)} Usage: ${usage}`);
  }
}

async function main(): Promise<void> {
  const { model, out, backend, ...asked } = readArguments();
  const temporary = mkdtempSync(join(tmpdir(), 'obscura-create-'));
  try {
    const models = await modelsFolder(model, temporary);
    makeFolder(out);
    const driver = await CreateDriver.open(backend, models);
    try {
      for (const made of await driver.create(asked)) {
        const output = join(out, made.fileName);
        writeFileSync(output, readFileSync(made.path), { mode: 0o600, flag: 'wx' });
        const { prompt, size } = asked;
        const { seed, steps, backend: ran, ms, bytesSent } = made;
        console.log(JSON.stringify({ prompt, output, ...size, seed, steps, backend: ran, ms, bytesSent }));
      }
    } finally {
      await driver.close();
    }
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

await runCommand(main, plainWords);
