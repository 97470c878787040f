import { yunetCard } from '../yunet';

export const card = yunetCard(
  's',
  237_823,
  'daede24002cc8590f457998cc5e6c9e8b82f45f6bd969506a8913cd4ed10a2d3',
);
