/** A PNG as its parts stand in the file, whatever its pixels. */
import { crc32, deflateSync } from 'node:zlib';

interface PngParts {
  readonly width: number;
  readonly height: number;
  /** Bits of a channel, and the kind of pixel by PNG's own number: 0 grey, 2 RGB. */
  readonly depth: number;
  readonly colour: number;
  /** The rows, each behind its filter byte. */
  readonly rows: Buffer;
  /** 0: as they are. */
  readonly level?: number;
}

export function pngOf({ width, height, depth, colour, rows, level = 6 }: PngParts): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, colour, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}
