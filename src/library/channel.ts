/** What the library workers of several tabs say to each other. */
import type { TransferProgress } from '../base/progress';

/** `content` names the model's bytes, see `contentOf`. */
export type LibraryMessage =
  /** Told by the tab that fetches, for all that show the shelf. */
  | { readonly kind: 'progress'; readonly content: string; readonly progress: TransferProgress }
  | { readonly kind: 'ended'; readonly content: string }
  /** The visitor paused or cancelled this model, in whichever tab. */
  | { readonly kind: 'stop'; readonly content: string };

/** What the library takes of `BroadcastChannel`: its own messages do not come back. */
export interface Channel {
  post(message: LibraryMessage): void;
  listen(listener: (message: LibraryMessage) => void): void;
}

/**
 * `tab` names the page whose worker this is. The worker of a grant is a second one of its tab: that page hears of
 * its download from itself, so the other one passes over all of it but a stop.
 */
export function openChannel(tab: string): Channel {
  const channel = new BroadcastChannel('obscura-library');
  return {
    post: (message) => channel.postMessage({ tab, message } satisfies Posted),
    listen: (listener) =>
      channel.addEventListener('message', ({ data }: MessageEvent<Posted>) => {
        if (data.tab !== tab || data.message.kind === 'stop') listener(data.message);
      }),
  };
}

interface Posted {
  readonly tab: string;
  readonly message: LibraryMessage;
}
