import { dctNetCard } from '../dct-net';

export const card = dctNetCard(
  'anime',
  'Anime',
  '10b5d71b5b697a9505765d242eaf5ec7f858add6e2cbe87b1cf00eb65a31c28a',
);
