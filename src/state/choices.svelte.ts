/** What the panel has chosen: model, style, face finder, part, skin, lines, sharpness. Always something the shelf can give. */
import type { ModelCard } from '../models/model';
import {
  defaultCartoonOptions,
  type DrawnPart,
  type LineSizePx,
  type StyleId,
} from '../pipelines/cartoon/card';
import type { Family } from './families';
import type { Recipe } from './job.svelte';
import type { Shelf } from './shelf.svelte';

export class Choices {
  readonly #shelf: Shelf;
  #familyId = $state<string | null>(null);
  #style = $state<StyleId>('anime');
  #facesId = $state<string | null>(null);
  #part = $state<DrawnPart>(defaultCartoonOptions.part);
  #keepSkin = $state<boolean>(defaultCartoonOptions.keepSkin);
  #lineSizePx = $state<LineSizePx>(defaultCartoonOptions.lineSizePx);
  #lift = $state<boolean>(defaultCartoonOptions.lift);

  readonly family: Family | null = $derived.by(
    () => this.#shelf.families.find(({ id }) => id === this.#familyId) ?? this.#shelf.families[0] ?? null,
  );

  /** The style asked for where the family can draw it, else its first. */
  readonly style: StyleId = $derived.by(() => {
    const styles = this.family?.styles ?? [];
    return styles.find((entry) => entry.style === this.#style)?.style ?? styles[0]?.style ?? this.#style;
  });

  readonly faces: ModelCard | null = $derived.by(
    () =>
      this.#shelf.faceFinders.find(({ id }) => id === this.#facesId) ?? this.#shelf.faceFinders[0] ?? null,
  );

  /** What a job started now would use; null while no model is here. */
  readonly recipe: Recipe | null = $derived.by(() => {
    const model = this.family ? this.#shelf.cartoonModel(this.family.id, this.style) : null;
    if (!model) return null;
    return {
      model,
      style: this.style,
      part: this.#part,
      keepSkin: this.#keepSkin,
      lineSizePx: this.#lineSizePx,
      lift: this.#lift,
      faces: this.faces,
    };
  });

  constructor(shelf: Shelf) {
    this.#shelf = shelf;
  }

  /**
   * The recipe as it stands now that the shelf has settled: with a face finder that is really here, and with the
   * revisions that have come since it was chosen.
   */
  settled(recipe: Recipe): Recipe {
    const { model, faces } = recipe;
    const here = faces !== null && this.#shelf.isReady(faces.id);
    return {
      ...recipe,
      model: this.#shelf.standing(model),
      faces: here ? this.#shelf.standing(faces) : this.faces,
    };
  }

  get part(): DrawnPart {
    return this.#part;
  }

  set part(part: DrawnPart) {
    this.#part = part;
  }

  get keepSkin(): boolean {
    return this.#keepSkin;
  }

  set keepSkin(keepSkin: boolean) {
    this.#keepSkin = keepSkin;
  }

  get lineSizePx(): LineSizePx {
    return this.#lineSizePx;
  }

  set lineSizePx(lineSizePx: LineSizePx) {
    this.#lineSizePx = lineSizePx;
  }

  get lift(): boolean {
    return this.#lift;
  }

  set lift(lift: boolean) {
    this.#lift = lift;
  }

  chooseFamily(id: string): void {
    this.#familyId = id;
  }

  chooseStyle(style: StyleId): void {
    this.#style = style;
  }

  chooseFaces(id: string): void {
    this.#facesId = id;
  }
}
