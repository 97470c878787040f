/** What a form's answer says besides its words: amounts and dates in one writing, and whether check digits agree. */
import { readAmount } from './amounts';
import { isCreditCode, isIban, isMrz, isResidentId } from './check-digits';
import { readDate } from './dates';
import type { FieldKind, TemplateFields } from './templates';
import { isRecord } from './values';

export interface Finding {
  /** The names and places that lead to the value. */
  readonly path: readonly (string | number)[];
  readonly kind: FieldKind;
  readonly printed: string;
  /** An amount as a plain decimal, a date as YYYY-MM-DD; null where it cannot be told for sure, and for other kinds. */
  readonly normalised: string | null;
  /** ISO 4217, of an amount that says it. */
  readonly currency: string | null;
  /** Of kinds that have check digits. */
  readonly agrees: boolean | null;
}

const checks: Partial<Record<FieldKind, (printed: string) => boolean>> = {
  iban: isIban,
  'resident-id': isResidentId,
  'credit-code': isCreditCode,
  mrz: isMrz,
};

/** Nothing for plain text and for what is missing. */
export function examine(
  fields: TemplateFields,
  answer: unknown,
  path: readonly (string | number)[] = [],
): Finding[] {
  if (!isRecord(answer)) return [];
  return Object.entries(fields).flatMap(([name, field]) => {
    const value = answer[name];
    const at = [...path, name];
    if (typeof field !== 'string') {
      const [item] = field;
      if (item === 'text' || !Array.isArray(value)) return [];
      return value.flatMap((each, index) => examine(item, each, [...at, index]));
    }
    return field === 'text' || typeof value !== 'string' ? [] : [findingOf(field, value, at)];
  });
}

function findingOf(kind: FieldKind, printed: string, path: readonly (string | number)[]): Finding {
  const amount = kind === 'amount' ? readAmount(printed) : null;
  const normalised = kind === 'date' ? readDate(printed) : (amount?.value ?? null);
  return {
    path,
    kind,
    printed,
    normalised,
    currency: amount?.currency ?? null,
    agrees: checks[kind]?.(printed) ?? null,
  };
}
