/**
 * The measurement record of one result. Pure: it is given measurements and derives from them what people ask, and
 * it has no other source for a word of it. What was not measured is 'unknown'. The page measures itself here, so
 * that the record is no attestation, and says so.
 */
import type { NetworkCount } from './network-watch';
import type { HeaderSource } from './raise-wall';

export type Known<T> = T | 'unknown';

/** A model as the worker opened it: its bytes were checked against this hash when they were read. */
export interface OpenedModel {
  readonly id: string;
  readonly parts: readonly { readonly name: string; readonly sha256: string }[];
  /** Still open from an earlier job of this tab. */
  readonly reused: boolean;
}

export interface Measurements {
  readonly job: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly build: { readonly shell: Known<string>; readonly serviceWorker: Known<string> };
  /** Who put the policy's headers on the page. */
  readonly headers: Known<HeaderSource>;
  readonly isolated: boolean;
  /** As the page saw it at the start and at the end. */
  readonly airlock: { readonly standing: boolean; readonly openHosts: readonly string[] };
  readonly models: readonly OpenedModel[];
  readonly device: Known<Device>;
  /** Milliseconds in the worker of this tab, by phase; `run` is the time inside the nets. */
  readonly durations: Known<Readonly<Record<'decode' | 'draw' | 'run' | 'open' | 'encode', number>>>;
  readonly network: NetworkCount;
  /** Requests of the page that did not come to the wall, by the browser's own timings. */
  readonly aroundWall: Known<number>;
  /** Whether anything was written into a store of this origin while the job ran. */
  readonly wrote: Known<boolean>;
  readonly input: { readonly hmacSha256: Known<string> };
  readonly output: {
    readonly sha256: Known<string>;
    readonly type: string;
    /** Of a picture. */
    readonly width?: number;
    readonly height?: number;
  };
  /** Of a chat: tokens of pictures and text that were kept in memory from the question before, and not read again. */
  readonly reusedTokens?: number;
  /** Of a picture from a prompt: true where the prompt was kept in memory as the encoder had read it before. */
  readonly reusedPrompt?: boolean;
}

export interface Device {
  readonly backend: 'webgpu' | 'wasm';
  readonly threads: number;
  readonly adapter: 'none' | 'software' | 'integrated' | 'gpu';
}

export interface MeasurementRecord {
  readonly kind: 'obscura-measurement-record';
  readonly version: 1;
  readonly model_version: string;
  readonly local_execution: Known<true>;
  readonly data_uploaded: Known<boolean>;
  readonly input_saved: Known<false>;
  readonly measured: Omit<Measurements, 'startedAt' | 'endedAt'> & {
    readonly startedAt: string;
    readonly endedAt: string;
  };
  /** Files written of this result, in their order. */
  readonly saved: readonly SavedOutput[];
  readonly limits: readonly string[];
}

interface SavedOutput {
  readonly type: string;
  readonly sha256: string;
  readonly aiMark: string | null;
}

/** For whoever reads the JSON without the app; English, since it is data. */
const limits = [
  'The page measured this about itself: it is not an attestation.',
  'Hashes of the app are of what the host served when it was installed.',
  'Requests are those that the service worker saw, of every open tab of this app; what bypasses a service worker ' +
    '(navigations, WebRTC) is closed by the headers, where the browser obeys them.',
  'The input is named by an HMAC under a key that this tab made and never shows; it is gone when the tab closes.',
] as const;

export function makeRecord(measurements: Measurements): MeasurementRecord {
  const { startedAt, endedAt, ...rest } = measurements;
  return {
    kind: 'obscura-measurement-record',
    version: 1,
    model_version: modelVersion(measurements.models),
    local_execution: localExecution(measurements),
    data_uploaded: dataUploaded(measurements),
    input_saved: measurements.wrote === false ? false : 'unknown',
    measured: { startedAt: iso(startedAt), endedAt: iso(endedAt), ...rest },
    saved: [],
    limits,
  };
}

export function withSaved(record: MeasurementRecord, saved: SavedOutput): MeasurementRecord {
  return { ...record, saved: [...record.saved, saved] };
}

/** `id@sha256` of each part of each model, joined by a plus. */
function modelVersion(models: readonly OpenedModel[]): string {
  const parts = models.flatMap(({ id, parts }) => parts.map(({ sha256 }) => `${id}@${sha256}`));
  return parts.length > 0 ? parts.join(' + ') : 'unknown';
}

/** Time spent inside the nets of models that this tab's worker opened. */
function localExecution({ durations, models, device }: Measurements): Known<true> {
  const ran = durations !== 'unknown' && durations.run > 0 && models.length > 0 && device !== 'unknown';
  return ran ? true : 'unknown';
}

/**
 * One request that reached the network is enough for `true`, whatever it carried: what went with it cannot be seen
 * from here. `false` takes a ledger without a gap, a sealed page, and a browser that tells what went round the wall.
 */
function dataUploaded({ network, aroundWall, airlock }: Measurements): Known<boolean> {
  if (network.requests > 0 || (aroundWall !== 'unknown' && aroundWall > 0)) return true;
  const sealed = airlock.standing && airlock.openHosts.length === 0;
  return network.complete && aroundWall === 0 && sealed ? false : 'unknown';
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
