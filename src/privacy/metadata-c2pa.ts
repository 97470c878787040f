/**
 * Content Credentials: JUMBF boxes with CBOR in them. Listed are the boxes' labels, who made the claim, and the
 * actions said to have been taken; no signature is checked. Source: C2PA 2.1 §11, ISO/IEC 19566-5.
 */
import type { Findings } from './metadata-findings';
import { markSource, markText } from './metadata-marks';
import { latin1, part, startsWith, untilZero, utf8, viewOf } from './metadata-text';

const mostDepth = 8;
const mostBoxes = 500;
const mostCborBytes = 256 * 1024;

export function readC2pa(bytes: Uint8Array, findings: Findings): void {
  findings.addBytes('origin', 'C2PA', 'manifest', bytes.length);
  readBoxes(bytes, { findings, boxes: 0 }, 0);
}

interface Walk {
  readonly findings: Findings;
  boxes: number;
}

function readBoxes(bytes: Uint8Array, walk: Walk, depth: number): void {
  if (depth > mostDepth) throw new RangeError('too deep');
  const view = viewOf(bytes);
  let at = 0;
  while (at + 8 <= bytes.length) {
    if (++walk.boxes > mostBoxes) throw new RangeError('too many boxes');
    const size = view.getUint32(at);
    const length = size === 0 ? bytes.length - at : size;
    if (length < 8) throw new RangeError('no box');
    const inside = part(bytes, at + 8, length - 8);
    const type = latin1(bytes.subarray(at + 4, at + 8));
    if (type === 'jumb') walk.findings.attempt(() => readBoxes(inside, walk, depth + 1));
    else if (type === 'jumd') noteLabel(inside, walk.findings);
    else if (type === 'cbor' || type === 'json')
      readContent(inside.subarray(0, mostCborBytes), walk.findings);
    at += length;
  }
}

/** After 16 bytes of UUID and one of toggles. */
function noteLabel(description: Uint8Array, findings: Findings): void {
  const label = utf8(untilZero(description.subarray(17)));
  if (/^(c2pa|stds|cawg|adobe|com)\.[\w.-]+$/.test(label)) findings.add('origin', 'C2PA', 'part', label);
}

function readContent(cbor: Uint8Array, findings: Findings): void {
  for (const key of ['claim_generator', 'action', 'softwareAgent', 'title', 'dc:title', 'name'] as const) {
    for (const value of textsOf(cbor, key)) {
      findings.add(key === 'action' ? 'edit' : 'origin', 'C2PA', key, value);
      markText(key === 'name' ? 'claim_generator' : key, value, findings);
    }
  }
  markSource(latin1(cbor), findings);
}

/** Values that are text, of every map that has this key. CBOR writes a text's length right before it (RFC 8949 §3). */
function textsOf(cbor: Uint8Array, key: string): string[] {
  const found: string[] = [];
  const sought = String.fromCharCode(0x60 + key.length) + key;
  const all = latin1(cbor);
  for (let at = all.indexOf(sought); at >= 0 && found.length < 20; at = all.indexOf(sought, at + 1)) {
    const start = at + sought.length;
    const head = cbor[start] ?? 0;
    if (head >= 0x60 && head < 0x78) found.push(utf8(cbor.subarray(start + 1, start + 1 + head - 0x60)));
    else if (head === 0x78) found.push(utf8(cbor.subarray(start + 2, start + 2 + (cbor[start + 1] ?? 0))));
  }
  return found;
}

export function isJumbf(bytes: Uint8Array): boolean {
  return startsWith(bytes, 'jumb', 4);
}
