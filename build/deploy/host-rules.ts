/** The policy as a host's configuration needs it: which paths get which headers, in the order in which they are tried. */
import { headersFor, headersOf, kindPatterns, type Grant, type HeaderSet } from '../../src/privacy/policy.ts';

export interface HostRule {
  /** One path as the host sees it, or a pattern over such paths; both begin at the host's root. */
  readonly path: string | RegExp;
  readonly headers: HeaderSet;
}

export interface HostRules {
  /** The first that fits stands. */
  readonly rules: readonly HostRule[];
  /** For every other path, and for refusals. */
  readonly otherwise: HeaderSet;
}

/** A pattern over paths of the app, over paths of a host that has the app at its root. */
export function atRoot(pattern: RegExp): RegExp {
  return new RegExp(pattern.source.replace(/^\^/, '^\\/'));
}

export function hostRules(grants: readonly Grant[]): HostRules {
  return {
    rules: [
      ...[...new Set(grants.map(({ path }) => path))].map((path) => {
        return { path: `/${path}`, headers: headersOf(path, grants) };
      }),
      ...kindPatterns.map(([kind, pattern]) => ({ path: atRoot(pattern), headers: headersFor(kind) })),
    ],
    otherwise: headersFor('asset'),
  };
}

/** Headers that differ between the rules, and those that do not. */
export function splitHeaders({ rules, otherwise }: HostRules): {
  readonly varied: readonly string[];
  readonly constant: HeaderSet;
} {
  const isVaried = (name: string) => rules.some(({ headers }) => headers[name] !== otherwise[name]);
  const names = Object.keys(otherwise);
  return {
    varied: names.filter(isVaried),
    constant: Object.fromEntries(Object.entries(otherwise).filter(([name]) => !isVaried(name))),
  };
}

/** Without the escapes that only JavaScript's own notation needs. */
export function patternText(pattern: RegExp): string {
  return pattern.source.replaceAll('\\/', '/');
}

/** A year; long enough for browsers, short enough that a mistake ends. */
export const strictTransport = 'max-age=31536000';

/** Where the kit puts things; the same on a host, in the container and under systemd. */
export const places = {
  app: '/srv/obscura/app',
  beside: '/srv/obscura/beside',
  certificate: '/etc/obscura/tls/cert.pem',
  key: '/etc/obscura/tls/key.pem',
  passwords: '/etc/obscura/htpasswd',
} as const;
