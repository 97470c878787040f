/** Reading JSON that somebody else wrote: every field is checked for its kind as it is taken. */
import { StudioError } from './errors';

export class JsonFields {
  readonly #fields: ReadonlyMap<string, unknown>;

  /** `where` stands in the error. @throws StudioError model/damaged when it is no object */
  constructor(
    value: unknown,
    readonly where: string,
  ) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw this.#wrong('', 'object');
    // A map, so that a field named like an object's own parts is a field and no more.
    this.#fields = new Map(Object.entries(value));
  }

  has(name: string): boolean {
    return this.#fields.has(name) && this.#fields.get(name) !== null;
  }

  get names(): readonly string[] {
    return [...this.#fields.keys()];
  }

  /** A whole number of 0…2^53. */
  whole(name: string): number {
    const value = this.#fields.get(name);
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
      throw this.#wrong(name, 'whole number');
    }
    return value;
  }

  number(name: string): number {
    const value = this.#fields.get(name);
    if (typeof value !== 'number' || !Number.isFinite(value)) throw this.#wrong(name, 'number');
    return value;
  }

  text(name: string): string {
    const value = this.#fields.get(name);
    if (typeof value !== 'string') throw this.#wrong(name, 'text');
    return value;
  }

  /** False where it is missing. */
  flag(name: string): boolean {
    const value = this.#fields.get(name) ?? false;
    if (typeof value !== 'boolean') throw this.#wrong(name, 'true or false');
    return value;
  }

  numbers(name: string): readonly number[] {
    const value = this.#fields.get(name);
    if (!Array.isArray(value) || !value.every((each) => typeof each === 'number')) {
      throw this.#wrong(name, 'list of numbers');
    }
    return value;
  }

  wholes(name: string): readonly number[] {
    const value = this.numbers(name);
    if (!value.every((each) => Number.isSafeInteger(each) && each >= 0)) {
      throw this.#wrong(name, 'list of whole numbers');
    }
    return value;
  }

  object(name: string): JsonFields {
    return new JsonFields(this.#fields.get(name), `${this.where}.${name}`);
  }

  objects(name: string): readonly JsonFields[] {
    const value = this.#fields.get(name);
    if (!Array.isArray(value)) throw this.#wrong(name, 'list');
    return value.map((each, index) => new JsonFields(each, `${this.where}.${name}.${index}`));
  }

  #wrong(name: string, wanted: string): StudioError {
    return new StudioError('model/damaged', { field: `${this.where}.${name}`, wanted });
  }
}

/** @throws StudioError model/damaged when it is not a JSON object */
export function parseFields(text: string, where: string): JsonFields {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (thrown) {
    throw new StudioError('model/damaged', { field: where, wanted: 'JSON' }, { cause: thrown });
  }
  return new JsonFields(value, where);
}
