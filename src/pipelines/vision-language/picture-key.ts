/**
 * A name for a picture's pixels that says nothing about them: an HMAC under a key that is made for this tab and never
 * kept. The same pixels at the same size have the same name, and no others do.
 */
import type { RgbaImage } from '../../runtime/image';

export class PictureKeys {
  readonly #key = crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);

  /** `mostTokens` is part of it: the same picture looked at more closely is another. */
  async of({ width, height, data }: RgbaImage, mostTokens: number): Promise<string> {
    const head = new Uint8Array(Uint32Array.of(width, height, mostTokens).buffer);
    const all = new Uint8Array(head.length + data.length);
    all.set(head);
    all.set(data, head.length);
    const signed = new Uint8Array(await crypto.subtle.sign('HMAC', await this.#key, all));
    return Array.from(signed, (byte) => byte.toString(16).padStart(2, '0')).join('');
  }
}
