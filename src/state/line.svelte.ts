/**
 * What is on the line: the foreign hosts that this tab and others may reach now, and whether a job keeps downloads
 * off it. A job in any tab pauses those of all; they go on by themselves when no job is drawn any more.
 */
import type { Library } from '../jobs/library-bridge';
import type { Tabs, TabState } from '../jobs/tabs';
import type { ModelCard } from '../models/model';
import { foreignFiles, hostsOf } from '../models/remote';

export class Line {
  readonly #library: Library;
  readonly #tabs: Tabs;
  #granted = $state.raw<readonly ModelCard[]>([]);
  #others = $state.raw<readonly TabState[]>([]);
  #working = $state(false);

  /** The foreign hosts that a worker of this tab may reach now; none while it is sealed. */
  readonly openHosts = $derived(hostsOf(this.#granted.flatMap((card) => foreignFiles(card))));
  /** Those that other tabs of this app may reach. */
  readonly hostsElsewhere = $derived(unique(this.#others.flatMap(({ hosts }) => hosts)));
  /** True while a job is drawn, here or in another tab: what is being got waits for it. */
  readonly held = $derived(this.#working || this.#others.some(({ working }) => working));

  constructor(library: Library, tabs: Tabs) {
    this.#library = library;
    this.#tabs = tabs;
    library.watchGrants((cards) => {
      this.#granted = cards;
      this.#tell();
    });
    tabs.watch((others) => {
      const wasHeld = this.held;
      this.#others = others;
      if (this.held !== wasHeld) void this.#settle();
    });
  }

  /** The models whose grants are open in this tab. */
  get granted(): readonly ModelCard[] {
    return this.#granted;
  }

  /** For a job: takes downloads off the line, so that it runs with none. They go on after `release`. */
  async hold(): Promise<void> {
    this.#working = true;
    this.#tell();
    await this.#settle();
    await this.#tabs.quiet();
  }

  release(): Promise<void> {
    this.#working = false;
    this.#tell();
    return this.#settle();
  }

  #settle(): Promise<void> {
    return this.held ? this.#library.hold() : this.#library.release();
  }

  #tell(): void {
    this.#tabs.tell({ hosts: this.openHosts, working: this.#working });
  }
}

function unique(hosts: readonly string[]): readonly string[] {
  return [...new Set(hosts)];
}
