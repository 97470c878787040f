/** 每个模型的来历。卡片自己的句子是英文；这里没有的，照原文显示。 */
import type { ModelCard } from '../../models/model';

const yunet = 'YuNet，于仕琪作，取自 libfacedetection.train 的提交 0047ac2。';
const dctNet =
  'DCT-Net，阿里巴巴达摩院作（Men 等，SIGGRAPH 2022）。导入的是由 TFLite 版本转换的 ONNX 文件；下载的是作者发布在 ModelScope 上的原文件，在本机转换。ModelScope 是否允许网页读取这个文件，我们从未试过；若不允许，请到那里下载后导入。';

const obscuraCartoon = '我们自己的小网络，用 CC0 人像从零训练，学的是 DCT-Net（Apache-2.0）的画法。';

const sources: Readonly<Record<string, string>> = {
  'obscura-cartoon-anime': obscuraCartoon,
  'obscura-cartoon-3d': obscuraCartoon,
  'obscura-cartoon-handdrawn': obscuraCartoon,
  'obscura-cartoon-sketch': obscuraCartoon,
  'obscura-faces': '我们自己的人脸检测，用 CC0 人像从零训练，以 YuNet（MIT）为师。',
  'yunet-n': yunet,
  'yunet-s': yunet,
  'dct-net-3d': dctNet,
  'dct-net-anime': dctNet,
  'dct-net-artstyle': dctNet,
  'dct-net-design': dctNet,
  'dct-net-handdrawn': dctNet,
  'dct-net-illustration': dctNet,
  'dct-net-sketch': dctNet,
  'z-image-turbo':
    'Z-Image-Turbo，通义-MAI（阿里巴巴）作，由英特尔 WebNN 的作者们转换为 4 位 ONNX，取自提交 02e1d8c。',
  'sd-turbo': 'SD-Turbo，Stability AI 作，由 Guenther Schmuelling（微软）转换为 ONNX，约 2.5 GB。',
};

const sentences: Readonly<Record<string, string>> = {
  'Imported from disk.': '从本机导入。',
  'Qwen3-VL’s networks, converted by this program from published weights; whose they were, the files do not say.':
    'Qwen3-VL 的网络，由本程序从公布的权重转换而来；权重出自谁手，文件没有说明。',
  'Qwen3-VL as others exported it for transformers.js: it lacks DeepStack and has other picture positions than its makers’, so that small print and places in a picture come out worse, and a prompt takes longer to read.':
    'Qwen3-VL，由他人为 transformers.js 导出：缺少 DeepStack，图片位置也与作者的不同，因此小字和图中位置会更差，读提示词也更慢。',
  'Laid here by whoever runs this site; who made it is not said.': '由本站的管理者放在这里，作者未说明。',
};

export function sourceZh({ id, source }: ModelCard): string {
  const known = sources[id] ?? sentences[source];
  if (known !== undefined) return known;
  return id.startsWith('imported-dct-net-') ? 'DCT-Net 的网络，由 TensorFlow 文件在本机转换而来。' : source;
}
