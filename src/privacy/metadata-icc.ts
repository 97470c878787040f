/** The name of a colour profile. Source: ICC.1:2022 §7 (header, tag table), §9.2.41 (profileDescriptionTag). */
import type { Findings } from './metadata-findings';
import { latin1, part, startsWith, untilZero, utf16, viewOf } from './metadata-text';

const mostTags = 100;

export function readIcc(profile: Uint8Array, findings: Findings): void {
  findings.add('colour', 'ICC', 'ProfileDescription', profileName(profile));
}

/** @throws RangeError for what is no profile */
function profileName(profile: Uint8Array): string {
  if (!startsWith(profile, 'acsp', 36)) throw new RangeError('no profile');
  const view = viewOf(profile);
  const count = Math.min(view.getUint32(128), mostTags);
  for (let index = 0; index < count; index++) {
    const at = 132 + index * 12;
    if (!startsWith(profile, 'desc', at)) continue;
    return description(part(profile, view.getUint32(at + 4), view.getUint32(at + 8)));
  }
  return '';
}

function description(tag: Uint8Array): string {
  const view = viewOf(tag);
  // Version 2: a counted ASCII string. Version 4: strings in several languages, the first is read.
  if (startsWith(tag, 'desc')) return latin1(untilZero(part(tag, 12, view.getUint32(8))));
  if (!startsWith(tag, 'mluc')) throw new RangeError('no description');
  return utf16(part(tag, view.getUint32(24), view.getUint32(20) & ~1), false);
}
