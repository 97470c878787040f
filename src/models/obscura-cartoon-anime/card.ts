import { obscuraCartoonCard } from '../obscura-cartoon';

export const card = obscuraCartoonCard('anime', 'Anime', {
  bytes: 1_243_046,
  sha256: '875410e0fd83923efadfd97694a18bf17268dffc846b183e3a4cd22bc423b82a',
});
