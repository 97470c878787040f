/** The place in a picture that is pointed at, from an answer's row or from the picture itself. */
export class Pointing {
  /** Under the pointer, with the focus, and chosen to stay; places are counted as `placesIn` does. */
  #under = $state<number | null>(null);
  #focused = $state<number | null>(null);
  #kept = $state<number | null>(null);
  readonly current = $derived(this.#under ?? this.#focused ?? this.#kept);

  /** The one of many that Tab reaches. */
  #stop = $state(0);

  get kept(): number | null {
    return this.#kept;
  }

  get stop(): number {
    return this.#stop;
  }

  hover(place: number | null): void {
    this.#under = place;
  }

  focus(place: number): void {
    this.#focused = this.#stop = place;
  }

  blur(): void {
    this.#focused = null;
  }

  toggle(place: number): void {
    this.#kept = this.#kept === place ? null : place;
  }
}
