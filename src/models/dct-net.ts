/**
 * What the seven DCT-Net styles share. The ONNX form was converted from TFLite copies of the ModelScope
 * models (each `SOURCE.md` says how); one file serves as background and as head net.
 */
import type { StyleId } from '../pipelines/cartoon/card';
import type { ModelCard } from './model';

/** The built-in net learned these four, and does with a third of the work. */
const builtInStyles: readonly StyleId[] = ['anime', '3d', 'handdrawn', 'sketch'];

export function dctNetCard(style: StyleId, title: string, sha256: string): ModelCard {
  return {
    id: `dct-net-${style}`,
    title: `DCT-Net ${title}`,
    family: { id: 'dct-net', title: 'DCT-Net' },
    use: {
      pipeline: 'cartoon',
      role: 'cartoon',
      spec: {
        style,
        input: 'input',
        output: 'output',
        layout: 'nchw',
        order: 'bgr',
        inputRange: [0, 255],
        outputRange: [0, 255],
        multiple: 16,
        haloPx: 64,
      },
    },
    licence: { spdx: 'Apache-2.0', holder: 'Alibaba DAMO Academy (DCT-Net)', commercialUse: true },
    source:
      'DCT-Net by Alibaba DAMO Academy (Men et al., SIGGRAPH 2022), converted to ONNX from TFLite copies.',
    sourceUrl: 'https://github.com/menyifang/DCT-Net',
    builtIn: false,
    needs: { workPerPx: 124_608, gpuBufferBytes: 134_217_728, gpuPeakBytes: 678_635_632 },
    ...(builtInStyles.includes(style) && { fallback: `obscura-cartoon-${style}` }),
    part: { name: `${style}.onnx`, bytes: 5_872_980, sha256 },
  };
}
