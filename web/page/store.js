// @ts-check
// What the page holds, for all views to read, and who is told when it changes.

import { DEFAULTS } from "./state.js";

/**
 * @typedef {import("./types.d.ts").State} State
 * @typedef {import("./types.d.ts").Index} Index
 * @typedef {import("./sources.js").Source} Source
 * @typedef {import("./client.js").Client | import("./fallback.js").ValuesOnly} Core
 * @typedef {{name: string, message: string, remedy?: string, beginning?: string}} Problem
 * @typedef {{phase: "empty" | "loading" | "ready", progress: (import("./client.js").Progress & {name: string}) | null}} Loading
 */

/** All that the views read; app.js fills it. */
export const app = {
  /** @type {State} */
  state: { ...DEFAULTS },
  /** @type {Core | null} */
  client: null,
  /** What the first rows do not need, once it is there; why it could not be had. */
  later: /** @type {typeof import("./later.js").later | null} */ (null),
  missing: "",
  /** How the overview was filtered and sorted when it was shown last. */
  listed: { show: DEFAULTS.show, search: DEFAULTS.search, sort: DEFAULTS.sort },
  /** The core's version; why there is no analysis where it could not be started. */
  core: "",
  off: "",
  /** @type {Loading} */
  loading: { phase: "empty", progress: null },
  /** @type {Source[]} */
  sources: [],
  /** What the project's configuration says; `policy` is the one by which it judges. */
  settings: /** @type {Record<string, any>} */ ({}),
  /** @type {Problem[]} */
  problems: [],
  /** @type {{name: string, text: string}[]} */
  notes: [],
  /** @type {Index | null} */
  index: null,
  /** @type {Float64Array | null} */
  levels: null,
  /** The compared figures of the series that were drawn, by key: an entry for each run. */
  compared: /** @type {Map<string, Float64Array>} */ (new Map()),
  /** The position of the run that is shown; -1 where there is none. */
  run: -1,
  /** @type {import("./types.d.ts").Reference | null} */
  reference: null,
  /** @type {import("./types.d.ts").Comparison | null} */
  comparison: null,
  /** What the core was asked for that comparison: candidate, baseline and policy. @type {string[]} */
  asked: [],
  /** Whether the core is asked for the first verdicts. */
  judging: false,
  /** Why there are no verdicts, where the core could not judge. */
  unjudged: "",
  /** @type {import("./types.d.ts").Changes | null} */
  changes: null,
  /** @type {import("./types.d.ts").Agreement | null} */
  agreement: null,
  /** @type {import("./types.d.ts").Calibration | null} */
  calibration: null,
  /** @type {import("./types.d.ts").Row[]} */
  rows: [],
};

/** @type {Set<() => void>} */
const listeners = new Set();
/** Calls `listener` whenever something changed. @param {() => void} listener */
export function subscribe(listener) {
  listeners.add(listener);
}

let announced = false;
/** Tells the views, once a turn. */
export function changed() {
  if (announced) return;
  announced = true;
  queueMicrotask(() => {
    announced = false;
    for (const listener of listeners) listener();
  });
}
