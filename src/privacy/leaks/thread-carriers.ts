/** Ways out that a page and a worker share. */
import { answered, heard, named, type Carrier } from './carriers';

const socketOf = (address: string) => address.replace(/^http/, 'ws');

export const threadCarriers = {
  fetch: (address: string) => answered(fetch(address)),
  'fetch-no-cors': (address: string) => answered(fetch(address, { mode: 'no-cors' })),
  post: (address: string) => answered(fetch(address, { method: 'POST', body: address, mode: 'no-cors' })),
  xhr: (address: string) => {
    const asked = new XMLHttpRequest();
    const said = heard(asked);
    asked.open('GET', address);
    asked.send();
    return said;
  },
  'event-source': (address: string) => {
    const stream = named('EventSource');
    return stream ? heard(new stream(address), 'open') : 'absent';
  },
  websocket: (address: string) => {
    const socket = named('WebSocket');
    return socket ? heard(new socket(socketOf(address)), 'open') : 'absent';
  },
  webtransport: (address: string) => {
    const transport = named('WebTransport') as (new (url: string) => { ready: Promise<void> }) | undefined;
    return transport ? answered(new transport(address.replace(/^http:/, 'https:')).ready) : 'absent';
  },
} satisfies Readonly<Record<string, Carrier>>;
