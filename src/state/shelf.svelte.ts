/** The models of this browser: what is here, what is under way, and what each job may choose from. */
import { SvelteMap } from 'svelte/reactivity';
import { asStudioError, isAbort, type StudioError } from '../base/errors';
import type { TransferProgress } from '../base/progress';
import type { Library } from '../jobs/library-bridge';
import type { ShelfEntry } from '../library/librarian';
import type { ColourGuess, ModelCard } from '../models/model';
import { bytesOf, filesOf, isSameContent } from '../models/files';
import { foreignFiles, isFetchable } from '../models/remote';
import type { StyleId } from '../pipelines/cartoon/card';
import { cartoonFamilies } from './families';
import { Importing } from './importing.svelte';

export type Activity =
  | { readonly kind: 'getting'; readonly progress: TransferProgress | null }
  | { readonly kind: 'verifying' }
  | { readonly kind: 'verified' }
  | { readonly kind: 'exporting' }
  /** `folder` is the name of the one that was chosen; null where the browser saved two files. */
  | { readonly kind: 'exported'; readonly folder: string | null }
  | { readonly kind: 'failed'; readonly error: StudioError };

export class Shelf {
  readonly #library: Library;
  readonly #keep: () => void;
  readonly imports: Importing;
  #entries = $state.raw<readonly ShelfEntry[]>([]);
  readonly #activities = new SvelteMap<string, Activity>();
  #arriving = $state(true);

  readonly ready = $derived(
    this.#entries.filter((entry) => entry.state === 'ready').map((entry) => entry.card),
  );
  /** Also the built-in ones still on their way, so that a style can be chosen while they arrive. */
  readonly usable = $derived(
    this.#entries
      .filter((entry) => entry.state === 'ready' || (this.#arriving && entry.card.builtIn))
      .map((entry) => entry.card),
  );
  readonly families = $derived(cartoonFamilies(this.usable));
  readonly faceFinders = $derived(this.usable.filter((card) => card.use.role === 'faces'));
  /** One step better than the built-in, where that is all there is and the next can be got. */
  readonly betterFaceFinder = $derived.by(() => {
    const [only, ...others] = this.faceFinders;
    if (!only?.builtIn || others.length > 0) return null;
    const better = this.#entries.find(({ card }) => card.fallback === only.id)?.card ?? null;
    return better && isFetchable(better) ? better : null;
  });
  /** The one that comes with the app, while it is not here. */
  readonly missingFaceFinder = $derived(
    this.#entries.find(({ card, state }) => card.builtIn && card.use.role === 'faces' && state !== 'ready')
      ?.card ?? null,
  );
  /** Of unfinished ones too. */
  readonly heldBytes = $derived(
    this.#entries.reduce((sum, { heldBytes, newer }) => sum + heldBytes + (newer?.heldBytes ?? 0), 0),
  );
  readonly keptBytes = $derived(
    this.#entries.reduce((sum, entry) => sum + (entry.state === 'ready' ? entry.heldBytes : 0), 0),
  );

  /** `keep` is called when the visitor gets or imports something that is to stay. */
  constructor(library: Library, keep: () => void) {
    this.#library = library;
    this.#keep = keep;
    this.imports = new Importing(library, async ({ cards }) => {
      keep();
      for (const { id } of cards) this.#note(id, null);
      await this.refresh();
    });
    library.watch((cardId, progress) => this.#hear(cardId, progress));
  }

  get entries(): readonly ShelfEntry[] {
    return this.#entries;
  }

  activity(cardId: string): Activity | null {
    return this.#activities.get(cardId) ?? null;
  }

  async refresh(): Promise<void> {
    const listed = await this.#library.list();
    // An imported model that was found damaged is known nowhere else: it stays in sight with what became of it.
    const lost = this.#entries.filter(
      ({ card }) =>
        this.activity(card.id)?.kind === 'failed' && !listed.some((entry) => entry.card.id === card.id),
    );
    this.#entries = [...listed, ...lost.map(({ card }) => absent(card))];
  }

  isReady(cardId: string): boolean {
    return this.ready.some(({ id }) => id === cardId);
  }

  /**
   * Fetches every built-in model that is not here yet, one after the other, and notes what failed on its card.
   * Throws the last failure when none of the cartoon models is ready.
   */
  async getBuiltIn(report: (doneBytes: number, totalBytes: number) => void): Promise<void> {
    this.#arriving = true;
    await this.refresh();
    const missing = this.#entries
      .filter(({ card, state, newer }) => card.builtIn && (state !== 'ready' || newer))
      .map(({ card, newer, paused }) => newer ?? { card, paused });
    const totalBytes = missing.reduce((sum, { card }) => sum + bytesOf(card), 0);
    let before = 0;
    let failure: StudioError | null = null;
    for (const { card, paused } of missing) {
      const start = before;
      // What the visitor stopped waits for the visitor.
      if (!paused) {
        const failed = await this.#get(card, ({ doneBytes }) => report(start + doneBytes, totalBytes));
        failure = failed ?? failure;
      }
      before += bytesOf(card);
      report(before, totalBytes);
    }
    this.#arriving = false;
    if (failure !== null && this.families.length === 0) throw failure;
  }

  /** Goes on with what another visit of the page began and did not finish; a foreign host is asked for anew. */
  resumeUnfinished(): void {
    for (const { card, state, paused } of this.#entries.map((entry) => entry.newer ?? entry)) {
      const goesOn = state === 'partial' && !paused && !card.builtIn && foreignFiles(card).length === 0;
      if (goesOn && !this.activity(card.id)) void this.#get(card, () => undefined);
    }
  }

  /** Begins, or goes on where it stopped. From a foreign host only when the visitor has just agreed to it. */
  async get(card: ModelCard): Promise<void> {
    this.#keep();
    await this.#get(card, () => undefined);
  }

  /** Stops the download and keeps what has arrived; `get` goes on with it. */
  pause(cardId: string): Promise<void> {
    return this.#stop(cardId, () => this.#library.pause(cardId));
  }

  /** Stops the download, if one is under way, and forgets what has arrived. */
  cancel(cardId: string): Promise<void> {
    return this.#stop(cardId, () => this.#library.cancel(cardId));
  }

  /** The revision of a model that is ready now. */
  standing(card: ModelCard): ModelCard {
    return this.ready.find(({ id }) => id === card.id) ?? card;
  }

  /**
   * After a job found one of these models damaged or gone: mends those that the library dropped where they come with
   * the app. True when something was got, or has come in a newer revision meanwhile, and all of them are here.
   */
  async mend(cards: readonly ModelCard[], error: StudioError): Promise<boolean> {
    await this.refresh();
    const dropped = cards.filter(({ id }) => !this.isReady(id));
    for (const card of dropped) {
      if (filesOf(card).every(({ path }) => path !== undefined)) await this.get(card);
      else this.#lose(card, error);
    }
    const isOther = cards.some((card) => !isSameContent(card)(this.standing(card)));
    return (dropped.length > 0 || isOther) && cards.every(({ id }) => this.isReady(id));
  }

  verify(cardId: string): Promise<void> {
    return this.#act(cardId, { kind: 'verifying' }, async () => {
      await this.#library.verify(cardId);
      return { kind: 'verified' };
    });
  }

