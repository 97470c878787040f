/** One sentence on what a photo's file carried, from the groups that tell something of a person. */
import type { PictureMetadata } from '../../privacy/metadata';
import type { Language } from '../../state/settings.svelte';
import { sentences } from '../words/format';
import { words as tracesWords } from '../words/traces-words';

const telling = ['place', 'time', 'device', 'person', 'words', 'trailing'] as const;
/** The rest is in the list behind the line. */
const mostNamed = 3;

/** Empty where the file carried nothing to speak of. */
export function carriedLine({ entries, marks, unread }: PictureMetadata, language: Language): string {
  const words = tracesWords[language];
  const found = telling.filter((group) => entries.some((entry) => entry.group === group));
  const all: string[] = found.map((group) => words.things[group]);
  if (entries.some(({ name }) => name === 'Thumbnail')) all.push(words.things.thumbnail);
  const things = all.length > mostNamed ? [...all.slice(0, mostNamed), words.things.more] : all;
  const rest = entries.length > 0 || unread > 0;
  const list = new Intl.ListFormat(language === 'zh' ? 'zh-CN' : 'en-GB').format(things);
  const first = things.length > 0 ? words.carried(list) : rest ? words.carriedLittle : '';
  return sentences(marks.length > 0 ? words.marked : '', first);
}
