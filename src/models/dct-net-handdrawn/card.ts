import { dctNetCard } from '../dct-net';

export const card = dctNetCard(
  'handdrawn',
  'Hand-drawn',
  'f6df95a55fab582504e042f42e1a259f1d80e13650fa15bbf939150abe2d0e0a',
);
