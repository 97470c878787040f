/** A record as a person reads it: four answers, each with what it was derived from, and the facts behind them. */
import type { Known, MeasurementRecord } from '../../privacy/record';
import type { Language } from '../../state/settings.svelte';
import { formatBytes, formatMs, sentences } from '../words/format';
import { words as tracesWords } from '../words/traces-words';

export interface Answer {
  readonly name: string;
  readonly answer: string;
  readonly good: boolean;
  readonly why: string;
}

export interface Fact {
  readonly name: string;
  readonly value: string;
  /** A hash or an id, which no translation may touch. */
  readonly exact: boolean;
}

export function recordRows(record: MeasurementRecord, language: Language) {
  const words = tracesWords[language];
  const { measured } = record;
  const { network, device, durations, airlock, build } = measured;
  const made = madeWords(measured, words);
  const said = (known: Known<boolean>) =>
    known === 'unknown' ? words.unknown : known ? words.yes : words.no;
  const hash = (known: Known<string>) => (known === 'unknown' ? words.unknown : known);
  const answers: Answer[] = [
    {
      name: words.uploaded,
      answer: said(record.data_uploaded),
      good: record.data_uploaded === false,
      why: network.complete
        ? made.requests(network.requests, formatBytes(network.bytesReceived, language), network.refused)
        : words.noLedger,
    },
    {
      name: made.local,
      answer: said(record.local_execution),
      good: record.local_execution === true,
      why: durations === 'unknown' ? '' : words.ranFor(formatMs(durations.run, language)),
    },
    {
      name: made.inputSaved,
      answer: said(record.input_saved),
      good: record.input_saved === false,
      why: { true: made.wrote, false: words.wroteNothing, unknown: words.wroteUnknown }[`${measured.wrote}`],
    },
  ];
  const plain = (name: string, value: string): Fact => ({ name, value, exact: false });
  const exact = (name: string, value: string): Fact => ({ name, value, exact: true });
  const facts: Fact[] = [
    ...record.model_version.split(' + ').map((model) => exact(words.model, model)),
    plain(words.reused, reusedOf(measured, words)),
    plain(
      words.device,
      device === 'unknown'
        ? words.unknown
        : words.deviceIs(
            device.backend === 'wasm' ? 'WebAssembly' : 'WebGPU',
            words.adapters[device.adapter],
          ),
    ),
    plain(words.airlock, airlock.standing && airlock.openHosts.length === 0 ? words.sealed : words.notSealed),
    plain(words.headers, measured.headers === 'unknown' ? words.unknown : words.headersBy[measured.headers]),
    exact(words.build, hash(build.shell)),
    exact(words.serviceWorker, hash(build.serviceWorker)),
    exact(made.inputMark, hash(measured.input.hmacSha256)),
    exact(words.output, hash(measured.output.sha256)),
    ...record.saved.map(({ type, sha256 }) => exact(words.savedAs(type.replace('image/', '')), sha256)),
  ];
  return { title: made.title, answers, facts };
}

/** What is said of a picture otherwise than of an answer. */
const madeWords = ({ job }: MeasurementRecord['measured'], words: (typeof tracesWords)['en']) =>
  job === 'ask' ? words.answer : words.picture;

/** Every cache in memory that had a part in it. */
function reusedOf(measured: MeasurementRecord['measured'], words: (typeof tracesWords)['en']): string {
  const { models, reusedPrompt, reusedTokens = 0 } = measured;
  const reused = [
    ...(models.some((model) => model.reused) ? [madeWords(measured, words).modelReused] : []),
    ...(reusedPrompt === true ? [words.promptReused] : []),
    ...(reusedTokens > 0 ? [words.tokensReused(reusedTokens)] : []),
  ];
  return reused.length > 0 ? sentences(...reused) : words.noneReused;
}
