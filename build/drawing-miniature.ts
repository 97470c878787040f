/** The miniature of Z-Image-Turbo, laid out as `npm run model -- pack` does it, for any device: it needs no GPU. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pack } from '../src/cli/pack';
import type { GraphName } from '../src/pipelines/text-to-image/card';
import { graphPaths, miniatureFolder } from './miniature-models';

type Graphs = Readonly<Partial<Record<GraphName, Uint8Array>>>;

/** Parts and `manifest.json` into a folder; `graphs` in the place of its own, `q4`: encoder and denoiser in 4 bits. */
export async function writeDrawingMiniature(
  to: string,
  { graphs = {}, q4 = false }: { readonly graphs?: Graphs; readonly q4?: boolean } = {},
): Promise<void> {
  const from = mkdtempSync(join(tmpdir(), 'obscura-miniature-'));
  try {
    cpSync(join(miniatureFolder, 'z-image-f32'), from, { recursive: true });
    cpSync(join(miniatureFolder, 'qwen-tokenizer.json'), join(from, 'tokenizer.json'));
    if (q4) cpSync(join(miniatureFolder, 'z-image-q4'), from, { recursive: true });
    for (const [part, graph] of Object.entries(graphs))
      writeFileSync(join(from, graphPaths['z-image'][part as GraphName]), graph);
    await pack([from], to);
    const manifest = join(to, 'manifest.json');
    const listing = JSON.parse(readFileSync(manifest, 'utf8')) as { models: { needs?: unknown }[] };
    for (const model of listing.models) delete model.needs;
    writeFileSync(manifest, JSON.stringify(listing));
  } finally {
    rmSync(from, { recursive: true });
  }
}
