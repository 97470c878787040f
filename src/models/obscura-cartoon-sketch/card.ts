import { obscuraCartoonCard } from '../obscura-cartoon';

export const card = obscuraCartoonCard('sketch', 'Sketch', {
  bytes: 1_243_047,
  sha256: '9dacafc49c4a8beea6f569841a01e69dea2a3c0955cfb085e764c7c4215f86ec',
});
