/** Puts what is copied where the browser keeps it, and says so. */
import type { Page } from '../page.svelte';
import { words as roomWords } from '../words/ask-words';

export async function copyText(text: string, page: Page): Promise<void> {
  const words = roomWords[page.app.settings.language];
  try {
    await navigator.clipboard.writeText(text);
    page.say(words.copied);
  } catch {
    // A browser may ask before it lets a page write there.
    page.say(words.copyRefused);
  }
}
