/** How rows come from the service worker and from workers of grants to every open tab: told once, kept nowhere else. */
import type { LedgerRow } from './ledger';

export interface LedgerLine {
  readonly post: (row: LedgerRow) => void;
  readonly listen: (heard: (row: LedgerRow) => void) => void;
}

/** `base` keeps two deployments on one host apart. */
export function openLedgerLine(base: string): LedgerLine {
  const channel = new BroadcastChannel(`obscura-ledger ${new URL(base).pathname}`);
  return {
    post: (row) => channel.postMessage(row),
    listen: (heard) =>
      channel.addEventListener('message', ({ data }: MessageEvent<LedgerRow>) => heard(data)),
  };
}

/** Names for rows that no other thread gives. */
export function rowNames(): () => string {
  const thread = [...crypto.getRandomValues(new Uint32Array(2))].join('-');
  let count = 0;
  return () => `${thread}-${(count += 1)}`;
}
