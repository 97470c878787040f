/**
 * A name for a picture that says nothing about it: an HMAC of its file under a key that is made for this tab and never
 * kept. The same file, and so the same pixels, has the same name, and no other does. It is not of the decoded pixels,
 * since a picture that was seen already is then not decoded again.
 */

export class PictureKeys {
  readonly #key = crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);

  /** `mostTokens` is part of it: the same picture looked at more closely is another. */
  async of(file: Uint8Array, mostTokens: number): Promise<string> {
    const head = new Uint8Array(Uint32Array.of(mostTokens).buffer);
    const all = new Uint8Array(head.length + file.length);
    all.set(head);
    all.set(file, head.length);
    const signed = new Uint8Array(await crypto.subtle.sign('HMAC', await this.#key, all));
    return Array.from(signed, (byte) => byte.toString(16).padStart(2, '0')).join('');
  }
}
