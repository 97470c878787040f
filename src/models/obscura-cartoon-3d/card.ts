import { obscuraCartoonCard } from '../obscura-cartoon';

export const card = obscuraCartoonCard('3d', '3D', {
  bytes: 1_242_498,
  sha256: '2462f79afefdf5ed7f9c08ae891bc3b4661bac08370a5cad46ad15cb3dbd1c61',
});
