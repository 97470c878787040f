/** What the four built-in styles share: one small net each, from one recipe (`obscura-cartoon/SOURCE.md`). */
import type { StyleId } from '../pipelines/cartoon/card';
import type { FileCard } from './model';

export function obscuraCartoonCard(
  style: StyleId,
  title: string,
  file: { readonly bytes: number; readonly sha256: string },
): FileCard {
  const id = `obscura-cartoon-${style}`;
  return {
    id,
    title: `Obscura ${title}`,
    family: { id: 'built-in', title: 'Built in' },
    use: {
      pipeline: 'cartoon',
      role: 'cartoon',
      spec: {
        style,
        input: 'input',
        output: 'output',
        layout: 'rgba',
        order: 'rgb',
        inputRange: [0, 255],
        outputRange: [0, 255],
        multiple: 16,
        haloPx: 64,
      },
    },
    licence: { spdx: 'Apache-2.0', holder: 'The Obscura authors', commercialUse: true },
    source:
      'Our own small net, trained from scratch on CC0 portraits to draw what DCT-Net (Apache-2.0) draws.',
    builtIn: true,
    needs: { workPerPx: 45_024, gpuBufferBytes: 58_982_400, gpuPeakBytes: 278_806_160 },
    part: { name: `${id}.onnx`, path: `models/${id}/${id}.onnx`, ...file },
  };
}
