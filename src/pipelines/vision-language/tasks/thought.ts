/** A thought and the answer after it, also while they are being written. */
export interface SplitAnswer {
  readonly thought: string;
  /** Null while the thought goes on. */
  readonly answer: string | null;
}

const [begin, end] = ['<think>', '</think>'];

/**
 * The answer is what stands after the last `</think>`; a Thinking model's text begins inside its thought, and any other
 * model's is all answer, whatever marks it has. While more may come (`isWhole` false), an end that has only begun is shown
 * on neither side.
 */
export function splitThought(
  text: string,
  { thinking, isWhole }: { thinking: boolean; isWhole: boolean },
): SplitAnswer {
  if (!thinking) return { thought: '', answer: text };
  const shown = isWhole ? text : text.slice(0, text.length - begunLength(text));
  const inside = shown.startsWith(begin) ? shown.slice(begin.length) : shown;
  const at = inside.lastIndexOf(end);
  if (at === -1) return { thought: inside.trim(), answer: null };
  return {
    thought: inside.slice(0, at).replaceAll(end, '').trim(),
    answer: inside.slice(at + end.length).replace(/^\n+/, ''),
  };
}

/** How much of the text's end may be the beginning of a mark. */
function begunLength(text: string): number {
  for (let length = end.length - 1; length > 0; length--)
    if (text.endsWith(end.slice(0, length))) return length;
  // Only at the very beginning can the other one stand.
  return begin.startsWith(text) && text !== begin ? text.length : 0;
}
