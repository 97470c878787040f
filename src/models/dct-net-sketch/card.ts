import { dctNetCard } from '../dct-net';

export const card = dctNetCard(
  'sketch',
  'Sketch',
  '2d3512e7216088ccbcd96d959fed99f6414e6655861df73943188a7bdc6bf0a6',
);
