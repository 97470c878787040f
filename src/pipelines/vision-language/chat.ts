/**
 * A conversation as the tokens Qwen3-VL was trained on: the words of `chat_template.jinja` in Qwen/Qwen3-VL-2B-Instruct
 * (sha256 3636d0f0…), as far as turns of people and answers go; the Thinking models' opens a thought before the answer.
 */
import type { TextTokenizer } from './tokenizer';

export type Content = { readonly text: string } | { readonly pictureTokens: number };

export interface Turn {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: readonly Content[];
}

export interface ChatOptions {
  /** Pictures are called "Picture 1: ", "Picture 2: " … */
  readonly numbered: boolean;
  readonly thinking: boolean;
}

/** Control tokens by name, so often; anything else is text. */
export type Piece = string | { readonly control: string; readonly count: number };

/** All turns, and the opening of the next answer. */
export function chatPieces(turns: readonly Turn[], { numbered, thinking }: ChatOptions): readonly Piece[] {
  const pieces: Piece[] = [];
  let pictures = 0;
  for (const { role, content } of turns) {
    pieces.push(one('<|im_start|>'), `${role}\n`);
    for (const part of content) {
      if ('text' in part) {
        pieces.push(part.text);
        continue;
      }
      pictures += 1;
      if (numbered) pieces.push(`Picture ${pictures}: `);
      pieces.push(one('<|vision_start|>'), { control: '<|image_pad|>', count: part.pictureTokens });
      pieces.push(one('<|vision_end|>'));
    }
    pieces.push(one('<|im_end|>'), '\n');
  }
  pieces.push(one('<|im_start|>'), 'assistant\n');
  if (thinking) pieces.push(one('<think>'), '\n');
  return pieces;
}

/** Text between two control tokens is encoded as one, as it would be in the rendered template. */
export function encodePieces(pieces: readonly Piece[], tokenizer: TextTokenizer): number[] {
  const ids: number[] = [];
  let text = '';
  const flush = () => {
    if (text !== '') for (const id of tokenizer.encode(text)) ids.push(id);
    text = '';
  };
  for (const piece of pieces) {
    if (typeof piece === 'string') {
      text += piece;
      continue;
    }
    flush();
    const id = tokenizer.control(piece.control);
    for (let i = 0; i < piece.count; i++) ids.push(id);
  }
  flush();
  return ids;
}

function one(control: string): Piece {
  return { control, count: 1 };
}
