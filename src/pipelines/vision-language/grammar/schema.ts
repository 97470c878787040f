/**
 * JSON Schema (2020-12 and draft 7, as far as they agree) as an expression of all its texts in one spelling.
 *
 * [Note: Schema profile] Objects with `properties`, `required` and `additionalProperties` true or false (nothing is added
 * either way; fields come in the schema's order); arrays with `items`, `minItems`, `maxItems`; strings with `minLength`
 * and `maxLength`, or `pattern` (see pattern.ts), or `format: date`; `integer` and `number` with whole bounds (exclusive
 * ones for integers); `boolean`, `null`; a list of types; `enum`, `const`, `anyOf`; `$ref` to `#/$defs` or
 * `#/definitions` that does not come round to itself; annotations. Everything else is refused by name, never passed over.
 */
import { StudioError } from '../../../base/errors';
import { Expressions, type Expression } from './expression';
import { JsonText, mostWhole } from './json-text';
import { patternExpression } from './pattern';

export interface CompiledSchema {
  readonly expressions: Expressions;
  readonly whole: Expression;
}

type Json = Readonly<Record<string, unknown>>;

const annotations = new Set([
  ...['title', 'description', 'default', 'examples', 'deprecated', 'readOnly', 'writeOnly'],
  ...['$schema', '$id', '$comment', '$defs', 'definitions'],
]);
const keywords: Readonly<Record<string, readonly string[]>> = {
  object: ['properties', 'required', 'additionalProperties'],
  array: ['items', 'minItems', 'maxItems'],
  string: ['minLength', 'maxLength', 'pattern', 'format'],
  integer: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'],
  number: ['minimum', 'maximum'],
  boolean: [],
  null: [],
};
const mostDepth = 24;
/** Bounds of what one schema may ask for. */
const mostPlaces = 2000;
const mostCount = 10_000;

/** Real days of the years 1000 to 2999. */
const datePattern =
  '^(?:[12]\\d{3}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|' +
  '02-(?:0[1-9]|1\\d|2[0-8]))|(?:[12]\\d(?:0[48]|[2468][048]|[13579][26])|(?:12|16|20|24|28)00)-02-29)$';

/** @throws StudioError schema/invalid, schema/unsupported */
export function compileSchema(schema: unknown): CompiledSchema {
  const compiler = new Compiler(schema);
  return { expressions: compiler.expressions, whole: compiler.place(schema, { where: '#', depth: 0 }) };
}

/** @throws StudioError schema/invalid where it is no JSON */
export function parseSchema(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (thrown) {
    throw new StudioError('schema/invalid', { where: '#', reason: 'this is not JSON' }, { cause: thrown });
  }
}

interface Place {
  readonly where: string;
  readonly depth: number;
}

class Compiler {
  readonly expressions = new Expressions();
  readonly #json = new JsonText(this.expressions);
  readonly #root: unknown;
  #places = 0;

  constructor(root: unknown) {
    this.#root = root;
  }

