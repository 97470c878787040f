/** In which forms an answer can be taken along. */
import type { Exchange } from '../../state/exchange.svelte';
import type { Language } from '../../state/settings.svelte';
import { toCsv } from '../../pipelines/vision-language/tasks/extract/csv';
import { writeHtml } from '../../pipelines/vision-language/tasks/read/page-tree';
import { toToolCalls } from '../../pipelines/vision-language/tasks/steps/tool-calls';
import { words as roomWords } from '../words/ask-words';
import { taskResult, type TaskResult } from './task-result';

interface Copy {
  readonly name: string;
  readonly text: string;
}

const json = (value: unknown): string => JSON.stringify(value, null, 2);

export function copiesOf(exchange: Exchange, result: TaskResult, language: Language): readonly Copy[] {
  const words = roomWords[language];
  const [size] = exchange.outcome?.sizes ?? [];
  if (result.kind === 'fields') {
    return [
      { name: words.copyJson, text: json(result.value) },
      { name: words.copyCsv, text: toCsv([result.value], { numberColumn: words.numberColumn }) },
    ];
  }
  if (result.kind === 'words') return [{ name: words.copyJson, text: json(result.words) }];
  if (result.kind === 'steps' && size) {
    return [
      { name: words.copyJson, text: json(result.envelope) },
      { name: words.copyCalls, text: toToolCalls(result.envelope.steps, size) },
    ];
  }
  const plain = { name: words.copy, text: exchange.answer };
  return result.kind === 'page' ? [plain, { name: words.copyHtml, text: writeHtml(result.nodes) }] : [plain];
}

/** The same form of many pictures as one table; null where there is nothing to join. */
export function tableOf(exchanges: readonly Exchange[], language: Language): string | null {
  const values = exchanges.flatMap((exchange) => {
    const result = taskResult(exchange);
    return result.kind === 'fields' ? [result.value] : [];
  });
  return values.length > 1 ? toCsv(values, { numberColumn: roomWords[language].numberColumn }) : null;
}
