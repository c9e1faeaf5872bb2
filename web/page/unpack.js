// @ts-check
// What stands in the page in one file: base64, of gzip.

/** @param {string} base64 */
export function decoded(base64) {
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i += 1) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/**
 * Whether a file is gzip.
 * @param {Blob} blob
 */
export async function isGzip(blob) {
  const [first, second] = new Uint8Array(await blob.slice(0, 2).arrayBuffer());
  return first === 0x1f && second === 0x8b;
}

/**
 * A stream of gzip, unpacked.
 * @param {ReadableStream<Uint8Array<ArrayBuffer>>} packed
 */
export function gunzipped(packed) {
  if (typeof DecompressionStream === "undefined") {
    throw new Error(
      "this browser cannot unpack gzip (it has no DecompressionStream): use Chrome 80, Firefox 113, Safari 16.4 or newer",
    );
  }
  return packed.pipeThrough(new DecompressionStream("gzip"));
}

/**
 * The bytes that were packed.
 * @param {string} base64
 * @returns {Promise<ArrayBuffer>}
 */
export async function unpacked(base64) {
  return new Response(gunzipped(new Blob([decoded(base64)]).stream())).arrayBuffer();
}
