import { dctNetCard } from '../dct-net';

export const card = dctNetCard(
  'design',
  'Design',
  '859c97e32790814098e10ec09a4a55b895035ba1529b4032baca342cae6aca6c',
);
