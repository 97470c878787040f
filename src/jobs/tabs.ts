/**
 * What the tabs of this app tell each other, so that each can say what the others reach, and a job in one of them
 * pauses the downloads of all. Each holds a lock as long as it lives: one that is closed or dies says nothing more,
 * but its lock falls.
 */
import type { Locks } from '../library/locks';

export interface TabState {
  /** Foreign hosts that a worker of the tab may reach now. */
  readonly hosts: readonly string[];
  /** A job is drawn there. */
  readonly working: boolean;
}

export interface TabMessage {
  readonly tab: string;
  /** null asks the others for theirs. */
  readonly state: TabState | null;
}

/** What this takes of `BroadcastChannel`: its own messages do not come back. */
interface TabChannel {
  post(message: TabMessage): void;
  listen(listener: (message: TabMessage) => void): void;
}

interface TabPowers {
  readonly tab: string;
  readonly channel: TabChannel;
  readonly locks: Locks;
}

/** Hears what all other tabs do, whenever one of them does something else. */
type TabListener = (others: readonly TabState[]) => void;

const idle: TabState = { hosts: [], working: false };
/** How long a job waits for the others to have ended their workers. A tab the browser has frozen does not answer. */
const patienceMs = 500;

export class Tabs {
  readonly #powers: TabPowers;
  readonly #others = new Map<string, TabState>();
  #own: TabState = idle;
  #listener: TabListener = () => undefined;

  constructor(powers: TabPowers) {
    this.#powers = powers;
    const { channel, tab } = powers;
    channel.listen((message) => this.#hear(message));
    // Never let go of: it falls when the tab goes.
    void this.#withLock(tab, () => new Promise(() => undefined));
    channel.post({ tab, state: null });
  }

  watch(listener: TabListener): void {
    this.#listener = listener;
    listener([...this.#others.values()]);
  }

  tell(state: TabState): void {
    this.#own = state;
    this.#powers.channel.post({ tab: this.#powers.tab, state });
  }

  /** Settles once no other tab reaches a foreign host, or after half a second. */
  async quiet(): Promise<void> {
    const until = Date.now() + patienceMs;
    const isFetching = () => [...this.#others.values()].some(({ hosts }) => hosts.length > 0);
    while (isFetching() && Date.now() < until) await new Promise((turn) => setTimeout(turn, 20));
  }

  #hear({ tab, state }: TabMessage): void {
    if (!state) {
      this.tell(this.#own);
      return;
    }
    if (!this.#others.has(tab)) void this.#outlive(tab);
    this.#others.set(tab, state);
    this.#listener([...this.#others.values()]);
  }

  async #outlive(tab: string): Promise<void> {
    await this.#withLock(tab, () => Promise.resolve());
    this.#others.delete(tab);
    this.#listener([...this.#others.values()]);
  }

  /** Over plain http there are no locks, and no seal that anything could be fetched behind. */
  async #withLock(tab: string, work: () => Promise<void>): Promise<void> {
    try {
      await this.#powers.locks.request(`obscura-tab/${tab}`, {}, work);
    } catch {
      // What cannot be waited for is forgotten at once.
    }
  }
}

export function openTabs(tab: string): Tabs {
  const channel = new BroadcastChannel('obscura-tabs');
  return new Tabs({
    tab,
    locks: navigator.locks,
    channel: {
      post: (message) => channel.postMessage(message),
      listen: (listener) =>
        channel.addEventListener('message', ({ data }: MessageEvent<TabMessage>) => listener(data)),
    },
  });
}
