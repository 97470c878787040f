/** AVIF and HEIC: the items and properties that are no pixels. Source: ISO/IEC 14496-12 §8.11, 23008-12 annex A. */
import { joined } from '../base/bytes';
import { readC2pa } from './metadata-c2pa';
import { readExif } from './metadata-exif';
import type { Findings } from './metadata-findings';
import { boxesOf, type Box } from './metadata-boxes';
import { itemsOf, placesOf, type Item } from './metadata-items';
import { readIcc } from './metadata-icc';
import { part, startsWith, viewOf } from './metadata-text';
import { readXmp } from './metadata-xmp';

const plain = new Set(['ftyp', 'meta', 'mdat', 'free', 'skip', 'wide', 'uuid', 'moov', 'styp']);
const c2paUuid = 'd8fec3d61b0e483c92975828877ec481';
const xmpUuid = 'be7acfcb97a942e89c71999491e3afac';
/** Version and flags, which some boxes have before what is in them. */
const fullBoxHead = 4;

export function readHeif(bytes: Uint8Array, findings: Findings): void {
  for (const box of boxesOf(bytes)) {
    if (box.type === 'meta')
      findings.attempt(() => readMeta(box.data.subarray(fullBoxHead), bytes, findings));
    else if (box.type === 'uuid') findings.attempt(() => readUuid(box, findings));
    else if (box.type === 'moov') findings.addBytes('trailing', 'HEIF', 'TrailingFilm', box.data.length);
    else if (!plain.has(box.type)) {
      findings.addBytes('other', 'HEIF', /^[\w ]{4}$/.test(box.type) ? box.type : 'box', box.data.length);
    }
  }
}

function readMeta(meta: Uint8Array, file: Uint8Array, findings: Findings): void {
  const boxes = boxesOf(meta);
  const find = (type: string) => boxes.find((box) => box.type === type)?.data;
  const info = find('iinf');
  const location = find('iloc');
  const inside = find('idat') ?? new Uint8Array();
  const places = location ? placesOf(location) : new Map<number, never>();
  for (const item of info ? itemsOf(info) : []) {
    const place = places.get(item.id);
    if (!place) continue;
    const source = place.inside ? inside : file;
    findings.attempt(() => {
      const extents = place.extents.map(({ start, length }) => part(source, start, length));
      readItem(item, joined(extents), findings);
    });
  }
  const properties = find('iprp');
  const container = properties && boxesOf(properties).find(({ type }) => type === 'ipco');
  for (const { type, data } of container ? boxesOf(container.data) : []) {
    const holdsProfile = type === 'colr' && (startsWith(data, 'prof') || startsWith(data, 'rICC'));
    if (holdsProfile) findings.attempt(() => readIcc(data.subarray(4), findings));
  }
}

function readItem({ type, contentType }: Item, data: Uint8Array, findings: Findings): void {
  // Four bytes say how far on the TIFF begins.
  if (type === 'Exif') readExif(data.subarray(4 + viewOf(data).getUint32(0)), findings);
  else if (type === 'mime' && contentType === 'application/rdf+xml') readXmp(data, findings);
}

function readUuid({ data }: Box, findings: Findings): void {
  const id = [...part(data, 0, 16)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  if (id === xmpUuid) readXmp(data.subarray(16), findings);
  else if (id === c2paUuid) {
    // Version and flags, a purpose, and where the next one lies.
    const purpose = data.indexOf(0, 20);
    readC2pa(data.subarray(purpose + 9), findings);
  } else findings.addBytes('other', 'HEIF', 'uuid', data.length);
}
