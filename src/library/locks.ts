/** Who writes a model holds its lock over all tabs; the browser frees it when the tab goes. */

/** What the library takes of `navigator.locks`. */
export interface Locks {
  /**
   * `work` gets null where `ifAvailable` was asked for and another holds the lock.
   * @throws the signal's reason while waiting
   */
  request<T>(
    name: string,
    options: { readonly signal?: AbortSignal; readonly ifAvailable?: boolean },
    work: (lock: object | null) => Promise<T>,
  ): Promise<T>;
}

/** One lock for each file, named by its hash: only models that share a file wait for each other. */
export function lockName(sha256: string): string {
  return `obscura-model/${sha256}`;
}

/** Alone with these files over all tabs. @throws the signal's reason while waiting */
export function withLocks<T>(
  locks: Locks,
  { files, signal }: { readonly files: readonly string[]; readonly signal?: AbortSignal },
  work: () => Promise<T>,
): Promise<T> {
  // Everybody takes them in one order, so that no two wait for each other.
  const names = [...new Set(files.map(lockName))].sort();
  const options = signal ? { signal } : {};
  const taking = names.reduceRight((inner, name) => () => locks.request(name, options, inner), work);
  return taking();
}
