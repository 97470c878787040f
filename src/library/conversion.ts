/** What came in the form its makers publish, converted on this device and kept as the model itself. */
import { joined } from '../base/bytes';
import { convertDctNet } from '../foundry/dct-net-pb';
import { sha256 } from '../base/sha256';
import type { FileCard, ModelCard } from '../models/model';
import type { OpenPartial } from './partials';
import { once } from './rechunk';
import type { ModelStore } from './store';

/**
 * For the holder of the partial's lock; the partial is proven, and gone afterwards.
 * @throws StudioError model/damaged, model/not-dct-net, storage/*
 */
export async function keepConverted(partial: OpenPartial, store: ModelStore): Promise<void> {
  const { card } = partial.record;
  const pieces: Uint8Array[] = [];
  for (let index = 0; index < partial.cut.count; index++)
    pieces.push((await partial.readBack(index))?.bytes ?? new Uint8Array());
  try {
    const bytes = convertDctNet(joined(pieces));
    const name = card.part.name.replace(/\.pb$/, '.onnx');
    const part = { name, bytes: bytes.length, sha256: await sha256(bytes) };
    const { bytes: length, sha256: published, stated } = card.part;
    const original = card.original && {
      ...card.original,
      ...(stated && { stated: { bytes: length, sha256: published } }),
    };
    const made: FileCard = { ...card, part, converted: true, ...(original && { original }) };
    await store.put(made, once(bytes));
    await store.keepOrigins(card, made);
  } finally {
    await store.discard(card);
  }
}

/** True where this card's original was converted and is kept, whatever the hash that came of it. */
export function isConversionOf(kept: ModelCard, card: ModelCard): boolean {
  const isSame = kept.id === card.id && kept.original?.remote.url === card.original?.remote.url;
  return kept.converted === true && isSame;
}
