/** What the options of several commands have in common. */
import { mkdirSync } from 'node:fs';
import { PlainError } from './plain-error';

export const backends = ['auto', 'webgpu', 'wasm'] as const;

/** @throws PlainError */
export function oneOf<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) throw new PlainError(`--${name} is one of ${allowed.join(', ')}, not "${value}".`);
  return found;
}

/** For its owner alone, where it is made here; a folder that was there keeps its mode. */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (thrown) {
    throw new PlainError(`${path} cannot be used as a folder.`, { cause: thrown });
  }
}
