/** The miniatures of both text-to-image models on a hub of the tests, in the places of the published ones. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { graphFile, miniatureFolder, type Miniature } from '../../build/miniature-models';
import { withFiles } from '../../src/models/files';
import type { ModelCard, PartsCard } from '../../src/models/model';
import { card as sdTurbo } from '../../src/models/sd-turbo/card';
import { card as zImage } from '../../src/models/z-image-turbo/card';
import type { GraphName } from '../../src/pipelines/text-to-image/card';
import cases from '../../src/pipelines/text-to-image/reference/pictures.json' with { type: 'json' };

const sizes = {
  fast: [
    ...new Map(
      cases.map(({ width, height }) => [width, { aspect: `${width / 64}:${height / 64}`, width, height }]),
    ).values(),
  ],
};

function bytesIn(
  miniature: Miniature,
  tokenizer: string,
  part: string,
  place: number,
): Uint8Array<ArrayBuffer> {
  if (part === 'tokenizer') return new Uint8Array(readFileSync(join(miniatureFolder, tokenizer)));
  const graph = graphFile(miniature, part as GraphName);
  return new Uint8Array(readFileSync(`${graph}${['', '_data', '_data_1'][place] ?? ''}`));
}

const models = [
  { card: zImage as PartsCard, miniature: 'z-image-f16', tokenizer: 'qwen-tokenizer.json' },
  { card: sdTurbo as PartsCard, miniature: 'sd-turbo-f32', tokenizer: 'clip-tokenizer.json' },
] as const;

/** The bytes of every file by its path on the hub. */
export function miniatureFiles(): ReadonlyMap<string, Uint8Array<ArrayBuffer>> {
  return new Map(
    models.flatMap(({ card, miniature, tokenizer }) =>
      Object.entries(card.parts).flatMap(([part, files]) =>
        files.map(
          ({ name }, place) => [`${card.id}/${name}`, bytesIn(miniature, tokenizer, part, place)] as const,
        ),
      ),
    ),
  );
}

/** By the folder whose card each takes the place of: they run on anything, and draw sizes that were compared. */
export function miniatureCards(hub: string): Readonly<Record<string, ModelCard>> {
  const bytes = miniatureFiles();
  const cards = models.map(({ card }) => {
    const moved = withFiles(card, ({ name }) => {
      const found = bytes.get(`${card.id}/${name}`) ?? new Uint8Array();
      const sha256 = createHash('sha256').update(found).digest('hex');
      return {
        name,
        bytes: found.length,
        sha256,
        remote: { url: `${hub}/${card.id}/${name}`, redirects: [] },
      };
    });
    const { use } = card;
    const small = use.role === 'picture' ? { ...use, spec: { ...use.spec, sizes } } : use;
    return [card.id, { ...moved, use: small, needs: {} }] as const;
  });
  return Object.fromEntries(cards);
}
