/**
 * What the seven DCT-Net styles share. The ONNX form was converted from TFLite copies of the ModelScope
 * models (each `SOURCE.md` says how); one file serves as background and as head net. Where nobody laid that form
 * beside the app, the makers' own file is fetched and converted.
 */
import type { StyleId } from '../pipelines/cartoon/card';
import type { FileCard } from './model';
import { modelScopeFile } from './modelscope';

/** Names and revisions as DCT-Net's own downloader has them (menyifang/DCT-Net@147e4f2 download.py), now under `iic`. */
const published: Readonly<Record<string, readonly [name: string, revision: string]>> = {
  anime: ['cartoon', 'master'],
  '3d': ['cartoon-3d', 'master'],
  handdrawn: ['cartoon-handdrawn', 'master'],
  sketch: ['cartoon-sketch', 'master'],
  artstyle: ['cartoon-artstyle', 'master'],
  design: ['cartoon-sd-design', 'v1.0.0'],
  illustration: ['cartoon-sd-illustration', 'v1.0.0'],
};

/** The built-in net learned these four, and does with a third of the work. */
const builtInStyles: readonly StyleId[] = ['anime', '3d', 'handdrawn', 'sketch'];

export function dctNetCard(style: StyleId, title: string, sha256: string): FileCard {
  const [name = '', revision = ''] = published[style] ?? [];
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
      'DCT-Net by Alibaba DAMO Academy (Men et al., SIGGRAPH 2022). Imported, an ONNX file converted from TFLite copies; ' +
      'fetched, its makers’ own file from ModelScope, converted on this device. Whether ModelScope lets pages read that ' +
      'file was never tried by us; if not, download it there and import it.',
    sourceUrl: `https://www.modelscope.cn/models/iic/cv_unet_person-image-${name}_compound-models`,
    builtIn: false,
    needs: { workPerPx: 124_608, gpuBufferBytes: 134_217_728, gpuPeakBytes: 678_635_632 },
    ...(builtInStyles.includes(style) && { fallback: `obscura-cartoon-${style}` }),
    part: { name: `${style}.onnx`, bytes: 5_872_980, sha256 },
    original: {
      name: 'cartoon_bg.pb',
      converter: 'dct-net',
      remote: modelScopeFile({
        repository: `iic/cv_unet_person-image-${name}_compound-models`,
        revision,
        path: 'cartoon_bg.pb',
      }),
    },
  };
}
