/**
 * The contract of a pipeline: a cheap `card.ts` (types and options, imported everywhere) and a heavy
 * `run.ts` (the maths, imported by the worker alone). A pipeline's card adds its types to
 * `Pipelines` by module augmentation, so a new one is one new folder.
 */
import type { WorkProgress } from '../base/progress';
import type { OnGpu, OpenOptions, Session } from '../runtime/runtime';

/** One entry a pipeline: `{ roles, model, input, options, result }`. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- filled by module augmentation
export interface Pipelines {}

export type PipelineId = keyof Pipelines;

export interface PipelineTypes {
  /** What a model card must say for this pipeline, one shape per role. */
  roles: Record<string, object>;
  input: unknown;
  options: object;
  result: unknown;
  /** What is yielded on the way; plain progress where a pipeline does not say. */
  progress?: unknown;
  /** What a run is given; `RunContext` where a pipeline does not say. */
  context?: unknown;
}

export type RoleOf<Id extends PipelineId> = keyof Pipelines[Id]['roles'] & string;

/** A model opened for one role: its session and what its card says about its tensors. */
export interface OpenModel<Spec> {
  readonly session: Session;
  readonly spec: Spec;
}

export interface RunContext<Id extends PipelineId> {
  /** Opens the model chosen for a role, or null where the job runs without one. The engine frees it. */
  open<Role extends RoleOf<Id>>(role: Role): Promise<OpenModel<Pipelines[Id]['roles'][Role]> | null>;
  readonly signal: AbortSignal;
  /** For kernels of our own; null where the job runs without a GPU. */
  readonly onGpu: OnGpu | null;
}

/** A model of several parts, which a run opens and releases one after another. */
export interface ModelParts<Spec, Part extends string> {
  readonly spec: Spec;
  /** The caller releases it. @throws StudioError model/not-installed, model/damaged, and what `Runtime.open` throws */
  open(part: Part, options?: OpenOptions): Promise<Session>;
  /** A part that is no graph. @throws StudioError model/not-installed, model/damaged */
  text(part: Part): Promise<string>;
}

type ProgressOf<Id extends PipelineId> = Pipelines[Id] extends { progress: infer Progress }
  ? Progress
  : WorkProgress;
type ContextOf<Id extends PipelineId> = Pipelines[Id] extends { context: infer Context }
  ? Context
  : RunContext<Id>;

/** Yields progress, returns the result. Checks `signal` between steps and throws its reason. */
export type Run<Id extends PipelineId> = (
  input: Pipelines[Id]['input'],
  options: Pipelines[Id]['options'],
  context: ContextOf<Id>,
) => AsyncGenerator<ProgressOf<Id>, Pipelines[Id]['result'], void>;
