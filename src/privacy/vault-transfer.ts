/** Takes the whole vault out as one file and such a file in. A file is tried to its last chunk before any of it is kept. */
import { asStudioError, StudioError } from '../base/errors';
import { withinLimit, type RetentionLimit } from './retention';
import type { Vault } from './vault';
import { sealedBytes, sealList, VaultFile, type FiledItem } from './vault-file';
import { rewrap } from './vault-keys';
import { openVaultKey } from './vault-lock';
import { aboutItem, openPart, unwrapItem, type SealedPart } from './vault-seal';
import { chunkCount, parts, type Bytes, type Part } from './vault-stream';

/** Every item that is not over, still sealed. @throws StudioError vault/locked, vault/gone, vault/damaged */
export async function exportVault(vault: Vault): Promise<Blob> {
  const key = await vault.access.key();
  const { header, wrappedKey } = await vault.access.record();
  const records = await vault.current();
  const list = await sealList(records, key, header);
  const pieces: BlobPart[] = [header, wrappedKey, number('Uint32', list.length), list];
  for (const { id, wrappedKey: itemKey, parts: sealed } of records) {
    pieces.push(itemKey);
    for (const part of parts) {
      const { header: start, bytes } = sealed[part];
      const chunks: Bytes[] = [];
      for (let at = 0; at < chunkCount(bytes); at++) chunks.push(await vault.items.sealedChunk(id, part, at));
      const whole = new Blob(chunks);
      if (whole.size !== sealedBytes(bytes)) throw new StudioError('vault/damaged', { part });
      pieces.push(start, number('Float64', bytes), whole);
    }
  }
  return new Blob(pieces, { type: 'application/octet-stream' });
}

interface ImportRules {
  readonly passphrase: string;
  readonly longest?: RetentionLimit;
}

/**
 * Adds what the file holds, is not here yet and may be kept by now, none of it for longer than `longest` allows; where
 * there is no vault, one is made under the file's passphrase. Gives what it added.
 * @throws StudioError vault/locked, vault/wrong-passphrase, vault/not-a-vault, vault/version, vault/weakened,
 * vault/damaged, vault/full; then nothing of it is kept
 */
export async function importVault(
  vault: Vault,
  file: Blob,
  { passphrase, longest = 'until-deleted' }: ImportRules,
): Promise<readonly string[]> {
  const filed = new VaultFile(file);
  const { header, wrappedKey } = await filed.vault();
  const key = await openVaultKey({ header, wrappedKey }, passphrase);
  const items = await filed.items(key, header);
  for (const item of items) await tryAll(filed, item, key);

  if ((await vault.condition()).state === 'none') await vault.access.create(passphrase);
  const mine = await vault.access.key();
  const now = vault.now();
  return vault.writing(async () => {
    await vault.access.record();
    const here = new Set((await vault.items.records()).map(({ id }) => id));
    const fresh = items
      .filter(({ id }) => !here.has(id))
      .flatMap((item) => withinLimit(item, longest) ?? [])
      .filter(({ expiresAt }) => expiresAt === null || expiresAt > now);
    const written: string[] = [];
    try {
      for (const { id, keptAt, retention, expiresAt, wrappedKey: itemKey, parts: sealed } of fresh) {
        const wrapped = await rewrap(itemKey, aboutItem(id, key), aboutItem(id, mine));
        const record = { id, keptAt, retention, expiresAt, wrappedKey: wrapped };
        await vault.items.write(record, partsIn(filed, sealed));
        written.push(id);
      }
    } catch (thrown) {
      // A store that takes no deletion either keeps whole items, and no half of one.
      await vault.items.remove(written).catch(() => undefined);
      throw thrown;
    }
    return written;
  });
}

async function tryAll(filed: VaultFile, item: FiledItem, key: CryptoKey): Promise<void> {
  const itemKey = await unwrapItem(item.id, item.wrappedKey, key);
  const sealed = partsIn(filed, item.parts);
  for (const part of parts) {
    await openPart(item.id, part, itemKey, sealed[part]).catch((thrown: unknown) => {
      throw asStudioError(thrown, 'vault/damaged');
    });
  }
}

function partsIn(filed: VaultFile, places: FiledItem['parts']): Record<Part, SealedPart> {
  const sealed = (part: Part): SealedPart => {
    const { header, bytes } = places[part];
    return { record: { header, bytes }, chunk: (index) => filed.chunk(places[part], index) };
  };
  return { facts: sealed('facts'), thumbnail: sealed('thumbnail'), picture: sealed('picture') };
}

function number(kind: 'Uint32' | 'Float64', value: number): Bytes {
  const bytes = new Uint8Array(kind === 'Uint32' ? 4 : 8);
  const view = new DataView(bytes.buffer);
  if (kind === 'Uint32') view.setUint32(0, value);
  else view.setFloat64(0, value);
  return bytes;
}
