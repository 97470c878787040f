/** The ledger's columns, on the page and in the report. */
import type { words as ledgerWords } from '../words/ledger-words';

export function ledgerColumns(words: (typeof ledgerWords)[keyof typeof ledgerWords]): readonly string[] {
  return [
    words.time,
    words.by,
    words.method,
    words.to,
    words.what,
    words.from,
    words.sent,
    words.received,
    words.verdict,
  ];
}
