/** A model as `npm run model -- build qwen3-vl` wrote it: `model.json` among its files says what the others are. */
import { StudioError } from '../base/errors';
import { parseFields } from '../base/json-fields';
import type { ModelFile, ModelNeeds, PartsCard } from '../models/model';
import { readModelFacts, type ModelFacts } from '../pipelines/vision-language/model-facts';
import { partPath } from '../privacy/mirror-list';

export const builtFacts = 'model.json';
/** It cannot tell whose weights went in. */
export const builtSource =
  'Qwen3-VL’s networks, converted by this program from published weights; whose they were, the files do not say.';

/** What such an export lacks, as its tensors show: QwenLM's code adds features after three blocks, and mixes frequencies. */
export const publishedSource =
  'Qwen3-VL as others exported it for transformers.js: it lacks DeepStack and has other picture positions than its makers’, so that small print and places in a picture come out worse, and a prompt takes longer to read.';

/** Nobody has seen one of more weights on a processor. */
const mostProcessorBytes = 512 * 2 ** 20;

/** By the width of the language model, which differs between the published sizes. */
const sizes: Readonly<Record<number, string>> = { 2048: ' 2B', 2560: ' 4B', 4096: ' 8B' };

/** Empty where no published size is so wide. */
export function sizeName(hidden: number): string {
  return sizes[hidden] ?? '';
}

/**
 * Everything but lengths and hashes.
 * @throws StudioError model/damaged, model/manifest-version, model/unsafe-path
 */
export function builtCard(modelJson: string): PartsCard {
  const facts = readModelFacts(modelJson);
  const parts = parseFields(modelJson, builtFacts).object('parts');
  let weightBytes = 0;
  const graph = (name: 'vision' | 'decoder' | 'embed'): [ModelFile, ...ModelFile[]] => {
    const part = parts.object(name);
    const weights = part.objects('data').map((data) => {
      weightBytes += data.whole('bytes');
      return file(data.text('location'));
    });
    return [file(part.text('graph')), ...weights];
  };
  const [vision, decoder] = [graph('vision'), graph('decoder')];
  const isPublished = facts.layout === 'transformers.js';
  const title = `Qwen3-VL${sizeName(facts.text.hidden)} ${facts.thinking ? 'Thinking' : 'Instruct'}${isPublished ? ' (ONNX export)' : ''}`;
  return {
    id: 'built-qwen3-vl',
    title,
    family: { id: 'qwen3-vl', title: 'Qwen3-VL' },
    use: {
      pipeline: 'vision-language',
      role: 'words',
      spec: { form: facts.layout, ...(facts.thinking && { thinking: true }) },
    },
    licence: { spdx: 'unknown', holder: 'unknown', commercialUse: false },
    source: isPublished ? publishedSource : builtSource,
    builtIn: false,
    ...(weightBytes > mostProcessorBytes && { needs: { gpu: true, ...bufferNeed(facts) } }),
    // What is small comes first, so that a model that cannot be used is known to be early.
    parts: {
      ...{ facts: [file(builtFacts)], tokenizer: [file('tokenizer.json')] },
      ...(isPublished && { embed: graph('embed') }),
      ...{ vision, decoder },
    },
  };
}

/** The table of tokens is the largest buffer of all; how a published graph stores it is not known here. */
function bufferNeed({ embeddings }: ModelFacts): Pick<ModelNeeds, 'gpuBufferBytes'> {
  if (!embeddings) return {};
  const { precision, rows, columns } = embeddings;
  return { gpuBufferBytes: rows * columns * { q4: 1 / 2, f16: 2, f32: 4 }[precision] };
}

function file(name: string): ModelFile {
  if (!partPath.test(name) || name.includes('/')) throw new StudioError('model/unsafe-path', { file: name });
  return { name, bytes: 0, sha256: '' };
}
