import { dctNetCard } from '../dct-net';

export const card = dctNetCard(
  'artstyle',
  'Art style',
  'dc0a393c3bdc65d230d7c93c1b4a723631084c5b5e28195ffc1b762a921e8016',
);
