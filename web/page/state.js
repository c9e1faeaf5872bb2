// @ts-check
// What the page shows, as a readable address, and back. Names, not positions: a link still means the
// same when the history has grown. `v` is the version of the address; older ones are upgraded.

/** @typedef {import("./types.d.ts").State} State */

/** The version of the addresses that are written. */
export const VERSION = 1;
/** What an x axis may be of: all runs in order, by date, or the runs around change points alone. */
export const X_SCALES = /** @type {const} */ (["order", "date", "changes"]);
/** The metric that is meant where none is named. */
export const DEFAULT_METRIC = "wall_time";

/** @type {Readonly<State>} */
export const DEFAULTS = Object.freeze({
  view: "overview",
  id: "",
  metric: DEFAULT_METRIC,
  also: [],
  baseline: "",
  candidate: "",
  run: "",
  machine: "",
  branch: "",
  x: "order",
  y: "fit",
  from: "",
  to: "",
  min: null,
  alpha: null,
  search: "",
  show: "",
  sort: "impact",
  hide: [],
  open: "",
  table: false,
  page: 0,
});

/**
 * Addresses of version N, by what makes them version N + 1. There was no version 0 in use: an
 * address without a version is read as the present one.
 * @type {Record<number, (parameters: URLSearchParams) => void>}
 */
const UPGRADERS = {};

/** @template {string} T @param {readonly T[]} known @param {string | null} given @param {T} otherwise */
function oneOf(known, given, otherwise) {
  return known.find((value) => value === given) ?? otherwise;
}

/**
 * A number within limits; null where there is none.
 * @param {string | null} text @param {number} least @param {number} most
 */
