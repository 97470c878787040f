/**
 * Where in the picture each value of an answer stands: the schema is asked for with a box beside every value, and the
 * answer is parted again into what was asked for and the boxes.
 */
import { StudioError } from '../../../../base/errors';
import { boxSchema, pixelBox, type PixelBox, type Size } from '../grounding';
import { isRecord, type Fields } from './values';

const boxName = 'bbox_2d';

/** The same schema with `{"value": …, "bbox_2d": […]}` in place of every value. @throws StudioError schema/invalid */
export function withBoxes(schema: unknown, where = '#'): Fields {
  if (!isRecord(schema)) throw new StudioError('schema/invalid', { where, reason: 'a schema is an object' });
  const each = (name: string): Fields => {
    const parts = schema[name];
    if (!isRecord(parts)) return {};
    const pairs = Object.entries(parts).map(([key, part]) => [
      key,
      withBoxes(part, `${where}/${name}/${key}`),
    ]);
    return { [name]: Object.fromEntries(pairs) as Fields };
  };
  const definitions = { ...each('$defs'), ...each('definitions') };
  if ('$ref' in schema) return { ...schema, ...definitions };
  if (Array.isArray(schema['anyOf'])) {
    const parts = schema['anyOf'].map((part, index) => withBoxes(part, `${where}/anyOf/${index}`));
    return { ...schema, ...definitions, anyOf: parts };
  }
  if ('properties' in schema) return { ...schema, ...definitions, ...each('properties') };
  if ('items' in schema)
    return { ...schema, ...definitions, items: withBoxes(schema['items'], `${where}/items`) };
  const box = { anyOf: [boxSchema, { type: 'null' }] };
  return {
    type: 'object',
    properties: { value: schema, [boxName]: box },
    required: ['value', boxName],
    ...definitions,
  };
}

export interface PointedAnswer {
  /** As the schema asks that had no boxes. */
  readonly value: unknown;
  /** By the names and places that lead to a value; a value without a box is not here. */
  readonly boxes: readonly { readonly path: readonly (string | number)[]; readonly box: PixelBox }[];
}

export function splitBoxes(answer: unknown, size: Size): PointedAnswer {
  const boxes: { path: readonly (string | number)[]; box: PixelBox }[] = [];
  const split = (value: unknown, path: readonly (string | number)[]): unknown => {
    if (Array.isArray(value)) return value.map((each, index) => split(each, [...path, index]));
    if (!isRecord(value)) return value;
    if (isPointed(value)) {
      const box = pixelBox(value[boxName], size);
      if (box) boxes.push({ path, box });
      return value['value'];
    }
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [name, split(each, [...path, name])]),
    );
  };
  return { value: split(answer, []), boxes };
}

/** A field of the asked-for schema that has these two names holds such values itself, not four numbers. */
function isPointed(value: Fields): boolean {
  const box = value[boxName];
  const isBox =
    box === null || (Array.isArray(box) && box.length === 4 && box.every((each) => typeof each === 'number'));
  return Object.keys(value).length === 2 && 'value' in value && isBox;
}
