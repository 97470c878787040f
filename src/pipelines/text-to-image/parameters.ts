/**
 * How a picture was made, as one text under the keyword `parameters` of a PNG: the form that Stable Diffusion programs
 * write and read (AUTOMATIC1111/stable-diffusion-webui modules/infotext_utils.py): the prompt, then one line of
 * "Name: value" pairs with commas between.
 */
import { largestSeed } from './noise';

export const parametersKeyword = 'parameters';

export interface Parameters {
  readonly prompt: string;
  readonly seed: number;
  readonly width: number;
  readonly height: number;
  readonly stepCount: number;
  readonly sampler: string;
  /** Title and revision-proof name of the model. */
  readonly model: string;
  readonly modelHash: string;
  readonly app: string;
}

export function writeParameters(made: Parameters): string {
  const pairs = [
    ['Steps', made.stepCount],
    ['Sampler', made.sampler],
    ['CFG scale', 1],
    ['Seed', made.seed],
    ['Size', `${made.width}x${made.height}`],
    ['Model hash', made.modelHash],
    ['Model', made.model],
    ['Version', made.app],
  ] as const;
  return `${made.prompt}\n${pairs.map(([name, value]) => `${name}: ${quoted(String(value))}`).join(', ')}`;
}

/** What can be set again; each null where the text does not say it. */
export interface FoundParameters {
  readonly prompt: string;
  readonly seed: number | null;
  readonly size: { readonly width: number; readonly height: number } | null;
  readonly model: string | null;
  readonly stepCount: number | null;
}

const pair = /\s*([\w /-]+): ("(?:\\.|[^\\"])+"|[^,]*)(?:,|$)/g;

/** Any program's text of this form; null for what is not. */
export function readParameters(text: string): FoundParameters | null {
  const lines = text.trimEnd().split('\n');
  const last = lines.at(-1) ?? '';
  const values = new Map(
    [...last.matchAll(pair)].map(([, name = '', value = '']) => [name, unquoted(value)]),
  );
  if (!values.has('Steps') || !values.has('Seed')) return null;
  const before = lines.slice(0, -1);
  const negative = before.findIndex((line) => line.startsWith('Negative prompt: '));
  const prompt = (negative < 0 ? before : before.slice(0, negative)).join('\n');
  const [, width, height] = /^(\d{1,5})x(\d{1,5})$/.exec(values.get('Size') ?? '') ?? [];
  const seed = /^\d{1,16}$/.test(values.get('Seed') ?? '') ? Number(values.get('Seed')) : null;
  return {
    prompt,
    seed: seed !== null && seed <= largestSeed ? seed : null,
    size:
      width !== undefined && height !== undefined ? { width: Number(width), height: Number(height) } : null,
    model: values.get('Model') ?? null,
    stepCount: /^\d{1,4}$/.test(values.get('Steps') ?? '') ? Number(values.get('Steps')) : null,
  };
}

function quoted(value: string): string {
  return /[,\n:"]/.test(value) ? JSON.stringify(value) : value;
}

function unquoted(value: string): string {
  if (!value.startsWith('"')) return value.trim();
  try {
    return String(JSON.parse(value));
  } catch {
    return value;
  }
}
