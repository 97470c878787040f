/**
 * A file of a ModelScope repository. `resolve/<revision>/<file>` leads to the CDN named here, which lets pages read it
 * (modelscope/modelscope#1399); whether the listing of the files does, nobody has said.
 */
import type { Remote } from './model';

const origin = 'https://www.modelscope.cn';

/** A tag of ModelScope can be moved, so no revision is pinned. */
export function modelScopeFile(of: {
  readonly repository: string;
  readonly revision: string;
  readonly path: string;
}): Remote {
  const { repository, revision, path } = of;
  return {
    url: `${origin}/models/${repository}/resolve/${revision}/${path}`,
    redirects: ['https://cdn-lfs-cn-1.modelscope.cn'],
    metadata: {
      url: `${origin}/api/v1/models/${repository}/repo/files?Revision=${revision}`,
      form: 'modelscope',
    },
    moving: true,
  };
}
