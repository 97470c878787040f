/** What stands between the pixels of a JPEG, and after its end. Source: ITU-T T.81 annex B; CIPA DC-007 (MPF). */
import { joined } from '../base/bytes';
import { isJumbf, readC2pa } from './metadata-c2pa';
import { readExif } from './metadata-exif';
import type { Findings } from './metadata-findings';
import { readIcc } from './metadata-icc';
import { readPhotoshop } from './metadata-iptc';
import { markText } from './metadata-marks';
import { latin1, part, startsWith, untilZero, utf8, viewOf } from './metadata-text';
import { noteTrailing } from './metadata-trailing';
import { readXmp } from './metadata-xmp';

const mostSegments = 5000;
const xmpName = 'http://ns.adobe.com/xap/1.0/\0';
const extendedXmpName = 'http://ns.adobe.com/xmp/extension/\0';

export function readJpeg(bytes: Uint8Array, findings: Findings): void {
  const profile: Uint8Array[] = [];
  const manifest: Uint8Array[] = [];
  try {
    const end = walk(bytes, (marker, data) => readSegment(marker, data, { findings, profile, manifest }));
    noteTrailing(bytes.subarray(end), 'JPEG', findings);
  } finally {
    if (profile.length > 0) findings.attempt(() => readIcc(joined(profile), findings));
    if (manifest.length > 0) findings.attempt(() => readC2pa(joined(manifest), findings));
  }
}

/** Calls `hear` for each segment of metadata and gives where the picture ends. @throws RangeError */
function walk(bytes: Uint8Array, hear: (marker: number, data: Uint8Array) => void): number {
  const view = viewOf(bytes);
  let at = 2;
  for (let count = 0; count < mostSegments; count++) {
    while (view.getUint8(at) === 0xff && view.getUint8(at + 1) === 0xff) at += 1;
    if (view.getUint8(at) !== 0xff) throw new RangeError('no marker');
    const marker = view.getUint8(at + 1);
    at += 2;
    if (marker === 0xd9) return at;
    if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) continue;
    const length = view.getUint16(at);
    if (length < 2) throw new RangeError('no segment');
    const data = part(bytes, at + 2, length - 2);
    if (marker >= 0xe0 && marker <= 0xfe) hear(marker, data);
    at += length;
    if (marker === 0xda) at = endOfScan(bytes, at);
  }
  throw new RangeError('too many segments');
}

/** The next marker that is neither a stuffed byte nor a restart. */
function endOfScan(bytes: Uint8Array, start: number): number {
  for (let at = bytes.indexOf(0xff, start); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1] ?? 0;
    if (next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at;
  }
  throw new RangeError('no end');
}

interface Gathered {
  readonly findings: Findings;
  /** Profile and manifest may come in several segments. */
  readonly profile: Uint8Array[];
  readonly manifest: Uint8Array[];
}

function readSegment(marker: number, data: Uint8Array, { findings, profile, manifest }: Gathered): void {
  if (marker === 0xe1 && startsWith(data, 'Exif\0\0')) findings.attempt(() => readExif(data, findings));
  else if (marker === 0xe1 && startsWith(data, xmpName)) readXmp(data.subarray(xmpName.length), findings);
  else if (marker === 0xe1 && startsWith(data, extendedXmpName)) {
    // A hash and two lengths come first.
    readXmp(data.subarray(extendedXmpName.length + 40), findings);
  } else if (marker === 0xe2 && startsWith(data, 'ICC_PROFILE\0')) profile.push(data.subarray(14));
  else if (marker === 0xe2 && startsWith(data, 'MPF\0')) {
    findings.addBytes('picture', 'JPEG', 'MultiPicture', data.length);
  } else if (marker === 0xeb && startsWith(data, 'JP') && isOfJumbf(data, manifest)) {
    // Two bytes "JP", a box number and a packet number; each later packet repeats the box's head.
    manifest.push(data.subarray(manifest.length === 0 ? 8 : 16));
  } else if (marker === 0xed && startsWith(data, 'Photoshop 3.0\0')) {
    findings.attempt(() => readPhotoshop(data.subarray(14), findings));
  } else if (marker === 0xfe) {
    const comment = utf8(untilZero(data));
    findings.add('words', 'JPEG', 'Comment', comment);
    markText('Comment', comment, findings);
  } else if (marker >= 0xe0 && marker <= 0xef && !isPlain(marker, data)) {
    const name = latin1(untilZero(data.subarray(0, 30)));
    findings.addBytes(
      'other',
      'JPEG',
      `APP${marker - 0xe0} ${/^[\w .:/-]+$/.test(name) ? name : ''}`,
      data.length,
    );
  }
}

function isOfJumbf(data: Uint8Array, manifest: readonly Uint8Array[]): boolean {
  return manifest.length > 0 || isJumbf(data.subarray(8));
}

/** JFIF and Adobe's marker say how to decode and nothing of anybody. */
function isPlain(marker: number, data: Uint8Array): boolean {
  return (marker === 0xe0 && startsWith(data, 'JFIF\0')) || (marker === 0xee && startsWith(data, 'Adobe'));
}
