/** The contract of a model card: data only. A new model is one folder here with a `card.ts`. */
import type { Pipelines, PipelineId, RoleOf } from '../pipelines/pipeline';
import '../pipelines/cartoon/card';
import '../pipelines/text-to-image/card';
import '../pipelines/vision-language/card';

export interface Licence {
  readonly spdx: string;
  readonly holder: string;
  readonly commercialUse: boolean;
}

/** A file on a host of others, fetched only when the visitor agreed to that host. */
export interface Remote {
  /** https, at a pinned revision unless it is `moving`. */
  readonly url: string;
  /** Origins that the host redirects to; none where it answers itself. */
  readonly redirects: readonly string[];
  /** Where the host states length and SHA-256, for a file whose card cannot know them beforehand. */
  readonly metadata?: Metadata;
  /** What lies at this address may change: what the host stated at first use holds all the same. */
  readonly moving?: true;
}

export interface Metadata {
  readonly url: string;
  readonly form: 'hugging-face' | 'modelscope';
}

/** The form in which its makers publish a model: fetched where the card's own file is nowhere to be had, and converted. */
export interface Original {
  readonly name: string;
  readonly remote: Remote;
  readonly converter: 'dct-net';
  /** What its host stated of it at first use, once it has come and was proven. */
  readonly stated?: { readonly bytes: number; readonly sha256: string };
}

/** One file of a model. */
export interface ModelFile {
  /** A plain file name, unique within the card; weights beside a graph have the name that the graph calls them by. */
  readonly name: string;
  /** Relative to the app's base, for what ships with it. Without this and `remote` it is only imported from disk. */
  readonly path?: string;
  readonly remote?: Remote;
  /** 0 and '' of a file that the host has said nothing about yet. */
  readonly bytes: number;
  readonly sha256: string;
  /** `bytes` and `sha256` are what the host stated at first use; enforced from then on. */
  readonly stated?: true;
  /** Where the publisher states them: SHA-256 of every `bytes` of the file in turn, the last chunk shorter. */
  readonly chunks?: { readonly bytes: number; readonly sha256: readonly string[] };
}

/** A graph and the files that hold its weights, if any; or one file that is no graph, as a tokenizer. */
export type ModelPart<File = ModelFile> = readonly [File, ...File[]];

/** By the names its pipeline knows them by. */
export type ModelParts<File = ModelFile> = Readonly<Record<string, ModelPart<File>>>;

/** What a model does, in the words of its pipeline. */
export type ModelUse = {
  [Id in PipelineId]: {
    [Role in RoleOf<Id>]: { pipeline: Id; role: Role; spec: Pipelines[Id]['roles'][Role] };
  }[RoleOf<Id>];
}[PipelineId];

/** What an imported graph leaves open about its pictures: guessed at first, then as the visitor says. */
export interface ColourGuess {
  readonly order: 'rgb' | 'bgr';
  /** 0…255, −1…1 or 0…1; null where the graph itself tells it. */
  readonly range: 'bytes' | 'signed' | 'unit' | null;
}

/**
 * What a device must have for a model. Each figure was measured or derived from the graph, and is left out where
 * nobody did. Disk is not named here: it is the bytes of the files.
 */
export interface ModelNeeds {
  /** Too much work for a processor. */
  readonly gpu?: true;
  /** Its graph computes in 16-bit floats, which a GPU may lack. */
  readonly f16?: true;
  /** Bytes of the largest GPU buffer: what the device's limits must allow (`npm run bench -- needs`). */
  readonly gpuBufferBytes?: number;
  /** GPU bytes alive at the peak of one run, for the visitor alone: WebGPU does not tell its memory (same bench). */
  readonly gpuPeakBytes?: number;
  /** Multiplications for each pixel of the picture, from the graph's convolutions (`needs.test.ts`). */
  readonly workPerPx?: number;
}

interface CardFacts {
  readonly id: string;
  readonly title: string;
  /** Cards of one family stand under one name in the page's Model box. */
  readonly family: { readonly id: string; readonly title: string };
  readonly use: ModelUse;
  /** Only of an imported model of unknown making. */
  readonly guess?: ColourGuess;
  readonly licence: Licence;
  /** Who made it and from what, one sentence. */
  readonly source: string;
  readonly sourceUrl?: string;
  readonly builtIn: boolean;
  readonly needs?: ModelNeeds;
  /** The card that does the same and asks for less, for devices that cannot run this one. */
  readonly fallback?: string;
  readonly original?: Original;
  /** `part` was made on this device from `original`. */
  readonly converted?: true;
}

export interface OneFile<File = ModelFile> {
  readonly part: File;
  readonly parts?: undefined;
}

export interface SeveralParts<File = ModelFile> {
  readonly part?: undefined;
  readonly parts: ModelParts<File>;
}

/** A model of one file; or one file of a model of several parts, which are then those it is `of`. */
export interface FileCard<File = ModelFile> extends CardFacts, OneFile<File> {
  readonly of?: ModelParts;
}
export interface PartsCard<File = ModelFile> extends CardFacts, SeveralParts<File> {}
export type ModelCard<File = ModelFile> = FileCard<File> | PartsCard<File>;
