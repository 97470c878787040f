import { huggingFaceFile } from '../hugging-face';
import type { ModelCard, ModelFile } from '../model';
import { sdTurboSpec } from './spec';

/** Neither commits nor hashes were known to us: what the host states at first use holds from then on. */
function file(repository: string, path: string, name: string): ModelFile {
  const remote = { ...huggingFaceFile({ repository, commit: 'main', path }), moving: true } as const;
  return { name, remote, bytes: 0, sha256: '' };
}

const graphs = 'schmuell/sd-turbo-ort-web';

export const card: ModelCard = {
  id: 'sd-turbo',
  title: 'SD-Turbo',
  family: { id: 'sd-turbo', title: 'SD-Turbo' },
  use: { pipeline: 'text-to-image', role: 'picture', spec: sdTurboSpec },
  licence: { spdx: 'stabilityai-non-commercial', holder: 'Stability AI', commercialUse: false },
  source: 'SD-Turbo by Stability AI, converted to ONNX by Guenther Schmuelling (Microsoft). About 2.5 GB.',
  sourceUrl: 'https://huggingface.co/schmuell/sd-turbo-ort-web',
  builtIn: false,
  needs: { gpu: true },
  parts: {
    tokenizer: [file('Xenova/clip-vit-base-patch16', 'tokenizer.json', 'clip-tokenizer.json')],
    textEncoder: [file(graphs, 'text_encoder/model.onnx', 'sd-turbo-text-encoder.onnx')],
    denoiser: [file(graphs, 'unet/model.onnx', 'sd-turbo-unet.onnx')],
    decoder: [file(graphs, 'vae_decoder/model.onnx', 'sd-turbo-vae-decoder.onnx')],
  },
};
