import { obscuraCartoonCard } from '../obscura-cartoon';

export const card = obscuraCartoonCard('handdrawn', 'Hand-drawn', {
  bytes: 1_242_505,
  sha256: 'e40761acf0651cef101164449437bc3ba28d34836ae5756a1b3fe473e62b0ba0',
});
