import { yunetCard } from '../yunet';

export const card = yunetCard(
  'n',
  322_906,
  '104ee26c71d5c270ce79a6b3dced91c91013260d29a6bf18f9296c5b8c4c2b12',
);
