/**
 * Says in a PNG that its colours are sRGB. Chromium 156 writes a profile into the JPEG and WebP of a canvas, and
 * leaves it out of a PNG of sRGB. Source: PNG 3rd edition (W3C) §11.3.2.5.
 */

/** Signature and IHDR. */
const headBytes = 33;
/** Perceptual intent; the last four bytes are its checksum. */
const srgbChunk = Uint8Array.of(0, 0, 0, 1, 0x73, 0x52, 0x47, 0x42, 0, 0xae, 0xce, 0x1c, 0xe9);

/** The picture itself where it is no PNG, or its encoder said it already. */
export async function tagSrgb(picture: Blob): Promise<Blob> {
  if (picture.type !== 'image/png') return picture;
  const next = new Uint8Array(await picture.slice(headBytes, headBytes + 8).arrayBuffer());
  if (['sRGB', 'iCCP', 'cICP'].includes(String.fromCharCode(...next.subarray(4)))) return picture;
  return new Blob([picture.slice(0, headBytes), srgbChunk, picture.slice(headBytes)], { type: picture.type });
}
