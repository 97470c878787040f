/**
 * XMP: names and values out of the XML text, by its tags alone. No parser of the browser sees it, and each pattern
 * is bounded so that hostile text costs no more than its length. Source: ISO 16684-1.
 */
import type { Findings, MetadataGroup } from './metadata-findings';
import { markText } from './metadata-marks';
import { utf8 } from './metadata-text';

/** The longest that is read: Adobe's own limit is 64 kB a segment; HEIF holds it whole. */
const mostBytes = 512 * 1024;
const tag = /<(\/?)([\w-]{1,40}):([\w.-]{1,60})([^<>]{0,8000})>([^<]{0,4000})/g;
const attribute = /([\w-]{1,40}):([\w.-]{1,60})\s{0,9}=\s{0,9}(?:"([^"]{0,4000})"|'([^']{0,4000})')/g;
/** XML's own machinery. */
const frame = new Set(['xmlns', 'rdf', 'x', 'xml']);

const groups: readonly (readonly [MetadataGroup, RegExp])[] = [
  ['place', /GPS|:(City|State|Country|CountryCode|Location\w*|Sublocation|ProvinceState|WorldRegion)$/i],
  ['time', /Date|:When$/i],
  ['device', /:(Make|Model|Lens\w*|SerialNumber|ImageUniqueID|Firmware|ExposureTime|FNumber|FocalLength)$/i],
  [
    'person',
    /:(creator|rights|Artist|Copyright|Owner\w*|Author\w*|UsageTerms|PersonInImage|Creator\w*Info|CiEmail\w*|CiTel\w*)$/,
  ],
  ['words', /:(title|description|subject|Headline|Keywords|UserComment|Caption\w*|hierarchicalSubject)$/i],
  ['origin', /:(DigitalSourceType|DigitalSourceFileType)$/i],
  ['trailing', /MotionPhoto|MicroVideo/],
  ['edit', /^(xmpMM|stEvt|stRef|crs|photoshop):|:(CreatorTool|Software)$/],
  ['picture', /:(Orientation|image|Thumbnails?)$/],
];

export function readXmp(bytes: Uint8Array, findings: Findings): void {
  if (bytes.length > mostBytes) findings.unread += 1;
  const text = utf8(bytes.subarray(0, mostBytes));
  let property = '';
  for (const [, closing, prefix = '', name = '', inside = '', after = ''] of text.matchAll(tag)) {
    if (closing === '' && !frame.has(prefix)) property = `${prefix}:${name}`;
    for (const [, of = '', key = '', double, single] of inside.matchAll(attribute)) {
      if (!frame.has(of)) note(`${of}:${key}`, double ?? single ?? '', findings);
      // <… rdf:resource="…"/> is another way to write a value.
      else if (of === 'rdf' && key === 'resource') note(property, double ?? single ?? '', findings);
    }
    const isValue = closing === '' && (!frame.has(prefix) || name === 'li');
    if (isValue && after.trim() !== '') note(property, after, findings);
  }
}

function note(name: string, written: string, findings: Findings): void {
  const value = unescape(written).trim();
  if (name === '' || value === '') return;
  const group = groups.find(([, pattern]) => pattern.test(name))?.[0] ?? 'other';
  // A thumbnail in base64.
  if (group === 'picture' && value.length > 300) findings.addBytes(group, 'XMP', name, value.length);
  else findings.add(group, 'XMP', name, value);
  markText(name, value, findings);
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescape(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => entities[name] ?? '');
}
