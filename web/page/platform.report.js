// @ts-check
// Where the page finds its worker and its data: in this one file, as blocks of data.

import { decoded } from "./unpack.js";

/** Whether everything is in this one file. */
export const ONE_FILE = true;

/** @param {string} id */
function block(id) {
  return document.getElementById(id)?.textContent?.trim() ?? "";
}

/** The worker that holds the core: a classic one, because a file has no modules. */
export function createWorker() {
  const source = new Blob([block("driftline-worker")], { type: "text/javascript" });
  const url = URL.createObjectURL(source);
  const worker = new Worker(url, { name: "driftline" });
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
  return worker;
}

/** The modules of the core, packed: the worker unpacks them. */
export function modules() {
  return {
    core: block("driftline-core"),
    analysis: block("driftline-analysis"),
    formats: block("driftline-formats"),
  };
}

/**
 * The data that came with the page: `{"settings": …, "annotations": …, "files": [{"name", "base64"}]}`.
 * @returns {{settings: Record<string, any>, annotations?: unknown, files: {name: string, blob: Blob}[]} | null}
 */
export function embeddedData() {
  const data = block("driftline-data");
  if (!data) return null;
  const { settings, annotations, files } = JSON.parse(data);
  return {
    settings: settings ?? {},
    annotations,
    files: files.map((/** @type {{name: string, base64: string}} */ file) => ({
      name: file.name,
      blob: new Blob([decoded(file.base64)]),
    })),
  };
}