function number(text, least, most) {
  if (text === null || text.trim() === "") return null;
  const value = Number(text);
  return Number.isFinite(value) && value >= least && value <= most ? value : null;
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * The slashes of a name stay readable.
 * @param {string} name
 */
function encodedPath(name) {
  // A lone surrogate cannot be encoded: it becomes the replacement character.
  return encodeURIComponent(name.replace(/[\uD800-\uDFFF]/gu, "\uFFFD")).replace(/%2F/g, "/");
}

/**
 * Two dots separate the sides of a comparison, so those within a side are encoded.
 * @param {string} side
 */
function encodedSide(side) {
  return encodedPath(side).replace(/\.\./g, "%2E%2E").replace(/\.$/, "%2E").replace(/^\./, "%2E");
}

/**
 * What an address (the part from `#` on) means. What it does not say, or says wrongly, is as usual.
 * @param {string} hash
 * @returns {State}
 */
export function parseAddress(hash) {
  const text = hash.replace(/^#/, "");
  const mark = text.indexOf("?");
  const path = mark < 0 ? text : text.slice(0, mark);
  const given = new URLSearchParams(mark < 0 ? "" : text.slice(mark + 1));
  for (
    let version = number(given.get("v"), 1, VERSION) ?? VERSION;
    version < VERSION;
    version += 1
  ) {
    UPGRADERS[version]?.(given);
  }
  /** @type {State} */
  const state = {
    ...DEFAULTS,
    metric: given.get("metric") || DEFAULT_METRIC,
    also: given.getAll("also").filter(Boolean).slice(0, 50),
    run: given.get("run") ?? "",
    machine: given.get("m") ?? "",
    branch: given.get("branch") ?? "",
    x: oneOf(X_SCALES, given.get("x"), "order"),
    y: oneOf(/** @type {const} */ (["fit", "zero", "log", "relative"]), given.get("y"), "fit"),
    from: given.get("from") ?? "",
    to: given.get("to") ?? "",
    min: number(given.get("min"), 0.1, 1000),
    alpha: number(given.get("alpha"), 0.0001, 0.5),
    search: given.get("q") ?? "",
    show: given.get("show") ?? "",
    sort: oneOf(
      /** @type {const} */ (["impact", "size", "name", "recent"]),
      given.get("sort"),
      "impact",
    ),
    hide: (given.get("hide") ?? "").split(",").filter(Boolean),
    open: given.get("open") ?? "",
    table: given.get("table") === "1",
    page: Math.floor(number(given.get("page"), 0, 1e6) ?? 0),
  };
  if (path.startsWith("/b/") && path.length > 3) {
    return { ...state, view: "series", id: decoded(path.slice(3)) };
  }
  const sides = path.startsWith("/c/") ? path.slice(3).split("..") : [];
  if (path.startsWith("/c")) {
    const [baseline = "", candidate = ""] = sides.map(decoded);
    return { ...state, view: "compare", baseline, candidate };
  }
  return state;
}

/**
 * The address of what is shown; what is as usual is left out.
 * @param {State} state
 */
export function formatAddress(state) {
  const parameters = new URLSearchParams();
  const put = (
    /** @type {string} */ name,
    /** @type {unknown} */ value,
    /** @type {unknown} */ usual,
  ) => {
    if (value !== usual && value !== "" && value !== null) parameters.append(name, String(value));
  };
  put("metric", state.metric, DEFAULT_METRIC);
  for (const other of state.also) parameters.append("also", other);
  put("run", state.run, "");
  put("m", state.machine, "");
  put("branch", state.branch, "");
  put("x", state.x, DEFAULTS.x);
  put("y", state.y, DEFAULTS.y);
  put("from", state.from, "");
  put("to", state.to, "");
  put("min", state.min, null);
  put("alpha", state.alpha, null);
  put("q", state.search, "");
  put("show", state.show, "");
  put("sort", state.sort, DEFAULTS.sort);
  put("hide", state.hide.join(","), "");
  put("open", state.open, "");
  put("table", state.table ? "1" : "", "");
  put("page", state.page, 0);
  const path = {
    overview: "/",
    series: `/b/${encodedPath(state.id)}`,
    compare: `/c/${encodedSide(state.baseline)}..${encodedSide(state.candidate)}`,
  }[state.view];
  const query = parameters.toString().replace(/%2F/g, "/");
  if (!query && state.view === "overview") return "#/";
  return `#${path}${query ? `?${query}&v=${VERSION}` : `?v=${VERSION}`}`;
}

/**
 * The address of another view, with what holds for all of them: machine, branch and policy.
 * @param {State} state @param {Partial<State>} change
 */
export function addressOf(state, change) {
  const { machine, branch, min, alpha, run } = state;
  return formatAddress({ ...DEFAULTS, machine, branch, min, alpha, run, ...change });
}

/**
 * The policy that a state asks for, as the core reads it; empty for the core's own.
 * @param {State} state @param {Record<string, unknown>} [usual] the project's
 */
export function policyOf(state, usual = {}) {
  /** @type {Record<string, unknown>} */
  const policy = { ...usual };
  if (state.min !== null) policy.threshold = `${state.min}%`;
  if (state.alpha !== null) policy.fdr = `${Number((state.alpha * 100).toPrecision(6))}%`;
  return Object.keys(policy).length === 0 ? "" : JSON.stringify(policy);
}

/**
 * Which run is meant: its id, or the newest whose commit begins so; -1 where there is none.
 * @param {{id: string, commit?: {id: string} | null}[]} runs @param {string} name
 */
export function findRun(runs, name) {
  if (name === "") return -1;
  const exact = runs.findIndex((run) => run.id === name);
  if (exact >= 0) return exact;
  const wanted = name.replace(/\+$/, "");
  for (let i = runs.length - 1; i >= 0; i -= 1) if (runs[i].commit?.id === wanted) return i;
  if (wanted === "HEAD") return runs.length - 1;
  if (wanted.length < 4) return -1;
  for (let i = runs.length - 1; i >= 0; i -= 1) {
    if (runs[i].commit?.id.startsWith(wanted)) return i;
  }
  return -1;
}

/**
 * The name of a run in an address: the commit where it names this run, else the run's id.
 * @param {{id: string, commit?: {id: string} | null}[]} runs @param {number} place
 */
export function nameRun(runs, place) {
  const run = runs[place];
  if (!run) return "";
  const commit = run.commit?.id.slice(0, 10);
  return commit && findRun(runs, commit) === place ? commit : run.id;
}
