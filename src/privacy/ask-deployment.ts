/** Asks the wall for `obscura.config.json`, since the page itself fetches nothing. */
import { StudioError } from '../base/errors';
import type { SettingsAnswer } from './ask-wall';
import { openDeployment, readDeployment, type Deployment } from './deployment';
import { configPath } from './mirror-list';

/** Without the file nothing is set. @throws StudioError deployment/invalid, network/failed where nobody can tell */
export async function askDeployment(ask: () => Promise<SettingsAnswer | null>): Promise<Deployment> {
  const told = await ask();
  if (told?.known !== true) throw new StudioError('network/failed', { path: configPath });
  return told.text === null ? openDeployment : readDeployment(told.text);
}
