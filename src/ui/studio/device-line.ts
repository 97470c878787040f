/** What drew, in one line. Only what was measured. */
import type { RuntimeFacts } from '../../runtime/runtime';
import { adapterName } from '../../state/adapter-class';
import type { Words } from '../words/en';

export function deviceLine(facts: RuntimeFacts | null, words: Words): string {
  if (!facts) return words.device.unknown;
  if (facts.backend === 'wasm') return words.device.wasm(facts.threadCount);
  const line = words.device.webgpu(facts.adapter ? adapterName(facts.adapter) : '');
  return facts.adapter?.software ? `${line}, ${words.device.software}` : line;
}
