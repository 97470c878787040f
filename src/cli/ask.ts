/** `npm run ask -- IMAGE… --question TEXT --model DIR`: one answer, one JSON line. */
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { AskDriver } from './ask-driver';
import { modelsFolder } from './models-folder';
import { PlainError, runCommand } from './plain-error';

const usage =
  'npm run ask -- IMAGE… --question TEXT --model DIR [--greedy] [--max-tokens N] [--detail quick|usual|fine] ' +
  '[--backend auto|webgpu|wasm]';
const detailChoices = ['quick', 'usual', 'fine'] as const;
const backends = ['auto', 'webgpu', 'wasm'] as const;

function oneOf<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) throw new PlainError(`--${name} is one of ${allowed.join(', ')}, not "${value}".`);
  return found;
}

function readCount(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text))
    throw new PlainError(`--max-tokens is a whole number from 1 to 4096, not "${text}".`);
  return Number(text);
}

function readArguments() {
  try {
    const { values, positionals: pictures } = parseArgs({
      allowPositionals: true,
      options: {
        question: { type: 'string' },
        model: { type: 'string' },
        greedy: { type: 'boolean', default: false },
        'max-tokens': { type: 'string', default: '1024' },
        detail: { type: 'string', default: 'usual' },
        backend: { type: 'string', default: 'auto' },
      },
    });
    const { question, model } = values;
    if (!question?.trim() || model === undefined) throw new PlainError(`Usage: ${usage}`);
    const missing = pictures.find((path) => !existsSync(path) || !statSync(path).isFile());
    if (missing !== undefined) throw new PlainError(`There is no file ${missing}.`);
    return {
      pictures,
      question,
      model,
      settings: {
        greedy: values.greedy,
        mostTokens: readCount(values['max-tokens']),
        detail: oneOf('detail', values.detail, detailChoices),
      },
      backend: oneOf('backend', values.backend, backends),
    };
  } catch (thrown) {
    if (thrown instanceof PlainError) throw thrown;
    throw new PlainError(`${thrown instanceof Error ? thrown.message : String(thrown)} Usage: ${usage}`);
  }
}

async function main(): Promise<void> {
  const { pictures, question, model, settings, backend } = readArguments();
  const temporary = mkdtempSync(join(tmpdir(), 'obscura-ask-'));
  try {
    const driver = await AskDriver.open(backend, await modelsFolder(model, temporary));
    try {
      await driver.choose(settings);
      const { text, tokens, ms, ended, firstTokenMs, msPerToken, ...rest } = await driver.ask(
        question,
        pictures,
      );
      const { backend: used, bytesSent } = rest;
      console.log(
        JSON.stringify({ text, tokens, ms, ended, firstTokenMs, msPerToken, backend: used, bytesSent }),
      );
    } finally {
      await driver.close();
    }
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

await runCommand(main);
