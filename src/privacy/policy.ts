/**
 * The one source of what may be asked for and under which headers it is answered. The service worker, the
 * production server, `_headers` and the page's `<meta>` all read it here. Pure: no network, no browser.
 */

/** What a file is to the browser: the headers depend on this alone. */
export type FileKind = 'page' | 'inference' | 'library' | 'vault' | 'pdf' | 'wall' | 'asset';
export type HeaderSet = Readonly<Record<string, string>>;

const trustedTypesPolicies = ['svelte-trusted-html', 'obscura-url'] as const;

/** A file on a foreign host that the visitor agreed to. */
export interface ForeignFile {
  readonly url: string;
  /** Origins that the host redirects to. */
  readonly redirects: readonly string[];
  /** Where its host states length and hash, if it must be asked; may have a query. */
  readonly metadata?: string;
}

/**
 * A worker script that may fetch one foreign file of the model it is made for; a model of several has several grants
 * for its one script. The build lists these from the cards and nothing adds to the list later: no address, message or
 * store can name another file or origin.
 */
export interface Grant extends ForeignFile {
  /** Relative to the app's base. */
  readonly path: string;
}

type Directives = Readonly<Record<string, string>>;

const closed: Directives = {
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
  'frame-src': "'none'",
  'object-src': "'none'",
};

const reachesNothing: Directives = {
  'default-src': "'none'",
  'script-src': "'self' 'wasm-unsafe-eval'",
  ...closed,
};

const contentSecurity: Readonly<Record<FileKind, Directives>> = {
  page: {
    'default-src': "'none'",
    'script-src': "'self' 'wasm-unsafe-eval'",
    'worker-src': "'self'",
    // The page asks the wall by message and its workers fetch; so no frame of its making can fetch either.
    'connect-src': "'none'",
    'img-src': "'self' blob: data:",
    'style-src': "'self'",
    'font-src': "'self'",
    'manifest-src': "'self'",
    ...closed,
    'require-trusted-types-for': "'script'",
    'trusted-types': trustedTypesPolicies.join(' '),
  },
  // No Trusted Types here: ONNX Runtime starts its wasm threads from plain URL strings.
  inference: {
    'default-src': "'none'",
    'script-src': "'self' 'wasm-unsafe-eval'",
    'worker-src': "'self'",
    'connect-src': "'self'",
    ...closed,
  },
  library: {
    'default-src': "'none'",
    'script-src': "'self' 'wasm-unsafe-eval'",
    'connect-src': "'self'",
    ...closed,
  },
  // It reads what was kept, so it reaches nothing.
  vault: reachesNothing,
  // It opens what a stranger may have made, so neither does it.
  pdf: reachesNothing,
  wall: { 'default-src': "'none'", 'connect-src': "'self'", ...closed },
  asset: { 'default-src': "'none'", ...closed },
};

/** Sent with every file. `Connection-Allowlist` exists as a header only; Chromium obeys it since 148. */
const everywhere: HeaderSet = {
  'Connection-Allowlist': '(response-origin);webrtc=block',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'Permissions-Policy': [
    'camera=(self)',
    ...[
      'browsing-topics',
      'clipboard-read',
      'deferred-fetch',
      'deferred-fetch-minimal',
      'display-capture',
      'geolocation',
      'hid',
      'identity-credentials-get',
      'microphone',
      'midi',
      'payment',
      'serial',
      'usb',
    ].map((feature) => `${feature}=()`),
  ].join(', '),
};

function policyText(directives: Directives): string {
  return Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');
}

/** The page's policy as a `<meta>` can carry it: it covers the first visit, before the wall stands. */
export function metaPolicy(): string {
  const directives = Object.entries(contentSecurity.page).filter(([name]) => name !== 'frame-ancestors');
  return policyText(Object.fromEntries(directives));
}

