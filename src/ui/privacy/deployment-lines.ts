/** What the administrator of this deployment set in `obscura.config.json`, a line each. */
import type { Deployment } from '../../privacy/deployment';
import type { dataFlowEn } from '../words/data-flow-en';

type Words = (typeof dataFlowEn)['deployment'];

/** One line where nothing is set. */
export function deploymentLines(deployment: Deployment, words: Words): readonly string[] {
  const { notice, models, audit, retention, aiMark } = deployment;
  const lines = [
    ...(notice ? [words.notice] : []),
    ...(models.allowed ? [[words.allowed(models.allowed.length), ...models.allowed].join(' ')] : []),
    ...(models.import ? [] : [words.noImport]),
    ...(models.from === 'here' ? [words.here] : []),
    ...(audit === 'offered' ? [] : [words.audit[audit]]),
    ...(retention === 'until-deleted' ? [] : [words.retention[retention]]),
    ...(aiMark === 'always' ? [words.aiMark] : []),
  ];
  return lines.length > 0 ? lines : [words.none];
}
