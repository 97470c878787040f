import { obscuraCartoonCard } from '../obscura-cartoon';

export const card = obscuraCartoonCard('3d', '3D', {
  bytes: 1_243_043,
  sha256: '2fc38974c641e5a4062830dd86ef37c5985faa733013309e7e95f144b4c6ebee',
});
