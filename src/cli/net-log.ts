/** Chromium's own log of its network: what was looked up by name and what was put onto a connection. */
import { readFileSync } from 'node:fs';

/** Events of a request that never left, as one that a service worker answered, are none of these. */
const onTheWire =
  /^(HOST_RESOLVER|HTTP_TRANSACTION_.*SEND|HTTP2_SESSION_SEND|TCP_CONNECT|UDP_|QUIC_|SSL_CONNECT)/;

interface NetLog {
  readonly constants: { readonly logEventTypes: Readonly<Record<string, number>> };
  readonly events: readonly { readonly type: number; readonly params?: unknown }[];
}

/** The events on the wire whose parameters hold `text`, by name. */
export function netLogReader(path: string): (text: string) => readonly string[] {
  const { constants, events } = JSON.parse(wholeOf(readFileSync(path, 'utf8'))) as NetLog;
  const names = new Map(Object.entries(constants.logEventTypes).map(([name, type]) => [type, name]));
  const wire = events
    .map(({ type, params }) => ({ name: names.get(type) ?? '', text: JSON.stringify(params ?? {}) }))
    .filter(({ name }) => onTheWire.test(name));
  return (text) => wire.filter((event) => event.text.includes(text)).map(({ name }) => name);
}

/** A browser that was ended at once leaves the list of events open. */
function wholeOf(text: string): string {
  const trimmed = text.trimEnd();
  return trimmed.endsWith('}') && /\]\s*,?[^[\]]*\}$/.test(trimmed)
    ? trimmed
    : `${trimmed.replace(/,$/, '')}]}`;
}
