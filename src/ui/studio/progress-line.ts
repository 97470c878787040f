/** The state of the queue and of the startup as words and a bar: one place, so that panel, title and screen reader agree. */
import type { TransferProgress } from '../../base/progress';
import type { AppState } from '../../state/app.svelte';
import type { Words } from '../words/en';
import { formatBytes, formatLeft, percent } from '../words/format';

interface ProgressLine {
  /** What is being done. */
  readonly text: string;
  /** How far, and how long still: figures that change often. */
  readonly figures: string;
  /** Null while nothing can be counted. */
  readonly done: number | null;
  readonly total: number;
}

/** The startup while it lasts, or null once ready or failed. */
export function startupLine(app: AppState, words: Words): ProgressLine | null {
  const { phase } = app.startup;
  if (phase.kind === 'ready' || phase.kind === 'failed' || app.wall.missing) return null;
  const text = words.startup[phase.kind];
  if (phase.kind !== 'engine' && phase.kind !== 'models') return { text, figures: '', done: null, total: 1 };
  return { text, ...bytesLine(phase, app, words) };
}

/** A model that the job under way found damaged, and that is being got again for it. */
function mendingLine(app: AppState, words: Words): ProgressLine | null {
  const { model, faces } = app.studio.running?.recipe ?? {};
  for (const card of [model, faces]) {
    const activity = card && app.shelf.activity(card.id);
    if (activity?.kind !== 'getting') continue;
    const { doneBytes = 0, totalBytes = 0 } = activity.progress ?? {};
    return { text: words.progress.getting, ...bytesLine({ doneBytes, totalBytes }, app, words) };
  }
  return null;
}

function bytesLine(
  { doneBytes, totalBytes }: Pick<TransferProgress, 'doneBytes' | 'totalBytes'>,
  app: AppState,
  words: Words,
): Omit<ProgressLine, 'text'> {
  const bytes = (value: number): string => formatBytes(value, app.settings.language);
  const figures = totalBytes > 0 ? words.startup.bytes(bytes(doneBytes), bytes(totalBytes)) : '';
  return { figures, done: totalBytes > 0 ? doneBytes : null, total: totalBytes };
}

/** The job under way, or null. While the engine is still coming a job shows the startup. */
export function jobLine(app: AppState, words: Words): ProgressLine | null {
  const job = app.studio.running;
  if (!job) return null;
  const progress = job.progress;
  if (!progress)
    return (
      startupLine(app, words) ??
      mendingLine(app, words) ?? { text: words.progress.begin, figures: '', done: null, total: 1 }
    );
  const { stage, done, total, msLeft } = progress;
  const figures = [`${percent(done, total)} %`];
  if (msLeft !== undefined) figures.push(words.progress.left(formatLeft(msLeft, app.settings.language)));
  return { text: words.progress.stage[stage], figures: figures.join(words.comma), done, total };
}

/** The tab's title: how far, then the name. */
export function titleLine(app: AppState, words: Words): string {
  const job = app.studio.running ?? (app.creation?.busy ? app.creation : null);
  if (!job) return app.asking?.busy ? `${words.progress.answering} · ${words.name}` : words.name;
  const part = job.progress ? `${percent(job.progress.done, job.progress.total)} %` : words.progress.begin;
  return `${part} · ${words.name}`;
}
