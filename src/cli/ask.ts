/** `npm run ask -- IMAGE… --question TEXT --model ID|DIR`: one answer, one JSON line; of a task one for each picture. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { mostAnswerTokens } from '../pipelines/vision-language/card';
import { AskDriver, askTasks } from './ask-driver';
import { modelsFolder } from './models-folder';
import { backends, oneOf } from './options';
import { PlainError, runCommand } from './plain-error';
import { plainWords } from './plain-words';

const usage =
  'npm run ask -- IMAGE… --question TEXT --model ID|DIR [--task ask|read-text|extract-fields|screen-steps] ' +
  '[--schema FILE] [--greedy] [--max-tokens N] [--detail quick|usual|fine] [--backend auto|webgpu|wasm]';
const detailChoices = ['quick', 'usual', 'fine'] as const;

function readCount(text: string): number {
  const count = /^[1-9]\d*$/.test(text) ? Number(text) : NaN;
  if (!(count <= mostAnswerTokens))
    throw new PlainError(`--max-tokens is a whole number from 1 to ${mostAnswerTokens}, not "${text}".`);
  return count;
}

function readArguments() {
  try {
    const { values, positionals: pictures } = parseArgs({
      allowPositionals: true,
      options: {
        question: { type: 'string' },
        model: { type: 'string' },
        task: { type: 'string', default: 'ask' },
        schema: { type: 'string' },
        greedy: { type: 'boolean', default: false },
        'max-tokens': { type: 'string', default: '1024' },
        detail: { type: 'string', default: 'usual' },
        backend: { type: 'string', default: 'auto' },
      },
    });
    const { question = '', model, schema } = values;
    const task = oneOf('task', values.task, askTasks);
    const isAsked = task === 'read-text' || task === 'extract-fields' || question.trim() !== '';
    if (!isAsked || model === undefined) throw new PlainError(`Usage: ${usage}`);
    if (task !== 'ask' && pictures.length === 0) throw new PlainError(`--task ${task} takes a picture.`);
    if (task !== 'extract-fields' && schema !== undefined)
      throw new PlainError('--schema goes with --task extract-fields.');
    const files = [...pictures, ...(schema === undefined ? [] : [schema])];
    const missing = files.find((path) => !existsSync(path) || !statSync(path).isFile());
    if (missing !== undefined) throw new PlainError(`There is no file ${missing}.`);
    return {
      pictures,
      question,
      model,
      settings: {
        task,
        schema: schema === undefined ? null : readFileSync(schema, 'utf8'),
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
      // A talk takes all pictures at once; what is read of one is read of each.
      for (const some of settings.task === 'ask' ? [pictures] : pictures.map((picture) => [picture])) {
        const answered = await driver.ask(question, some);
        const { text, tokens, ms, ended, firstTokenMs, msPerToken, backend: used, bytesSent } = answered;
        console.log(
          JSON.stringify({
            ...(settings.task !== 'ask' && { input: some[0] }),
            ...{ text, tokens, ms, ended, firstTokenMs, msPerToken, backend: used, bytesSent },
          }),
        );
        if (settings.task !== 'ask') await driver.newChat();
      }
    } finally {
      await driver.close();
    }
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

await runCommand(main, plainWords);
