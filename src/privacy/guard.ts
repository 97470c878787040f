/**
 * The page's own guard: cancels what would take this page, or a download by address, onto the line, and takes away
 * powers of the browser that no service worker is asked about and the app never uses. A browser that obeys
 * `Connection-Allowlist` refuses most of this, and shows its own error in place of the page. It is defence in depth and
 * no proof: an empty frame or a new window is not guarded.
 */

/** Of a `NavigateEvent`, what is read here. */
interface Leaving {
  readonly destination: { readonly url: string };
  readonly downloadRequest: string | null;
  readonly cancelable: boolean;
  preventDefault(): void;
}

/** The few things of the browser used here; `window` is one. */
interface GuardedPage {
  readonly navigation?: { addEventListener(type: 'navigate', heard: (event: Leaving) => void): void };
  readonly BackgroundFetchManager?: { readonly prototype: object };
  readonly location: { readonly href: string };
  dispatchEvent(event: Event): boolean;
}

/** The page makes no line of its own: what it needs comes by `fetch`, which the wall answers. */
const unused = ['WebSocket', 'WebTransport', 'EventSource'] as const;

/** Told to the page whenever something was cancelled. */
export const guardEvent = 'obscura-guard';

/** Call it before any other code runs. */
export function guardPage(page: GuardedPage): void {
  const tell = () => page.dispatchEvent(new Event(guardEvent));
  page.navigation?.addEventListener('navigate', (event) => {
    if (!event.cancelable || staysHere(event, page.location.href)) return;
    event.preventDefault();
    tell();
  });
  const refuse = function () {
    tell();
    throw new DOMException('not used by this app', 'NotAllowedError');
  };
  const gone = { value: refuse, writable: false, configurable: false };
  for (const name of unused) if (name in page) Object.defineProperty(page, name, gone);
  const background = page.BackgroundFetchManager?.prototype;
  if (background) Object.defineProperty(background, 'fetch', gone);
}

/** The page at `here` itself, under its own query, and files that lie in this tab. */
export function staysHere(event: Pick<Leaving, 'destination' | 'downloadRequest'>, here: string): boolean {
  const bare = (address: string) => address.replace(/#.*$/s, '');
  const { url } = event.destination;
  if (url.startsWith('blob:')) return true;
  return event.downloadRequest === null && bare(url) === bare(here);
}
