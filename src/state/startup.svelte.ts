/**
 * From an empty page to one that can draw: wall, engine, models, in this order. A photo may be chosen as
 * soon as the wall stands; its job waits here for the rest, with the bytes in sight.
 */
import { asStudioError, type StudioError } from '../base/errors';
import type { Engine } from '../jobs/engine-bridge';
import type { BackendChoice, RuntimeFacts } from '../runtime/runtime';
import type { DeploymentState } from './deployment.svelte';
import type { Shelf } from './shelf.svelte';
import type { Wall } from './wall.svelte';

type StartupPhase =
  | { readonly kind: 'wall' }
  | { readonly kind: 'engine' | 'models'; readonly doneBytes: number; readonly totalBytes: number }
  | { readonly kind: 'opening' }
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly error: StudioError };

interface StartupParts {
  readonly engine: Engine;
  readonly wall: Wall;
  readonly deployment: DeploymentState;
  readonly shelf: Shelf;
  readonly backend: BackendChoice;
  /** What the deployment set is known, and the workers are here. What fails in it stops no start. */
  readonly heed: () => Promise<void>;
}

export class Startup {
  readonly #parts: StartupParts;
  #phase = $state.raw<StartupPhase>({ kind: 'wall' });
  #facts = $state.raw<RuntimeFacts | null>(null);
  #attempt: Promise<void> | null = null;

  readonly ready = $derived(this.#phase.kind === 'ready');

  constructor(parts: StartupParts) {
    this.#parts = parts;
  }

  get phase(): StartupPhase {
    return this.#phase;
  }

  /** What the device gave; null until measured. A job may bring newer facts (the engine reopened). */
  get facts(): RuntimeFacts | null {
    return this.#facts;
  }

  set facts(facts: RuntimeFacts | null) {
    this.#facts = facts;
  }

  /** Settles when the page can draw, rejects with what stopped it. Called again after a failure it tries again. */
  begin(): Promise<void> {
    if (this.#phase.kind === 'failed') this.#attempt = null;
    this.#attempt ??= this.#run();
    return this.#attempt;
  }

  async #run(): Promise<void> {
    try {
      // What was asked of a wall that is taken down may never be answered.
      await Promise.race([this.#open(), this.#parts.wall.gone()]);
    } catch (thrown) {
      const error = asStudioError(thrown, 'engine/start-failed');
      this.#phase = { kind: 'failed', error };
      throw error;
    }
  }

  async #open(): Promise<void> {
    const { engine, wall, deployment, shelf, backend, heed } = this.#parts;
    this.#phase = { kind: 'wall' };
    await wall.standing();
    await deployment.read();
    // The library's worker is one of the engine's files, so the shelf is asked only once they are kept.
    await wall.fetchEngine(({ doneBytes, totalBytes }) => {
      this.#phase = { kind: 'engine', doneBytes, totalBytes };
    });
    this.#phase = { kind: 'opening' };
    void heed().catch(() => undefined);
    await shelf.refresh();
    this.#facts = await engine.start(backend);
    await shelf.getBuiltIn((doneBytes, totalBytes) => {
      this.#phase = { kind: 'models', doneBytes, totalBytes };
    });
    this.#phase = { kind: 'ready' };
    shelf.resumeUnfinished();
  }
}
