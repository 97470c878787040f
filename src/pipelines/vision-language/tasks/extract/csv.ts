/**
 * Answers to one question as one table (RFC 4180, with the mark by which Excel knows UTF-8). Every cell is quoted, and
 * what a spreadsheet would take for a formula is told to be text (OWASP, "CSV Injection").
 */
import { isRecord } from './values';

/** One row for each answer, in their order; columns are the fields of all of them, those of a list numbered. */
export function toCsv(
  answers: readonly unknown[],
  { numberColumn }: { readonly numberColumn: string },
): string {
  const rows = answers.map((answer) => new Map(cellsOf(answer)));
  const columns = alignedColumns(rows);
  const lines = rows.map((row, index) => [
    String(index + 1),
    ...columns.map((column) => row.get(column) ?? ''),
  ]);
  return `\uFEFF${[[numberColumn, ...columns], ...lines].map(lineOf).join('')}`;
}

/** Each value with the names that lead to it; nothing for null. */
function cellsOf(value: unknown, path = ''): [column: string, cell: string][] {
  const below = (name: string | number) => (path === '' ? String(name) : `${path} ${name}`);
  if (Array.isArray(value)) return value.flatMap((each, index) => cellsOf(each, below(index + 1)));
  if (isRecord(value)) return Object.entries(value).flatMap(([name, each]) => cellsOf(each, below(name)));
  return [[path, typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value)]];
}

/** A column that a row lacks stands after the ones it follows where it is. */
function alignedColumns(rows: readonly ReadonlyMap<string, string>[]): string[] {
  const columns: string[] = [];
  for (const row of rows) {
    let place = 0;
    for (const column of row.keys()) {
      const known = columns.indexOf(column);
      if (known === -1) columns.splice(place++, 0, column);
      else place = Math.max(place, known + 1);
    }
  }
  return columns;
}

function lineOf(cells: readonly string[]): string {
  return `${cells.map((cell) => `"${asText(cell).replaceAll('"', '""')}"`).join(',')}\r\n`;
}

/** A plain number is one to a spreadsheet too. */
function asText(cell: string): string {
  return /^[\s]*[=+\-@＝＋－＠\t\r]/.test(cell) && !/^-?\d+(\.\d+)?$/.test(cell) ? `'${cell}` : cell;
}

/** The cells of a table that `toCsv` wrote, row by row. */
export function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let ended = true;
  for (const [, quoted = '', end] of text.replace(/^\uFEFF/, '').matchAll(/"((?:[^"]|"")*)"(,|\r\n)/g)) {
    const cell = quoted.replaceAll('""', '"');
    if (ended) rows.push([]);
    rows.at(-1)?.push(cell);
    ended = end !== ',';
  }
  return rows;
}
