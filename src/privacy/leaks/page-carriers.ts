/** Ways out of a page beside elements; the last of them leave the page. */
import type { Tried } from '../leaks';
import { answered, heard, named, pause, type Carrier } from './carriers';
import { elementCarriers } from './element-carriers';
import { threadCarriers } from './thread-carriers';

async function gathered(urls: string, withinMs = 800): Promise<'complete' | 'gathering'> {
  const line = new RTCPeerConnection({ iceServers: [{ urls }] });
  try {
    line.createDataChannel('leak');
    await line.setLocalDescription(await line.createOffer());
    const ended = new Promise<'complete'>((resolve) => {
      line.addEventListener('icegatheringstatechange', () => {
        if (line.iceGatheringState === 'complete') resolve('complete');
      });
    });
    return await Promise.race([ended, pause(withinMs).then(() => 'gathering' as const)]);
  } finally {
    line.close();
  }
}

const stun =
  (by: 'stun' | 'stunAddress'): Carrier =>
  async (address, line) => {
    if (!('RTCPeerConnection' in globalThis)) return 'absent';
    const host =
      by === 'stun' ? `${new URL(address).hostname}:${line.stun.split(':').at(-1)}` : line.stunAddress;
    await gathered(`stun:${host}`);
    return 'unsure';
  };

interface Later {
  fetchLater?: (address: string) => unknown;
}
interface Background {
  readonly backgroundFetch?: { fetch(id: string, addresses: readonly string[]): Promise<unknown> };
}

export const pageCarriers: Readonly<Record<string, Carrier>> = {
  ...threadCarriers,
  ...elementCarriers,
  beacon: (address) => (navigator.sendBeacon(address, address) ? 'unsure' : 'refused'),
  async 'fetch-later'(address): Promise<Tried> {
    const { fetchLater } = globalThis as Later;
    if (!fetchLater) return 'absent';
    fetchLater(address);
    await pause();
    return 'unsure';
  },
  async 'background-fetch'(address): Promise<Tried> {
    const { backgroundFetch } = (await navigator.serviceWorker.ready) as Background;
    if (!backgroundFetch) return 'absent';
    return answered(backgroundFetch.fetch(crypto.randomUUID(), [address]));
  },
  'worker-url': (address) => heard(new Worker(address), 'message'),
  'shared-worker'(address): Promise<Tried> | Tried {
    const shared = named('SharedWorker');
    return shared ? heard(new shared(address), 'connect') : 'absent';
  },
  'blob-worker'(address): Promise<Tried> | Tried {
    const script = new Blob([`fetch(${JSON.stringify(address)}).then(() => postMessage(1))`]);
    return heard(new Worker(URL.createObjectURL(script)), 'message');
  },
  'dynamic-import': (address) => answered(import(/* @vite-ignore */ address)),
  async 'audio-worklet'(address): Promise<Tried> {
    const audio = new AudioContext();
    return answered(audio.audioWorklet.addModule(address)).finally(() => void audio.close());
  },
  register: (address) => answered(navigator.serviceWorker.register(address)),
  'webrtc-stun': stun('stunAddress'),
  'webrtc-dns': stun('stun'),
  payment(address): Promise<Tried> | Tried {
    if (!('PaymentRequest' in globalThis)) return 'absent';
    const total = { label: 'leak', amount: { currency: 'EUR', value: '1' } };
    return answered(new PaymentRequest([{ supportedMethods: address }], { total }).canMakePayment());
  },
  fedcm(address): Promise<Tried> | Tried {
    if (!('IdentityCredential' in globalThis)) return 'absent';
    const identity = { providers: [{ configURL: address, clientId: 'leak' }] };
    return answered(navigator.credentials.get({ identity } as CredentialRequestOptions));
  },
  async location(address): Promise<Tried> {
    location.href = address;
    await pause();
    return 'unsure';
  },
  async 'link-click'(address): Promise<Tried> {
    const link = document.createElement('a');
    link.href = address;
    document.body.append(link);
    link.click();
    await pause();
    return 'unsure';
  },
  async 'meta-refresh'(address): Promise<Tried> {
    const refresh = document.createElement('meta');
    refresh.httpEquiv = 'refresh';
    refresh.content = `0; url=${address}`;
    document.head.append(refresh);
    await pause();
    refresh.remove();
    return 'unsure';
  },
  async 'window-open'(address): Promise<Tried> {
    const opened = window.open(address);
    await pause();
    opened?.close();
    return 'unsure';
  },
  async 'popup-location'(address): Promise<Tried> {
    const opened = window.open('about:blank');
    if (!opened) return 'refused';
    opened.location.href = address;
    await pause();
    opened.close();
    return 'unsure';
  },
  /** An empty frame has its own copy of every power of the browser. */
  async 'blank-frame-open'(address): Promise<Tried> {
    const frame = document.createElement('iframe');
    document.body.append(frame);
    const opened = frame.contentWindow?.open(address) ?? null;
    await pause();
    opened?.close();
    frame.remove();
    return 'unsure';
  },
};

/**
 * Whether the browser obeys `Connection-Allowlist`: with its `webrtc=block` the search for a way out ends at once, and
 * goes on for seconds without. Asks this machine alone, at a port where nothing answers.
 */
export async function allowlistHolds(): Promise<boolean | null> {
  if (!('RTCPeerConnection' in globalThis)) return null;
  try {
    return (await gathered('stun:127.0.0.1:9')) === 'complete';
  } catch {
    return true;
  }
}
