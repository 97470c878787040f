/**
 * All tokens of a model as one tree of their bytes, so that whole families of them are allowed or left out at once.
 * About 3 MB for Qwen's 151 643 tokens.
 */
import { StudioError } from '../../../base/errors';
import type { TextTokenizer } from '../tokenizer';

/** In the order of a walk that goes down first. */
export interface Vocabulary {
  readonly tokenCount: number;
  /** The last byte of each node. */
  readonly bytes: Uint8Array;
  /** How many bytes come before it. */
  readonly depths: Uint8Array;
  /** The token that ends here, or −1. */
  readonly tokens: Int32Array;
  /** The first node that is not below this one. */
  readonly ends: Int32Array;
  /** By token; none for control tokens. */
  bytesOf(token: number): Uint8Array;
}

/** Longer ones are left out: what is counted has a byte. */
export const mostTokenBytes = 255;

/** @throws StudioError model/damaged where a byte that text is made of is no token: then nothing could be ended for sure */
export function openVocabulary(tokenizer: TextTokenizer): Vocabulary {
  const { tokenCount } = tokenizer;
  const named: { text: string; token: number }[] = [];
  for (let token = 0; token < tokenCount; token++) {
    if (tokenizer.isControl(token)) continue;
    const text = String.fromCharCode(...tokenizer.bytesOf(token));
    if (text !== '' && text.length <= mostTokenBytes) named.push({ text, token });
  }
  named.sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : a.token - b.token));
  const total = countNodes(named);
  const bytes = new Uint8Array(total);
  const depths = new Uint8Array(total);
  const tokens = new Int32Array(total).fill(-1);
  const ends = new Int32Array(total);
  const open: number[] = [];
  let [at, before] = [0, ''];
  for (const { text, token } of named) {
    if (text === before) continue;
    const shared = sharedLength(before, text);
    while (open.length > shared) ends[open.pop() as number] = at;
    for (let depth = shared; depth < text.length; depth++, at++) {
      bytes[at] = text.charCodeAt(depth);
      depths[at] = depth;
      open.push(at);
    }
    tokens[at - 1] = token;
    before = text;
  }
  for (const node of open) ends[node] = at;
  checkBytes({ bytes, tokens, ends });
  return {
    tokenCount,
    bytes,
    depths,
    tokens,
    ends,
    bytesOf: (token) => (tokenizer.isControl(token) ? new Uint8Array() : tokenizer.bytesOf(token)),
  };
}

function countNodes(named: readonly { readonly text: string }[]): number {
  let [count, before] = [0, ''];
  for (const { text } of named) {
    count += text.length - sharedLength(before, text);
    before = text;
  }
  return count;
}

function sharedLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && length < b.length && a.charCodeAt(length) === b.charCodeAt(length)) length += 1;
  return length;
}

/** Every byte that UTF-8 knows, but for control characters. */
function checkBytes({ bytes, tokens, ends }: Pick<Vocabulary, 'bytes' | 'tokens' | 'ends'>): void {
  const missing = new Set<number>();
  for (let byte = 0x20; byte <= 0xf4; byte++)
    if (byte !== 0x7f && byte !== 0xc0 && byte !== 0xc1) missing.add(byte);
  for (let node = 0; node < ends.length; node = ends[node] as number) {
    if (tokens[node] !== -1) missing.delete(bytes[node] as number);
  }
  const [byte] = missing;
  if (byte !== undefined) throw new StudioError('model/damaged', { file: 'tokenizer.json', missing: byte });
}
