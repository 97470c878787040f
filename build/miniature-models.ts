/** The miniatures of reference/miniature, opened in Node as the engine opens a kept model, with a count of what is open. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { sdTurboSpec } from '../src/models/sd-turbo/spec';
import { zImageSpec } from '../src/models/z-image-turbo/spec';
import type { GraphName, PartName, TextToImageSpec } from '../src/pipelines/text-to-image/card';
import type { ModelParts } from '../src/pipelines/pipeline';
import type { Session } from '../src/runtime/runtime';
import { openNodeSession } from './node-session';

export const miniatureFolder = resolve(
  import.meta.dirname,
  '../src/pipelines/text-to-image/reference/miniature',
);

export type Miniature = 'z-image-f32' | 'z-image-f16' | 'z-image-q4' | 'sd-turbo-f32' | 'sd-turbo-f16';

/** Each part's graph, in the published layout of its model. */
export const graphPaths = {
  'z-image': {
    textEncoder: 'onnx/text_encoder_model_q4f16.onnx',
    denoiser: 'onnx/transformer_model_q4f16.onnx',
    decoder: 'onnx/vae_decoder_model_f16.onnx',
  },
  'sd-turbo': {
    textEncoder: 'text_encoder/model.onnx',
    denoiser: 'unet/model.onnx',
    decoder: 'vae_decoder/model.onnx',
  },
} as const;

/** The 4-bit miniature has no decoder of its own: published decoders are not in 4 bits. */
export function graphFile(name: Miniature, part: GraphName): string {
  const kind = name.startsWith('z-image') ? 'z-image' : 'sd-turbo';
  const folder = name === 'z-image-q4' && part === 'decoder' ? 'z-image-f32' : name;
  return join(miniatureFolder, folder, graphPaths[kind][part]);
}

export interface CountedParts extends ModelParts<TextToImageSpec, PartName> {
  /** Every part opened, in order. */
  readonly opened: string[];
  /** Sessions alive now, and at most. */
  readonly alive: { now: number; most: number };
}

/** `meddle` stands between a session and whoever asked for it. */
export function miniatureParts(
  name: Miniature,
  change: {
    readonly spec?: Partial<TextToImageSpec>;
    readonly meddle?: (part: PartName, session: Session) => Session;
  } = {},
): CountedParts {
  const isFlow = name.startsWith('z-image');
  const opened: string[] = [];
  const alive = { now: 0, most: 0 };
  return {
    spec: { ...(isFlow ? zImageSpec : sdTurboSpec), ...change.spec },
    opened,
    alive,
    async open(part, options) {
      const file = graphFile(name, part as GraphName);
      const beside = readdirSync(join(file, '..')).filter((each) =>
        each.startsWith(`${basename(file)}_data`),
      );
      const data = new Map(beside.map((each) => [each, readFileSync(join(file, '..', each))] as const));
      const session = await openNodeSession(readFileSync(file), data, options);
      opened.push(part);
      alive.most = Math.max(alive.most, ++alive.now);
      const counted: Session = {
        inputs: session.inputs,
        outputs: session.outputs,
        run: (feeds) => session.run(feeds),
        release: async () => {
          alive.now--;
          await session.release();
        },
      };
      return change.meddle?.(part, counted) ?? counted;
    },
    text: () => {
      const file = `${isFlow ? 'qwen' : 'clip'}-tokenizer.json`;
      return Promise.resolve(readFileSync(join(miniatureFolder, file), 'utf8'));
    },
  };
}
