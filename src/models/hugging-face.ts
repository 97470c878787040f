/** A file of a Hugging Face repository at a commit; the hub's tree of that commit states its length and SHA-256. */
import type { Remote } from './model';

const hub = 'https://huggingface.co';
/** Where the hub sends those who ask for a large file; which of them depends on where the visitor is. */
const stores = ['https://cas-bridge.xethub.hf.co', 'https://us.aws.cdn.hf.co'];

export function huggingFaceFile(
  of: { readonly repository: string; readonly commit: string; readonly path: string },
  { origin, redirects }: { readonly origin: string; readonly redirects: readonly string[] } = {
    origin: hub,
    redirects: stores,
  },
): Remote {
  const { repository, commit, path } = of;
  const folder = path.split('/').slice(0, -1);
  return {
    url: `${origin}/${repository}/resolve/${commit}/${path}`,
    redirects,
    metadata: {
      url: [`${origin}/api/models/${repository}/tree/${commit}`, ...folder].join('/'),
      form: 'hugging-face',
    },
  };
}
