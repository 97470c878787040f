/**
 * One answer of Qwen3-VL: the pictures are looked at, the conversation is read as far as it was not read before, and
 * the answer comes token by token. What a next question can use again is kept by `Memory` until that is released.
 */
import { seededRandom } from '../../base/random';
import type { Session } from '../../runtime/runtime';
import type { AnswerOptions, AskedTurn } from './card';
import { chatPieces, encodePieces, type Content } from './chat';
import { chatFull, Conversation, type DecoderParts } from './decode';
import type { Constraint } from './grammar/constraint';
import type { Vocabulary } from './grammar/vocabulary';
import { countPictures, lookAtPictures, picturesOf, tokensOf, type LookedAtPicture } from './looking';
import type { ModelFacts } from './model-facts';
import { PictureKeys } from './picture-key';
import { isLooping, sampleToken } from './sampling';
import type { Size } from './smart-resize';
import { TextStream, type TextTokenizer } from './tokenizer';

export type OpenedDecoder = Pick<DecoderParts, 'session' | 'embeddings'>;

export interface AnswerParts {
  /** Opened where a picture has not been seen yet, and released when all have: before the decoder, which is larger. */
  readonly openVision: () => Promise<Session>;
  /** Kept by the memory for the next question. */
  readonly openDecoder: () => Promise<OpenedDecoder>;
  readonly tokenizer: TextTokenizer;
  readonly facts: ModelFacts;
}

export interface HeldAnswerOptions extends AnswerOptions {
  /** Holds the answer to a form; it then ends as soon as it is whole, and is whole before its tokens run out. */
  readonly constraint?: Constraint;
}

/** Looking and reading are counted in tokens; an answer comes as text, which may be empty while a letter is half here. */
export type AnswerStep =
  | { readonly kind: 'look'; readonly done: number; readonly total: number }
  | { readonly kind: 'read'; readonly done: number; readonly total: number }
  | { readonly kind: 'text'; readonly text: string; readonly token: number; readonly probability: number };

export interface Answer {
  readonly text: string;
  readonly tokens: readonly number[];
  /** Of the last turn's pictures, upright: what places in the answer are counted in. */
  readonly sizes: readonly Size[];
  /** Why it ended: the model said so, enough tokens, the chat is full, or it went in circles. */
  readonly ended: 'stop' | 'length' | 'full' | 'loop';
  /** Tokens of the conversation before the answer. */
  readonly readTokens: number;
  /** Of these so many did not have to be read again. */
  readonly reusedTokens: number;
  /** Tokens that can still come before the chat is full. */
  readonly leftTokens: number;
}

/** What a model is read with; the vocabulary is made when an answer is held to a form for the first time. */
export interface Reader extends Pick<AnswerParts, 'facts' | 'tokenizer'> {
  vocabulary?: Vocabulary;
}

/** What one chat keeps for its next question. In memory alone. */
export class Memory {
  readonly keys = new PictureKeys();
  /** By their key; only those of the conversation as it stands. */
  pictures: ReadonlyMap<string, LookedAtPicture> = new Map();
  conversation: Conversation | null = null;
  decoder: OpenedDecoder | null = null;
  /** What every question of this model is read with. */
  reader: Reader | null = null;

  constructor(readonly room: number) {}

  /** For nobody who is still being answered. */
  async release(): Promise<void> {
    const { conversation, decoder } = this;
    this.conversation = this.decoder = null;
    this.pictures = new Map();
    conversation?.release();
    await decoder?.session.release();
    await decoder?.embeddings.release?.();
  }
}

/** @throws StudioError chat/full, schema/too-long, image/too-narrow, engine/*, gpu/*; the signal's reason within one token or chunk */
export async function* answer(
  turns: readonly AskedTurn[],
  options: HeldAnswerOptions,
  { parts, memory, signal }: { parts: AnswerParts; memory: Memory; signal: AbortSignal },
): AsyncGenerator<AnswerStep, Answer, void> {
  const { facts, tokenizer, openVision } = parts;
  const counted = await countPictures(picturesOf(turns), { facts, memory, signal });
  const counts = counted.map(({ tokens }) => tokens);
  const planned = promptOf(turns, counts, { parts, numbered: options.numbered });
  // Before anything is decoded or looked at.
  if (planned.length > memory.room) throw chatFull(planned.length, memory.room);
  const seen = yield* lookAtPictures(counted, { facts, memory, signal, openVision });
  const found = seen.map(({ grid }) => tokensOf(grid, facts.vision));
  // A header may say another size than its picture has.
  const isAsPlanned = found.every((count, index) => count === counts[index]);
  const ids = isAsPlanned ? planned : promptOf(turns, found, { parts, numbered: options.numbered });
  const decoder = (memory.decoder ??= await parts.openDecoder());
  const conversation = (memory.conversation ??= await Conversation.open({ ...decoder, facts }, memory.room));

  const reading = conversation.read(ids, seen, signal);
  let step = await reading.next();
  for (; !step.done; step = await reading.next()) yield { kind: 'read', done: step.value, total: ids.length };
  let { logits } = step.value;
  const reusedTokens = step.value.reused;

  const lastCount = picturesOf(turns.slice(-1)).length;
  const sizes = seen.slice(seen.length - lastCount).map(({ size }) => size);
  const made: number[] = [];
  const { constraint } = options;
  const never = tokenizer.silent.filter((token) => !facts.tokens.stop.includes(token));
  const stream = new TextStream(tokenizer);
  const random = seededRandom(options.seed);
  const finish = (ended: Answer['ended'], text: string): Answer => {
    const leftTokens = memory.room - conversation.length;
    return { text, tokens: made, ended, sizes, readTokens: ids.length, reusedTokens, leftTokens };
  };
  for (let text = ''; ;) {
    signal.throwIfAborted();
    const { token, probability } = sampleToken(logits, options, {
      made,
      tokenCount: tokenizer.tokenCount,
      random,
      restrict: (row) => {
        for (const token of never) row[token] = -Infinity;
        const room = memory.room - conversation.length + 1;
        constraint?.restrict(row, Math.min(options.mostNewTokens - made.length, room));
      },
    });
    if (facts.tokens.stop.includes(token)) return finish('stop', text + stream.end());
    made.push(token);
    const more = stream.add(token);
    text += more;
    yield { kind: 'text', text: more, token, probability };
    constraint?.accept(token);
    if (constraint?.isComplete) return finish('stop', text + stream.end());
    if (made.length === options.mostNewTokens) return finish('length', text + stream.end());
    if (isLooping(made)) {
      if (!constraint) return finish('loop', text + stream.end());
      constraint.hurry();
    }
    if (conversation.length === memory.room) return finish('full', text + stream.end());
    signal.throwIfAborted();
    logits = await conversation.next(token);
  }
}

function promptOf(
  turns: readonly AskedTurn[],
  pictureTokens: readonly number[],
  { parts, numbered }: { parts: AnswerParts; numbered: boolean },
): number[] {
  const counts = pictureTokens.values();
  const told = turns.map(({ role, content }) => ({
    role,
    content: content.map((part): Content =>
      'picture' in part ? { pictureTokens: counts.next().value ?? 0 } : part,
    ),
  }));
  return encodePieces(chatPieces(told, { numbered, thinking: parts.facts.thinking }), parts.tokenizer);
}
