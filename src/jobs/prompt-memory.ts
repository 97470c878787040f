/**
 * Prompts as an encoder read them, so that a further seed does not read the prompt again. In this worker's memory alone,
 * under names that say nothing of the prompt; gone after five minutes without use, and with the worker.
 */
import type { KnownPrompts, ReadPrompt } from '../pipelines/text-to-image/card';
import { Digests } from '../privacy/digests';

const most = 4;
const idleMs = 5 * 60 * 1000;

export class PromptMemory {
  readonly #digests = new Digests();
  /** The one used last is the last. */
  readonly #kept = new Map<string, ReadPrompt>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Of one model, named by its bytes: another model reads otherwise. */
  of(content: string): KnownPrompts {
    const name = (prompt: string) => this.#digests.hmacSha256(new Blob([content, '\0', prompt]));
    return {
      get: async (prompt) => {
        const key = await name(prompt);
        const found = this.#kept.get(key);
        if (found) this.#keep(key, found);
        return found;
      },
      set: async (prompt, read) => this.#keep(await name(prompt), read),
    };
  }

  get count(): number {
    return this.#kept.size;
  }

  forget(): void {
    clearTimeout(this.#timer);
    this.#kept.clear();
  }

  #keep(key: string, read: ReadPrompt): void {
    this.#kept.delete(key);
    this.#kept.set(key, read);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > most && oldest !== undefined) this.#kept.delete(oldest);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#kept.clear(), idleMs);
  }
}
