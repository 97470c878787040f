/** The thread of "Try to leak": attacks from a worker that the wall answered as it answers the engine. */
import type { LeakChannel } from '../src/privacy/leaks';
import { attack, type Attack } from '../src/privacy/leaks/attack';
import { workerCarriers } from '../src/privacy/leaks/worker-carriers';

addEventListener('message', (event: MessageEvent<{ channels: readonly LeakChannel[]; line: Attack }>) => {
  const { channels, line } = event.data;
  void attack(channels, workerCarriers, line, (attempt) => postMessage(attempt)).then(() =>
    postMessage(null),
  );
});
