/** The report as a sheet to read and print, in the language of the page. */
import { overNetwork } from '../../privacy/ledger';
import type { Client, Layer, PrivacyReport, ReportedLeak } from '../../privacy/report';
import type { Language } from '../../state/settings.svelte';
import { words as dataFlowWords } from '../words/data-flow-words';
import { dictionaries } from '../words/dictionaries';
import { formatBytes, sentences } from '../words/format';
import { formatTime } from '../words/format-time';
import { words as leakWords } from '../words/leak-words';
import { words as ledgerWords } from '../words/ledger-words';
import { words as reportWords } from '../words/report-words';
import { words as storesWords } from '../words/stores-words';
import { words as verifyWords } from '../words/verify-words';
import { deploymentLines } from './deployment-lines';
import { leakResult } from './leak-result';
import { ledgerColumns } from './ledger-columns';
import { sheetFile, type SheetPart } from './sheet';

export function reportSheet(report: PrivacyReport, language: Language): Blob {
  const words = reportWords[language];
  return sheetFile({
    ...{ language, title: words.sheet.title, lead: words.sheet.made(time(report.madeAt, language)) },
    parts: [
      facts(report, language),
      headers(report, language),
      leaks(report, language),
      ledger(report, language),
      stores(report, language),
      {
        title: words.sheet.deployment,
        text: deploymentLines(report.deployment, dataFlowWords[language].deployment),
      },
      files(report, language),
      { title: words.sheet.limits, text: verifyWords[language].limits.list },
    ],
  });
}

const time = (iso: string, language: Language): string => formatTime(Date.parse(iso), language);

function facts(report: PrivacyReport, language: Language): SheetPart {
  const words = reportWords[language];
  const yes = (is: boolean) => (is ? words.sheet.yes : words.sheet.no);
  const known = (text: string) => (text === 'unknown' ? words.sheet.unknown : text);
  const hosts = (names: readonly string[]) =>
    names.length > 0 ? names.join(dictionaries[language].comma) : words.sheet.none;
  const rows = [
    [words.sheet.address, report.address],
    [words.sheet.browser, report.browser.userAgent],
    [words.sheet.isolated, yes(report.browser.isolated)],
    [words.sheet.wall, yes(report.wall.standing)],
    [words.sheet.headersFrom, words.sheet.sources[report.wall.headersFrom]],
    [words.sheet.openHosts, hosts(report.airlock.openHosts)],
    [words.sheet.inOtherTabs, hosts(report.airlock.inOtherTabs)],
    [words.sheet.shell, known(report.build.shell)],
    [words.sheet.serviceWorker, known(report.build.serviceWorker)],
  ];
  return { title: words.sheet.facts, text: [], table: { columns: ['', ''], rows } };
}

function headers({ headers: found }: PrivacyReport, language: Language): SheetPart {
  const words = ledgerWords[language].layers;
  if (found === 'unknown') return { title: words.title, text: [ledgerWords[language].layers.unknown] };
  const clients = [...new Set(found.map(({ client }) => client))];
  const names = [...new Set(found.map(({ header }) => header))];
  const cell = (header: string, client: Client) => {
    const from = found.find((one) => one.header === header && one.client === client)?.from ?? [];
    return from.length > 0
      ? from.map((layer: Layer) => words[layer]).join(dictionaries[language].comma)
      : words.none;
  };
  return {
    title: words.title,
    text: [words.note],
    table: {
      columns: [words.header, ...clients.map((client) => words.clients[client])],
      rows: names.map((header) => [header, ...clients.map((client) => cell(header, client))]),
    },
  };
}

function leaks({ leakTest }: PrivacyReport, language: Language): SheetPart {
  const words = reportWords[language];
  const title = words.sheet.leaks;
  if (leakTest === null) return { title, text: [words.sheet.notRun] };
  return { title, ...leaksOf(leakTest, words.sheet.ended(time(leakTest.endedAt, language)), language) };
}

function leaksOf(
  { allowlist, results }: NonNullable<PrivacyReport['leakTest']>,
  ended: string,
  language: Language,
): Omit<SheetPart, 'title'> {
  const words = leakWords[language];
  const count = (leaked: ReportedLeak['leaked']) =>
    results.filter((result) => result.leaked === leaked).length;
  const obeys = ({ true: 'yes', false: 'no', unknown: 'unknown' } as const)[`${allowlist}`];
  return {
    text: [
      sentences(ended, words.sum(count(false), count(true), count('unknown'))),
      words.allowlist[obeys],
      words.limits,
    ],
    table: {
      columns: [words.channel, words.result],
      rows: results.map((result) => [
        result.channel,
        result.tried ? leakResult(result, words) : `${leakResult(result, words)} (${words.inferred})`,
      ]),
    },
  };
}

function ledger({ ledger: { rows, refused, testimony } }: PrivacyReport, language: Language): SheetPart {
  const words = ledgerWords[language];
  const { timings, violations, reports } = testimony;
  return {
    title: words.title,
    text: [
      words.sum(rows.length, overNetwork(rows), refused),
      timings ? words.timed(timings.timed, timings.pastWall, timings.foreign) : words.untimed,
      words.violations(violations, reports),
      ...words.blindSpots,
    ],
    table: {
      columns: ledgerColumns(words),
      rows: rows.map((row) => [
        new Date(row.time).toISOString(),
        words.writers[row.by],
        row.method,
        row.host ?? (row.pathClass === 'foreign' ? words.unnamed : words.own),
        words.kinds[row.pathClass],
        words.sources[row.from],
        formatBytes(row.sentBytes, language),
        formatBytes(row.bytes, language),
        words.verdicts[row.verdict],
      ]),
    },
  };
}

function stores({ stores: found }: PrivacyReport, language: Language): SheetPart {
  const words = storesWords[language];
  if (found === 'unknown') return { title: words.title, text: [words.unknown] };
  return {
    title: words.title,
    text: [
      words.measured(time(found.measuredAt, language)),
      ...(found.stores.length === 0 ? [words.empty] : []),
    ],
    table: {
      columns: [words.columns.store, words.columns.entries, words.columns.bytes],
      rows: found.stores.map(({ kind, name, entries, bytes }) => [
        sentences(words.kinds[kind], name),
        String(entries ?? words.unknown),
        bytes === null ? words.unknown : formatBytes(bytes, language),
      ]),
    },
  };
}

function files({ build }: PrivacyReport, language: Language): SheetPart {
  const words = reportWords[language];
  if (build.files === 'unknown') return { title: words.sheet.files, text: [words.sheet.unknown] };
  const rows = build.files.map(({ path, sha256 }) => [path, sha256]);
  return {
    title: words.sheet.files,
    text: [words.sheet.filesLead],
    table: { columns: [words.sheet.file, 'SHA-256'], rows },
  };
}
