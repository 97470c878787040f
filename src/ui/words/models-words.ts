/** The words of `#/models`; they come with the room. */
import { modelsEn } from './models-en';
import { modelsZh } from './models-zh';

export const words = { en: modelsEn, zh: modelsZh };
