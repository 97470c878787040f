/** The chunks of a PNG beside its pixels. Source: PNG 3rd edition (W3C) §11.3; C2PA 2.1 §A.3.1 (caBX). */
import { readC2pa } from './metadata-c2pa';
import { readExif } from './metadata-exif';
import type { Findings } from './metadata-findings';
import { readIcc } from './metadata-icc';
import { markText } from './metadata-marks';
import { inflate } from './metadata-inflate';
import { latin1, part, untilZero, utf8, viewOf } from './metadata-text';
import { noteTrailing } from './metadata-trailing';
import { readXmp } from './metadata-xmp';

const mostChunks = 20_000;
const mostTextBytes = 256 * 1024;
/** What is needed to decode and show the pixels, and says nothing of anybody. */
const plain = new Set(
  'IHDR PLTE IDAT IEND tRNS sRGB gAMA cHRM cICP sBIT bKGD hIST pHYs sPLT acTL fcTL fdAT mDCV cLLI'.split(' '),
);

export async function readPng(bytes: Uint8Array, findings: Findings): Promise<void> {
  const view = viewOf(bytes);
  let at = 8;
  for (let count = 0; count < mostChunks; count++) {
    const length = view.getUint32(at);
    const type = latin1(part(bytes, at + 4, 4));
    const data = part(bytes, at + 8, length);
    at += 12 + length;
    if (type === 'IEND') {
      noteTrailing(bytes.subarray(at), 'PNG', findings);
      return;
    }
    if (!plain.has(type)) await readChunk(type, data, findings);
  }
  throw new RangeError('too many chunks');
}

async function readChunk(type: string, data: Uint8Array, findings: Findings): Promise<void> {
  switch (type) {
    case 'tEXt':
    case 'zTXt':
    case 'iTXt':
      await readText(type, data, findings);
      break;
    case 'eXIf':
      findings.attempt(() => readExif(data, findings));
      break;
    case 'iCCP':
      await readProfile(data, findings);
      break;
    case 'caBX':
      findings.attempt(() => readC2pa(data, findings));
      break;
    case 'tIME':
      findings.attempt(() => findings.add('time', 'PNG', 'tIME', timeOf(part(data, 0, 7))));
      break;
    default:
      findings.addBytes('other', 'PNG', /^[A-Za-z]{4}$/.test(type) ? type : 'chunk', data.length);
  }
}

async function readText(type: 'tEXt' | 'zTXt' | 'iTXt', data: Uint8Array, findings: Findings): Promise<void> {
  const keyword = untilZero(data.subarray(0, 80));
  const name = latin1(keyword);
  let rest = data.subarray(keyword.length + 1);
  let packed = type === 'zTXt';
  if (type === 'zTXt') rest = rest.subarray(1);
  if (type === 'iTXt') {
    packed = rest[0] === 1;
    rest = rest.subarray(2);
    // A language and the keyword in that language.
    for (let part = 0; part < 2; part++) rest = rest.subarray(untilZero(rest).length + 1);
  }
  const text = packed ? await inflate(rest, mostTextBytes) : rest.subarray(0, mostTextBytes);
  if (text === null) findings.unread += 1;
  else if (name === 'XML:com.adobe.xmp') readXmp(text, findings);
  else noteText(name, type === 'iTXt' ? utf8(text) : latin1(text), findings);
}

const textGroups = {
  Author: 'person',
  Copyright: 'person',
  'Creation Time': 'time',
  Software: 'edit',
  Source: 'device',
} as const;

function noteText(name: string, text: string, findings: Findings): void {
  const group = name in textGroups ? textGroups[name as keyof typeof textGroups] : 'words';
  if (name.startsWith('Raw profile type')) findings.addBytes('other', 'PNG', name, text.length);
  else findings.add(group, 'PNG', name, text);
  markText(name, text, findings);
}

async function readProfile(data: Uint8Array, findings: Findings): Promise<void> {
  const name = untilZero(data.subarray(0, 80));
  const profile = await inflate(data.subarray(name.length + 2), 4 * 1024 * 1024);
  if (profile === null) findings.unread += 1;
  else findings.attempt(() => readIcc(profile, findings));
}

/** In UTC, written as EXIF writes a time. */
function timeOf(data: Uint8Array): string {
  const two = (at: number) => String(data[at]).padStart(2, '0');
  return `${viewOf(data).getUint16(0)}:${two(2)}:${two(3)} ${two(4)}:${two(5)}:${two(6)}`;
}
