/** Names for what must not be named: an HMAC that only this tab can make, and the SHA-256 of a result. */

export class Digests {
  #key: Promise<CryptoKey> | null = null;

  /** The same for the same bytes in this tab, and for nobody else: the key cannot be read and dies with the tab. */
  async hmacSha256(input: Blob): Promise<string> {
    this.#key ??= crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
    return hex(await crypto.subtle.sign('HMAC', await this.#key, await input.arrayBuffer()));
  }

  async sha256(output: Blob): Promise<string> {
    return hex(await crypto.subtle.digest('SHA-256', await output.arrayBuffer()));
  }
}

function hex(bytes: ArrayBuffer): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
