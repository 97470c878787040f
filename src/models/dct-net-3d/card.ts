import { dctNetCard } from '../dct-net';

export const card = dctNetCard(
  '3d',
  '3D',
  '88356919f924917af5128eaa3e5f35f934d6bcbc92be5063eadbe323ea25c507',
);
