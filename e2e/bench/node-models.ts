/** The pipeline's own code in Node: models opened on onnxruntime-web's wasm, one thread. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as ort from 'onnxruntime-web/wasm';
import { filesOf } from '../../src/models/files';
import type { ModelCard } from '../../src/models/model';
import type { CartoonSpec } from '../../src/pipelines/cartoon/card';
import type { OpenModel } from '../../src/pipelines/pipeline';
import type { Session, Tensor } from '../../src/runtime/runtime';

const root = resolve(import.meta.dirname, '../..');

ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'error';

export async function openModel<Spec>(file: string, spec: Spec): Promise<OpenModel<Spec>> {
  const inner = await ort.InferenceSession.create(new Uint8Array(readFileSync(file)));
  const session: Session = {
    inputs: inner.inputNames.map((name) => ({ name, type: 'float32', dims: [] })),
    outputs: inner.outputNames.map((name) => ({ name, type: 'float32', dims: [] })),
    async run(feeds) {
      const given = Object.entries(feeds).map(([name, { type, data, dims }]) => [
        name,
        new ort.Tensor(type, data, dims),
      ]);
      const outputs = await inner.run(Object.fromEntries(given) as Record<string, ort.Tensor>);
      return outputs as unknown as Record<string, Tensor>;
    },
    release: () => inner.release(),
  };
  return { session, spec };
}

/** The file of a card that ships with the app. */
export function shippedFile(card: ModelCard): string {
  const [{ path, name } = { path: '', name: '' }] = filesOf(card);
  return join(root, 'public', path ?? name);
}

/** The cards that draw the built-in styles. */
export async function builtInCartoonCards(): Promise<{ card: ModelCard; spec: CartoonSpec }[]> {
  const cards: { card: ModelCard; spec: CartoonSpec }[] = [];
  for (const id of readdirSync(join(root, 'public/models'))) {
    if (!existsSync(join(root, 'public/models', id, `${id}.onnx`))) continue;
    const { card } = (await import(join(root, 'src/models', id, 'card.ts'))) as { card: ModelCard };
    if (card.use.role === 'cartoon') cards.push({ card, spec: card.use.spec });
  }
  return cards;
}
