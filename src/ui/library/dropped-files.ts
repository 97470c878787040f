/** The files of a folder that was dropped or chosen: its own and those one folder down, and not without end. */

const mostFiles = 200;
const deepest = 2;

export function nearFiles(files: readonly File[]): File[] {
  const isNear = ({ webkitRelativePath }: File) => webkitRelativePath.split('/').length <= deepest + 1;
  return files.filter(isNear).slice(0, mostFiles);
}

/** Called in the drop's own turn: the browser forgets what was dropped after it. */
export async function droppedFiles({ items, files }: DataTransfer): Promise<File[]> {
  const loose = [...files];
  const entries = [...items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  if (!entries.some(({ isDirectory }) => isDirectory)) return loose;
  const found: File[] = [];
  try {
    for (const entry of entries) await gather(entry, found, 0);
  } catch {
    // A folder that cannot be read is refused as what it looks like: a file without bytes.
    return loose;
  }
  return found;
}

async function gather(entry: FileSystemEntry, found: File[], depth: number): Promise<void> {
  if (found.length >= mostFiles) return;
  if (isFile(entry)) found.push(await new Promise<File>((resolve, reject) => entry.file(resolve, reject)));
  else if (isFolder(entry) && depth < deepest) {
    const reader = entry.createReader();
    // A reader gives a part at a time, and nothing at its end.
    for (let part = await read(reader); part.length > 0; part = await read(reader)) {
      for (const inner of part) await gather(inner, found, depth + 1);
      if (found.length >= mostFiles) return;
    }
  }
}

function read(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  return new Promise((resolve, reject) => reader.readEntries(resolve, reject));
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}
