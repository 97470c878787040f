/**
 * Addresses that may become a running script: our workers and the service worker, nothing else. The only
 * Trusted Types policy of our own; the CSP admits no other way to make a script URL.
 */
import { StudioError } from '../base/errors';
import { appBase } from './app-base';

const ourScripts = /^(?:service-worker|engine\/(?:inference|library|grant|leak-test|vault|pdf)-[\w-]+)\.js$/;

/** @throws StudioError network/refused for any other origin, folder, file, query or fragment */
export function checkScriptUrl(url: string, base: string): string {
  const { href } = new URL(url, base);
  if (href.startsWith(base) && ourScripts.test(href.slice(base.length))) return href;
  throw new StudioError('network/refused', { reason: 'not a script of this app' });
}

interface TrustedTypesFactory {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): { createScriptURL: (url: string) => unknown };
}

const check = (url: string) => checkScriptUrl(url, appBase);
const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypesFactory };
const policy = trustedTypes?.createPolicy('obscura-url', { createScriptURL: check });

/**
 * `url` for `new Worker` and `serviceWorker.register`. Under Trusted Types this is a TrustedScriptURL, typed as
 * the string that the DOM's types ask for.
 * @throws StudioError network/refused
 */
export function trustedUrl(url: string): string {
  // The development server serves workers by other names and without this policy.
  if (import.meta.env.DEV) return url;
  return (policy?.createScriptURL(url) ?? check(url)) as string;
}
