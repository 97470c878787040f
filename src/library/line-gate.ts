/** The gate between downloads and the line. Held, every request under way is ended and none begins. */
export class LineGate {
  #opened: Promise<void> | null = null;
  #open: () => void = () => undefined;
  #closing = new AbortController();

  get isHeld(): boolean {
    return this.#opened !== null;
  }

  /** When it returns, nothing is on the line any more. */
  hold(): void {
    if (this.#opened) return;
    this.#opened = new Promise((resolve) => (this.#open = resolve));
    this.#closing.abort(new DOMException('Held.', 'AbortError'));
  }

  release(): void {
    if (!this.#opened) return;
    this.#opened = null;
    this.#closing = new AbortController();
    this.#open();
  }

  /** Waits while held; the answer is aborted by the next hold. @throws the signal's reason */
  async pass(signal: AbortSignal): Promise<AbortSignal> {
    while (this.#opened) await unlessAborted(this.#opened, signal);
    signal.throwIfAborted();
    return this.#closing.signal;
  }
}

function unlessAborted(opened: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
    void opened.then(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    });
  });
}
