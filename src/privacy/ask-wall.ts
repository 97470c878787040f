/** What the page asks the wall, each question on a port of its own; an answer that never comes is given up. */
import { StudioError } from '../base/errors';
import type { TransferProgress } from '../base/progress';
import type { LedgerRow } from './ledger';
import type { WallAnswer, WallQuestion } from './wall-messages';

type Asked = Pick<ServiceWorker, 'state' | 'postMessage' | 'addEventListener' | 'removeEventListener'>;
const silenceMs = 60_000;
/** A wall that stands answers at once; the longest is to be woken. */
const factSilenceMs = 5000;

/** Hears every answer until `heard` returns true. @throws StudioError wall/missing, also when it goes; network/failed after silence */
function ask(
  wall: Asked | null | undefined,
  question: WallQuestion,
  heard: (answer: WallAnswer) => boolean,
  patienceMs = silenceMs,
): Promise<void> {
  if (!wall) return Promise.reject(new StudioError('wall/missing'));
  return new Promise((resolve, reject) => {
    const { port1, port2 } = new MessageChannel();
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      wall.removeEventListener('statechange', look);
      port1.close();
      settle();
    };
    // One that was taken down, as clearing site data does, answers no more.
    const look = () => {
      if (wall.state === 'redundant') finish(() => reject(new StudioError('wall/missing')));
    };
    wall.addEventListener('statechange', look);
    const giveUp = () => finish(() => reject(new StudioError('network/failed', { reason: 'silence' })));
    let timer = setTimeout(giveUp, patienceMs);
    port1.onmessage = ({ data }: { data: WallAnswer }) => {
      clearTimeout(timer);
      timer = setTimeout(giveUp, patienceMs);
      if (data.type === 'engine-failed') finish(() => reject(new StudioError(data.code)));
      else if (heard(data)) finish(resolve);
    };
    wall.postMessage(question, [port2]);
    look();
  });
}

/** What the wall has noted since it was started last; none where it is silent. */
export async function ledgerRows(wall: Asked | null): Promise<readonly LedgerRow[]> {
  return (await askFact(wall, 'ledger', silenceMs))?.rows ?? [];
}

export type SettingsAnswer = Pick<Extract<WallAnswer, { type: 'settings' }>, 'known' | 'text'>;

/** What the deployment's administrator set; null where the wall is silent. */
export function askSettings(wall: Asked | null | undefined): Promise<SettingsAnswer | null> {
  return askFact(wall, 'settings', silenceMs);
}

export function fetchEngine(
  wall: Asked | null | undefined,
  report: (progress: TransferProgress) => void,
): Promise<void> {
  let doneBytes = 0;
  return ask(wall, { type: 'fetch-engine' }, (answer) => {
    if (answer.type === 'engine-progress') {
      doneBytes = Math.max(doneBytes, answer.doneBytes);
      report({ kind: 'transfer', name: 'engine', doneBytes, totalBytes: answer.totalBytes });
    }
    return answer.type === 'engine-ready';
  });
}

type Fact = Extract<WallAnswer, { type: 'ledger' | 'build' | 'headers' | 'settings' }>;

/** What the wall knows of itself; null where it does not answer. */
export async function askFact<Type extends Fact['type']>(
  wall: Asked | null | undefined,
  type: Type,
  patienceMs = factSilenceMs,
): Promise<Extract<Fact, { type: Type }> | null> {
  let fact: Extract<Fact, { type: Type }> | null = null;
  const heard = (answer: WallAnswer) => {
    if (answer.type === type) fact = answer as Extract<Fact, { type: Type }>;
    return answer.type === type;
  };
  await ask(wall, { type }, heard, patienceMs).catch(() => undefined);
  return fact;
}
