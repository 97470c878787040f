/** The other job gets the picture as a photo; nothing of it is copied to a store. */
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
