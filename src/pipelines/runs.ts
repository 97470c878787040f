/** The heavy halves of the pipelines, loaded when first used. For the worker alone. */
import type { PipelineId, Run } from './pipeline';

const modules = import.meta.glob<{ run: unknown }>('./*/run.ts');

export async function loadRun<Id extends PipelineId>(id: Id): Promise<Run<Id>> {
  const load = modules[`./${id}/run.ts`];
  if (!load) throw new RangeError(`no pipeline ${id}`);
  return (await load()).run as Run<Id>;
}
