/**
 * The allow-list as it stands in the service worker: a line for each file, to be read and searched, and for each script
 * with a grant one line of what its files share.
 */
import type { AllowList, ListedFile } from './allow-list';
import type { Grant } from './policy';

type PackedFile = readonly [path: string, bytes: number, sha256: string];
type PackedGrant = readonly [
  path: string,
  redirects: readonly string[],
  files: readonly (readonly [url: string, metadata?: string])[],
];

export interface PackedList {
  readonly shellHash: string;
  readonly shell: readonly PackedFile[];
  readonly engine: readonly PackedFile[];
  readonly models: readonly PackedFile[];
  readonly grants: readonly PackedGrant[];
}

export function packList({ shellHash, shell, engine, models, grants }: AllowList): PackedList {
  const files = (listed: readonly ListedFile[]) =>
    listed.map(({ path, bytes, sha256 }): PackedFile => [path, bytes, sha256]);
  const shared = new Map<string, Grant[]>();
  for (const grant of grants) {
    const key = JSON.stringify([grant.path, grant.redirects]);
    shared.set(key, [...(shared.get(key) ?? []), grant]);
  }
  return {
    ...{ shellHash, shell: files(shell), engine: files(engine), models: files(models) },
    grants: [...shared].map(([key, alike]) => {
      const [path, redirects] = JSON.parse(key) as [string, string[]];
      return [
        path,
        redirects,
        alike.map(({ url, metadata }) => (metadata === undefined ? [url] : [url, metadata])),
      ];
    }),
  };
}

export function unpackList({ shellHash, shell, engine, models, grants }: PackedList): AllowList {
  const files = (packed: readonly PackedFile[]) =>
    packed.map(([path, bytes, sha256]): ListedFile => ({ path, bytes, sha256 }));
  return {
    ...{ shellHash, shell: files(shell), engine: files(engine), models: files(models) },
    grants: grants.flatMap(([path, redirects, alike]) =>
      alike.map(([url, metadata]): Grant => {
        return { path, redirects, url, ...(metadata === undefined ? {} : { metadata }) };
      }),
    ),
  };
}
