/** What the wall answers of `obscura.config.json`: the host's newest word, or without a line the last one. */
import { answerHeaders } from './allow-list';
import { configPath } from './mirror-list';
import type { KeptFiles } from './kept-files';
import type { LedgerRow } from './ledger';

interface SettingsAnswer {
  readonly response: Response;
  readonly row: Pick<LedgerRow, 'from'> & Partial<LedgerRow>;
}

/** `cacheName`: where it is kept, null for nowhere. Undefined where nobody can tell. */
export async function settingsAnswer(
  files: KeptFiles,
  cacheName: string | null,
): Promise<SettingsAnswer | undefined> {
  const newest = await files.newest(cacheName, configPath);
  if (newest === undefined) return undefined;
  const { text, isKept } = newest;
  const { base } = files.powers;
  const sentBytes = base.length + configPath.length;
  return {
    response: new Response(text, {
      status: text === null ? 404 : 200,
      headers: answerHeaders(configPath, base, []),
    }),
    row: isKept ? { from: 'cache' } : { from: 'network', sentBytes, bytes: new Blob([text ?? '']).size },
  };
}
