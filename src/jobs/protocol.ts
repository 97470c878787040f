/** Everything that crosses between the page and its two workers, and nothing else. */
import type { WireError } from '../base/errors';
import type { TransferProgress, WorkProgress } from '../base/progress';
import type { ShelfEntry, Watcher } from '../library/librarian';
import type { ConversionPlan } from '../library/published-folder';
import type { ColourGuess, ModelCard } from '../models/model';
import type { CartoonOptions, Face } from '../pipelines/cartoon/card';
import type { AnswerOptions, AnswerProgress, VisionLanguageResult } from '../pipelines/vision-language/card';
import type { CreateProgress } from '../pipelines/text-to-image/card';
import type { PictureSize } from '../pipelines/text-to-image/sizes';
import type { OpenedModel } from '../privacy/record';
import type { PictureFormat } from '../runtime/image';
import type { BackendChoice, RuntimeFacts } from '../runtime/runtime';

/** A picture in, as the user gave it; the bytes are read in the worker. */
export interface CartoonJob {
  readonly id: string;
  readonly photo: Blob;
  readonly cartoon: ModelCard;
  readonly faces: ModelCard | null;
  readonly options: CartoonOptions;
}

/** A prompt in, one picture out for each seed. */
export interface CreateJob {
  readonly id: string;
  readonly prompt: string;
  readonly seeds: readonly number[];
  readonly size: PictureSize;
  /** Null where the model has but one way. */
  readonly stepCount: number | null;
  readonly model: ModelCard;
  /** Looks for faces in what was made; null where nobody asked for it or no finder is here. */
  readonly faces: ModelCard | null;
}

export type CreateReport = CreateProgress;

export interface ChatPicture {
  /** As the user gave it. */
  readonly file: Blob;
  /** How closely it is looked at. The same for as long as the chat goes on, since a change reads all anew. */
  readonly mostTokens: number;
}

export interface ChatTurn {
  readonly role: 'system' | 'user' | 'assistant';
  /** They stand before the text. */
  readonly pictures: readonly ChatPicture[];
  readonly text: string;
}

/** A conversation in, whose last turn is the question; one answer out. */
export interface AskJob {
  readonly id: string;
  /** Questions of one chat take up what was read for the last one. */
  readonly chat: string;
  readonly turns: readonly ChatTurn[];
  readonly model: ModelCard;
  /** The most tokens this chat can hold. */
  readonly room: number;
  readonly options: AnswerOptions;
}

export type AskReport = AnswerProgress;

/** Milliseconds of each phase of one job, measured in the worker. */
export interface JobTimings {
  readonly decodeMs: number;
  /** From decoded bitmap to finished RGBA. */
  readonly totalMs: number;
  /** The bare sum of `session.run` inside `totalMs`. */
  readonly runMs: number;
  /** Opening sessions inside `totalMs`. */
  readonly openMs: number;
  readonly encodeMs: number;
  readonly readbackBytes: number;
  /** GPU bytes alive at the peak and after the job; 0 on wasm. */
  readonly gpuPeakBytes: number;
  readonly gpuLeftBytes: number;
}

export interface CartoonOutcome {
  /** Lossless PNG without metadata, the photo's own size after orientation. */
  readonly picture: Blob;
  readonly width: number;
  readonly height: number;
  readonly faces: readonly Face[];
  readonly facts: RuntimeFacts;
  /** What this job opened, by the hash that its bytes were checked against. */
  readonly models: readonly OpenedModel[];
  readonly timings: JobTimings;
}

export interface CreatedPicture {
  readonly seed: number;
  /** Lossless PNG without metadata. */
  readonly picture: Blob;
  readonly width: number;
  readonly height: number;
  /** Clear ones, largest first; null where it was not looked for them. */
  readonly faces: readonly Face[] | null;
}

export interface CreateOutcome {
  readonly pictures: readonly CreatedPicture[];
  /** Of the prompt's tokens so many did not fit and were not read. */
  readonly cut: number;
  readonly stepCount: number;
  /** The prompt had been read by an earlier job. */
  readonly promptKnown: boolean;
  /** How many pictures were decoded in tiles. */
  readonly tiledCount: number;
  readonly facts: RuntimeFacts;
  readonly models: readonly OpenedModel[];
  readonly timings: JobTimings;
}

