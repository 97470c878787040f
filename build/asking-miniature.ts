/** A seeded Qwen3-VL of a few hundred kilobytes, built by the foundry and laid out as `npm run model -- build` does. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildModel } from '../src/cli/build-model';
import { miniatureFolder, seededWeights } from '../src/foundry/miniature';

const reference = resolve(import.meta.dirname, '../src/foundry/reference/qwen3-vl-tied.json');

/** Parts, `model.json` and `manifest.json` into a folder. */
export async function writeAskingMiniature(to: string, change: (config: object) => object = (same) => same) {
  const { config } = JSON.parse(readFileSync(reference, 'utf8')) as { config: object };
  const from = mkdtempSync(join(tmpdir(), 'obscura-miniature-'));
  try {
    for (const [name, bytes] of miniatureFolder(JSON.stringify(change(config)), seededWeights('tied')))
      writeFileSync(join(from, name), bytes);
    await buildModel({ name: 'qwen3-vl', from, to, precision: 'q4' });
  } finally {
    rmSync(from, { recursive: true });
  }
}