  place(schema: unknown, { where, depth }: Place): Expression {
    if (!isObject(schema)) throw invalid(where, 'a schema is an object');
    if (depth > mostDepth) throw unsupported(where, `more than ${mostDepth} levels`);
    if (++this.#places > mostPlaces) throw unsupported(where, `more than ${mostPlaces} places`);
    const inner = (name: string): Place => ({ where: `${where}/${name}`, depth: depth + 1 });
    const [special] = ['$ref', 'anyOf', 'const', 'enum'].filter((name) => Object.hasOwn(schema, name));
    if (special === '$ref') {
      only(schema, [special], where);
      return this.place(this.#target(schema[special], where), inner('$ref'));
    }
    if (special === 'anyOf') {
      only(schema, [special], where);
      const parts = list(schema[special], `${where}/anyOf`);
      return this.expressions.choice(...parts.map((part, i) => this.place(part, inner(`anyOf/${i}`))));
    }
    if (special) {
      only(schema, [special, 'type'], where);
      return this.#named(
        special === 'const' ? [schema[special]] : list(schema[special], where),
        schema,
        where,
      );
    }
    const types = typesOf(schema, where);
    only(schema, ['type', ...types.flatMap((type) => keywords[type] ?? [])], where);
    return this.expressions.choice(...types.map((type) => this.#typed(type, schema, { where, depth })));
  }

  #named(values: readonly unknown[], schema: Json, where: string): Expression {
    const types = Object.hasOwn(schema, 'type') ? typesOf(schema, where) : null;
    const fitting = values.filter((value) => !types || types.some((type) => isOf(value, type)));
    if (fitting.length === 0) throw invalid(where, 'no value fits');
    return this.expressions.choice(...fitting.map((value) => this.#json.literal(value)));
  }

  #typed(type: string, schema: Json, { where, depth }: Place): Expression {
    switch (type) {
      case 'object':
        return this.#object(schema, { where, depth });
      case 'array':
        return this.#array(schema, { where, depth });
      case 'string':
        return this.#string(schema, where);
      case 'integer':
      case 'number':
        return this.#numeric(type, schema, where);
      case 'boolean':
        return this.expressions.choice(this.expressions.text('true'), this.expressions.text('false'));
      default:
        return this.expressions.text('null');
    }
  }

  /** Each field's text with all that may come after it, from the last one backwards. */
  #object(schema: Json, { where, depth }: Place): Expression {
    const { expressions } = this;
    const fields = schema['properties'];
    if (!isObject(fields)) throw unsupported(where, 'an object without properties');
    const required = new Set(Object.hasOwn(schema, 'required') ? list(schema['required'], where) : []);
    const strange = [...required].find((name) => typeof name !== 'string' || !Object.hasOwn(fields, name));
    if (strange !== undefined) throw unsupported(where, `required: ${JSON.stringify(strange)}`);
    const added = schema['additionalProperties'] ?? true;
    if (typeof added !== 'boolean') throw unsupported(where, 'additionalProperties');
    let [first, later] = [expressions.text('}'), expressions.text('}')];
    for (const [name, field] of Object.entries(fields).reverse()) {
      const value = this.place(field, { where: `${where}/properties/${name}`, depth: depth + 1 });
      const written = expressions.sequence(expressions.text(`${JSON.stringify(name)}: `), value, later);
      const next = expressions.sequence(expressions.text(', '), written);
      [first, later] = required.has(name)
        ? [written, next]
        : [expressions.choice(written, first), expressions.choice(next, later)];
    }
    return expressions.sequence(expressions.text('{'), first);
  }

  #array(schema: Json, { where, depth }: Place): Expression {
    const { expressions } = this;
    const item = this.place(schema['items'], { where: `${where}/items`, depth: depth + 1 });
    const [least, most] = countsOf(schema, ['minItems', 'maxItems'], where);
    const end = expressions.text(']');
    const more = expressions.sequence(expressions.text(', '), item);
    const some = expressions.sequence(
      item,
      expressions.repeat(more, [Math.max(0, least - 1), most - 1], end),
    );
    const inside = most === 0 ? end : least === 0 ? expressions.choice(some, end) : some;
    return expressions.sequence(expressions.text('['), inside);
  }

  #string(schema: Json, where: string): Expression {
    const { expressions } = this;
    const { pattern, format } = schema;
    if (pattern === undefined && format === undefined) {
      return this.#json.string(countsOf(schema, ['minLength', 'maxLength'], where));
    }
    const others = ['pattern', 'format', 'minLength', 'maxLength'].filter((name) =>
      Object.hasOwn(schema, name),
    );
    if (others.length > 1) throw unsupported(where, others.join(' and '));
    if (format !== undefined && format !== 'date')
      throw unsupported(where, `format: ${JSON.stringify(format)}`);
    const text = pattern ?? datePattern;
    const inside = typeof text === 'string' ? patternExpression(text, this.#json) : null;
    if (!inside) throw unsupported(where, `pattern: ${JSON.stringify(pattern)}`);
    return expressions.sequence(expressions.text('"'), inside, expressions.text('"'));
  }

  #numeric(type: 'integer' | 'number', schema: Json, where: string): Expression {
    const bound = (name: string, otherwise: number): number => {
      const value = Object.hasOwn(schema, name) ? schema[name] : otherwise;
      if (typeof value !== 'number') throw invalid(where, name);
      if (Math.abs(value) !== Infinity && !(Number.isInteger(value) && Math.abs(value) <= mostWhole)) {
        throw unsupported(where, `${name}: ${value}`);
      }
      return value;
    };
    if (type === 'number' && ('exclusiveMinimum' in schema || 'exclusiveMaximum' in schema)) {
      throw unsupported(where, 'exclusiveMinimum or exclusiveMaximum of a number');
    }
    const low = Math.max(bound('minimum', -Infinity), bound('exclusiveMinimum', -Infinity) + 1);
    const high = Math.min(bound('maximum', Infinity), bound('exclusiveMaximum', Infinity) - 1);
    if (low > high) throw invalid(where, 'no number fits');
    return type === 'integer' ? this.#json.integer({ low, high }) : this.#json.number({ low, high });
  }