  exportTo(cardId: string, folder: FileSystemDirectoryHandle): Promise<void> {
    return this.#act(cardId, { kind: 'exporting' }, async () => {
      await this.#library.exportTo(cardId, folder);
      return { kind: 'exported', folder: folder.name };
    });
  }

  /** For a browser that writes no folders. */
  exportFiles(cardId: string, give: (files: readonly File[]) => Promise<void>): Promise<void> {
    return this.#act(cardId, { kind: 'exporting' }, async () => {
      await give(await this.#library.exportFiles(cardId));
      return { kind: 'exported', folder: null };
    });
  }

  remove(cardId: string): Promise<void> {
    return this.#act(cardId, null, async () => {
      await this.#library.remove(cardId);
      return null;
    });
  }

  /** How an imported model's pictures are to be read, from the next drawing on. */
  setColours(cardId: string, said: Partial<ColourGuess>): Promise<void> {
    return this.#act(cardId, null, async () => {
      await this.#library.setColours(cardId, said);
      return null;
    });
  }

  /** The cartoon model of a family that draws a style, else the family's first. */
  cartoonModel(familyId: string, style: StyleId): ModelCard | null {
    const family = this.families.find(({ id }) => id === familyId);
    return family?.styles.find((entry) => entry.style === style)?.card ?? null;
  }

  /** The failure, or null when the model is here or was paused or cancelled meanwhile. */
  async #get(card: ModelCard, report: (progress: TransferProgress) => void): Promise<StudioError | null> {
    let failure: StudioError | null = null;
    await this.#act(card.id, { kind: 'getting', progress: null }, async () => {
      try {
        await this.#library.get(card, (progress) => {
          this.#note(card.id, { kind: 'getting', progress });
          report(progress);
        });
      } catch (thrown) {
        if (isAbort(thrown)) return null;
        failure = asStudioError(thrown, 'network/failed');
        throw failure;
      }
      return null;
    });
    return failure;
  }

  async #stop(cardId: string, stop: () => Promise<void>): Promise<void> {
    const before = this.activity(cardId);
    await this.#act(cardId, before?.kind === 'getting' ? before : null, async () => {
      await stop();
      return null;
    });
  }

  async #act(cardId: string, during: Activity | null, work: () => Promise<Activity | null>): Promise<void> {
    this.#note(cardId, during);
    try {
      const after = await work();
      await this.refresh();
      this.#note(cardId, after);
    } catch (thrown) {
      this.#note(cardId, { kind: 'failed', error: asStudioError(thrown, 'storage/unavailable') });
      // A model that failed its check may be gone now. A shelf that cannot be read stays as it was seen last.
      await this.refresh().catch(() => undefined);
    }
  }

  #lose(card: ModelCard, error: StudioError): void {
    this.#note(card.id, { kind: 'failed', error });
    if (!this.#entries.some((entry) => entry.card.id === card.id))
      this.#entries = [...this.#entries, absent(card)];
  }

  /** What another tab fetches; this tab's own doings are said first. */
  #hear(cardId: string, progress: TransferProgress | null): void {
    this.#note(cardId, progress && { kind: 'getting', progress });
    if (!progress) void this.refresh().catch(() => undefined);
  }

  #note(cardId: string, activity: Activity | null): void {
    if (activity) this.#activities.set(cardId, activity);
    else this.#activities.delete(cardId);
  }
}

const absent = (card: ModelCard): ShelfEntry => ({ card, state: 'absent', heldBytes: 0, paused: false });
