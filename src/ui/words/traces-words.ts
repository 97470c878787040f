/** What a photo's file carried and how its result was made; comes with src/ui/traces. */
import { tracesEn } from './traces-en';
import { tracesZh } from './traces-zh';

export const words = { en: tracesEn, zh: tracesZh };
