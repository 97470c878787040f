/**
 * Ready forms, each in English and Chinese with the names that such papers bear themselves. Every field is asked for and
 * is null where the picture does not have it; values are copied as printed, and read by us (examine.ts), not the model.
 */
import { templatesEn } from './templates-en';
import { templatesZh } from './templates-zh';
import type { Fields } from './values';

export const templateIds = ['invoice', 'receipt', 'id-card', 'contract', 'business-card'] as const;
export type TemplateId = (typeof templateIds)[number];
export type TemplateLanguage = 'en' | 'zh';

/** What a value is: it decides how it is read and checked, not how it is asked for. */
export type FieldKind = 'text' | 'amount' | 'date' | 'iban' | 'resident-id' | 'credit-code' | 'mrz';

/** A kind; a list of such texts; or a list of rows with fields of their own. */
export type TemplateField = FieldKind | readonly ['text'] | readonly [TemplateFields];
export interface TemplateFields {
  readonly [name: string]: TemplateField;
}
export type Templates = Readonly<Record<TemplateId, TemplateFields>>;

const templates: Readonly<Record<TemplateLanguage, Templates>> = { en: templatesEn, zh: templatesZh };

export function templateFields(id: TemplateId, language: TemplateLanguage): TemplateFields {
  return templates[language][id];
}

/** The form as a JSON Schema of the profile (grammar/schema.ts). */
export function templateSchema(fields: TemplateFields): Fields {
  const properties = Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [name, fieldSchema(field)]),
  );
  return { type: 'object', properties, required: Object.keys(fields), additionalProperties: false };
}

function fieldSchema(field: TemplateField): Fields {
  if (typeof field === 'string') return { type: ['string', 'null'] };
  const [item] = field;
  return { type: 'array', items: item === 'text' ? { type: 'string' } : templateSchema(item) };
}
