import { dctNetCard } from '../dct-net';

export const card = dctNetCard(
  'illustration',
  'Illustration',
  'f08275d55061295f7518e56bc230d70f75603793c74bbd4bdc2c614f98f01e1b',
);
