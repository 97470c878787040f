/** The other jobs get the picture as they get a photo; nothing of it is copied to a store. */
import { StudioError } from '../../base/errors';
import type { DrawnPart } from '../../pipelines/cartoon/card';
import { markAi } from '../../runtime/ai-mark';
import { whollyMade, type Created } from '../../state/created.svelte';
import type { Page } from '../page.svelte';

export async function sendToCartoon({ app }: Page, made: Created, part: DrawnPart): Promise<void> {
  app.choices.part = part;
  // The cartoon can carry the mark on.
  app.studio.add([await markAi(made.picture, whollyMade)]);
  location.hash = '#/cartoon';
}

export async function sendToAsk(page: Page, made: Created): Promise<void> {
  try {
    const asking = await page.app.openAsking();
    asking.form.add([made.picture]);
    location.hash = '#/ask';
  } catch {
    page.fail(new StudioError('page/missing-part'));
  }
}
