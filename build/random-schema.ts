/** Random schemas of the profile, for tests: every keyword of it turns up. */
export type Random = () => number;

const names = [
  'a',
  'ab',
  'abc',
  'invoice_number',
  '发票号码',
  'a "quoted" one',
  'back\\slash',
  '🫨',
  '',
  'tab\t',
  'é',
];
const patterns = [
  '^[A-Z]{2}\\d{4}$',
  '^(?:yes|no|maybe)$',
  '^\\d{4}-\\d{2}-\\d{2}$',
  '^[^x-z"]+$',
  '^\\w+@\\w+\\.(com|cn)$',
  '^.{0,5}$',
  '^[一-鿿]{2,4}$',
  '\\d',
  '^\\S+( \\S+)*$',
  '^a|b$',
];

export function randomSchema(random: Random): unknown {
  const upTo = (count: number) => Math.floor(random() * count);
  const pick = <T>(values: readonly T[]): T => values[upTo(values.length)] as T;
  const perhaps = (fields: object) => (random() < 0.4 ? fields : {});
  const defs: Record<string, unknown> = {};
  const counts = (least: string, most: string) => {
    const from = upTo(3);
    return { ...perhaps({ [least]: from }), ...perhaps({ [most]: from + upTo(5) }) };
  };
  const bounds = () => {
    const low = upTo(4000) - 2000;
    return { ...perhaps({ minimum: low }), ...perhaps({ maximum: low + upTo(500) }) };
  };
  const anyValue = (): unknown => pick([null, true, 'x', '值 "1"', -3, 0.25, [1, 'b'], { k: [] }]);
  const leaf = (): object => {
    switch (upTo(9)) {
      case 0:
        return { type: 'integer', ...bounds() };
      case 1:
        return { type: 'number', ...bounds() };
      case 2:
        return { type: pick(['boolean', 'null']) };
      case 3:
        return { enum: [anyValue(), anyValue(), 'one', 'ones'] };
      case 4:
        return { const: anyValue() };
      case 5:
        return { type: 'string', pattern: pick(patterns) };
      case 6:
        return { type: ['string', 'null'], format: 'date' };
      case 7:
        return { type: 'integer', exclusiveMinimum: upTo(9), exclusiveMaximum: 11 + upTo(90) };
      default:
        return { type: ['string', 'integer', 'null'], ...counts('minLength', 'maxLength') };
    }
  };
  const at = (depth: number): object => {
    const kind = depth > 3 ? 9 : upTo(depth === 0 ? 3 : 10);
    if (kind < 2) {
      const chosen = [...names].sort(() => random() - 0.5).slice(0, upTo(6));
      const properties = Object.fromEntries(chosen.map((name) => [name, at(depth + 1)]));
      const required = chosen.filter(() => random() < 0.6);
      return {
        type: 'object',
        title: 'One',
        properties,
        required,
        ...perhaps({ additionalProperties: false }),
      };
    }
    if (kind === 2) return { type: 'array', items: at(depth + 1), ...counts('minItems', 'maxItems') };
    if (kind === 3) return { anyOf: [at(depth + 1), at(depth + 1)] };
    if (kind === 4) {
      const name = `d${Object.keys(defs).length}`;
      defs[name] = leaf();
      return { $ref: `#/$defs/${name}` };
    }
    return leaf();
  };
  const root = at(0);
  return { ...root, $defs: defs };
}
