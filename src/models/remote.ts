/** Where a part's bytes come from, and which foreign origins that takes. */
import type { ModelPart, Remote } from './model';

/** What the airlock is asked for: a path of the app or a foreign address; undefined for what is only imported. */
export function addressOf({ path, remote }: ModelPart): string | undefined {
  return path ?? remote?.url;
}

/** The address's own origin first. */
export function originsOf({ url, redirects }: Remote): readonly string[] {
  return [new URL(url).origin, ...redirects];
}

/** As a person reads them. */
export function hostsOf(remote: Remote): readonly string[] {
  return originsOf(remote).map((origin) => new URL(origin).host);
}
