/** A seeded Qwen3-VL of a few hundred kilobytes, built by the foundry and laid out as `npm run model -- build` does. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildModel } from '../src/cli/build-model';
import { miniatureFolder, seededWeights } from '../src/foundry/miniature';

const reference = resolve(import.meta.dirname, '../src/foundry/reference/qwen3-vl-tied.json');

export interface PublishedConfig {
  readonly text_config: object;
  readonly vision_config: object;
}

/** Parts, `model.json` and `manifest.json` into a folder. `change` makes another size of it. */
export async function writeAskingMiniature(
  to: string,
  change: {
    readonly config?: (config: PublishedConfig) => PublishedConfig;
    readonly tokenizer?: (json: string) => string;
  } = {},
): Promise<void> {
  const { config } = JSON.parse(readFileSync(reference, 'utf8')) as { config: PublishedConfig };
  const files = miniatureFolder(JSON.stringify(change.config?.(config) ?? config), seededWeights('tied'));
  const tokenizer = Buffer.from(files.get('tokenizer.json') ?? []).toString();
  if (change.tokenizer) files.set('tokenizer.json', Buffer.from(change.tokenizer(tokenizer)));
  const from = mkdtempSync(join(tmpdir(), 'obscura-miniature-'));
  try {
    for (const [name, bytes] of files) writeFileSync(join(from, name), bytes);
    await buildModel({ name: 'qwen3-vl', from, to, precision: 'q4' });
  } finally {
    rmSync(from, { recursive: true });
  }
}
