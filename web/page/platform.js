// @ts-check
// Where the page finds its worker and its data: beside it, on a web server.

/** Whether everything is in this one file. */
export const ONE_FILE = false;

/** The worker that holds the core. */
export function createWorker() {
  return new Worker(new URL("./worker.js", import.meta.url), { type: "module", name: "driftline" });
}

/**
 * The modules of the core, where the worker cannot fetch them itself.
 * @returns {unknown}
 */
export function modules() {
  return undefined;
}

/**
 * The data that came with the page, if the page is one file.
 * @returns {{settings: Record<string, any>, annotations?: unknown, files: {name: string, blob: Blob}[]} | null}
 */
export function embeddedData() {
  return null;
}
