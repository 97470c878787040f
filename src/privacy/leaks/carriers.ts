/** What a carrier is: one way to bring an address onto the line, and what the thread was told of it. */
import type { Tried } from '../leaks';

/** Takes `address` onto the line if it can. What it throws is a refusal. */
export type Carrier = (address: string, line: Line) => Promise<Tried> | Tried;

/** What some carriers need besides the address. */
export interface Line {
  /** The app's folder, absolute, with a slash at its end. */
  readonly base: string;
  /** Host and port of a STUN server, by name and by number. */
  readonly stun: string;
  readonly stunAddress: string;
}

export const pauseMs = 300;
export const pause = (ms = pauseMs) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** A thing with `load` and `error` events, given time to say which. */
export function heard(thing: EventTarget, sent = 'load', refused = 'error'): Promise<Tried> {
  return new Promise((resolve) => {
    thing.addEventListener(sent, () => resolve('sent'));
    thing.addEventListener(refused, () => resolve('refused'));
    setTimeout(() => resolve('unsure'), pauseMs);
  });
}

export async function answered(asked: Promise<unknown>): Promise<Tried> {
  const late = pause(1500).then((): Tried => 'unsure');
  return Promise.race([asked.then((): Tried => 'sent'), late]);
}

/** Of a power that not every browser has. */
export function named(name: string): (new (...given: readonly unknown[]) => EventTarget) | undefined {
  return (globalThis as Record<string, unknown>)[name] as
    (new (...given: readonly unknown[]) => EventTarget) | undefined;
}
