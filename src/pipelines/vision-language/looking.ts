/**
 * The pictures of a conversation: how many tokens they take is known from their headers, so that what does not fit is
 * refused before any of them is decoded; then one after the other is decoded, looked at, and let go.
 */
import type { Session } from '../../runtime/runtime';
import type { Memory } from './answer';
import type { AskedTurn, PictureFile } from './card';
import type { SeenPicture } from './decode';
import { isPublic, type ModelFacts, type VisionFacts } from './model-facts';
import { gridOf, patchesOf } from './patches';
import type { Grid } from './positions';
import { lookAtPublic } from './public-layout';
import type { Size } from './smart-resize';
import { lookAt } from './vision';

/** A picture of the conversation, known by its key, and not yet decoded. */
export interface CountedPicture {
  readonly file: PictureFile;
  readonly key: string;
  readonly tokens: number;
}

export interface LookedAtPicture extends SeenPicture {
  /** Upright, in its own pixels. */
  readonly size: Size;
}

interface Counting {
  readonly facts: ModelFacts;
  readonly memory: Memory;
  readonly signal: AbortSignal;
}

interface Looking extends Counting {
  /** Released when all have been seen. */
  readonly openVision: () => Promise<Session>;
}

export function picturesOf(turns: readonly AskedTurn[]): readonly PictureFile[] {
  return turns.flatMap(({ content }) => content.flatMap((part) => ('picture' in part ? part.picture : [])));
}

export function tokensOf({ height, width }: Grid, { merge }: VisionFacts): number {
  return (height * width) / merge ** 2;
}

/**
 * In the order of the conversation. Decoded is only a picture whose header does not say its size.
 * @throws StudioError image/*, file/gone
 */
export async function countPictures(
  files: readonly PictureFile[],
  { facts: { vision }, memory, signal }: Counting,
): Promise<readonly CountedPicture[]> {
  const counted: CountedPicture[] = [];
  for (const file of files) {
    signal.throwIfAborted();
    const { bytes, size } = await file.read();
    const key = await memory.keys.of(bytes, file.mostTokens);
    const grid =
      memory.pictures.get(key)?.grid ?? gridOf(size ?? (await file.decode()), vision, file.mostTokens);
    counted.push({ file, key, tokens: tokensOf(grid, vision) });
  }
  return counted;
}

/** Those of the last question are not looked at again, and of two that are the same only one is. @throws as `Session.run` */
export async function* lookAtPictures(
  pictures: readonly CountedPicture[],
  { facts, memory, signal, openVision }: Looking,
): AsyncGenerator<{ kind: 'look'; done: number; total: number }, readonly LookedAtPicture[], void> {
  const seen: LookedAtPicture[] = [];
  let vision: Session | null = null;
  try {
    for (const [index, { file, key }] of pictures.entries()) {
      signal.throwIfAborted();
      yield { kind: 'look', done: index, total: pictures.length };
      const known = memory.pictures.get(key) ?? seen.find((each) => each.key === key);
      if (known) {
        seen.push(known);
        continue;
      }
      vision ??= await openVision();
      seen.push({ key, ...(await seeOne(vision, file, facts)) });
    }
  } finally {
    await vision?.release();
  }
  memory.pictures = new Map(seen.map((each) => [each.key, each]));
  return seen;
}

async function seeOne(
  vision: Session,
  file: PictureFile,
  facts: ModelFacts,
): Promise<Omit<LookedAtPicture, 'key'>> {
  const { patches, size } = await cut(file, facts.vision);
  const look = isPublic(facts) ? lookAtPublic(vision, patches) : lookAt(vision, patches, facts.vision);
  return { size, ...(await look) };
}

/** A function of its own, so that no pixel outlives it. */
async function cut(file: PictureFile, facts: VisionFacts) {
  const image = await file.decode();
  const { width, height } = image;
  return { size: { width, height }, patches: patchesOf(image, facts, file.mostTokens) };
}
