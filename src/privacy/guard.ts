/**
 * The page's own guard: cancels what would take this page, or a download by address, onto the line. A browser that
 * obeys `Connection-Allowlist` refuses most of this itself, others nothing of it. It is defence in depth and no proof:
 * an empty frame or a new window is not guarded.
 */

/** Of a `NavigateEvent`, what is read here. */
interface Leaving {
  readonly destination: { readonly url: string };
  readonly downloadRequest: string | null;
  readonly cancelable: boolean;
  preventDefault(): void;
}

/** The few things of the browser used here; `window` is one. */
export interface GuardedPage {
  readonly navigation?: { addEventListener(type: 'navigate', heard: (event: Leaving) => void): void };
  dispatchEvent(event: Event): boolean;
}

/** Told to the page whenever something was cancelled. */
export const guardEvent = 'obscura-guard';

/** `base` is the app's folder, absolute, with a slash at its end. Does nothing where the browser has no such event. */
export function guardPage(page: GuardedPage, base: string): void {
  page.navigation?.addEventListener('navigate', (event) => {
    if (!event.cancelable || staysHere(event, base)) return;
    event.preventDefault();
    page.dispatchEvent(new Event(guardEvent));
  });
}

/** The page itself under any query, which the wall answers, and files that lie in this tab. */
export function staysHere(event: Pick<Leaving, 'destination' | 'downloadRequest'>, base: string): boolean {
  const { protocol, origin, pathname } = new URL(event.destination.url);
  if (protocol === 'blob:') return true;
  if (event.downloadRequest !== null) return false;
  return [base, `${base}index.html`].includes(origin + pathname);
}