/** Which paths are of which kind: the first pattern that fits stands, and what fits none is an asset. */
export const kindPatterns: readonly (readonly [FileKind, RegExp])[] = [
  ['page', /^(?:index\.html)?$/],
  ['wall', /^service-worker\.js$/],
  ['library', /^engine\/(?:library|grant)-/],
  ['vault', /^engine\/vault-/],
  ['pdf', /^engine\/pdf-/],
  ['inference', /^engine\//],
];

/** `path` is relative to the app's base; '' is the page itself. */
export function fileKind(path: string): FileKind {
  return kindPatterns.find(([, pattern]) => pattern.test(path))?.[0] ?? 'asset';
}

export function headersFor(kind: FileKind): HeaderSet {
  return { 'Content-Security-Policy': policyText(contentSecurity[kind]), ...everywhere };
}

/** An origin, or an address without a query, that can say nothing else in a header: https, or a test's own host. */
const plainAddress = /^(?:https:\/\/[a-z\d.-]+|http:\/\/(?:localhost|127\.0\.0\.1):\d+)(?:\/[\w.-]+)*$/;

export function isGrantable({ url, redirects, metadata }: ForeignFile): boolean {
  if (metadata !== undefined && !/^[^?]*(?:\?\w+=[\w.-]+)?$/.test(metadata)) return false;
  return [url, ...redirects, ...metadataPath(metadata)].every((address) => plainAddress.test(address));
}

/** Without its query, which a policy cannot name. */
function metadataPath(metadata: string | undefined): readonly string[] {
  return metadata === undefined ? [] : [metadata.replace(/\?.*$/, '')];
}

/** The headers of a file: those of its kind, and for a script with a grant what was granted besides. */
export function headersOf(path: string, grants: readonly Grant[]): HeaderSet {
  const kind = fileKind(path);
  const granted = grants.filter((listed) => listed.path === path);
  if (kind !== 'library' || granted.length === 0 || !granted.every(isGrantable)) return headersFor(kind);
  const files = granted.flatMap(({ url, metadata }) => [url, ...metadataPath(metadata)]);
  const redirects = granted.flatMap((file) => file.redirects);
  const reachable = new Set(["'self'", ...files, ...redirects]);
  const directives = { ...contentSecurity.library, 'connect-src': [...reachable].join(' ') };
  const origins = new Set(files.map((address) => `"${new URL(address).origin}"`));
  // This header lets a redirect go anywhere once any is allowed; where it may go, the CSP says at each hop.
  const following = redirects.length > 0 ? ';redirects=allow' : '';
  return {
    'Content-Security-Policy': policyText(directives),
    ...everywhere,
    'Connection-Allowlist': `(response-origin ${[...origins].join(' ')})${following};webrtc=block`,
  };
}

/** A folder that can stand in a policy as it is: CSP knows no numbers in brackets, and `;` and `,` would end it. */
const plainFolder = /^https?:\/\/[a-z\d.-]+(?::\d+)?\/(?:[\w.~%-]+\/)*$/;

/**
 * The same headers with the app's folder in place of `connect-src 'self'`, as only who knows the address can say it.
 * To a browser 'self' holds the WebSocket of the same host too, which no service worker is asked about; an address
 * that begins with http does not.
 */
export function withinFolder(headers: HeaderSet, base: string): HeaderSet {
  const name = 'Content-Security-Policy';
  const policy = headers[name];
  if (policy === undefined || !plainFolder.test(base)) return headers;
  return { ...headers, [name]: policy.replace("connect-src 'self'", `connect-src ${base}`) };
}

/** A pattern of one address to the letter; without a query it ends in `?`, which stands for an empty one. */
function exactly(address: string): string {
  const { origin, pathname, search } = new URL(address);
  // In a header's string a backslash is written twice.
  const query = search.slice(1).replace(/[^\w=&%.~-]/g, (sign) => `\\\\${sign}`);
  return `"${origin}${pathname}?${query}"`;
}

/**
 * The page's headers as only who knows the address can say them: `Connection-Allowlist` names every address that the page
 * asks for in place of its whole host. No service worker is asked about an empty frame that a page makes; what such a
 * frame wrote into a query or a path would stand in that host's log.
 */
export function reachingOnly(headers: HeaderSet, base: string, addresses: readonly string[]): HeaderSet {
  if (!plainFolder.test(base)) return headers;
  const listed = [...new Set(addresses.map(exactly))].join(' ');
  return { ...headers, 'Connection-Allowlist': `(${listed});webrtc=block` };
}

/** By the ending of a file's name; every other file is `application/octet-stream`. */
export const mimeTypes: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  ico: 'image/x-icon',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json',
  mjs: 'text/javascript; charset=utf-8',
  png: 'image/png',
  svg: 'image/svg+xml',
  txt: 'text/plain; charset=utf-8',
  wasm: 'application/wasm',
  webmanifest: 'application/manifest+json',
  webp: 'image/webp',
  woff2: 'font/woff2',
};

export function mimeType(path: string): string {
  const ending = path === '' ? 'html' : path.slice(path.lastIndexOf('.') + 1);
  return mimeTypes[ending] ?? 'application/octet-stream';
}

/** Paths whose names carry the hash of their content; every other file is asked for again each time. */
export const hashedPaths = /^(?:assets|engine|rooms)\//;

export function cacheControl(path: string): string {
  return hashedPaths.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache';
}

/**
 * The same policy for hosts that read a `_headers` file. `rules` are paths or `folder/*`; no two may match one
 * file, since a host would join their policies.
 */
export function headersFile(rules: readonly string[], grants: readonly Grant[]): string {
  const blocks = rules.map((path) => {
    const lines = Object.entries(headersOf(path, grants)).map(([name, value]) => `  ${name}: ${value}`);
    return [`/${path}`, ...lines].join('\n');
  });
  return `${blocks.join('\n')}\n`;
}

/** What such a file says of one path that it names itself; null where it does not. */
export function readHeadersFile(text: string, path: string): HeaderSet | null {
  const lines = text.split('\n');
  const start = lines.indexOf(`/${path}`);
  if (start < 0) return null;
  const end = lines.findIndex((line, at) => at > start && !line.startsWith('  '));
  const pairs = lines.slice(start + 1, end < 0 ? undefined : end).map((line) => line.trim().split(': '));
  return Object.fromEntries(pairs.map(([name = '', ...value]) => [name, value.join(': ')]));
}
