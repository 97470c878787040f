/** Which headers of the policy the host itself sends, and which the wall, file by file: both as the wall saw them. */
import { askFact } from './ask-wall';
import { fileKind, headersOf, type FileKind } from './policy';
import type { SentHeaders } from './wall-messages';

type HostSays = 'same' | 'other' | 'none';

export interface HeaderLayers {
  readonly kind: FileKind;
  readonly path: string;
  /** By the name of each header of the policy for this file; null where the host did not answer. */
  readonly headers: Readonly<Record<string, HostSays>> | null;
  /** The names, in lower case, of the headers under which the wall answers for it; none for its own script. */
  readonly wall: readonly string[];
}

/** None where the wall is silent. */
export async function headerLayers(wall: Parameters<typeof askFact>[0]): Promise<readonly HeaderLayers[]> {
  return ((await askFact(wall, 'headers', silenceMs))?.files ?? []).map(layersOf);
}

/** A host may be slow to answer for five files. */
const silenceMs = 60_000;

export function layersOf({ path, host, wall }: SentHeaders): HeaderLayers {
  const kind = fileKind(path);
  const says = Object.entries(headersOf(path, [])).map(([name, value]): [string, HostSays] => {
    const sent = host?.[name.toLowerCase()];
    return [name, sent === undefined ? 'none' : sent === value ? 'same' : 'other'];
  });
  return { kind, path, headers: host && Object.fromEntries(says), wall: Object.keys(wall) };
}
