/**
 * The dated report of one page: what was measured of its boundary, put together when it is asked for. Pure: it is
 * given measurements and says nothing that is not among them; what was not measured is 'unknown', and what was not
 * done, as an attack on the page, is null. It is the page's measurement of itself, no attestation.
 */
import type { Deployment } from './deployment';
import type { Blocker } from './leaks';
import type { LedgerRow } from './ledger';
import type { FileKind } from './policy';
import type { HeaderSource } from './raise-wall';
import type { Known } from './record';
import type { StoreMeasure } from './stores';
import type { Testimony } from './witness';

/** Who supplied a header: 'other' is the host with another value, 'unknown' a host that did not answer. */
export type Layer = 'host' | 'wall' | 'meta' | 'other' | 'unknown';
export type Client = Exclude<FileKind, 'asset'>;

export interface ReportedLeak {
  readonly channel: string;
  readonly leaked: Known<boolean>;
  readonly blockedBy: Blocker | null;
  /** False: inferred from what was measured besides. */
  readonly tried: boolean;
}

export interface ReportFacts {
  /** Milliseconds since 1970. */
  readonly madeAt: number;
  readonly address: string;
  readonly browser: { readonly userAgent: string; readonly isolated: boolean };
  readonly build: {
    readonly shell: string;
    readonly serviceWorker: string | null;
    readonly files: readonly ReleasedFile[];
  } | null;
  readonly wall: { readonly standing: boolean; readonly headersFrom: Known<HeaderSource> };
  readonly airlock: { readonly openHosts: readonly string[]; readonly inOtherTabs: readonly string[] };
  /** Null where the wall did not answer. */
  readonly headers:
    readonly { readonly client: Client; readonly header: string; readonly from: readonly Layer[] }[] | null;
  /** Null where no run was ended. */
  readonly leakTest: {
    readonly endedAt: number;
    readonly allowlist: boolean | null;
    readonly results: readonly (Omit<ReportedLeak, 'leaked'> & { readonly leaked: boolean | null })[];
  } | null;
  readonly ledger: {
    readonly rows: readonly LedgerRow[];
    readonly refused: number;
    readonly testimony: Testimony;
  };
  readonly stores: { readonly measuredAt: number; readonly stores: readonly StoreMeasure[] } | null;
  readonly deployment: Deployment;
}

export interface ReleasedFile {
  readonly path: string;
  readonly sha256: string;
}

type Told<Name extends keyof ReportFacts> = NonNullable<ReportFacts[Name]>;

export interface PrivacyReport extends Omit<
  ReportFacts,
  'madeAt' | 'build' | 'headers' | 'leakTest' | 'stores'
> {
  readonly kind: 'obscura-privacy-report';
  readonly version: 1;
  readonly madeAt: string;
  readonly build: {
    readonly shell: Known<string>;
    /** Of the script as the host served it when it was installed. */
    readonly serviceWorker: Known<string>;
    /** As the service worker lists them; it takes a file under no other hash. */
    readonly files: Known<readonly ReleasedFile[]>;
  };
  readonly headers: Known<Told<'headers'>>;
  readonly leakTest: {
    readonly endedAt: string;
    readonly allowlist: Known<boolean>;
    readonly results: readonly ReportedLeak[];
  } | null;
  readonly stores: Known<{ readonly measuredAt: string; readonly stores: readonly StoreMeasure[] }>;
  readonly limits: readonly string[];
}

/** For whoever reads the JSON without the app; English, since it is data. */
const limits = [
  'The page measured this about itself, in this browser, at this time: it is not an attestation.',
  'The host could serve somebody else other code; hashes tell about the copy that this browser was sent.',
  'The ledger holds what the service worker and the workers of downloads saw since they were last started.',
  'What was not tried in the leak test is inferred; "leaked: unknown" is what no page can tell of itself.',
] as const;

export function makeReport(facts: ReportFacts): PrivacyReport {
  const { madeAt, build, headers, leakTest, stores, ...rest } = facts;
  return {
    kind: 'obscura-privacy-report',
    version: 1,
    madeAt: iso(madeAt),
    ...rest,
    build: {
      shell: build?.shell ?? 'unknown',
      serviceWorker: build?.serviceWorker ?? 'unknown',
      files: build?.files ?? 'unknown',
    },
    headers: headers ?? 'unknown',
    leakTest: leakTest && {
      endedAt: iso(leakTest.endedAt),
      allowlist: leakTest.allowlist ?? 'unknown',
      results: leakTest.results.map((result) => ({ ...result, leaked: result.leaked ?? 'unknown' })),
    },
    stores: stores === null ? 'unknown' : { ...stores, measuredAt: iso(stores.measuredAt) },
    limits,
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
