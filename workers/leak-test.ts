/** The thread of "Try to leak": attacks from a worker that the wall answered as it answers the engine. */
import type { Attempt, LeakChannel } from '../src/privacy/leaks';
import { attack, type Attack } from '../src/privacy/leaks/attack';
import { workerCarriers } from '../src/privacy/leaks/worker-carriers';

const heard = (): Promise<void> =>
  new Promise((resolve) => addEventListener('message', () => resolve(), { once: true }));

const begin = (event: MessageEvent<{ channels: readonly LeakChannel[]; line: Attack }>) => {
  const { channels, line } = event.data;
  const report = (attempt: Attempt): Promise<void> => {
    postMessage(attempt);
    return heard();
  };
  void attack(channels, workerCarriers, line, report).then(() => postMessage(null));
};
addEventListener('message', begin, { once: true });
