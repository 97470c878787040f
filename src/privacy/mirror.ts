/**
 * The models laid beside the app, as the wall lets them through: to the library worker alone, and only the files
 * that the host's own manifest names. What was named is read off the host again when the library asks for it.
 */
import type { ListedFile } from './allow-list';
import type { KeptFiles } from './kept-files';
import { filesNamed, manifestPath, modelsFolder } from './mirror-list';
import { fileKind } from './policy';

export class Mirror {
  readonly #files: KeptFiles;
  #named: Promise<readonly ListedFile[]> | null = null;

  constructor(files: KeptFiles) {
    this.#files = files;
  }

  /** True of the one script whose requests may reach these files; `url` is the asker's. */
  isFor(url: string | undefined): boolean {
    const { base } = this.#files.powers;
    return url?.startsWith(base) === true && fileKind(url.slice(base.length)) === 'library';
  }

  /** The file at this path, or undefined: not one of these. */
  async find(path: string): Promise<ListedFile | undefined> {
    if (!path.startsWith(modelsFolder)) return undefined;
    if (path === manifestPath) {
      this.#named = null;
      return { path, bytes: 0, sha256: '' };
    }
    this.#named ??= this.#read().catch(() => []);
    return (await this.#named).find((file) => file.path === path);
  }

  async #read(): Promise<readonly ListedFile[]> {
    const response = await this.#files.ask({ path: manifestPath, bytes: 0, sha256: '' });
    return response.ok ? filesNamed(await response.text()) : [];
  }
}
