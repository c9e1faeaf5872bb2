// @ts-check
// The worker's side: one session of the core, and the calls that the page may make of it.

import { addCriterion, addFile } from "./reading.js";
import { gunzipped, isGzip } from "./unpack.js";

/**
 * What the wasm module offers: `Session` and `version` as in web/src; how the rest of it is had, which
 * judges; and how the readers of harness outputs are had.
 * @typedef {{Session: new () => any, version: () => string, analysis: () => Promise<unknown>,
 *   formats: () => Promise<import("./reading.js").Formats>}} Core
 * @typedef {{id: number, call: string, args: any[]}} Request
 */

/** What the page may call by name, and whether the answer is JSON text. */
/** @type {Record<string, boolean>} */
const METHODS = {
  index: true,
  series: false,
  levels: false,
  sample: true,
  changes: true,
  judge: true,
  configure: false,
  reference: true,
  calibrate: true,
  agreement: true,
  explain: false,
  markdown: false,
  csv: false,
};

/** The calls that the module answers only when the rest of it is there: see the Makefile. */
const OF_ANALYSIS = new Set([
  "judge",
  "reference",
  "agreement",
  "changes",
  "calibrate",
  "explain",
  "markdown",
  "csv",
]);

/** Progress is told after so many bytes. */
const STEP = 1e6;

/**
 * The bytes of a blob; compressed ones (gzip) are unpacked. `report` hears how many were read.
 * @param {Blob} blob @param {(done: number) => void} report
 */
async function bytesOf(blob, report) {
  let done = 0;
  let told = 0;
  const counted = new TransformStream({
    transform(chunk, controller) {
      done += chunk.byteLength;
      if (done - told >= STEP) {
        told = done;
        report(done);
      }
      controller.enqueue(chunk);
    },
  });
  let stream = blob.stream().pipeThrough(counted);
  if (await isGzip(blob)) stream = gunzipped(stream);
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/**
 * The buffers of typed arrays in an answer, which are handed over instead of copied.
 * @param {any} answer @returns {Transferable[]}
 */
function buffersOf(answer) {
  if (ArrayBuffer.isView(answer)) return [answer.buffer];
  if (answer === null || typeof answer !== "object") return [];
  return [
    ...new Set(
      Object.values(answer)
        .filter(ArrayBuffer.isView)
        .map((view) => view.buffer),
    ),
  ];
}

/**
 * The compared figure of some series in every run, series by series; NaN where a run does not have it.
 * @param {any} session @param {[string, string][]} series ids and metrics @param {number} runs how many there are
 */
function compared(session, series, runs) {
  const table = new Float64Array(series.length * runs).fill(Number.NaN);
  series.forEach(([id, metric], place) => {
    const { run, level } = session.series(id, metric);
    for (let i = 0; i < run.length; i += 1) table[place * runs + run[i]] = level[i];
  });
  return table;
}

/**
 * Answers the page's requests, one at a time and in their order, but for those that need the rest of the
 * module while it is on its way.
 * @param {any} scope the worker's global scope
 * @param {(modules: any) => Promise<Core>} load given what the page sends: where the modules are
 */
export function serve(scope, load) {
  /** @type {any} */
  let session = null;
  /** @type {Core | null} */
  let core = null;
  /**
   * Something that is loaded once; where that failed, anew when it is asked for again.
   * @template T @param {string} what @param {(core: Core) => Promise<T>} load
   */
  const once = (what, load) => {
    /** @type {Promise<T> | null} */
    let loaded = null;
    return () => {
      loaded ??= load(/** @type {Core} */ (core)).catch((error) => {
        loaded = null;
        throw new Error(`What ${what} could not be loaded: ${error.message ?? error}`);
      });
      return loaded;
    };
  };
  const formats = once("reads other formats", (core) => core.formats());
  const analysis = once("judges", (core) => core.analysis());
  const post = (/** @type {any} */ message, /** @type {Transferable[]} */ transfer = []) =>
    scope.postMessage(message, transfer);

  const answer = async (/** @type {Request} */ { id, call, args }) => {
    if (call === "start") {
      core = await load(args[0]);
      session = new core.Session();
      // Who reads a file will want it judged: until it is read, this may be there.
      analysis().catch(() => undefined);
      return core.version();
    }
    if (!session) throw new Error("the core has not been started");
    if (call === "add") {
      const [blob, name, format] = args;
      const bytes = await bytesOf(blob, (done) =>
        post({ id, progress: { done, total: blob.size } }),
      );
      post({ id, progress: { done: blob.size, total: blob.size, analysing: true } });
      return JSON.parse(await addFile(session, bytes, name, format, formats));
    }
    if (call === "addCriterion") {
      const [files, name] = args;
      const read = [];
      for (const { name: path, blob } of files)
        read.push({ name: path, bytes: new Uint8Array(await blob.arrayBuffer()) });
      return JSON.parse(await addCriterion(session, name, read, formats));
    }
    if (call === "compared") return compared(session, args[0], args[1]);
    if (!Object.hasOwn(METHODS, call)) throw new Error(`there is no call ${call}`);
    const result = session[call](...args);
    return METHODS[call] ? JSON.parse(result) : result;
  };

  const failed = (/** @type {number} */ id, /** @type {unknown} */ error) =>
    post({ id, error: error instanceof Error ? error.message : String(error) });
  let queue = Promise.resolve();
  const enqueue = (/** @type {Request} */ request) => {
    queue = queue.then(async () => {
      try {
        const result = await answer(request);
        post({ id: request.id, result }, buffersOf(result));
      } catch (error) {
        failed(request.id, error);
      }
    });
  };
  scope.onmessage = (/** @type {MessageEvent<Request>} */ { data }) => {
    // What needs the rest of the module lets the others pass until that is there.
    if (core && OF_ANALYSIS.has(data.call))
      analysis().then(
        () => enqueue(data),
        (error) => failed(data.id, error),
      );
    else enqueue(data);
  };
}
