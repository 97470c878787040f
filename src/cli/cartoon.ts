/** `npm run cartoon -- PHOTO… --style anime --out DIR …`: one picture a photo, one JSON line each. */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { AppDriver } from './app-driver';
import { backends, makeFolder, oneOf } from './options';
import { PlainError, runCommand } from './plain-error';

const usage =
  'npm run cartoon -- PHOTO… --out DIR [--style anime] [--model ID|FILE.onnx] [--faces ID|FILE.onnx] ' +
  '[--keep-skin on|off] [--line-size bold|medium|fine] [--sharp on|off] [--format png|jpeg|webp] ' +
  '[--backend auto|webgpu|wasm]';

/** Style names as the page shows them. */
const styleNames: Record<string, string> = {
  anime: 'Anime',
  '3d': '3D',
  handdrawn: 'Hand-drawn',
  sketch: 'Sketch',
  artstyle: 'Art style',
  design: 'Design',
  illustration: 'Illustration',
  custom: 'Its own style',
};

const lineSizes = ['bold', 'medium', 'fine'] as const;
const switches = ['on', 'off'] as const;
const formats = ['png', 'jpeg', 'webp'] as const;

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        style: { type: 'string', default: 'anime' },
        out: { type: 'string' },
        model: { type: 'string' },
        faces: { type: 'string' },
        'keep-skin': { type: 'string', default: 'on' },
        'line-size': { type: 'string', default: 'bold' },
        sharp: { type: 'string', default: 'on' },
        format: { type: 'string', default: 'png' },
        backend: { type: 'string', default: 'auto' },
      },
    });
    if (positionals.length === 0 || values.out === undefined) throw new PlainError(`Usage: ${usage}`);
    return {
      photos: positionals,
      out: values.out,
      model: values.model,
      faces: values.faces,
      style: styleNames[values.style] ?? values.style,
      keepSkin: oneOf('keep-skin', values['keep-skin'], switches) === 'on',
      lineSize: oneOf('line-size', values['line-size'], lineSizes),
      sharp: oneOf('sharp', values.sharp, switches) === 'on',
      format: oneOf('format', values.format, formats),
      backend: oneOf('backend', values.backend, backends),
    };
  } catch (thrown) {
    if (thrown instanceof PlainError) throw thrown;
    throw new PlainError(`${thrown instanceof Error ? thrown.message : String(thrown)} Usage: ${usage}`);
  }
}

function checkFile(path: string): void {
  if (!existsSync(path)) throw new PlainError(`There is no file ${path}.`);
  if (!statSync(path).isFile()) throw new PlainError(`${path} is not a file.`);
}

function isModelFile(name: string | undefined): name is string {
  return name !== undefined && /\.(onnx|pb)$/i.test(name);
}

/** A path to a file is imported and known by its title from then on; anything else is already a name. */
async function modelName(driver: AppDriver, asked: string | undefined): Promise<string | undefined> {
  if (asked === undefined || !isModelFile(asked)) return asked;
  return driver.importModel(asked);
}

async function main(): Promise<number> {
  const { photos, out, model, faces: finder, backend, ...drawing } = readArguments();
  const { format } = drawing;
  for (const path of [...photos, ...[model, finder].filter((name) => isModelFile(name))]) {
    checkFile(path);
  }
  makeFolder(out);
  const driver = await AppDriver.open(backend);
  let failures = 0;
  try {
    const chosenModel = await modelName(driver, model);
    const chosenFaces = await modelName(driver, finder);
    await driver.choose({
      ...drawing,
      ...(chosenModel !== undefined && { model: chosenModel }),
      ...(chosenFaces !== undefined && { faces: chosenFaces }),
    });
    for (const input of photos) {
      const started = performance.now();
      try {
        const result = await driver.cartoonize(input, format);
        const output = join(out, result.fileName);
        writeFileSync(output, readFileSync(result.path), { mode: 0o600, flag: 'wx' });
        const { width, height, faces, backend: ran, bytesSent } = result;
        const ms = Math.round(performance.now() - started);
        console.log(JSON.stringify({ input, output, width, height, faces, backend: ran, ms, bytesSent }));
      } catch (thrown) {
        if (!(thrown instanceof PlainError)) throw thrown;
        failures += 1;
        console.error(`${input}: ${thrown.message}`);
      }
    }
  } finally {
    await driver.close();
  }
  return failures === 0 ? 0 : 1;
}

await runCommand(main);
