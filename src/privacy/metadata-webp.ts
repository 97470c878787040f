/** The chunks of a WebP beside its pixels. Source: RFC 9649 §2.7; C2PA 2.1 §A.3.5. */
import { readC2pa } from './metadata-c2pa';
import { readExif } from './metadata-exif';
import type { Findings } from './metadata-findings';
import { readIcc } from './metadata-icc';
import { latin1, part, viewOf } from './metadata-text';
import { noteTrailing } from './metadata-trailing';
import { readXmp } from './metadata-xmp';

const mostChunks = 20_000;
const plain = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF']);

export function readWebp(bytes: Uint8Array, findings: Findings): void {
  const view = viewOf(bytes);
  const end = 8 + view.getUint32(4, true);
  const file = part(bytes, 0, Math.min(end, bytes.length));
  let at = 12;
  for (let count = 0; at + 8 <= file.length; count++) {
    if (count >= mostChunks) throw new RangeError('too many chunks');
    const type = latin1(part(file, at, 4));
    const length = view.getUint32(at + 4, true);
    const data = part(file, at + 8, length);
    if (!plain.has(type)) findings.attempt(() => readChunk(type, data, findings));
    at += 8 + length + (length & 1);
  }
  if (end > bytes.length) throw new RangeError('cut short');
  noteTrailing(bytes.subarray(end), 'WebP', findings);
}

function readChunk(type: string, data: Uint8Array, findings: Findings): void {
  if (type === 'EXIF') readExif(data, findings);
  else if (type === 'XMP ') readXmp(data, findings);
  else if (type === 'ICCP') readIcc(data, findings);
  else if (type === 'C2PA') readC2pa(data, findings);
  else
    findings.addBytes('other', 'WebP', /^[\x21-\x7e ]{4}$/.test(type) ? type.trim() : 'chunk', data.length);
}
