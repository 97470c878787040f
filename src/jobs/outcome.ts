/** Results and failures as values that survive a thread boundary. */
import { asStudioError, isAbort, StudioError, type ErrorCode } from '../base/errors';
import type { Outcome } from './protocol';

/** Runs `work` and never throws. */
export async function outcomeOf<T>(work: () => Promise<T>, fallback: ErrorCode): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (thrown) {
    if (isAbort(thrown)) return { ok: false, aborted: true };
    return { ok: false, error: asStudioError(thrown, fallback).toWire() };
  }
}

/** The value, or the failure thrown again: `StudioError`, or an abort as the signal's own reason. */
export function unwrap<T>(outcome: Outcome<T>, signal?: AbortSignal): T {
  if (outcome.ok) return outcome.value;
  if ('error' in outcome) throw StudioError.fromWire(outcome.error);
  signal?.throwIfAborted();
  throw new DOMException('The job was stopped.', 'AbortError');
}
