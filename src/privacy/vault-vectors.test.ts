/** Against answers of Python's cryptography and argon2-cffi (reference/vault_vectors.py). */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { MemoryVault } from './memory-vault';
import vectors from './reference/vault-vectors.json';
import { Vault } from './vault';
import { importVault } from './vault-transfer';
import { bytesOfHex } from './vault-records';
import { chunkBytes, openChunk, sealChunk, streamHeader, type Bytes } from './vault-stream';

const bytesOf = (text: string): Bytes => Uint8Array.from(Buffer.from(text, 'base64'));
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

test('a vault that another program wrote is taken in and opened', async () => {
  const vault = new Vault(new MemoryVault());
  const ids = await importVault(vault, new Blob([bytesOf(vectors.file)]), {
    passphrase: vectors.passphrase,
  });
  expect(ids).toEqual(vectors.items.map(({ id }) => id));
  const listed = await vault.list();
  for (const { id, keptAt, expiresAt, facts, thumbnail, picture } of vectors.items) {
    const found = listed.find((kept) => kept.id === id)!;
    expect(found).toMatchObject({ keptAt, expiresAt, seen: { facts } });
    expect(await found.seen!.thumbnail.text()).toBe(thumbnail);
    expect(new Uint8Array(await (await vault.open(id)).arrayBuffer())).toEqual(bytesOf(picture));
  }
});

test('chunks are sealed to the same bytes as another program seals them', async () => {
  const { stream } = vectors;
  const key = await crypto.subtle.importKey('raw', bytesOf(stream.key), 'AES-GCM', false, [
    'encrypt',
    'decrypt',
  ]);
  const header = bytesOf(stream.header);
  const id = header.slice(16, 32);
  expect(streamHeader(id, 'picture', header.slice(-7))).toEqual(header);
  const plain = createHash('shake256', { outputLength: stream.plainBytes }).update(stream.plainSeed).digest();
  expect(sha256(plain)).toBe(stream.plainSha256);
  for (const [index, expected] of stream.chunkSha256.entries()) {
    const place = { index, last: index === stream.chunkSha256.length - 1 };
    const bytes = Uint8Array.from(plain.subarray(index * chunkBytes, (index + 1) * chunkBytes));
    const sealed = await sealChunk(key, header, place, bytes);
    expect(sha256(sealed)).toBe(expected);
    expect(sha256(await openChunk(key, header, place, sealed))).toBe(sha256(bytes));
  }
});

test('hexadecimal ids are read as they are written', () => {
  expect(bytesOfHex('00ff10')).toEqual(Uint8Array.of(0, 255, 16));
});
