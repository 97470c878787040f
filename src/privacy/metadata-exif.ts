/**
 * EXIF: a TIFF file without its picture. Offsets may point anywhere and in circles, so that each directory is read
 * once and no more than a set number of fields in all. Source: CIPA DC-008-2023 §4.6, TIFF 6.0 §2.
 */
import type { Findings } from './metadata-findings';
import { markText } from './metadata-marks';
import { gpsTags, imageTags, type TagTable } from './metadata-tags';
import { latin1, part, untilZero, utf16, utf8, viewOf } from './metadata-text';

const mostFields = 2000;
const mostNumbers = 8;
const exifPointer = 0x8769;
const gpsPointer = 0x8825;
const interopPointer = 0xa005;
/** Bytes of one value, by TIFF's type number. */
const typeBytes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8] as const;

interface Field {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  readonly bytes: Uint8Array;
}

/** `bytes` begins with the byte order; some writers put "Exif\0\0" before it. */
export function readExif(bytes: Uint8Array, findings: Findings): void {
  const skipped = latin1(bytes.subarray(0, 6)) === 'Exif\0\0' ? 6 : 0;
  const tiff = bytes.subarray(skipped);
  new ExifReader(tiff, findings).read();
}

class ExifReader {
  readonly #seen = new Set<number>();
  readonly #view: DataView;
  readonly #little: boolean;
  #fields = 0;

  constructor(
    readonly tiff: Uint8Array,
    readonly findings: Findings,
  ) {
    this.#view = viewOf(tiff);
    const order = latin1(tiff.subarray(0, 2));
    this.#little = order === 'II';
    if (order !== 'II' && order !== 'MM') throw new RangeError('no byte order');
  }

  read(): void {
    if (this.#u16(2) !== 42) throw new RangeError('no TIFF');
    const next = this.#directory(this.#u32(4), imageTags);
    if (next !== 0) this.findings.attempt(() => this.#thumbnail(next));
  }

  /** Gives where the next directory begins, 0 for none. */
  #directory(at: number, tags: TagTable): number {
    const { fields, next } = this.#fieldsAt(at);
    if (tags === gpsTags) this.#position(fields);
    for (const field of fields) {
      const inner = { [exifPointer]: imageTags, [interopPointer]: null, [gpsPointer]: gpsTags }[field.tag];
      if (tags === imageTags && inner !== undefined) {
        if (inner)
          this.findings.attempt(() => this.#directory(viewOf(field.bytes).getUint32(0, this.#little), inner));
        continue;
      }
      // Told by `#position`.
      if (tags === gpsTags && field.tag >= 1 && field.tag <= 4) continue;
      const [name, group] = tags[field.tag] ?? [`0x${field.tag.toString(16).padStart(4, '0')}`, 'other'];
      const value = this.#text(field);
      this.findings.add(group, 'EXIF', name, value);
      markText(name, value, this.findings);
    }
    return next;
  }

  #fieldsAt(at: number): { fields: Field[]; next: number } {
    if (this.#seen.has(at)) throw new RangeError('a circle');
    this.#seen.add(at);
    const count = this.#u16(at);
    const fields: Field[] = [];
    for (let index = 0; index < count; index++) {
      if (++this.#fields > mostFields) throw new RangeError('too many fields');
      const entry = at + 2 + index * 12;
      const field = { tag: this.#u16(entry), type: this.#u16(entry + 2), count: this.#u32(entry + 4) };
      const length = (typeBytes[field.type] ?? 0) * field.count;
      const start = length <= 4 ? entry + 8 : this.#u32(entry + 8);
      this.findings.attempt(() => fields.push({ ...field, bytes: part(this.tiff, start, length) }));
    }
    const end = at + 2 + count * 12;
    return { fields, next: end + 4 <= this.tiff.length ? this.#u32(end) : 0 };
  }

  #thumbnail(at: number): void {
    const { fields } = this.#fieldsAt(at);
    const length = fields.find(({ tag }) => tag === 0x0202);
    if (length) this.findings.addBytes('picture', 'EXIF', 'Thumbnail', this.#numbers(length)[0] ?? 0);
  }

  /** Degrees north and east, five digits after the point: about a metre. */
  #position(fields: readonly Field[]): void {
    const degrees = (tag: number, negative: string): number | null => {
      const field = fields.find((other) => other.tag === tag);
      const ref = fields.find((other) => other.tag === tag - 1);
      if (!field || field.type !== 5) return null;
      const [whole = 0, minutes = 0, seconds = 0] = this.#numbers(field);
      const value = whole + minutes / 60 + seconds / 3600;
      return ref && latin1(ref.bytes).startsWith(negative) ? -value : value;
    };
    const latitude = degrees(2, 'S');
    const longitude = degrees(4, 'W');
    if (latitude === null || longitude === null) return;
    this.findings.add('place', 'EXIF', 'GPSPosition', `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`);
  }

  #text(field: Field): string {
    const { tag, type, bytes } = field;
    if (type === 2 || type === 129) return utf8(untilZero(bytes));
    if (tag >= 0x9c9b && tag <= 0x9c9f) return utf16(bytes.subarray(0, bytes.length & ~1), true);
    if (tag === 0x9286 && bytes.length > 8) return this.#comment(bytes);
    if (type === 7 && bytes.length <= 4) return latin1(untilZero(bytes));
    if (type === 7 || (type === 1 && field.count > mostNumbers)) return `${bytes.length} bytes`;
    return this.#numbers(field).join(', ');
  }

  /** Eight bytes name the character set. Unicode means UTF-16; in which order, writers disagree. */
  #comment(bytes: Uint8Array): string {
    const text = bytes.subarray(8);
    if (latin1(bytes.subarray(0, 7)) !== 'UNICODE') return utf8(untilZero(text));
    const little = text[1] === 0 && text[0] !== 0;
    return utf16(text.subarray(0, text.length & ~1), little);
  }

  #numbers({ type, count, bytes }: Field): number[] {
    const view = viewOf(bytes);
    const size = typeBytes[type] ?? 0;
    if (size === 0) return [];
    return Array.from({ length: Math.min(count, mostNumbers) }, (_, index) => {
      const at = index * size;
      switch (type) {
        case 3:
          return view.getUint16(at, this.#little);
        case 4:
          return view.getUint32(at, this.#little);
        case 5:
          return ratio(view.getUint32(at, this.#little), view.getUint32(at + 4, this.#little));
        case 6:
          return view.getInt8(at);
        case 8:
          return view.getInt16(at, this.#little);
        case 9:
          return view.getInt32(at, this.#little);
        case 10:
          return ratio(view.getInt32(at, this.#little), view.getInt32(at + 4, this.#little));
        case 11:
          return view.getFloat32(at, this.#little);
        case 12:
          return view.getFloat64(at, this.#little);
        default:
          return view.getUint8(at);
      }
    });
  }

  #u16(at: number): number {
    return this.#view.getUint16(at, this.#little);
  }

  #u32(at: number): number {
    return this.#view.getUint32(at, this.#little);
  }
}

function ratio(above: number, below: number): number {
  return below === 0 ? 0 : Math.round((above / below) * 1e6) / 1e6;
}
