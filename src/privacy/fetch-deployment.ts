/** Reads `obscura.config.json` off the own host. Behind the wall it comes without a line too, as it was read last. */
import { StudioError } from '../base/errors';
import { airlockFetch } from './airlock';
import { openDeployment, readDeployment, type Deployment } from './deployment';
import { configPath } from './mirror-list';

/** Without the file nothing is set. @throws StudioError deployment/invalid, network/* where nobody can tell */
export async function fetchDeployment(
  request: (path: string) => Promise<Response> = airlockFetch,
): Promise<Deployment> {
  try {
    const response = await request(configPath);
    return readDeployment(await response.text());
  } catch (thrown) {
    if (isAbsent(thrown)) return openDeployment;
    throw thrown;
  }
}

/** Some hosts answer with their page in place of a file that they do not have. */
function isAbsent(thrown: unknown): boolean {
  if (!(thrown instanceof StudioError)) return false;
  const { code, details } = thrown;
  const gone = details['status'] === 404 || details['status'] === 410;
  return code === 'network/not-the-file' || (code === 'network/failed' && gone);
}
