/** An answer read as what was asked for: text, a page, words with places, fields, or steps. Half an answer is text. */
import type { Exchange } from '../../state/exchange.svelte';
import type { MeasurementRecord } from '../../privacy/record';
import { examine, type Finding } from '../../pipelines/vision-language/tasks/extract/examine';
import { splitBoxes } from '../../pipelines/vision-language/tasks/extract/pointing';
import { isRecord } from '../../pipelines/vision-language/tasks/extract/values';
import type { PixelBox, Size } from '../../pipelines/vision-language/tasks/grounding';
import { readHtml } from '../../pipelines/vision-language/tasks/read/html';
import { readMarkdown } from '../../pipelines/vision-language/tasks/read/markdown';
import type { PageNode } from '../../pipelines/vision-language/tasks/read/page-tree';
import { readWords, type PlacedText } from '../../pipelines/vision-language/tasks/read/words';
import { readSteps, type StepsEnvelope } from '../../pipelines/vision-language/tasks/steps/steps';

type Path = readonly (string | number)[];

export interface FieldRow {
  readonly path: Path;
  /** As printed; null where the picture does not have it. */
  readonly value: string | null;
  readonly finding: Finding | null;
  readonly box: PixelBox | null;
}

/** Rows that may have a place in the picture. */
export type RowsResult =
  | { readonly kind: 'words'; readonly words: readonly PlacedText[] }
  | { readonly kind: 'fields'; readonly rows: readonly FieldRow[]; readonly value: unknown }
  | { readonly kind: 'steps'; readonly envelope: StepsEnvelope; readonly inventedValues: readonly number[] };

export type TaskResult =
  { readonly kind: 'text' } | { readonly kind: 'page'; readonly nodes: readonly PageNode[] } | RowsResult;

export interface PlacedLabel {
  readonly box: PixelBox;
  readonly label: string;
}

export function taskResult({ question, outcome, answer, record }: Exchange): TaskResult {
  const { task } = question;
  const [size] = outcome?.sizes ?? [];
  if (!outcome || !size || task.tab === 'ask') return { kind: 'text' };
  if (task.tab === 'read') {
    if (task.form === 'plain') return { kind: 'text' };
    if (task.form === 'words') return { kind: 'words', words: readWords(answer, size) };
    return { kind: 'page', nodes: (task.form === 'html' ? readHtml : readMarkdown)(answer, size) };
  }
  if (task.tab === 'steps')
    return stepsResult(answer, { instruction: task.instruction, size, outcome, record });
  const parsed = parsedOf(answer);
  if (parsed === undefined) return { kind: 'text' };
  const { value, boxes } = task.pointed ? splitBoxes(parsed, size) : { value: parsed, boxes: [] };
  const findings = task.fields ? examine(task.fields, value) : [];
  const rows = leavesOf(value, []).map((leaf) => ({
    ...leaf,
    finding: findings.find(({ path }) => isSame(path, leaf.path)) ?? null,
    box: boxes.find(({ path }) => isSame(path, leaf.path))?.box ?? null,
  }));
  return { kind: 'fields', rows, value };
}

function stepsResult(
  answer: string,
  about: {
    readonly instruction: string;
    readonly size: Size;
    readonly outcome: NonNullable<Exchange['outcome']>;
    readonly record: MeasurementRecord | null;
  },
): TaskResult {
  const { instruction, size, outcome, record } = about;
  // A thought before the answer is no part of it.
  const tokens = tokensOf(answer, outcome.written);
  const { steps, inventedValues } = readSteps(answer, { instruction, size, tokens });
  const metadata = {
    model_version: record?.model_version ?? 'unknown',
    local_execution: record?.local_execution ?? ('unknown' as const),
    data_uploaded: record?.data_uploaded ?? ('unknown' as const),
    input_saved: record?.input_saved ?? ('unknown' as const),
  };
  return { kind: 'steps', envelope: { task: instruction, steps, metadata }, inventedValues };
}

/** Those that the answer is made of, from the end. */
function tokensOf(answer: string, written: NonNullable<Exchange['outcome']>['written']) {
  let [from, length] = [written.length, 0];
  while (from > 0 && length < answer.length) length += written[--from]?.text.length ?? 0;
  return written.slice(from);
}

export function placesIn(result: TaskResult): readonly PlacedLabel[] {
  if (result.kind === 'words') return result.words.map(({ box, text }) => ({ box, label: text }));
  if (result.kind === 'fields')
    return result.rows.flatMap(({ box, path }) => (box ? [{ box, label: path.join(' ') }] : []));
  if (result.kind === 'steps')
    return result.envelope.steps.map(({ bbox: [left, top, right, bottom] }, index) => ({
      box: { left, top, right, bottom },
      label: String(index + 1),
    }));
  return [];
}

function parsedOf(answer: string): unknown {
  try {
    return JSON.parse(answer) as unknown;
  } catch {
    // It was stopped before it was whole.
    return undefined;
  }
}

function leavesOf(value: unknown, path: Path): { readonly path: Path; readonly value: string | null }[] {
  if (Array.isArray(value)) return value.flatMap((each, index) => leavesOf(each, [...path, index + 1]));
  if (isRecord(value))
    return Object.entries(value).flatMap(([name, each]) => leavesOf(each, [...path, name]));
  return [{ path, value: value === null ? null : typeof value === 'string' ? value : JSON.stringify(value) }];
}

/** The lists of a finding are counted from 0, those in sight from 1. */
function isSame(found: Path, shown: Path): boolean {
  const counted = found.map((each) => (typeof each === 'number' ? each + 1 : each));
  return counted.length === shown.length && counted.every((each, index) => each === shown[index]);
}
