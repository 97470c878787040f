/** The words of the data-flow sheet; they come with the room. */
import { dataFlowEn } from './data-flow-en';
import { dataFlowZh } from './data-flow-zh';

export const words = { en: dataFlowEn, zh: dataFlowZh };
