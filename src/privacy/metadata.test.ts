/** Photos full of metadata, as Pillow reads them back (e2e/fixtures/metadata/make.py). */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readMetadata } from './metadata';
import type { AiMark } from './metadata-findings';

const folder = resolve(import.meta.dirname, '../../e2e/fixtures/metadata');
const fixture = (name: string) => new Uint8Array(readFileSync(resolve(folder, name)));
const vectors = JSON.parse(readFileSync(resolve(folder, 'vectors.json'), 'utf8')) as {
  files: Record<string, Record<string, Record<string, string>>>;
};

const expectedMarks: Record<string, Pick<AiMark, 'found' | 'source'>[]> = {
  'full.jpg': [
    { found: 'digital-source-type', source: 'compositeWithTrainedAlgorithmicMedia' },
    { found: 'digital-source-type', source: 'trainedAlgorithmicMedia' },
    { found: 'software', source: 'trainedAlgorithmicMedia' },
  ],
  'full.png': [
    { found: 'parameters', source: 'trainedAlgorithmicMedia' },
    { found: 'digital-source-type', source: 'trainedAlgorithmicMedia' },
    { found: 'software', source: 'trainedAlgorithmicMedia' },
  ],
  'full.webp': [
    { found: 'digital-source-type', source: 'trainedAlgorithmicMedia' },
    { found: 'software', source: 'trainedAlgorithmicMedia' },
  ],
  'full.avif': [{ found: 'digital-source-type', source: 'compositeWithTrainedAlgorithmicMedia' }],
};

describe.each(Object.entries(vectors.files))('%s', (name, standards) => {
  it('is listed as another reader reads it', async () => {
    const { entries, unread, omitted } = await readMetadata(fixture(name));
    for (const [standard, fields] of Object.entries(standards))
      for (const [field, value] of Object.entries(fields)) {
        const found = entries.filter((entry) => entry.standard === standard && entry.name === field);
        expect(
          found.map((entry) => entry.value),
          `${standard} ${field}`,
        ).toContain(value.slice(0, 300).trim());
      }
    expect({ unread, omitted }).toEqual({ unread: 0, omitted: 0 });
  });

  it('has its marks of a model named', async () => {
    const { marks } = await readMetadata(fixture(name));
    const found = marks.map(({ found, source }) => ({ found, source }));
    expect(found).toHaveLength(expectedMarks[name]!.length);
    expect(found).toEqual(expect.arrayContaining(expectedMarks[name]!));
  });
});

describe('the list', () => {
  it('says what place, time, camera and person are', async () => {
    const { entries } = await readMetadata(fixture('full.jpg'));
    const groups = new Set(entries.map(({ group }) => group));
    for (const group of [
      'place',
      'time',
      'device',
      'person',
      'words',
      'edit',
      'origin',
      'picture',
      'trailing',
      'colour',
    ])
      expect(groups).toContain(group);
  });

  it('is empty for a picture that carries nothing, and names no mark', async () => {
    const plain = new Uint8Array(readFileSync(resolve(folder, '../pictures/upright.png')));
    expect(await readMetadata(plain)).toEqual({
      ...{ container: 'PNG', entries: [], marks: [] },
      ...{ unread: 0, omitted: 0 },
    });
  });

  it('reads a HEIC as it reads an AVIF, since only the brand differs', async () => {
    const bytes = fixture('full.avif');
    bytes.set(new TextEncoder().encode('heic'), 8);
    const { container, entries } = await readMetadata(bytes);
    expect(container).toBe('HEIF');
    expect(entries.find(({ name }) => name === 'GPSPosition')?.value).toBe('47.37179, -8.54170');
  });

  it('does not take a camera or an editor for a generator', async () => {
    const { marks } = await readMetadata(
      without(fixture('full.webp'), ['trained', 'Adobe Firefly', 'Example Gen']),
    );
    expect(marks).toEqual([]);
  });

  it('lists nothing of what is no such picture', async () => {
    for (const bytes of [new Uint8Array(), new TextEncoder().encode('These are words, not a picture.')])
      expect(await readMetadata(bytes)).toMatchObject({ container: null, entries: [], unread: 0 });
  });

  it('tells of a file cut short what came before the cut', async () => {
    const bytes = fixture('full.jpg');
    const { entries, unread } = await readMetadata(bytes.subarray(0, bytes.length / 2));
    expect(entries.length).toBeGreaterThan(5);
    expect(unread).toBeGreaterThan(0);
  });

  it('does not lose what stands after a part that is broken', async () => {
    const bytes = fixture('full.jpg');
    bytes.fill(0x58, Buffer.from(bytes).indexOf('Exif') + 6, Buffer.from(bytes).indexOf('Exif') + 8);
    const { entries, unread } = await readMetadata(bytes);
    expect(entries.some(({ standard }) => standard === 'EXIF')).toBe(false);
    expect(entries.some(({ standard }) => standard === 'IPTC')).toBe(true);
    expect(unread).toBe(1);
  });

  it('writes no control character and no text that turns around', async () => {
    const bytes = fixture('full.jpg');
    const at = Buffer.from(bytes).indexOf('CANARY-REMARK');
    bytes.set(Buffer.from('a\u202eb\nc\u2066d'), at);
    const { entries } = await readMetadata(bytes);
    for (const { name, value } of entries) expect(name + value).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});

/** The same bytes with every place of these words overwritten. */
function without(bytes: Uint8Array, words: readonly string[]): Uint8Array {
  const buffer = Buffer.from(bytes);
  for (const word of words)
    for (let at = buffer.indexOf(word); at >= 0; at = buffer.indexOf(word, at + 1))
      buffer.fill('x', at, at + word.length);
  return new Uint8Array(buffer);
}
