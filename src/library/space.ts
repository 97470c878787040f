/** How much this origin may still keep. The browser's answer is not the disk's: a write may fail all the same. */
export async function freeBytes(): Promise<number | null> {
  try {
    const { quota, usage = 0 } = await navigator.storage.estimate();
    return quota === undefined ? null : Math.max(0, quota - usage);
  } catch {
    return null;
  }
}
