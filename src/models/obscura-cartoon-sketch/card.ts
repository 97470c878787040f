import { obscuraCartoonCard } from '../obscura-cartoon';

export const card = obscuraCartoonCard('sketch', 'Sketch', {
  bytes: 1_242_502,
  sha256: '758a9b881598a73306a0843ca32c2e544363842100fdc358a6844a8554d74fbf',
});
