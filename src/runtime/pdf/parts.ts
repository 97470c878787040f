/** What pdf.js reads beside its code (maps of characters, fonts, decoders), in one file of ours: build/pdf-parts.ts. */

export type PdfParts = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

/** `packed`: gzip over the length of a list (uint32, little-endian), the list of names and lengths, the files. */
export async function unpackParts(packed: Blob): Promise<PdfParts> {
  const stream = packed.stream().pipeThrough(new DecompressionStream('gzip'));
  const bytes = await new Response(stream).arrayBuffer();
  const listBytes = new DataView(bytes).getUint32(0, true);
  const list = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 4, listBytes))) as [
    string,
    number,
  ][];
  let at = 4 + listBytes;
  return new Map(
    list.map(([name, length]) => {
      const part = new Uint8Array(bytes, at, length);
      at += length;
      return [name, part];
    }),
  );
}
