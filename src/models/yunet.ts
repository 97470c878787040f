/** What the two sizes of YuNet share. Got from its author's repository, or imported; `SOURCE.md` says more. */
import type { FileCard, ModelNeeds } from './model';

const commit = '0047ac24afb1a50a0c6105001c89d1b5b805dbf1';

const needsOf: Record<'s' | 'n', ModelNeeds> = {
  s: { workPerPx: 840, gpuBufferBytes: 12_582_912, gpuPeakBytes: 73_021_600 },
  n: { workPerPx: 1324, gpuBufferBytes: 12_582_912, gpuPeakBytes: 56_327_968 },
};

export function yunetCard(size: 's' | 'n', bytes: number, sha256: string): FileCard {
  const id = `yunet-${size}`;
  const title = `YuNet ${size}`;
  const name = `yunet_${size}_dynamic.onnx`;
  const url = `https://raw.githubusercontent.com/ShiqiYu/libfacedetection.train/${commit}/onnx/${name}`;
  return {
    id,
    title,
    family: { id, title },
    use: { pipeline: 'cartoon', role: 'faces', spec: { decode: 'yunet', minScore: 0.6 } },
    licence: { spdx: 'MIT', holder: 'Shiqi Yu', commercialUse: true },
    source: 'YuNet by Shiqi Yu, from libfacedetection.train at commit 0047ac2.',
    sourceUrl: 'https://github.com/ShiqiYu/libfacedetection.train',
    builtIn: false,
    needs: needsOf[size],
    // Of n nobody measured here that it finds more than s.
    ...(size === 's' && { fallback: 'obscura-faces' }),
    part: { name, remote: { url, redirects: [] }, bytes, sha256 },
  };
}
