/**
 * The next token from one row of logits. Order of the cuts as in huggingface/transformers@v5.18 generation/logits_process.py:
 * penalty, temperature, top-k, top-p. The presence penalty is OpenAI's: taken off once, however often a token stood.
 */
import { StudioError } from '../../base/errors';

export interface SamplingOptions {
  /** 0 takes the likeliest, always. */
  readonly temperature: number;
  /** Only so many of the likeliest; 0 is no limit. */
  readonly topK: number;
  /** Only the likeliest that together reach this share. */
  readonly topP: number;
  /** Taken off the logit of every token that the answer has already. */
  readonly presencePenalty: number;
}

export interface SamplingState {
  /** The answer so far. */
  readonly made: readonly number[];
  /** Rows from here on stand for no token (the table is longer than the vocabulary). */
  readonly tokenCount: number;
  /** Puts −∞ for what cannot come next. */
  readonly restrict?: (logits: Float32Array) => void;
  /** Uniform in 0…1, 1 excluded. */
  readonly random: () => number;
}

export interface SampledToken {
  readonly token: number;
  /** Among all tokens that can come, before any cut but after the penalty; what confidence is made of. */
  readonly probability: number;
}

export const greedy: SamplingOptions = { temperature: 0, topK: 0, topP: 1, presencePenalty: 0 };

/** @throws StudioError engine/failed where the row is no numbers, or leaves no token */
export function sampleToken(
  row: Float32Array,
  { temperature, topK, topP, presencePenalty }: SamplingOptions,
  { made, tokenCount, random, restrict }: SamplingState,
): SampledToken {
  const logits = row.slice(0, tokenCount);
  restrict?.(logits);
  if (presencePenalty !== 0) {
    for (const token of new Set(made)) logits[token] = (logits[token] ?? -Infinity) - presencePenalty;
  }
  const best = indexOfLargest(logits);
  const most = logits[best] as number;
  const whole = logits.reduce((sum, logit) => sum + Math.exp(logit - most), 0);
  // A sum of shares of the largest: any other row makes it NaN.
  if (!Number.isFinite(whole)) {
    throw new StudioError('engine/failed', { reason: 'the model gave no numbers for its next word' });
  }
  const probability = (token: number) => Math.exp((logits[token] as number) - most) / whole;
  if (temperature === 0) return { token: best, probability: 1 / whole };

  const kept = largest(logits, topK === 0 ? tokenCount : topK);
  const weights = kept.map((token) => Math.exp(((logits[token] as number) - most) / temperature));
  const cut = countWithin(weights, topP);
  let left = random() * weights.slice(0, cut).reduce((sum, weight) => sum + weight, 0);
  let place = 0;
  while (place < cut - 1 && left >= (weights[place] as number)) left -= weights[place++] as number;
  const token = kept[place] ?? best;
  return { token, probability: probability(token) };
}

/** How many of the heaviest first reach the share `topP` of all. */
function countWithin(weights: readonly number[], topP: number): number {
  const enough = topP * weights.reduce((sum, weight) => sum + weight, 0);
  let [count, sum] = [0, 0];
  while (count < weights.length && (count === 0 || sum < enough)) sum += weights[count++] as number;
  return count;
}

/** The first of equals. */
function indexOfLargest(values: Float32Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if ((values[i] as number) > (values[best] as number)) best = i;
  return best;
}

/** The `count` largest, largest first, the first of equals first. */
function largest(values: Float32Array, count: number): number[] {
  const order = (x: number, y: number) => (values[y] as number) - (values[x] as number) || x - y;
  if (count >= values.length) return [...values.keys()].sort(order);
  const kept: number[] = [];
  for (let i = 0; i < values.length; i++) {
    if (kept.length === count && (values[i] as number) <= (values[kept[count - 1] as number] as number))
      continue;
    if (kept.length === count) kept.pop();
    let place = kept.length;
    while (place > 0 && (values[i] as number) > (values[kept[place - 1] as number] as number)) place -= 1;
    kept.splice(place, 0, i);
  }
  return kept;
}

/** A loop must come round so often, and be so long in all, before it is called one. */
const turns = 4;
const leastLoop = 24;
const longestPeriod = 64;

/** Whether an answer only says the same over and over: its end is one run of tokens, `turns` times or more. */
export function isLooping(made: readonly number[]): boolean {
  for (let period = 1; period <= longestPeriod; period++) {
    const length = Math.max(period * turns, leastLoop);
    if (length > made.length) return false;
    const start = made.length - length;
    let same = start + period;
    while (same < made.length && made[same] === made[same - period]) same += 1;
    if (same === made.length) return true;
  }
  return false;
}
