/**
 * Which workers may be let past to a foreign file, by the ids under which the browser knows them. A request must be
 * let past at once or answered, and this memory ends with the service worker: so a grant's worker asks for its own
 * script before each foreign request, and only then is it known here.
 */
import type { ListedFile } from './allow-list';
import type { Grant } from './policy';

export class GrantedClients {
  readonly #grants: readonly Grant[];
  /** The granted addresses by the id of the worker. */
  readonly #granted = new Map<string, readonly string[]>();

  constructor(grants: readonly Grant[]) {
    this.#grants = grants;
  }

  lets(clientId: string, url: string): boolean {
    return this.#granted.get(clientId)?.includes(url) === true;
  }

  /** `isAsker`: whether the one who asks for this file runs from it, as the browser itself knows it. */
  async note(file: ListedFile, clientId: string, isAsker: () => Promise<boolean>): Promise<void> {
    const grants = this.#grants.filter(({ path }) => path === file.path);
    if (grants.length === 0 || clientId === '' || !(await isAsker())) return;
    const addresses = grants.flatMap(({ url, metadata }) =>
      metadata === undefined ? [url] : [url, metadata],
    );
    this.#granted.set(clientId, addresses);
  }
}
