/** Which saved files say that a model had a part in them: those whose photo said so, by choice, or all, as a deployment set. */
import { strongestSource, type AiSource } from '../base/ai-source';
import type { Deployment } from '../privacy/deployment';
import { markAi } from '../runtime/ai-mark';
import type { Photo } from './photo.svelte';

/** IPTC's term for a picture that a model changed. */
const changed: AiSource = 'compositeWithTrainedAlgorithmicMedia';

export class AiMarks {
  readonly #rule: () => Deployment['aiMark'];

  constructor(rule: () => Deployment['aiMark']) {
    this.#rule = rule;
  }

  /** Every saved file has one. */
  get always(): boolean {
    return this.#rule() === 'always';
  }

  /** Null for none. */
  async of(photo: Pick<Photo, 'keptMark' | 'carried' | 'list'>): Promise<AiSource | null> {
    if (!this.always) return photo.keptMark;
    await photo.list();
    return strongestSource(photo.carried?.marks ?? []) ?? changed;
  }

  /** A kept picture, with the mark that was kept with it. `marked` tells whether it says so now. @throws StudioError image/encode-failed */
  async onKept(picture: Blob, source: AiSource | null) {
    const mark = source ?? (this.always ? changed : null);
    return { blob: mark ? await markAi(picture, mark) : picture, marked: mark !== null };
  }
}
