/** What the tabs of the app tell each other. */
import type { EraseReach } from '../jobs/vault-protocol';

export type TabMessage =
  /** Some tab is about to erase: whatever holds pictures, keys or stores lets go of them. */
  | { readonly kind: 'erase'; readonly reach: EraseReach }
  /** The visitor locked the vault, in whichever tab. */
  | { readonly kind: 'lock' }
  /** What the vault holds is not what it was. */
  | { readonly kind: 'vault-changed' };

/** A tab does not hear its own messages. */
export interface Tabs {
  post(message: TabMessage): void;
  /** The answer stops listening. */
  listen(listener: (message: TabMessage) => void): () => void;
}

export function openTabs(): Tabs {
  const channel = new BroadcastChannel('obscura-tabs');
  return {
    post: (message) => channel.postMessage(message),
    listen(listener) {
      const hear = ({ data }: MessageEvent<TabMessage>) => listener(data);
      channel.addEventListener('message', hear);
      return () => channel.removeEventListener('message', hear);
    },
  };
}
