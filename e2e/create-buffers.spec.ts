/** What text to picture holds on the GPU: one part at a time, and nothing after its end, wherever that is. */
import { expect, test } from '@playwright/test';
import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { graphFile, miniatureFolder } from '../build/miniature-models';
import { loadFixture } from './fixture-page';
import type { countRuns, PartFiles } from './fixtures/create-buffers';

declare global {
  var buffers: { countRuns: typeof countRuns };
}

/** Each part's files, by name, and where they lie. */
function partFiles(): { names: PartFiles; paths: ReadonlyMap<string, string> } {
  const paths = new Map([['tokenizer.json', join(miniatureFolder, 'qwen-tokenizer.json')]]);
  const parts = (['textEncoder', 'denoiser', 'decoder'] as const).map((part) => {
    const graph = graphFile('z-image-f32', part);
    const files = readdirSync(dirname(graph)).filter((name) => name.startsWith(basename(graph)));
    for (const name of files) paths.set(name, join(dirname(graph), name));
    return [part, files.toSorted()] as const;
  });
  return { names: Object.fromEntries(parts), paths };
}

test('each part is freed before the next, and a cancel at any stage leaves no buffer', async ({ page }) => {
  await loadFixture(page, 'create-buffers.ts', 'buffers');
  const { names, paths } = partFiles();
  for (const [name, path] of paths)
    await page.route(`http://localhost/engine/${name}`, (route) => route.fulfill({ path }));
  const moments = [
    null,
    { stage: 'open' },
    { stage: 'read' },
    { stage: 'draw', step: 0 },
    { stage: 'draw', step: 3 },
    { stage: 'draw', step: 8 },
    { stage: 'develop' },
  ];
  const runs = await page.evaluate(([files, at]) => globalThis.buffers.countRuns(files, at), [
    names,
    moments,
  ] as const);
  expect(runs.map(({ ended }) => ended)).toEqual(['whole', ...moments.slice(1).map(() => 'cancelled')]);
  const [whole, ...cancelled] = runs;
  expect(whole!.parts.map(({ name }) => name)).toEqual(['textEncoder', 'denoiser', 'decoder']);
  for (const { parts, leftBytes } of runs) {
    // So that the whole run peaks where its largest part does.
    for (const { beforeBytes } of parts) expect(beforeBytes).toBe(0);
    expect(leftBytes).toBe(0);
  }
  for (const { peakBytes } of whole!.parts) expect(peakBytes).toBeGreaterThan(10_000);
  expect(cancelled.map(({ parts }) => parts.length)).toEqual([0, 0, 2, 2, 2, 2]);
});