export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: WireError }
  | { readonly ok: false; readonly aborted: true };

export interface AskOutcome extends Omit<VisionLanguageResult, 'reused'> {
  /** From the start of the job, decoding and opening included; null where no token came. */
  readonly firstTokenMs: number | null;
  /** Of the tokens after the first. */
  readonly msPerToken: number | null;
  readonly facts: RuntimeFacts;
  readonly models: readonly OpenedModel[];
  readonly timings: JobTimings;
}

/** The worker's half, called through Comlink. Failures come back as values, since an Error loses its fields. */
export interface EngineApi {
  start(choice: BackendChoice): Promise<Outcome<RuntimeFacts>>;
  /** Fetches what of the engine these models need and is not here, so that nothing is asked for while a job runs. */
  prepare(models: readonly ModelCard[]): Promise<Outcome<true>>;
  cartoon(job: CartoonJob, report: (progress: WorkProgress) => void): Promise<Outcome<CartoonOutcome>>;
  create(job: CreateJob, report: (progress: CreateReport) => void): Promise<Outcome<CreateOutcome>>;
  ask(job: AskJob, report: (progress: AskReport) => void): Promise<Outcome<AskOutcome>>;
  /** The open model goes, with all that was seen and read for a chat; at the end of an answer under way. */
  forgetChat(): Promise<void>;
  /** Prompts that were read are forgotten. */
  forgetPrompts(): Promise<void>;
  encode(picture: Blob, format: PictureFormat): Promise<Outcome<Blob>>;
  /** Asks a job to stop at its next step. */
  cancel(jobId: string): Promise<void>;
}

/** What came of the models that were brought together. */
export interface RestoredModels {
  readonly cards: readonly ModelCard[];
  readonly failed: readonly { readonly title: string; readonly error: WireError }[];
}

/** The library worker's half. All of it may be called twice with the effect of once. */
export interface LibraryApi {
  list(): Promise<Outcome<readonly ShelfEntry[]>>;
  /** Reads the manifest beside the app; what it names is listed and can be got from then on. */
  lookBeside(): Promise<Outcome<true>>;
  /**
   * Fetches a model that ships with the app, checks its SHA-256 and keeps it; goes on where an earlier download
   * stopped. Does nothing when it is ready. Aborted when it is paused or cancelled.
   */
  get(cardId: string, report: (progress: TransferProgress) => void): Promise<Outcome<ModelCard>>;
  pause(cardId: string): Promise<Outcome<true>>;
  cancel(cardId: string): Promise<Outcome<true>>;
  /** Nothing is on the line once this is answered, until `release`. Downloads wait meanwhile. */
  hold(): Promise<Outcome<true>>;
  release(): Promise<Outcome<true>>;
  /** From now on `watcher` hears what other tabs fetch. */
  watch(watcher: Watcher): Promise<Outcome<true>>;
  /**
   * Recognises a model file by its hash or its graph and keeps it; files beside it may hold its weights, or say
   * in a manifest what it is, or what several are.
   */
  importModels(
    files: readonly File[],
    report: (progress: TransferProgress) => void,
  ): Promise<Outcome<RestoredModels>>;
  /** Where these are weights as their makers publish them: what turning them into a model takes. Else null. */
  planConversion(files: readonly File[]): Promise<Outcome<ConversionPlan | null>>;
  /** Ends a conversion under way; nothing of it stays. */
  cancelImport(): Promise<Outcome<true>>;
  /** Writes file and manifest into a folder of the model's own; the manifest comes last, when every byte agreed. */
  exportTo(cardId: string, folder: FileSystemDirectoryHandle): Promise<Outcome<true>>;
  exportFiles(cardId: string): Promise<Outcome<readonly File[]>>;
  /** Says what an imported graph leaves open about its pictures. */
  setColours(cardId: string, said: Partial<ColourGuess>): Promise<Outcome<ModelCard>>;
  /** Hashes the kept bytes again. */
  verify(cardId: string): Promise<Outcome<ModelCard>>;
  remove(cardId: string): Promise<Outcome<true>>;
  /** A file of this build, by its path relative to the app: the page itself connects to nothing. */
  ownFile(path: string): Promise<Outcome<Blob>>;
}
