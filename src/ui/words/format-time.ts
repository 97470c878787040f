/** A point in time as a person reads it, to the minute. */
import type { Language } from '../../state/settings.svelte';

const locale = { en: 'en-GB', zh: 'zh-CN' } as const;

export function formatTime(ms: number, language: Language): string {
  return new Date(ms).toLocaleString(locale[language], { dateStyle: 'medium', timeStyle: 'short' });
}
