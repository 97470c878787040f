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

/** One lock for each file, named by its hash: two models never wait for each other. */
export function lockName(sha256: string): string {
  return `obscura-model/${sha256}`;
}
