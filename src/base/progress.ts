/**
 * Progress as data, never prose. Laws (tested): `done` never falls within a job or a download,
 * `total` is constant, and the last report of a finished one has `done === total`.
 */
export const stages = ['open', 'decode', 'find-faces', 'draw', 'draw-faces', 'finish'] as const;
export type Stage = (typeof stages)[number];

/** `done` of `total` work units of the whole job; `msLeft` only where it was derived from measured speed. */
export interface WorkProgress {
  readonly kind: 'work';
  readonly stage: Stage;
  readonly done: number;
  readonly total: number;
  readonly msLeft?: number;
}

/** Bytes of one file arriving; rate and time left only where they were measured. */
export interface TransferProgress {
  readonly kind: 'transfer';
  readonly name: string;
  readonly doneBytes: number;
  readonly totalBytes: number;
  readonly bytesPerSecond?: number;
  readonly msLeft?: number;
}

export type Progress = WorkProgress | TransferProgress;
