/** Reading JSON that anybody may have written: every field is asked for by name, kind and bounds, or refused. */
import { StudioError } from '../base/errors';

/** One object of a manifest, and where it stands, for the error. */
export class Fields {
  readonly #values: Readonly<Record<string, unknown>>;

  /** @throws StudioError model/manifest when it is no object */
  constructor(
    value: unknown,
    readonly where: string,
  ) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refused(where);
    this.#values = value as Readonly<Record<string, unknown>>;
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#values, name);
  }

  /** What the object has, where its names are not known beforehand. */
  get names(): readonly string[] {
    return Object.keys(this.#values);
  }

  fields(name: string): Fields {
    return new Fields(this.#value(name), this.#at(name));
  }

  /** Words on one line, without control characters and without those that turn the direction of what is read. */
  text(name: string, mostLetters: number): string {
    const value = this.#value(name);
    const plain =
      typeof value === 'string' &&
      value.trim() !== '' &&
      !/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u.test(value);
    if (!plain || value.length > mostLetters) throw refused(this.#at(name));
    return value;
  }

  match(name: string, pattern: RegExp, mostLetters: number): string {
    const text = this.text(name, mostLetters);
    if (!pattern.test(text)) throw refused(this.#at(name));
    return text;
  }

  whole(name: string, least: number, most: number): number {
    const value = this.number(name, least, most);
    if (!Number.isSafeInteger(value)) throw refused(this.#at(name));
    return value;
  }

  number(name: string, least: number, most: number): number {
    const value = this.#value(name);
    if (typeof value !== 'number' || !(value >= least && value <= most)) throw refused(this.#at(name));
    return value;
  }

  flag(name: string): boolean {
    const value = this.#value(name);
    if (typeof value !== 'boolean') throw refused(this.#at(name));
    return value;
  }

  oneOf<T>(name: string, allowed: readonly T[]): T {
    const value = this.#value(name);
    const found = allowed.find((candidate) => candidate === value);
    if (found === undefined) throw refused(this.#at(name));
    return found;
  }

  list(name: string, least: number, most: number): readonly unknown[] {
    const value = this.#value(name);
    if (!Array.isArray(value) || value.length < least || value.length > most) throw refused(this.#at(name));
    return value;
  }

  refuse(name: string): StudioError {
    return refused(this.#at(name));
  }

  #value(name: string): unknown {
    return this.has(name) ? this.#values[name] : undefined;
  }

  #at(name: string): string {
    return this.where === '' ? name : `${this.where}.${name}`;
  }
}

function refused(field: string): StudioError {
  return new StudioError('model/manifest', { field: field === '' ? 'manifest' : field });
}
