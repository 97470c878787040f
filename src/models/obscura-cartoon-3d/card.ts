import { obscuraCartoonCard } from '../obscura-cartoon';

export const card = obscuraCartoonCard('3d', '3D', {
  bytes: 1_243_043,
  sha256: '556b9706692ea885e84c48661f43a83536ea567e3ea113b28c8bc5dfe1ce8cce',
});
