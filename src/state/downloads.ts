/** Addresses of files given to the browser's download: ended a minute after the click, or when everything is cleared. */

/** The browser may read the address some time after the click. */
const readMs = 60_000;

export class Downloads {
  readonly #open = new Map<string, ReturnType<typeof setTimeout>>();

  /** Files the browser may still be reading, or asking the visitor about. */
  get count(): number {
    return this.#open.size;
  }

  /** An address for this file; holds it in memory until it is ended. */
  address(blob: Blob): string {
    const url = URL.createObjectURL(blob);
    this.#open.set(
      url,
      setTimeout(() => this.#end(url), readMs),
    );
    return url;
  }

  endAll(): void {
    for (const url of [...this.#open.keys()]) this.#end(url);
  }

  #end(url: string): void {
    clearTimeout(this.#open.get(url));
    this.#open.delete(url);
    URL.revokeObjectURL(url);
  }
}
