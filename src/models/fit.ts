/** Whether a device can run a model, on what, and which of several that do the same it should take. Facts in, verdict out. */
import type { Backend, RuntimeFacts } from '../runtime/runtime';
import type { ModelCard } from './model';

/** One thing a model needs and this device does not give. */
export type Lack =
  | { readonly kind: 'gpu' | 'f16' }
  | { readonly kind: 'buffer'; readonly neededBytes: number; readonly allowedBytes: number };

export interface Fit {
  /** What the model would run on. */
  readonly backend: Backend;
  /** Empty where it can run. What a card leaves out is not held against the device. */
  readonly lacks: readonly Lack[];
}

export function fitOf({ needs = {} }: ModelCard, { backend, adapter }: RuntimeFacts): Fit {
  if (backend === 'wasm') return { backend, lacks: needs.gpu ? [{ kind: 'gpu' }] : [] };
  const lacks: Lack[] = [];
  if (needs.f16 && !adapter?.f16) lacks.push({ kind: 'f16' });
  const neededBytes = needs.gpuBufferBytes ?? 0;
  const allowedBytes = adapter?.maxBufferBytes ?? Infinity;
  if (neededBytes > allowedBytes) lacks.push({ kind: 'buffer', neededBytes, allowedBytes });
  return { backend, lacks };
}

/** The card and what stands in for it, from the best to the lightest; only those that are among `cards`. */
export function fallbacksOf(card: ModelCard, cards: readonly ModelCard[]): readonly ModelCard[] {
  const chain = [card];
  for (let id = card.fallback; id !== undefined;) {
    const next = cards.find((other) => other.id === id);
    if (!next || chain.includes(next)) break;
    chain.push(next);
    id = next.fallback;
  }
  return chain;
}

/** What the built-in net asks of every device. */
const everydayWorkPerPx = 45_024;

/**
 * Of cards that do the same, from the best to the lightest, the one for this device; null where none runs. A GPU
 * takes the best that runs; a processor the best that asks for no more than the built-in net, else the lightest.
 */
export function bestFor(chain: readonly ModelCard[], facts: RuntimeFacts): ModelCard | null {
  const running = chain.filter((card) => fitOf(card, facts).lacks.length === 0);
  if (facts.backend === 'webgpu') return running[0] ?? null;
  const work = ({ needs }: ModelCard) => needs?.workPerPx ?? Infinity;
  const byWork = running.toSorted((a, b) => (work(a) < work(b) ? -1 : Number(work(a) > work(b))));
  return running.find((card) => work(card) <= everydayWorkPerPx) ?? byWork[0] ?? null;
}

/** Ids of the cards this device should take, of those between which there is a choice. */
export function advisedIds(cards: readonly ModelCard[], facts: RuntimeFacts): ReadonlySet<string> {
  const isFallback = ({ id }: ModelCard) => cards.some(({ fallback }) => fallback === id);
  const chains = cards.filter((card) => !isFallback(card)).map((card) => fallbacksOf(card, cards));
  const best = chains.filter(({ length }) => length > 1).map((chain) => bestFor(chain, facts));
  return new Set(best.flatMap((card) => (card ? [card.id] : [])));
}
