/** A ready model into a folder the visitor chooses, or as two downloads where the browser writes no folders. */
import { isAbort } from '../../base/errors';
import type { Downloads } from '../../state/downloads';
import type { Shelf } from '../../state/shelf.svelte';
import { handToBrowser } from '../studio/hand-to-browser';

/** Chromium's, and not yet in the DOM's types. */
interface FolderPicker {
  showDirectoryPicker?: (options: {
    readonly id: string;
    readonly mode: 'readwrite';
  }) => Promise<FileSystemDirectoryHandle>;
}

/** Chromium drops downloads that follow one another faster. */
const pauseMs = 150;

export async function exportModel(cardId: string, shelf: Shelf, downloads: Downloads): Promise<void> {
  const picker = window as FolderPicker;
  if (!picker.showDirectoryPicker) {
    await shelf.exportFiles(cardId, (files) => handBoth(files, downloads));
    return;
  }
  let folder: FileSystemDirectoryHandle;
  try {
    folder = await picker.showDirectoryPicker({ id: 'obscura-models', mode: 'readwrite' });
  } catch (thrown) {
    // Closed without a choice.
    if (isAbort(thrown)) return;
    await shelf.exportFiles(cardId, (files) => handBoth(files, downloads));
    return;
  }
  await shelf.exportTo(cardId, folder);
}

async function handBoth(files: readonly File[], downloads: Downloads): Promise<void> {
  for (const [index, file] of files.entries()) {
    if (index > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    handToBrowser({ blob: file, name: file.name }, downloads);
  }
}
