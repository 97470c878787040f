/** What became of the faces, in one line: none found is another thing than none looked for. */
import type { Job } from '../../state/job.svelte';
import type { Words } from '../words/en';

export function facesLine({ result, recipe }: Job, words: Words): string {
  if (!result) return '';
  if (result.faces.length === 0 && recipe?.faces === null) return words.faces.noFinder;
  if (result.faces.length === 0 && recipe?.part === 'faces') return words.faces.nothing;
  return words.faces.drawn(result.faces.length);
}
