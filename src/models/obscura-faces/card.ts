import type { ModelCard } from '../model';

export const card = {
  id: 'obscura-faces',
  title: 'Obscura Faces',
  family: { id: 'obscura-faces', title: 'Built in' },
  use: {
    pipeline: 'cartoon',
    role: 'faces',
    spec: { decode: 'yunet', layout: 'rgba', minScore: 0.4, refine: true },
  },
  licence: { spdx: 'Apache-2.0', holder: 'The Obscura authors', commercialUse: true },
  source: 'Our own face finder, trained from scratch on CC0 portraits with YuNet (MIT) as the teacher.',
  builtIn: true,
  needs: { workPerPx: 787, gpuBufferBytes: 12_582_912, gpuPeakBytes: 66_790_464 },
  part: {
    name: 'obscura-faces.onnx',
    path: 'models/obscura-faces/obscura-faces.onnx',
    bytes: 286_925,
    sha256: '9623f4175a6651f5f9bf598a5ad6743118bc12093c1d96e138998119c8dd57e2',
  },
} as const satisfies ModelCard;