  /** A chain that comes round grows past the deepest level, and is refused there. */
  #target(reference: unknown, where: string): unknown {
    const found = /^#\/(\$defs|definitions)\/([^/]+)$/.exec(typeof reference === 'string' ? reference : '');
    const [, kind = '', name = ''] = found ?? [];
    const definitions = isObject(this.#root) ? this.#root[kind] : undefined;
    const key = name.replaceAll('~1', '/').replaceAll('~0', '~');
    if (!isObject(definitions) || !Object.hasOwn(definitions, key)) {
      throw unsupported(where, `$ref: ${JSON.stringify(reference)}`);
    }
    return definitions[key];
  }
}

function typesOf(schema: Json, where: string): readonly string[] {
  const { type } = schema;
  const guessed = 'properties' in schema ? 'object' : 'items' in schema ? 'array' : undefined;
  const types = Array.isArray(type) ? (type as unknown[]) : [type ?? guessed];
  return types.map((each) => {
    if (each === undefined) throw unsupported(where, 'a place without a type');
    if (typeof each !== 'string' || !Object.hasOwn(keywords, each))
      throw invalid(where, `type ${JSON.stringify(each)}`);
    return each;
  });
}

function countsOf(schema: Json, names: readonly [string, string], where: string): [number, number] {
  const [least, most] = names.map((name) => {
    if (!Object.hasOwn(schema, name)) return undefined;
    const count = schema[name];
    if (typeof count !== 'number' || !Number.isInteger(count) || count < 0) throw invalid(where, name);
    if (count > mostCount) throw unsupported(where, `${name} above ${mostCount}`);
    return count;
  });
  if ((least ?? 0) > (most ?? Infinity)) throw invalid(where, names.join(' above '));
  return [least ?? 0, most ?? Infinity];
}

function isOf(value: unknown, type: string): boolean {
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isObject(value);
  return type === 'integer' ? Number.isInteger(value) : typeof value === type;
}

function only(schema: Json, known: readonly string[], where: string): void {
  const other = Object.keys(schema).find((name) => !known.includes(name) && !annotations.has(name));
  if (other !== undefined) throw unsupported(where, other);
}

function list(value: unknown, where: string): readonly unknown[] {
  if (!Array.isArray(value)) throw invalid(where, 'a list is wanted');
  return value;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(where: string, reason: string): StudioError {
  return new StudioError('schema/invalid', { where, reason });
}

function unsupported(where: string, keyword: string): StudioError {
  return new StudioError('schema/unsupported', { where, keyword });
}
