/**
 * A model on a real HTTP host with faults on command, and a store of its own, for the tests of downloads. Begun anew
 * before each test.
 */
import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import type { TransferProgress } from '../base/progress';
import { download, usualPace } from '../library/download';
import type { Pace } from '../library/fetch-run';
import type { KeyValue } from '../library/key-value';
import { LineGate } from '../library/line-gate';
import { memoryKeyValue, memoryLocks } from '../library/memory-store';
import { ModelStore } from '../library/store';
import { card as facesCard } from '../models/obscura-faces/card';
import type { FileCard, ModelFile } from '../models/model';
import { airlockFetch } from '../privacy/airlock';
import { openFaultyHost, type FaultyHost } from './faulty-host';

export const path = 'models/big/big.onnx';
export const chunkBytes = 4096;
export const bytes = noise(10 * chunkBytes - 96);
export const chunkCount = 10;
export const pace: Pace = { ...usualPace, stallMs: 600, tries: 3, backoffMs: 5, longestWaitMs: 2000 };

/** What a test works with; a browser of another kind is one more `chunks`. */
export const scene = {} as {
  host: FaultyHost;
  gate: LineGate;
  records: KeyValue;
  chunks: KeyValue;
  reports: TransferProgress[];
};

export async function beginScene(): Promise<void> {
  const host = await openFaultyHost();
  host.files.set(path, bytes);
  const reports: TransferProgress[] = [];
  Object.assign(scene, {
    host,
    reports,
    gate: new LineGate(),
    records: memoryKeyValue(),
    chunks: memoryKeyValue(),
  });
}

/** Bytes without a pattern, the same for the same seed. */
export function noise(length: number, seed = 1): Uint8Array<ArrayBuffer> {
  let state = seed;
  return new Uint8Array(length).map(() => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) >> 16);
}

export const hashOf = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');

export function cardOf(content: Uint8Array, more: Partial<ModelFile> = {}): FileCard {
  const part = { name: 'big.onnx', path, bytes: content.length, sha256: hashOf(content), ...more };
  return { ...facesCard, title: 'Big', part };
}

export const card = cardOf(bytes);
const pieces = Array.from({ length: chunkCount }, (_, index) =>
  hashOf(bytes.subarray(index * chunkBytes, (index + 1) * chunkBytes)),
);
export const cardWithChunks = cardOf(bytes, { chunks: { bytes: chunkBytes, sha256: pieces } });

/** As after a restart: another store over what was written. */
export const store = () =>
  new ModelStore({
    records: scene.records,
    chunks: scene.chunks,
    locks: memoryLocks(),
    now: () => Date.now(),
    chunkBytesFor: () => chunkBytes,
  });

interface Options {
  signal?: AbortSignal;
  pace?: Partial<Pace>;
  freeBytes?: number;
}

export function get(wanted = card, options: Options = {}): Promise<void> {
  const powers = {
    ...{ store: store(), gate: scene.gate, pace: { ...pace, ...options.pace } },
    request: (asked: string, how: object) => airlockFetch(asked, { ...how, base: scene.host.url }),
    freeBytes: () => Promise.resolve(options.freeBytes ?? null),
  };
  const signal = options.signal ?? new AbortController().signal;
  return download(wanted, powers, { signal, report: (progress) => void scene.reports.push(progress) });
}

export async function expectProven(wanted = card, content = bytes) {
  expect(Buffer.compare(await store().read(wanted), content)).toBe(0);
  expect(await store().partials()).toEqual([]);
}

export async function expectNothingReady() {
  expect(await scene.records.keys()).toEqual([]);
}

export async function expectNothingKept() {
  expect([...(await scene.records.keys()), ...(await scene.chunks.keys())]).toEqual([]);
}

/** How often each chunk was sent in full, whatever the number of requests it took. */
export function timesSent(): number[] {
  const times = new Float64Array(bytes.length);
  for (const { sentFrom, sentBytes } of scene.host.log)
    for (let at = sentFrom; at < sentFrom + sentBytes; at++) times[at] = (times[at] ?? 0) + 1;
  return Array.from({ length: chunkCount }, (_, index) =>
    Math.min(...times.subarray(index * chunkBytes, (index + 1) * chunkBytes)),
  );
}

export const once = Array<number>(chunkCount).fill(1);
/** For the n-th request only. */
export const only = (number: number, fault: object) => (request: { number: number }) =>
  request.number === number ? fault : null;
