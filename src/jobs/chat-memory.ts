/**
 * What one chat keeps for its next question: the open decoder with its keys and values, and what was seen of its
 * pictures. In this worker's memory alone; gone after five minutes without use, with another chat, and with the worker.
 */
import { Memory } from '../pipelines/vision-language/answer';

const idleMs = 5 * 60 * 1000;

export class ChatMemory {
  #kept: { readonly name: string; readonly memory: Memory } | null = null;
  #busy = false;
  #forgetsAfter = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Works with the memory of this chat with this model; that of any other is released before. One at a time. */
  async use<T>(
    { chat, content, room }: { readonly chat: string; readonly content: string; readonly room: number },
    work: (memory: Memory) => Promise<T>,
  ): Promise<T> {
    const name = `${chat} ${content} ${room}`;
    if (this.#kept?.name !== name) await this.forget();
    const { memory } = (this.#kept ??= { name, memory: new Memory(room) });
    clearTimeout(this.#timer);
    this.#busy = true;
    try {
      return await work(memory);
    } finally {
      this.#busy = false;
      if (this.#forgetsAfter) await this.forget();
      else this.#timer = setTimeout(() => void this.forget(), idleMs);
    }
  }

  get isEmpty(): boolean {
    return this.#kept === null;
  }

  /** Everything, at the end of an answer under way. */
  async forget(): Promise<void> {
    this.#forgetsAfter = this.#busy;
    if (this.#busy) return;
    clearTimeout(this.#timer);
    const kept = this.#kept;
    this.#kept = null;
    // Nothing points to it any more; what cannot be released goes with the worker.
    await kept?.memory.release().catch(() => undefined);
  }
}
