/** Pictures that can be known again wherever they turn up: in their metadata, their pixels, their names. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pdfOf, textPage } from '../fixtures/pdfs';
import { pngOf } from '../png';

const marks = {
  exif: 'CANARYinEXIF7f3a91',
  comment: 'CANARYinCOMMENT5b20e4',
  trailing: 'CANARYinTRAILING90cc12',
  pixels: 'CANARYinPIXELS1d88fa',
  name: 'CANARYinNAME63ab07',
  prompt: 'CANARYinPROMPT48fe5d',
  question: 'CANARYinQUESTION2c71b6',
  pdf: 'CANARYinPDFTITLE77d0e3',
  page: 'CANARYinPAGE0b64af',
  pdfName: 'CANARYinPDFNAME95c8d2',
} as const;

export const canaries: readonly string[] = Object.values(marks);

export const markedQuestion = `What does ${marks.question} mean here?`;
export const markedPrompt = `a paper lantern, ${marks.prompt}`;

export interface ChosenFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/** A photo with a description in EXIF, a comment, and bytes behind its end. */
export function markedPhoto(): ChosenFile {
  const photo = readFileSync(resolve(import.meta.dirname, '../fixtures/pictures/orientation-1.jpg'));
  const text = Buffer.from(`${marks.exif}\0`);
  // TIFF, little-endian, one entry: ImageDescription (0x010e), ASCII, at offset 26.
  const tiff = Buffer.alloc(26);
  tiff.write('II*\0', 'latin1');
  tiff.writeUInt32LE(8, 4);
  tiff.writeUInt16LE(1, 8);
  tiff.writeUInt16LE(0x010e, 10);
  tiff.writeUInt16LE(2, 12);
  tiff.writeUInt32LE(text.length, 14);
  tiff.writeUInt32LE(26, 18);
  const segment = (marker: number, body: Buffer) => {
    const head = Buffer.from([0xff, marker, 0, 0]);
    head.writeUInt16BE(body.length + 2, 2);
    return Buffer.concat([head, body]);
  };
  const exif = segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff, text]));
  const comment = segment(0xfe, Buffer.from(marks.comment));
  const parts = [photo.subarray(0, 2), exif, comment, photo.subarray(2), Buffer.from(marks.trailing)];
  return { name: `${marks.name}.jpg`, mimeType: 'image/jpeg', buffer: Buffer.concat(parts) };
}

/** A PDF with a title and words on its one page. */
export const markedPdf = (): ChosenFile => ({
  name: `${marks.pdfName}.pdf`,
  mimeType: 'application/pdf',
  buffer: pdfOf([textPage(marks.page)], { title: marks.pdf }),
});

/** A picture whose pixels spell a canary in every row, stored without compression. */
export function spelledPicture(): ChosenFile {
  const width = 120;
  const height = 120;
  const row = Buffer.alloc(1 + width * 3, 0x20);
  row[0] = 0;
  for (let at = 1; at + marks.pixels.length <= row.length; at += marks.pixels.length)
    row.write(marks.pixels, at, 'latin1');
  const rows = Buffer.concat(Array<Buffer>(height).fill(row));
  const buffer = pngOf({ width, height, depth: 8, colour: 2, rows, level: 0 });
  return { name: `${marks.name}.png`, mimeType: 'image/png', buffer };
}

/** Those that are in `text`, as they are, percent-encoded (they are plain letters) or in base64 at any offset. */
export function found(text: string): readonly string[] {
  return canaries.filter(
    (canary) => text.includes(canary) || inBase64(canary).some((part) => text.includes(part)),
  );
}

/** What is the same of a text in base64 whatever stands before it. */
function inBase64(canary: string): readonly string[] {
  return [0, 1, 2].map((before) => {
    const text = Buffer.from(' '.repeat(before) + canary).toString('base64');
    return text.slice(before === 0 ? 0 : 4, -4);
  });
}
