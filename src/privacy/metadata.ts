/**
 * What a picture file carries besides its pixels, and whether it says that a model made it. For the visitor to see:
 * none of it goes on, since a job takes pixels only. Files are strangers' work, so that the work is bounded by their
 * length and nothing here throws for what is in them.
 */
import { Findings, type AiMark, type MetadataEntry } from './metadata-findings';
import { readHeif } from './metadata-heif';
import { readJpeg } from './metadata-jpeg';
import { readPng } from './metadata-png';
import { latin1, startsWith } from './metadata-text';
import { readWebp } from './metadata-webp';

export interface PictureMetadata {
  /** Null for kinds of files whose metadata is not listed. */
  readonly container: 'JPEG' | 'PNG' | 'WebP' | 'HEIF' | null;
  readonly entries: readonly MetadataEntry[];
  readonly marks: readonly AiMark[];
  /** Parts that are there and could not be read. */
  readonly unread: number;
  /** Entries beyond the most that are listed. */
  readonly omitted: number;
}

type Reader = (bytes: Uint8Array, findings: Findings) => void | Promise<void>;

export async function readMetadata(bytes: Uint8Array): Promise<PictureMetadata> {
  const findings = new Findings();
  const [container, read] = readerFor(bytes);
  try {
    await read(bytes, findings);
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
    findings.unread += 1;
  }
  const { entries, marks, unread, omitted } = findings;
  return { container, entries, marks, unread, omitted };
}

function readerFor(bytes: Uint8Array): [PictureMetadata['container'], Reader] {
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return ['JPEG', readJpeg];
  if (startsWith(bytes, 'PNG\r\n\x1a\n', 1)) return ['PNG', readPng];
  if (startsWith(bytes, 'RIFF') && startsWith(bytes, 'WEBP', 8)) return ['WebP', readWebp];
  if (/^ftyp(avi[fs]|hei|hev|mif1|msf1)/.test(latin1(bytes.subarray(4, 12)))) return ['HEIF', readHeif];
  return [null, () => undefined];
}
