/** Measures a job from the page while it runs, and makes the record of its result from nothing else. */
import type { CartoonOutcome } from '../jobs/protocol';
import { Digests } from '../privacy/digests';
import type { LedgerAnswer } from '../privacy/ledger';
import { NetworkWatch, type NetworkCount } from '../privacy/network-watch';
import { makeRecord, type Known, type MeasurementRecord } from '../privacy/record';
import { wroteBetween, type StoreCount } from '../privacy/store-count';
import type { RuntimeFacts } from '../runtime/runtime';
import { looksIntegrated } from './adapter-class';
import type { Line } from './line.svelte';
import type { Wall } from './wall.svelte';

/** How the page learns what it cannot know by itself; null where nobody answers. */
export interface RecordDoors {
  readonly ledger: () => Promise<LedgerAnswer | null>;
  readonly build: () => Promise<{ readonly shell: string; readonly serviceWorker: string | null } | null>;
  readonly countStores: () => Promise<StoreCount | null>;
  /** Requests of this page until now that the wall did not answer, by the browser's own timings; null: not told. */
  readonly pastWall: () => number | null;
  readonly isolated: boolean;
}

interface RecorderParts {
  readonly doors: RecordDoors;
  readonly wall: Pick<Wall, 'stands' | 'headersFrom'>;
  readonly line: Pick<Line, 'openHosts' | 'hostsElsewhere'>;
}

/** What was seen from the page while one job ran. */
export interface Witnessed {
  readonly startedAt: number;
  readonly endedAt: number;
  readonly network: NetworkCount;
  readonly aroundWall: Known<number>;
  readonly wrote: Known<boolean>;
  readonly airlock: { readonly standing: boolean; readonly openHosts: readonly string[] };
}

const every = (ms: number, call: () => void) => {
  const timer = setInterval(call, ms);
  return () => clearInterval(timer);
};

/** One result, as the worker gave it. */
export interface Made extends Pick<CartoonOutcome, 'facts' | 'timings' | 'models'> {
  readonly job: 'cartoon' | 'create' | 'ask';
  readonly output: Blob;
  /** Of a picture. */
  readonly width?: number;
  readonly height?: number;
  /** Of a chat: what was not read again, as it was kept in memory from the question before. */
  readonly reusedTokens?: number;
  /** Of a picture from a prompt. */
  readonly reusedPrompt?: boolean;
}

export class Recorder {
  readonly digests = new Digests();
  readonly #parts: RecorderParts;

  constructor(parts: RecorderParts) {
    this.#parts = parts;
  }

  /** Settles when the job may begin; what it gives is called once, right when the job has ended. */
  async witness(input: Blob): Promise<() => Promise<Witnessed>> {
    const { doors, wall, line } = this.#parts;
    const openHosts = () => [...line.openHosts, ...line.hostsElsewhere];
    const before = await doors.countStores();
    const watch = await NetworkWatch.start({ ledger: doors.ledger, now: () => Date.now(), every });
    const pastBefore = doors.pastWall();
    const startedAt = Date.now();
    const first = { standing: wall.stands, openHosts: openHosts() };
    return async () => {
      const endedAt = Date.now();
      const pastAfter = doors.pastWall();
      const network = await watch.end();
      // To the page a refusal of the wall looks like a request that never came to it; those of other tabs do not.
      const aroundWall =
        pastBefore === null || pastAfter === null
          ? 'unknown'
          : Math.max(0, pastAfter - pastBefore - network.refusedHere);
      const wrote = wroteBetween(before, await doors.countStores(), input.size) ?? 'unknown';
      const hosts = [...new Set([...first.openHosts, ...openHosts()])];
      const airlock = { standing: first.standing && wall.stands, openHosts: hosts };
      return { startedAt, endedAt, network, aroundWall, wrote, airlock };
    };
  }

  async record(witnessed: Witnessed, input: Blob, made: Made): Promise<MeasurementRecord> {
    const { doors, wall } = this.#parts;
    const { job, facts, timings, models, output, width, height, reusedTokens, reusedPrompt } = made;
    const build = await doors.build();
    return makeRecord({
      job,
      ...witnessed,
      build: { shell: build?.shell ?? 'unknown', serviceWorker: build?.serviceWorker ?? 'unknown' },
      headers: wall.headersFrom,
      isolated: doors.isolated,
      models,
      device: { backend: facts.backend, threads: facts.threadCount, adapter: adapterClass(facts) },
      durations: {
        decode: timings.decodeMs,
        draw: timings.totalMs,
        run: timings.runMs,
        open: timings.openMs,
        encode: timings.encodeMs,
      },
      // A file that was moved or changed since cannot be read any more.
      input: { hmacSha256: await this.digests.hmacSha256(input).catch(() => 'unknown' as const) },
      output: {
        sha256: await this.digests.sha256(output),
        type: output.type,
        ...(width !== undefined && height !== undefined && { width, height }),
      },
      ...(reusedTokens !== undefined && { reusedTokens }),
      ...(reusedPrompt !== undefined && { reusedPrompt }),
    });
  }
}

function adapterClass({ backend, adapter }: RuntimeFacts): 'none' | 'software' | 'integrated' | 'gpu' {
  if (backend === 'wasm' || !adapter) return 'none';
  if (adapter.software) return 'software';
  return looksIntegrated(adapter) ? 'integrated' : 'gpu';
}
