import type { ModelCard } from '../model';

export const card = {
  id: 'obscura-faces',
  title: 'Obscura Faces',
  family: { id: 'obscura-faces', title: 'Built in' },
  use: { pipeline: 'cartoon', role: 'faces', spec: { decode: 'yunet', minScore: 0.4, refine: true } },
  licence: { spdx: 'Apache-2.0', holder: 'The Obscura authors', commercialUse: true },
  source: 'Our own face finder, trained from scratch on CC0 portraits with YuNet (MIT) as the teacher.',
  builtIn: true,
  needs: { workPerPx: 787, gpuBufferBytes: 12_582_912, gpuPeakBytes: 66_790_464 },
  part: {
    name: 'obscura-faces.onnx',
    path: 'models/obscura-faces/obscura-faces.onnx',
    bytes: 286_687,
    sha256: 'b310e215d2589e2a9ec9ce34f4612197022a3d267bcda209c9a02bcb4673ad9c',
  },
} as const satisfies ModelCard;
