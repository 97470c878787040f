import { obscuraCartoonCard } from '../obscura-cartoon';

export const card = obscuraCartoonCard('anime', 'Anime', {
  bytes: 1_242_501,
  sha256: 'c9249dac9504a1dd1e557b784f8b75b76f4e966b228a6d49d076c7c11bf8370d',
});
