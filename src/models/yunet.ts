/** What the two sizes of YuNet share. Imported by the visitor; each `SOURCE.md` says from where. */
import type { ModelCard } from './model';

export function yunetCard(size: 's' | 'n', bytes: number, sha256: string): ModelCard {
  const id = `yunet-${size}`;
  const title = `YuNet ${size}`;
  return {
    id,
    title,
    family: { id, title },
    use: { pipeline: 'cartoon', role: 'faces', spec: { decode: 'yunet', minScore: 0.6 } },
    licence: { spdx: 'MIT', holder: 'Shiqi Yu', commercialUse: true },
    source: 'YuNet by Shiqi Yu, from libfacedetection.train at commit 0047ac2.',
    sourceUrl: 'https://github.com/ShiqiYu/libfacedetection.train',
    builtIn: false,
    part: { name: `yunet_${size}_dynamic.onnx`, bytes, sha256 },
  };
}
