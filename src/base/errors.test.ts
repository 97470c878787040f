import { expect, test } from 'vitest';
import { asStudioError, isAbort, StudioError } from './errors';

test('an error keeps its code and facts across a thread', () => {
  const error = new StudioError('model/hash-mismatch', { expected: 'a', found: 'b' });
  const again = StudioError.fromWire(structuredClone(error.toWire()));
  expect(again.code).toBe('model/hash-mismatch');
  expect(again.details).toEqual({ expected: 'a', found: 'b' });
});

test('an unknown failure becomes a known one and keeps its cause', () => {
  const cause = new TypeError('no such thing');
  const error = asStudioError(cause, 'engine/failed');
  expect(error.code).toBe('engine/failed');
  expect(error.cause).toBe(cause);
  expect(error.details.reason).toBe('no such thing');
});

test('abort is not an error', () => {
  const abort = new AbortController();
  abort.abort();
  expect(isAbort(abort.signal.reason)).toBe(true);
  expect(isAbort(new StudioError('image/empty'))).toBe(false);
});
