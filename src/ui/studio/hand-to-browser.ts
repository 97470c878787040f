/** Gives a file to the browser's own download, which writes it where the visitor said. */
import type { Downloads } from '../../state/downloads';
import type { SavedFile } from '../../state/studio.svelte';

export function handToBrowser({ blob, name }: Pick<SavedFile, 'blob' | 'name'>, downloads: Downloads): void {
  const link = document.createElement('a');
  link.href = downloads.address(blob);
  link.download = name;
  link.click();
}
