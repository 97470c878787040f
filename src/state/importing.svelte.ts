/** Models from the visitor's own disk on their way in; weights as their makers publish them are converted once that is agreed to. */
import { asStudioError, isAbort, type StudioError } from '../base/errors';
import type { TransferProgress } from '../base/progress';
import type { Library } from '../jobs/library-bridge';
import type { ConversionPlan } from '../library/published-folder';
import type { Restored } from '../library/restorer';

export type Import =
  | { readonly kind: 'none' }
  | { readonly kind: 'reading' }
  /** Waits for `convert` or `stop`. */
  | { readonly kind: 'offered'; readonly plan: ConversionPlan }
  | { readonly kind: 'converting'; readonly plan: ConversionPlan; readonly progress: TransferProgress | null }
  | ({ readonly kind: 'kept' } & Restored)
  | { readonly kind: 'failed'; readonly error: StudioError };

export class Importing {
  readonly #library: Library;
  readonly #arrived: (restored: Restored) => Promise<void>;
  #state = $state.raw<Import>({ kind: 'none' });
  #files: readonly File[] = [];

  /** `arrived` settles once what came is listed. */
  constructor(library: Library, arrived: (restored: Restored) => Promise<void>) {
    this.#library = library;
    this.#arrived = arrived;
  }

  get state(): Import {
    return this.#state;
  }

  get busy(): boolean {
    return this.#state.kind === 'reading' || this.#state.kind === 'converting';
  }

  /** One model, with the files that hold its weights where it has such, those that a manifest names, or published weights. */
  async bring(files: readonly File[]): Promise<void> {
    if (this.busy) return;
    this.#state = { kind: 'reading' };
    try {
      const plan = await this.#library.planConversion(files);
      this.#files = plan ? files : [];
      if (plan) this.#state = { kind: 'offered', plan };
      else await this.#take(files);
    } catch (thrown) {
      this.#fail(thrown);
    }
  }

  async convert(): Promise<void> {
    if (this.#state.kind !== 'offered') return;
    const { plan } = this.#state;
    this.#state = { kind: 'converting', plan, progress: null };
    try {
      await this.#take(this.#files, (progress) => (this.#state = { kind: 'converting', plan, progress }));
    } catch (thrown) {
      this.#fail(thrown);
    } finally {
      this.#files = [];
    }
  }

  /** Nothing of a conversion stays. */
  stop(): void {
    if (this.#state.kind === 'offered') this.#state = { kind: 'none' };
    else void this.#library.cancelImport().catch(() => undefined);
  }

  async #take(files: readonly File[], report?: (progress: TransferProgress) => void): Promise<void> {
    const restored = await this.#library.importModels(files, report);
    await this.#arrived(restored);
    this.#state = { kind: 'kept', ...restored };
  }

  #fail(thrown: unknown): void {
    if (isAbort(thrown)) this.#state = { kind: 'none' };
    else this.#state = { kind: 'failed', error: asStudioError(thrown, 'model/not-recognised') };
  }
}
