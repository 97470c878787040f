/** What the readers of a picture's metadata write down: short, bounded, and never more than text. */
import type { AiSource } from '../base/ai-source';

/** What an entry tells about the person or the picture. */
export const metadataGroups = [
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
  'other',
] as const;
export type MetadataGroup = (typeof metadataGroups)[number];

export type MetadataStandard = 'EXIF' | 'XMP' | 'IPTC' | 'C2PA' | 'ICC' | 'JPEG' | 'PNG' | 'WebP' | 'HEIF';

export interface MetadataEntry {
  readonly group: MetadataGroup;
  readonly standard: MetadataStandard;
  /** The standard's own name of the field, as `GPSPosition`; the page has plain words for those people meet. */
  readonly name: string;
  /** At most 300 characters; for what is no text its length, as `1234 bytes`. */
  readonly value: string;
}

export interface AiMark {
  readonly found: 'digital-source-type' | 'parameters' | 'software';
  readonly source: AiSource;
  /** The words that were found. */
  readonly value: string;
}

const mostEntries = 400;
const mostMarks = 20;
const mostCharacters = 300;

export class Findings {
  readonly entries: MetadataEntry[] = [];
  readonly marks: AiMark[] = [];
  /** Parts that are there and could not be read. */
  unread = 0;
  /** Entries beyond the most that are listed. */
  omitted = 0;

  add(group: MetadataGroup, standard: MetadataStandard, name: string, value: string): void {
    if (this.entries.length >= mostEntries) {
      this.omitted += 1;
      return;
    }
    this.entries.push({ group, standard, name: plain(name).slice(0, 80), value: plain(value) });
  }

  addBytes(group: MetadataGroup, standard: MetadataStandard, name: string, bytes: number): void {
    this.add(group, standard, name, `${bytes} bytes`);
  }

  mark(found: AiMark['found'], source: AiSource, value: string): void {
    const shown = plain(value).slice(0, 120);
    const known = this.marks.some((mark) => mark.found === found && mark.source === source);
    if (!known && this.marks.length < mostMarks) this.marks.push({ found, source, value: shown });
  }

  /** A part in a form of its own: where it is cut short or says what cannot be, it is counted and left. */
  attempt(read: () => void): void {
    try {
      read();
    } catch (thrown) {
      if (!(thrown instanceof RangeError)) throw thrown;
      this.unread += 1;
    }
  }
}

/** One line without control characters, and without those that turn the direction of what follows. */
function plain(text: string): string {
  return text
    .slice(0, mostCharacters * 2)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
    .slice(0, mostCharacters);
}
