/** IPTC's terms for how a picture came to be, as far as a trained model had a part in it (NewsCodes, digitalsourcetype). */
export type AiSource = 'trainedAlgorithmicMedia' | 'compositeWithTrainedAlgorithmicMedia';

export function aiSourceAddress(source: AiSource): string {
  return `http://cv.iptc.org/newscodes/digitalsourcetype/${source}`;
}
