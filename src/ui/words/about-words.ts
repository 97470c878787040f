/** Whose work the app stands on; the words come with the room. */
import { aboutEn } from './about-en';
import { aboutZh } from './about-zh';

export const words = { en: aboutEn, zh: aboutZh };
