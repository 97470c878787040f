/** What comes after the end of a picture: phones put a film there, or a second picture. */
import type { Findings, MetadataStandard } from './metadata-findings';
import { startsWith } from './metadata-text';

export function noteTrailing(bytes: Uint8Array, standard: MetadataStandard, findings: Findings): void {
  if (bytes.length === 0 || bytes.every((byte) => byte === 0)) return;
  const isFilm = startsWith(bytes, 'ftyp', 4) || startsWith(bytes, 'MotionPhoto_Data');
  const isPicture = bytes[0] === 0xff && bytes[1] === 0xd8;
  const name = isFilm ? 'TrailingFilm' : isPicture ? 'TrailingPicture' : 'TrailingBytes';
  findings.addBytes('trailing', standard, name, bytes.length);
}
