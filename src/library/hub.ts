/**
 * What a hub says of one file: length and SHA-256, for a card that cannot know them beforehand. Read as if an enemy
 * had written it. Hugging Face: `GET /api/models/<repository>/tree/<commit>/<folder>`, a list of
 * `{type, path, size, lfs: {oid, size}}` (huggingface/huggingface_hub, RepoFile). ModelScope: `Data.Files` of
 * `{Path, Size, Sha256}` (modelscope/modelscope, hub/api.py get_model_files).
 */
import { StudioError } from '../base/errors';
import type { Remote } from '../models/model';
import { mostFileBytes } from './manifest';
import { readText, type Asking } from './small-text';

/** What a host stated of a file at first use. */
export interface Statement {
  readonly bytes: number;
  readonly sha256: string;
}

const mostBytes = 4 * 1024 * 1024;
type Row = Readonly<Record<string, unknown>>;

/** Asks each address once, since one listing speaks of many files. */
export class Hub {
  readonly #asking: Asking;
  readonly #texts = new Map<string, Promise<string>>();

  constructor(asking: Asking) {
    this.#asking = asking;
  }

  /** @throws StudioError model/not-stated where the host says nothing of use, network/*; the signal's reason */
  async statementOf(remote: Remote, model: string): Promise<Statement> {
    const url = remote.metadata?.url;
    if (url === undefined) throw new StudioError('model/not-stated', { model });
    const text = this.#texts.get(url) ?? readText(url, mostBytes, this.#asking);
    this.#texts.set(url, text);
    const statement = readStatement(await text, remote);
    if (!statement) throw new StudioError('model/not-stated', { model });
    return statement;
  }
}

/** Null where the file is not listed, or not with both. */
export function readStatement(text: string, { url, metadata }: Remote): Statement | null {
  // `<origin>/<repository>/resolve/<revision>/<path>` in both hubs.
  const path = /\/resolve\/[^/]+\/(.+)$/.exec(url)?.[1];
  const rows = metadata?.form === 'modelscope' ? listedBy(text, 'Data', 'Files') : listedBy(text);
  for (const row of rows) {
    const lfs = rowOf(row['lfs']);
    const said =
      metadata?.form === 'modelscope'
        ? [row['Path'], row['Size'], row['Sha256']]
        : [row['path'], lfs['size'], lfs['oid']];
    const [name, bytes, sha256] = said;
    if (name !== path) continue;
    if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) return null;
    if (typeof bytes !== 'number' || !Number.isSafeInteger(bytes) || bytes < 1 || bytes > mostFileBytes)
      return null;
    return { bytes, sha256 };
  }
  return null;
}

function listedBy(text: string, ...keys: readonly string[]): readonly Row[] {
  try {
    let value: unknown = JSON.parse(text);
    for (const key of keys) value = rowOf(value)[key];
    return Array.isArray(value) ? value.map(rowOf) : [];
  } catch {
    return [];
  }
}

function rowOf(value: unknown): Row {
  return typeof value === 'object' && value !== null ? (value as Row) : {};
}
