// @ts-check
// Where data come from: a URL, files, pasted text. All become blobs with names.

import { bytes } from "./format.js";

/**
 * A file, or criterion's directory with the files in it.
 * @typedef {{name: string, blob: Blob, format?: string, criterion?: {name: string, blob: Blob}[]}} Source
 */

/** What went wrong with a source, and what to do about it. */
export class SourceError extends Error {
  /** @param {string} message @param {string} remedy */
  constructor(message, remedy) {
    super(message);
    this.remedy = remedy;
  }
}

/**
 * Fetches a file, telling how far it has come.
 * @param {string} address @param {AbortSignal} signal
 * @param {(progress: {done: number, total: number}) => void} progress
 * @returns {Promise<Source>}
 */
export async function fetchSource(address, signal, progress) {
  let url;
  try {
    url = new URL(address, document.baseURI);
  } catch {
    throw new SourceError(
      `“${address}” is no address`,
      "Give a full address, such as https://example.org/history.jsonl.",
    );
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    throw new SourceError(
      `An address that begins with ${url.protocol} cannot be read`,
      "Use an https address, or open the file.",
    );
  }
  if (url.protocol === "http:" && url.origin !== location.origin) {
    throw new SourceError(
      `${url.href} cannot be read: from other servers this page takes https alone`,
      "Give an https address, or download the file and open it here.",
    );
  }
  let response;
  try {
    response = await fetch(url, { signal, cache: "no-cache", credentials: "same-origin" });
  } catch (error) {
    if (signal.aborted) throw error;
    const other = url.origin !== location.origin;
    throw new SourceError(
      `${url.href} could not be fetched`,
      other
        ? `Either there is no network, or ${url.host} does not allow other pages to read it: it must answer with the header Access-Control-Allow-Origin. Raw files of GitHub and GitHub Pages do. Or download the file and open it here.`
        : "The server did not answer. Or open the file here.",
    );
  }
  if (!response.ok) {
    throw new SourceError(
      `${url.href} answered ${response.status}${response.statusText ? ` ${response.statusText}` : ""}`,
      response.status === 404
        ? "Is the address right, and the file published?"
        : "Try again later, or open the file here.",
    );
  }
  const total = Number(response.headers.get("content-length")) || 0;
  const encoded = response.headers.has("content-encoding");
  /** @type {BlobPart[]} */
  const parts = [];
  let done = 0;
  const reader = response.body?.getReader();
  if (reader) {
    for (;;) {
      const { done: ended, value } = await reader.read();
      if (ended) break;
      parts.push(value);
      done += value.byteLength;
      progress({ done, total: encoded ? 0 : total });
    }
  }
  return {
    name: decodeURIComponent(url.pathname.split("/").pop() || url.host),
    blob: new Blob(parts),
  };
}

/** Files that are no results in any dropped folder. */
const HIDDEN = /\/\.|\.(?:html?|css|m?js|svg|png|jpe?g|gif|pdf|exe|dll|so|o|rlib|rmeta|d|wasm)$/i;

/**
 * The files of a drop or a choice; those of a dropped folder, too.
 * @param {DataTransfer} transfer
 * @returns {Promise<Source[]>}
 */
export async function droppedSources(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.() ?? null);
  if (!entries.some((entry) => entry?.isDirectory)) return fileSources(transfer.files);
  /** @type {Source[]} */
  const found = [];
  const walk = async (/** @type {any} */ entry) => {
    if (found.length > 10_000) return;
    if (entry.isFile) {
      const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
      if (!HIDDEN.test(entry.fullPath))
        found.push({ name: entry.fullPath.replace(/^\//, ""), blob: file });
    } else if (entry.isDirectory) {
      const reader = entry.createReader();
      for (;;) {
        const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
        if (some.length === 0) break;
        for (const next of some) await walk(next);
      }
    }
  };
  for (const entry of entries) if (entry) await walk(entry);
  return gathered(found);
}

/** In criterion's directory: the results of the last run and of the one before. */
const CRITERION = /(?:^|\/)(?:new|base)\/(?:benchmark|sample|estimates|tukey)\.json$/;

/**
 * The files of criterion's directory as one source, beside the others. What else such a directory
 * holds is of no use.
 * @param {Source[]} files
 * @returns {Source[]}
 */
export function gathered(files) {
  const criterion = files.filter(({ name }) => CRITERION.test(name));
  if (!criterion.some(({ name }) => name.endsWith("benchmark.json"))) return files;
  const name = criterion[0].name.split("/")[0] || "criterion";
  const others = files.filter((file) => !file.name.startsWith(`${name}/`));
  return [...others, { name, blob: criterion[0].blob, criterion }];
}

/**
 * @param {Iterable<File>} files
 * @returns {Source[]}
 */
export function fileSources(files) {
  const chosen = [...files].filter(
    ({ webkitRelativePath: path }) => !path || !HIDDEN.test(`/${path}`),
  );
  return gathered(
    chosen.map((file) => ({ name: file.webkitRelativePath || file.name, blob: file })),
  );
}

/**
 * Text that was pasted: an address, or the content of a file.
 * @param {string} text
 * @returns {{address: string} | {source: Source} | null}
 */
export function pastedSource(text) {
  const trimmed = text.trim();
  if (trimmed === "") return null;
  if (/^https?:\/\/\S+$/.test(trimmed)) return { address: trimmed };
  return { source: { name: "pasted text", blob: new Blob([text]) } };
}

/**
 * The first characters of a file, for a message; control characters are shown as such.
 * @param {Blob} blob @param {number} length
 */
export async function beginning(blob, length) {
  const text = new TextDecoder().decode(await blob.slice(0, length * 4).arrayBuffer());
  const visible = Array.from(text).slice(0, length).join("");
  return visible.replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, "�");
}

/**
 * How far loading has come, in words.
 * @param {{name: string, done: number, total: number, analysing?: boolean}} progress
 */
export function progressText({ name, done, total, analysing }) {
  if (analysing) return `Reading ${name} (${bytes(total)})`;
  return total > 0
    ? `Loading ${name}: ${bytes(done)} of ${bytes(total)}`
    : `Loading ${name}: ${bytes(done)}`;
}
