/** The languages of the page. */
import type { Language } from '../../state/settings.svelte';
import { en, type Words } from './en';
import { zh } from './zh';

export const dictionaries: Record<Language, Words> = { en, zh };
