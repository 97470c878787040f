/** IPTC's terms for how a picture came to be, as far as a trained model had a part in it (NewsCodes, digitalsourcetype). */
export type AiSource = 'trainedAlgorithmicMedia' | 'compositeWithTrainedAlgorithmicMedia';

export function aiSourceAddress(source: AiSource): string {
  return `http://cv.iptc.org/newscodes/digitalsourcetype/${source}`;
}

/** The stronger of two terms: wholly by a model, where any mark says so. Null for none. */
export function strongestSource(marks: readonly { readonly source: AiSource }[]): AiSource | null {
  const sources = marks.map(({ source }) => source);
  return sources.find((source) => source === 'trainedAlgorithmicMedia') ?? sources[0] ?? null;
}
