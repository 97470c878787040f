/** IPTC fields inside Photoshop's resources, as APP13 of a JPEG carries them. Source: IPTC-IIM 4.2; Adobe Photoshop file formats, image resource blocks. */
import { readExif } from './metadata-exif';
import type { Findings, MetadataGroup } from './metadata-findings';
import { markText } from './metadata-marks';
import { latin1, part, utf8, viewOf } from './metadata-text';
import { readXmp } from './metadata-xmp';

/** Record 2, by dataset. */
const datasets: Readonly<Record<number, readonly [name: string, group: MetadataGroup]>> = {
  5: ['ObjectName', 'words'],
  15: ['Category', 'words'],
  25: ['Keywords', 'words'],
  40: ['SpecialInstructions', 'words'],
  55: ['DateCreated', 'time'],
  60: ['TimeCreated', 'time'],
  62: ['DigitalCreationDate', 'time'],
  63: ['DigitalCreationTime', 'time'],
  65: ['OriginatingProgram', 'edit'],
  80: ['By-line', 'person'],
  85: ['By-lineTitle', 'person'],
  90: ['City', 'place'],
  92: ['Sub-location', 'place'],
  95: ['Province-State', 'place'],
  100: ['CountryCode', 'place'],
  101: ['Country', 'place'],
  103: ['OriginalTransmissionReference', 'other'],
  105: ['Headline', 'words'],
  110: ['Credit', 'person'],
  115: ['Source', 'person'],
  116: ['CopyrightNotice', 'person'],
  118: ['Contact', 'person'],
  120: ['Caption-Abstract', 'words'],
  122: ['Writer-Editor', 'person'],
};

/** `bytes` follow "Photoshop 3.0\0". */
export function readPhotoshop(bytes: Uint8Array, findings: Findings): void {
  const view = viewOf(bytes);
  let at = 0;
  while (at + 12 <= bytes.length) {
    if (latin1(bytes.subarray(at, at + 4)) !== '8BIM') throw new RangeError('no resource');
    const id = view.getUint16(at + 4);
    // A Pascal string, its length and text padded to even.
    const dataAt = at + 6 + ((view.getUint8(at + 6) + 2) & ~1);
    const length = view.getUint32(dataAt);
    const data = part(bytes, dataAt + 4, length);
    findings.attempt(() => readResource(id, data, findings));
    at = dataAt + 4 + ((length + 1) & ~1);
  }
}

function readResource(id: number, data: Uint8Array, findings: Findings): void {
  if (id === 0x0404) readIptc(data, findings);
  else if (id === 0x0422) readExif(data, findings);
  else if (id === 0x0424) readXmp(data, findings);
  else if (id === 0x0409 || id === 0x040c) findings.addBytes('picture', 'IPTC', 'Thumbnail', data.length);
}

function readIptc(bytes: Uint8Array, findings: Findings): void {
  const view = viewOf(bytes);
  let isUtf8 = false;
  let at = 0;
  while (at + 5 <= bytes.length && bytes[at] === 0x1c) {
    const record = view.getUint8(at + 1);
    const dataset = view.getUint8(at + 2);
    const length = view.getUint16(at + 3);
    // Longer fields write their length elsewhere; no camera or agency makes one.
    if (length > 0x7fff) throw new RangeError('extended dataset');
    const data = part(bytes, at + 5, length);
    if (record === 1 && dataset === 90) isUtf8 = latin1(data) === '\x1b%G';
    else if (record === 2) {
      const [name, group] = datasets[dataset] ?? [`2:${dataset}`, 'other'];
      const value = isUtf8 ? utf8(data) : latin1(data);
      // The version of the record says nothing.
      if (dataset !== 0) findings.add(group, 'IPTC', name, value);
      markText(name, value, findings);
    }
    at += 5 + length;
  }
}
