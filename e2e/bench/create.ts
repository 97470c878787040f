/**
 * The text-to-image job on wasm: what our own maths and the page cost beside `session.run`, and a new seed against the
 * first run, which also reads the prompt. Medians of warm runs at 512 × 512, eight steps, with a denoiser that works for
 * most of a second a step (the published one for longer); encoder and decoder are the miniature's, so that of the real
 * model's a new seed saves more: the reading of an encoder of 2 GB.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeDrawingMiniature } from '../../build/drawing-miniature';
import { CreateDriver } from '../../src/cli/create-driver';
import type { JobTimings } from '../../src/jobs/protocol';
import type { Measurement } from './bench';
import { median, round } from './figures';
import { wideDenoiser } from './wide-denoiser';

const runCount = 3;
const asked = { size: { width: 512, height: 512 }, count: '1' } as const;

export async function* benchCreate(): AsyncGenerator<Measurement> {
  const folder = mkdtempSync(join(tmpdir(), 'obscura-bench-'));
  const bench = 'create';
  try {
    await writeDrawingMiniature(join(folder, 'models'), { graphs: { denoiser: wideDenoiser() } });
    const driver = await CreateDriver.open('wasm', join(folder, 'models'));
    try {
      const timed = async (prompt: string, seed: number) => {
        const [made] = await driver.create({ ...asked, prompt, seed });
        if (!made) throw new Error('no picture');
        return made.timings;
      };
      await timed('to warm up', 1);
      const firsts: JobTimings[] = [];
      const agains: JobTimings[] = [];
      for (let run = 0; run < runCount; run++) {
        firsts.push(await timed(`a lantern, number ${run}`, 1));
        agains.push(await timed(`a lantern, number ${run}`, 2));
      }
      const middle = (of: readonly JobTimings[], read: (timings: JobTimings) => number) =>
        round(median(of.map(read)));
      const own = middle(agains, ({ totalMs, openMs, runMs }) => totalMs - openMs - runMs);
      const overhead = middle(agains, ({ totalMs, openMs, runMs }) => (totalMs - openMs) / runMs);
      const against = 'session.run';
      yield { bench, metric: 'overhead', value: overhead, unit: '×', against, ratio: overhead };
      yield { bench, metric: 'work of ours for a picture of eight steps', value: own, unit: 'ms' };
      yield { bench, metric: 'session.run', value: middle(agains, ({ runMs }) => runMs), unit: 'ms' };
      const [first, again] = [firsts, agains].map((of) => middle(of, ({ totalMs }) => totalMs));
      const ratio = round((again ?? NaN) / (first ?? NaN));
      yield { bench, metric: 'a new seed', value: again ?? NaN, unit: 'ms', against: 'the first run', ratio };
    } finally {
      await driver.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
