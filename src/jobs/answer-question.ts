/** The worker's half of a question about pictures: decodes them and opens kept parts as the run asks for them, and times it. */
import { StudioError } from '../base/errors';
import { openablePart, readPart } from '../library/openable';
import type { ModelStore } from '../library/store';
import { contentOf, filesOf } from '../models/files';
import type { AskedTurn, PictureFile, VisionLanguageContext } from '../pipelines/vision-language/card';
import { loadRun } from '../pipelines/runs';
import type { OrtRuntime } from '../runtime/ort';
import { decodePicture, readPicture } from '../runtime/picture';
import type { ChatMemory } from './chat-memory';
import { JobRun } from './job-run';
import type { AskJob, AskOutcome, AskReport, ChatPicture, ChatTurn } from './protocol';

export interface AnswerPowers {
  readonly runtime: OrtRuntime;
  readonly store: ModelStore;
  readonly chats: ChatMemory;
}

export async function answerQuestion(
  job: AskJob,
  powers: AnswerPowers,
  { report, signal }: { readonly report: (progress: AskReport) => void; readonly signal: AbortSignal },
): Promise<AskOutcome> {
  const { runtime, chats } = powers;
  const { model, chat, room, options } = job;
  const content = contentOf(model);
  const started = performance.now();
  const decoding = { ms: 0 };
  const turns = job.turns.map((turn) => askedTurn(turn, decoding));
  const run = new JobRun(runtime);
  return chats.use({ chat, content, room }, async (memory) => {
    const steps = (await loadRun('vision-language'))(turns, options, {
      model: keptParts(job, powers, run),
      memory,
      signal,
    });
    const written = { first: 0, last: 0 };
    const heard = (progress: AskReport) => {
      if (progress.stage === 'write') {
        written.last = performance.now();
        written.first ||= written.last;
      }
      report(progress);
    };
    const made = await run.drive(steps, { report: heard, signal });
    const { reused, ...said } = made;
    const { tokens } = said;
    const timings = run.timings(decoding.ms);
    return {
      ...said,
      firstTokenMs: tokens.length > 0 ? written.first - started : null,
      msPerToken: tokens.length > 1 ? (written.last - written.first) / (tokens.length - 1) : null,
      facts: runtime.facts,
      models: [{ id: model.id, parts: filesOf(model).map(({ name, sha256 }) => ({ name, sha256 })), reused }],
      timings: { ...timings, totalMs: timings.totalMs - decoding.ms },
    };
  });
}

function askedTurn({ role, pictures, text }: ChatTurn, decoding: { ms: number }): AskedTurn {
  return { role, content: [...pictures.map((each) => ({ picture: pictureFile(each, decoding) })), { text }] };
}

function pictureFile({ file, mostTokens }: ChatPicture, decoding: { ms: number }): PictureFile {
  return {
    mostTokens,
    read: () => readPicture(file),
    decode: async () => {
      const started = performance.now();
      const image = await decodePicture(file);
      decoding.ms += performance.now() - started;
      return image;
    },
  };
}

function keptParts(
  { model }: AskJob,
  { runtime, store }: AnswerPowers,
  run: JobRun,
): VisionLanguageContext['model'] {
  if (model.use.pipeline !== 'vision-language')
    throw new StudioError('model/wrong-shape', { model: model.title });
  return {
    openVision: () => run.opening(async () => runtime.open(await openablePart(model, 'vision', store))),
    openEmbed: () => run.opening(async () => runtime.open(await openablePart(model, 'embed', store))),
    openDecoder: (options) =>
      run.opening(async () => {
        const openable = await openablePart(model, 'decoder', store);
        const weights = (file: string) => {
          const source = openable.weights?.find(({ location }) => location === file)?.source;
          if (!source) throw new StudioError('model/damaged', { file: 'model.json', missing: file });
          return {
            bytes: source.bytes,
            read: (offset: number, length: number) => Promise.resolve(source.read(offset, length)),
          };
        };
        return { session: await runtime.open(openable, options), weights };
      }),
    text: (part) => run.opening(async () => new TextDecoder().decode(await readPart(model, part, store))),
  };
}
