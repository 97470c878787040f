/** Z-Image-Turbo as webnn/Z-Image-Turbo publishes it since September 2026: 16-bit values, latents of four dimensions. */
import type { TextToImageSpec } from '../../pipelines/text-to-image/card';
import { sizesOf } from '../../pipelines/text-to-image/sizes';

export const zImageSpec: TextToImageSpec = {
  prompt: 'qwen-chat',
  // Tongyi-MAI/Z-Image@c7ec135 src/config/inference.py and the model's scheduler_config.json.
  sampler: { kind: 'flow', stepCount: 8, shift: 3 },
  // FLUX.1's VAE: config.json, scaling_factor and shift_factor.
  latents: { channels: 16, scale: 0.3611, shift: 0.1159 },
  textEncoder: {
    ids: 'input_ids',
    mask: 'attention_mask',
    outputs: ['encoder_hidden_states', 'encoder_hidden_state'],
  },
  denoiser: {
    latents: 'hidden_states',
    time: 'timestep',
    caption: 'encoder_hidden_states',
    output: 'sample',
    free: { width: 'width', height: 'height' },
  },
  decoder: {
    latents: 'latent_sample',
    output: 'sample',
    free: { width: 'latent_width', height: 'latent_height' },
  },
  sizes: { fast: sizesOf('fast'), quality: sizesOf('quality') },
};
