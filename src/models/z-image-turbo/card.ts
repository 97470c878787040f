import { huggingFaceFile } from '../hugging-face';
import type { ModelCard, ModelFile } from '../model';
import { zImageSpec } from './spec';

const repository = 'webnn/Z-Image-Turbo';
const commit = '02e1d8cc5d10d9ff6c7ed1f54b173bd981381bc2';

/** Lengths as published; the hashes are what the host states at first use. */
function file(path: string, bytes: number): ModelFile {
  const name = path.split('/').at(-1) ?? path;
  return { name, remote: huggingFaceFile({ repository, commit, path }), bytes, sha256: '' };
}

export const card: ModelCard = {
  id: 'z-image-turbo',
  title: 'Z-Image-Turbo',
  family: { id: 'z-image-turbo', title: 'Z-Image-Turbo' },
  use: { pipeline: 'text-to-image', role: 'picture', spec: zImageSpec },
  licence: { spdx: 'Apache-2.0', holder: 'Tongyi-MAI (Alibaba)', commercialUse: true },
  source:
    'Z-Image-Turbo by Tongyi-MAI (Alibaba), converted to ONNX in 4 bits by Intel’s WebNN authors, at commit 02e1d8c.',
  sourceUrl: 'https://huggingface.co/webnn/Z-Image-Turbo',
  builtIn: false,
  needs: { gpu: true, f16: true },
  fallback: 'sd-turbo',
  parts: {
    tokenizer: [file('tokenizer/tokenizer.json', 11_422_654)],
    textEncoder: [
      file('onnx/text_encoder_model_q4f16.onnx', 57_983_622),
      file('onnx/text_encoder_model_q4f16.onnx_data', 2_036_236_288),
      file('onnx/text_encoder_model_q4f16.onnx_data_1', 124_387_328),
    ],
    denoiser: [
      file('onnx/transformer_model_q4f16.onnx', 129_947_430),
      file('onnx/transformer_model_q4f16.onnx_data', 2_032_271_360),
      file('onnx/transformer_model_q4f16.onnx_data_1', 1_507_590_144),
    ],
    decoder: [file('onnx/vae_decoder_model_f16.onnx', 99_209_498)],
  },
};
