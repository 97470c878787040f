/** Answers as the vault keeps them: each in the form that a file of it would have. */
import { writeHtml } from '../../pipelines/vision-language/tasks/read/page-tree';
import type { KeptResult } from '../../privacy/kept-item';
import type { Exchange } from '../../state/exchange.svelte';
import type { TaskResult } from './task-result';

interface Parts {
  readonly result: TaskResult;
  /** What was asked for, in words. */
  readonly told: string;
  /** The answer as it is first offered to be copied. */
  readonly text: string;
}

export function answerToKeep({ question, record }: Exchange, { result, told, text }: Parts): KeptResult {
  const isHtml = question.task.tab === 'read' && question.task.form === 'html';
  const asked = told === '' ? null : told;
  if (result.kind === 'text') return keptText(text, 'text/plain', { asked, record });
  if (result.kind !== 'page') return keptText(text, 'application/json', { asked, record });
  // Not as the model wrote it: no markup of its own gets into a file that a browser would open.
  return isHtml
    ? keptText(writeHtml(result.nodes), 'text/html', { asked, record })
    : keptText(text, 'text/markdown', { asked, record });
}

export function tableToKeep(csv: string): KeptResult {
  return keptText(csv, 'text/csv', { asked: null, record: null });
}

function keptText(text: string, type: string, about: Pick<KeptResult, 'asked' | 'record'>): KeptResult {
  return { content: new Blob([text], { type }), size: null, aiSource: null, ...about };
}
