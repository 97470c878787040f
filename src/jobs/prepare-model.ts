/** Before a job: what its graphs need of the engine is fetched, as nothing may be while a prompt or a photo is at work. */
import { openableModel } from '../library/openable';
import type { ModelStore } from '../library/store';
import { fileCards } from '../models/files';
import type { ModelCard } from '../models/model';
import type { OrtRuntime } from '../runtime/ort';

/** @throws StudioError model/not-installed, model/damaged, storage/unavailable, network/* */
export async function prepareModel(
  model: ModelCard,
  runtime: Pick<OrtRuntime, 'facts' | 'prepare'>,
  store: ModelStore,
): Promise<void> {
  // The builds with WebGPU have all that is run on WebGPU.
  if (runtime.facts.backend === 'webgpu') return;
  for (const file of fileCards(model)) {
    if (file.part.name.endsWith('.onnx')) await runtime.prepare((await openableModel(file, store)).graph);
  }
}
