/** What a tab of the app announces to all others: erasing, locking, a change of what is kept. */
import type { EraseReach } from '../jobs/vault-protocol';

export type Announcement =
  /** Some tab is about to erase: whatever holds pictures, keys or stores lets go of them. */
  | { readonly kind: 'erase'; readonly reach: EraseReach }
  /** The visitor locked the vault, in whichever tab. */
  | { readonly kind: 'lock' }
  /** The audit log was switched on or off, or the operator's label changed. */
  | { readonly kind: 'audit'; readonly on: boolean }
  /** What the vault holds is not what it was. */
  | { readonly kind: 'vault-changed' };

/** A tab does not hear its own messages. */
export interface Announcements {
  post(message: Announcement): void;
  /** The answer stops listening. */
  listen(listener: (message: Announcement) => void): () => void;
}

export function openAnnouncements(): Announcements {
  const channel = new BroadcastChannel('obscura-announcements');
  return {
    post: (message) => channel.postMessage(message),
    listen(listener) {
      const hear = ({ data }: MessageEvent<Announcement>) => listener(data);
      channel.addEventListener('message', hear);
      return () => channel.removeEventListener('message', hear);
    },
  };
}
