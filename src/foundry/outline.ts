/**
 * The outline of an ONNX file: all of it but its larger weights, which it then names as external data at their place
 * in that same file. So a file of gigabytes is opened without being read whole. Field numbers: onnx/onnx.proto3.
 */
import { joined } from '../base/bytes';
import type { SyncByteSource } from '../base/byte-source';
import { StudioError } from '../base/errors';
import { writeFields, type Outgoing } from './protobuf';

/** Smaller tensors stay: shapes are worked out from them before any external data is read. */
const leastBytes = 16 * 1024;
const windowBytes = 256 * 1024;
const longestVarint = 10;

/** One field where it lies: the whole of it from `from`, its value from `start`, both up to `end`. */
interface Place {
  readonly number: number;
  readonly hasLength: boolean;
  readonly from: number;
  readonly start: number;
  readonly end: number;
}

/**
 * Weights of the main graph of at least `least` bytes are left out, as `location` with offset and length.
 * @throws StudioError model/damaged
 */
export function outlineOf(
  file: SyncByteSource,
  location: string,
  least = leastBytes,
): Uint8Array<ArrayBuffer> {
  const reader = new Reader(file);
  /** The fields within, those of one number changed. */
  const within = (place: Place, wanted: number, change: (inner: Place) => Uint8Array) =>
    joined(
      [...reader.fields(place)].map((inner) =>
        inner.number === wanted && inner.hasLength ? change(inner) : reader.field(inner),
      ),
    );
  const tensor = (place: Place): Uint8Array => {
    if (place.end - place.start < least) return reader.field(place);
    const fields = [...reader.fields(place)];
    const [raw, ...others] = fields.filter(({ number }) => number === 9);
    if (!raw || others.length > 0 || raw.end - raw.start < least) return reader.field(place);
    const kept = fields.filter((field) => field !== raw).map((field) => reader.field(field));
    return writeFields([[5, joined([...kept, outside(location, raw)])]]);
  };
  return within(reader.whole, 7, (graph) => writeFields([[7, within(graph, 5, tensor)]]));
}

/** TensorProto's words for values that lie in another file. */
function outside(location: string, { start, end }: Place): Uint8Array {
  const entries = Object.entries({ location, offset: String(start), length: String(end - start) });
  return writeFields([
    ...entries.map((entry): Outgoing => [13, writeFields(entry.map((text, at) => [at + 1, text] as const))]),
    // DataLocation.EXTERNAL
    [14, 1],
  ]);
}

/** Reads keys and lengths through a window, so that what lies between them is passed over. */
class Reader {
  readonly #file: SyncByteSource;
  #held: Uint8Array = new Uint8Array();
  #start = 0;

  constructor(file: SyncByteSource) {
    this.#file = file;
  }

  get whole(): Place {
    return { number: 0, hasLength: true, from: 0, start: 0, end: this.#file.bytes };
  }

  *fields({ start, end }: Place): Generator<Place> {
    for (let from = start; from < end;) {
      const key = this.#varint(from, end);
      const place = this.#place(from, key.value, key.end, end);
      if (place.end > end) throw endsEarly();
      yield place;
      from = place.end;
    }
  }

  /** As it stands in the file, key and all. */
  field({ from, end }: Place): Uint8Array {
    return this.#bytes(from, end - from).slice();
  }

  #place(from: number, key: number, at: number, limit: number): Place {
    const number = Math.floor(key / 8);
    const wire = key % 8;
    const plain = (end: number) => ({ number, hasLength: false, from, start: at, end });
    if (wire === 0) return plain(this.#varint(at, limit).end);
    if (wire === 1 || wire === 5) return plain(at + (wire === 1 ? 8 : 4));
    if (wire !== 2) throw new StudioError('model/damaged', { reason: `wire type ${wire}` });
    const length = this.#varint(at, limit);
    return { number, hasLength: true, from, start: length.end, end: length.end + length.value };
  }

  #varint(at: number, limit: number): { value: number; end: number } {
    const bytes = this.#bytes(at, Math.min(longestVarint, limit - at));
    let value = 0;
    for (const [index, byte] of bytes.entries()) {
      value += (byte & 0x7f) * 2 ** (7 * index);
      if (byte < 0x80) return { value, end: at + index + 1 };
    }
    throw endsEarly();
  }

  #bytes(at: number, length: number): Uint8Array {
    if (length > windowBytes) return this.#file.read(at, length);
    const inside = at - this.#start;
    if (inside < 0 || inside + length > this.#held.length) {
      this.#start = at;
      this.#held = this.#file.read(at, Math.min(windowBytes, this.#file.bytes - at));
    }
    return this.#held.subarray(at - this.#start, at - this.#start + length);
  }
}

function endsEarly(): StudioError {
  return new StudioError('model/damaged', { reason: 'ends early' });
}
