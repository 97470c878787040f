/** SD-Turbo as schmuell/sd-turbo-ort-web publishes it: microsoft/onnxruntime-inference-examples js/sd-turbo/index.js. */
import type { TextToImageSpec } from '../../pipelines/text-to-image/card';

export const sdTurboSpec: TextToImageSpec = {
  prompt: 'clip',
  sampler: { kind: 'turbo' },
  // Stable Diffusion 2's VAE: config.json, scaling_factor.
  latents: { channels: 4, scale: 0.18215, shift: 0 },
  textEncoder: { ids: 'input_ids', outputs: ['last_hidden_state'] },
  denoiser: {
    latents: 'sample',
    time: 'timestep',
    caption: 'encoder_hidden_states',
    output: 'out_sample',
    free: {
      width: 'width',
      height: 'height',
      fixed: { batch_size: 1, num_channels: 4, sequence_length: 77 },
    },
  },
  decoder: {
    latents: 'latent_sample',
    output: 'sample',
    free: {
      width: 'width_latent',
      height: 'height_latent',
      fixed: { batch_size: 1, num_channels_latent: 4 },
    },
  },
  sizes: { fast: [{ aspect: '1:1', width: 512, height: 512 }] },
};
