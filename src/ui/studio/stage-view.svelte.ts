/** The stage's own state: how the picture lies on it, where the slider stands, what is shown. */
import * as maths from './view';
import type { Point, Size, View } from './view';

/** One press of + or −. */
const stepFactor = 1.5;

export class StageView {
  #stage = $state.raw<Size>({ width: 0, height: 0 });
  #picture = $state.raw<Size | null>(null);
  #pixelRatio = $state(1);
  /** Null while the picture is fitted, so that it stays fitted when the window changes. */
  #manual = $state.raw<View | null>(null);
  #split = $state(0.5);
  #photoOnly = $state(false);
  #held = $state(false);

  readonly fitted = $derived(this.#manual === null);
  readonly view: View = $derived.by(() => {
    const picture = this.#picture ?? { width: 1, height: 1 };
    return this.#manual ? maths.settled(this.#manual, picture, this.#stage) : maths.fit(picture, this.#stage);
  });
  readonly shown = $derived(this.#picture !== null && this.#stage.width > 0);
  /** Device pixels per picture pixel, in percent. */
  readonly zoomPercent = $derived(Math.round(this.view.scale * this.#pixelRatio * 100));
  readonly span = $derived(
    maths.visibleSpan(this.view, this.#picture ?? { width: 1, height: 1 }, this.#stage),
  );
  /** Where the slider stands, in CSS pixels of the stage. */
  readonly splitX = $derived(this.span.left + (this.span.right - this.span.left) * this.#split);
  readonly original = $derived(this.#photoOnly || this.#held);
  readonly full = $derived(Math.abs(this.view.scale * this.#pixelRatio - 1) < 1e-6);

  get stage(): Size {
    return this.#stage;
  }

  get picture(): Size | null {
    return this.#picture;
  }

  get split(): number {
    return this.#split;
  }

  set split(part: number) {
    this.#split = Math.min(1, Math.max(0, part));
  }

  get photoOnly(): boolean {
    return this.#photoOnly;
  }

  set photoOnly(photoOnly: boolean) {
    this.#photoOnly = photoOnly;
  }

  /** The photo is shown while this is held. */
  set held(held: boolean) {
    this.#held = held;
  }

  measure(stage: Size, pixelRatio: number): void {
    this.#stage = stage;
    this.#pixelRatio = pixelRatio;
  }

  /** Shows a picture; another size starts fitted. */
  show(picture: Size | null): void {
    const same = picture?.width === this.#picture?.width && picture?.height === this.#picture?.height;
    if (same) return;
    this.#picture = picture;
    this.#manual = null;
  }

  fit(): void {
    this.#manual = null;
  }

  /** One picture pixel on one device pixel, about the middle of the stage. */
  oneToOne(): void {
    this.zoomTo(maths.oneToOne(this.#pixelRatio), this.#middle());
  }

  zoomStep(direction: 1 | -1): void {
    this.zoomTo(this.view.scale * stepFactor ** direction, this.#middle());
  }

  zoomBy(factor: number, pointer: Point): void {
    this.zoomTo(this.view.scale * factor, pointer);
  }

  zoomTo(scale: number, pointer: Point): void {
    if (!this.#picture) return;
    const bounds = { stage: this.#stage, pixelRatio: this.#pixelRatio };
    const allowed = maths.allowedScale(scale, this.#picture, bounds);
    this.#manual = maths.settled(maths.zoomAt(this.view, allowed, pointer), this.#picture, this.#stage);
  }

  pan(by: Point): void {
    if (!this.#picture || !this.#manual) return;
    const { scale, x, y } = this.view;
    this.#manual = maths.settled({ scale, x: x + by.x, y: y + by.y }, this.#picture, this.#stage);
  }

  splitAt(stageX: number): void {
    const { left, right } = this.span;
    if (right > left) this.split = (stageX - left) / (right - left);
  }

  toPicture(point: Point): Point {
    return maths.toPicture(this.view, point);
  }

  #middle(): Point {
    return { x: this.#stage.width / 2, y: this.#stage.height / 2 };
  }
}
