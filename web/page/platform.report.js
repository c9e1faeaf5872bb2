// @ts-check
// Where the page finds its worker and its data: in this one file, as blocks of data.

/** Whether everything is in this one file. */
export const ONE_FILE = true;

/** @param {string} id */
function block(id) {
  return document.getElementById(id)?.textContent?.trim() ?? "";
}

/**
 * @param {string} base64
 */
function decoded(base64) {
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i += 1) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/** The worker that holds the core: a classic one, because a file has no modules. */
export function createWorker() {
  const source = new Blob([block("driftline-worker")], { type: "text/javascript" });
  const url = URL.createObjectURL(source);
  const worker = new Worker(url, { name: "driftline" });
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
  return worker;
}

/**
 * The bytes of the wasm module.
 * @returns {ArrayBuffer | undefined}
 */
export function wasmBytes() {
  return /** @type {ArrayBuffer} */ (decoded(block("driftline-wasm")).buffer);
}

/**
 * The data that came with the page: `{"settings": …, "files": [{"name", "base64"}]}`.
 * @returns {{settings: Record<string, any>, files: {name: string, blob: Blob}[]} | null}
 */
export function embeddedData() {
  const data = block("driftline-data");
  if (!data) return null;
  const { settings, files } = JSON.parse(data);
  return {
    settings: settings ?? {},
    files: files.map((/** @type {{name: string, base64: string}} */ file) => ({
      name: file.name,
      blob: new Blob([decoded(file.base64)]),
    })),
  };
}
