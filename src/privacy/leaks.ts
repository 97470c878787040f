/**
 * The ways out of a page that "Try to leak" and `npm run leak-test` try, and how what was seen is read. Pure: what
 * tries them lies in `leaks/`, the one place of the code that holds powers which every other file is refused.
 */

/** Which thread tries it; a popup or a page of its own is needed for what leaves the page. */
type LeakPlace = 'page' | 'new-page' | 'worker' | 'service-worker';
/** Another host, or the log of the host that serves the app. */
type LeakTarget = 'foreign' | 'own';

export interface LeakChannel {
  readonly id: string;
  readonly place: LeakPlace;
  readonly target: LeakTarget;
}

/** What the thread itself could tell: `unsure` where a browser says nothing either way. */
export type Tried = 'sent' | 'refused' | 'unsure' | 'absent';

/** The part of the boundary that a refusal is laid to; `browser`: the browser has no such power, or refuses it of itself. */
export type Blocker =
  'connection-allowlist' | 'csp' | 'service-worker' | 'permissions-policy' | 'page-guard' | 'browser';

export interface Attempt {
  readonly channel: string;
  readonly tried: Tried;
  /** The CSP directive that was said to be violated. */
  readonly directive: string | null;
  /** True where the page's own guard cancelled a navigation. */
  readonly guarded: boolean;
  /** The name of the error that was thrown. */
  readonly error: string | null;
}

export interface Verdict {
  readonly channel: string;
  /** Null: nobody can tell from inside the page. */
  readonly leaked: boolean | null;
  readonly blockedBy: Blocker | null;
}

/** What is known besides the attempt. */
interface Surroundings {
  /** Whether this browser obeys `Connection-Allowlist`; null: not measured. */
  readonly allowlist: boolean | null;
  /** Whether the token arrived at the other side; null where no other side was listening. */
  readonly arrived: boolean | null;
  /** Whether the wall noted a refusal meanwhile; not needed where the other side listens. */
  readonly refusedByWall?: boolean;
}

const sameOnBoth = [
  'fetch',
  'fetch-no-cors',
  'post',
  'xhr',
  'beacon',
  'event-source',
  'websocket',
  'webtransport',
  'img',
  'script',
  'stylesheet',
  'css-image',
  'font',
  'video',
  'object',
  'embed',
  'iframe',
  'favicon',
  'manifest',
  'prefetch',
  'preload',
  'modulepreload',
  'speculation-rules',
  'fetch-later',
  'background-fetch',
  'form',
  'ping',
  'blank-frame-fetch',
  'blank-frame-img',
  'blank-frame-script',
  'blank-frame-stylesheet',
  'blank-frame-websocket',
  'srcdoc-frame',
  'sandboxed-frame',
  'worker-url',
  'shared-worker',
  'blob-worker',
  'dynamic-import',
  'audio-worklet',
  'svg-image',
  'register',
] as const;

const foreignOnly = ['dns-prefetch', 'preconnect', 'webrtc-stun', 'webrtc-dns', 'payment', 'fedcm'] as const;

/** These leave the page or open another. */
const leaving = [
  'location',
  'link-click',
  'meta-refresh',
  'window-open',
  'popup-location',
  'blank-frame-open',
] as const;

const fromWorker = [
  'worker-fetch',
  'worker-post',
  'worker-xhr',
  'worker-event-source',
  'worker-websocket',
  'worker-webtransport',
  'worker-import',
  'worker-import-scripts',
  'worker-nested',
  'worker-blob',
] as const;

const fromServiceWorker = ['service-worker-fetch'] as const;

const of = (ids: readonly string[], place: LeakPlace, targets: readonly LeakTarget[]): LeakChannel[] =>
  ids.flatMap((id) => targets.map((target) => ({ id: `${id}:${target}`, place, target })));

export const leakChannels: readonly LeakChannel[] = [
  ...of(sameOnBoth, 'page', ['foreign', 'own']),
  ...of(foreignOnly, 'page', ['foreign']),
  ...of(leaving, 'new-page', ['foreign']),
  ...of(['link-download'], 'new-page', ['foreign', 'own']),
  ...of(fromWorker, 'worker', ['foreign', 'own']),
  ...of(fromServiceWorker, 'service-worker', ['foreign']),
];

/** What nothing but `Connection-Allowlist` closes: CSP does not know it, and no service worker is asked. */
const allowlistAlone = [
  ...leaving.map((id) => `${id}:foreign`),
  'dns-prefetch:foreign',
  'preconnect:foreign',
  'webrtc-stun:foreign',
  'webrtc-dns:foreign',
  'link-download:foreign',
  // An empty frame is in no service worker's hands, and may show what 'self' may send.
  ...['img', 'script', 'stylesheet'].map((kind) => `blank-frame-${kind}:own`),
];

/** The channels that only some browsers or hosts close. */
export const openByDesign = {
  'without-allowlist': allowlistAlone,
  'without-host-headers': ['service-worker-fetch:foreign'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export function isOpen(channel: string, where: keyof typeof openByDesign): boolean {
  return (openByDesign[where] as readonly string[]).includes(channel);
}

/** What a power that a policy took away throws; what CSP refuses was told as a violation before. */
const refusedPower = ['QuotaExceededError', 'NotAllowedError', 'SecurityError'];

/** What came of an attempt. What the other side saw goes before what the page was told. */
export function judge(attempt: Attempt, { allowlist, arrived, refusedByWall }: Surroundings): Verdict {
  const { channel, tried, directive, guarded, error } = attempt;
  const closed = (blockedBy: Blocker): Verdict => ({ channel, leaked: false, blockedBy });
  if (arrived === true || (tried === 'sent' && arrived === null))
    return { channel, leaked: true, blockedBy: null };
  if (directive !== null) return closed('csp');
  if (guarded) return closed('page-guard');
  if (tried === 'absent') return closed('browser');
  if (error !== null && refusedPower.includes(error)) return closed('permissions-policy');
  if (allowlistAlone.includes(channel)) {
    if (allowlist === true) return closed('connection-allowlist');
    return { channel, leaked: arrived === false ? false : allowlist === null ? null : true, blockedBy: null };
  }
  if (channel.endsWith(':own') && (refusedByWall === true || arrived === false))
    return closed('service-worker');
  if (tried === 'refused')
    return closed(allowlist === true && channel.endsWith(':foreign') ? 'connection-allowlist' : 'browser');
  return { channel, leaked: arrived, blockedBy: null };
}
