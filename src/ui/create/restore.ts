/** Taking over a picture's settings, and what is said of it. */
import type { Creation } from '../../state/creation.svelte';
import type { Page } from '../page.svelte';
import type { words as roomWords } from '../words/create-words';

export async function restore(
  file: File,
  { creation, page, words }: { creation: Creation; page: Page; words: (typeof roomWords)['en'] },
): Promise<void> {
  // A folder cannot be read.
  const missing = await creation.restore(file).catch(() => null);
  if (!missing) {
    page.say(words.restoredNone);
    return;
  }
  const { model, size } = missing;
  const but = [
    ...(model === undefined ? [] : [words.otherModel(model)]),
    ...(size ? [words.otherSize(size.width, size.height)] : []),
  ];
  page.say(words.restored(but));
}
