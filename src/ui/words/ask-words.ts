/** The words of `#/ask`, which come with that room. */
import { askEn } from './ask-en';
import { askZh } from './ask-zh';

export const words = { en: askEn, zh: askZh };
