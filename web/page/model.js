// @ts-check
// From the core's answers to the rows of the overview: joined, grouped, counted, filtered, sorted.
// Nothing is judged here.

/** @typedef {import("./types.d.ts").Row} Row */
/** @typedef {import("./types.d.ts").Status} Status */
/** @typedef {import("./types.d.ts").Index} Index */
/** @typedef {import("./types.d.ts").Changes} Changes */
/** @typedef {import("./types.d.ts").Comparison} Comparison */

/** @type {Record<Status, {glyph: string, word: string, means: string}>} */
export const STATUS = {
  regressed: {
    glyph: "▲",
    word: "regressed",
    means: "worse by more than the threshold, and noise does not explain it",
  },
  improved: {
    glyph: "▼",
    word: "improved",
    means: "better by more than the threshold, and noise does not explain it",
  },
  inconclusive: { glyph: "?", word: "inconclusive", means: "the data cannot tell" },
  unchanged: { glyph: "=", word: "unchanged", means: "not relevantly different" },
  new: { glyph: "+", word: "new", means: "only in the candidate" },
  gone: { glyph: "×", word: "gone", means: "only in the baseline" },
  unjudged: { glyph: "·", word: "not judged", means: "there is nothing to compare it with" },
  unmeasured: { glyph: "–", word: "not measured", means: "not measured in the run that is shown" },
};

/** What is said of a row that was accepted to be worse. */
export const ACCEPTANCE = {
  accepted: "accepted",
  exceeded: "worse than accepted",
  expired: "acceptance over",
};

/** In the order in which they are told. */
export const STATUSES = /** @type {Status[]} */ (Object.keys(STATUS));

/** What is shown first: all that is not simply as before. */
const NOTABLE = new Set(
  /** @type {Status[]} */ (["regressed", "improved", "inconclusive", "new", "gone", "unjudged"]),
);

/**
 * What a series is known by.
 * @param {string} id @param {string} metric
 */
export function keyOf(id, metric) {
  return `${id}\u0000${metric}`;
}

/**
 * The leading path segments that all names share, with the last slash.
 * @param {string[]} names
 */
export function commonPath(names) {
  if (names.length < 2) return "";
  let common = names[0].split("/").slice(0, -1);
  for (const name of names) {
    const parts = name.split("/").slice(0, -1);
    let same = 0;
    while (same < common.length && common[same] === parts[same]) same += 1;
    common = common.slice(0, same);
    if (same === 0) return "";
  }
  return `${common.join("/")}/`;
}

/**
 * The group of a name: its first path segment behind what all names share; empty where there is none.
 * @param {string} id @param {string} common
 */
export function groupOf(id, common) {
  const rest = id.startsWith(common) ? id.slice(common.length) : id;
  const slash = rest.indexOf("/");
  return slash < 0 ? common.replace(/\/$/, "") : common + rest.slice(0, slash);
}

/**
 * The rows of the overview.
 * @param {{index: Index, comparison: Comparison | null, changes: Changes | null,
 *   levels: Float64Array | null, run: number}} data
 *   `run` is the position of the run that is shown
 * @returns {Row[]}
 */
export function buildRows({ index, comparison, changes, levels, run }) {
  const common = commonPath(index.series.map(({ id }) => id));
  const places = new Map(index.runs.map(({ id }, place) => [id, place]));
  const machine = index.runs[run]?.machine;
  const judged = new Map(
    (comparison?.benchmarks ?? []).map((row) => [keyOf(row.id, row.metric), row]),
  );
  /** @type {Map<string, import("./types.d.ts").SeriesChanges>} */
  const changed = new Map();
  for (const series of changes?.series ?? []) {
    if (series.machine === machine) changed.set(keyOf(series.id, series.metric), series);
  }
  return index.series.map((series, place) => {
    const key = keyOf(series.id, series.metric);
    const row = judged.get(key) ?? null;
    const level = levels ? levels[place * index.runs.length + run] : Number.NaN;
    const measured = row?.candidate ?? (Number.isFinite(level) ? level : null);
    /** @type {Status} */
    const status = row?.verdict ?? (measured === null ? "unmeasured" : "unjudged");
    const points = (changed.get(key)?.change_points ?? []).filter(
      (point) => (places.get(point.run) ?? Infinity) <= run,
    );
    const point = points[points.length - 1];
    const at = point ? (places.get(point.run) ?? -1) : -1;
    const group = groupOf(series.id, common);
    const noise = row?.noise_floor ?? null;
    const notes = [];
    if (row?.tail?.slower && row.verdict !== "regressed") notes.push("tail slower");
    if (row?.drift?.verdict === "regressed" && row.verdict !== "regressed") notes.push("drifted");
    if (row?.identical) notes.push("same program");
    if (row?.acceptance) notes.push(ACCEPTANCE[row.acceptance.state]);
    return {
      key,
      id: series.id,
      metric: series.metric,
      unit: row?.unit ?? series.unit,
      better: row?.better ?? series.better,
      status,
      group,
      name:
        group && series.id.startsWith(`${group}/`) ? series.id.slice(group.length + 1) : series.id,
      value: measured,
      baseline: row?.baseline ?? null,
      change: row?.change ?? null,
      interval: row?.interval ?? null,
      noise,
      threshold: row?.threshold ?? comparison?.policy.threshold ?? 0.2,
      improvementThreshold: row?.improvement_threshold ?? row?.threshold ?? 0.2,
      impact:
        row?.change == null
          ? 0
          : Math.abs(Math.log1p(Math.max(row.change, -0.999999))) / Math.max(noise ?? 0, 1e-3),
      series: place,
      since: point && at >= 0 ? { point, run: at, runsAgo: run - at } : null,
      notes,
      comparison: row,
    };
  });
}

/**
 * How many rows there are of each status.
 * @param {Row[]} rows
 */
export function countRows(rows) {
  const counts = /** @type {Record<Status, number>} */ (
    Object.fromEntries(STATUSES.map((status) => [status, 0]))
  );
  for (const row of rows) counts[row.status] += 1;
  return counts;
}

/**
 * Whether a name is what a search means: every word of it occurs, in any order and case.
 * @param {string} text @param {string} search
 */
export function matches(text, search) {
  const lower = text.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => lower.includes(word));
}

/**
 * The rows that are shown. `show` is empty (what is notable, or everything where nothing is), "all",
 * or statuses with commas between.
 * @param {Row[]} rows @param {{show: string, search: string}} wanted
 */
export function filterRows(rows, { show, search }) {
  const found =
    search.trim() === ""
      ? rows
      : rows.filter((row) => matches(`${row.id} ${row.metric}`, search.trim()));
  const chosen = new Set(show.split(",").filter(Boolean));
  let shown = found;
  if (chosen.size > 0 && !chosen.has("all")) {
    shown = found.filter(
      (row) =>
        chosen.has(row.status) || row.notes.some((note) => chosen.has(note.replaceAll(" ", "-"))),
    );
  } else if (chosen.size === 0 && search.trim() === "") {
    shown = found.filter(
      (row) =>
        NOTABLE.has(row.status) ||
        row.notes.includes("drifted") ||
        row.notes.includes(ACCEPTANCE.exceeded) ||
        row.notes.includes("tail slower"),
    );
    // A list of nothing looks like a fault.
    if (shown.length === 0) shown = found;
  }
  const visible = new Set(shown);
  const hidden = rows.filter((row) => !visible.has(row));
  return { shown, hidden: countRows(hidden), hiddenCount: hidden.length };
}

/** @type {Record<Status, number>} */
const RANK = {
  regressed: 0,
  improved: 2,
  inconclusive: 1,
  gone: 3,
  new: 4,
  unjudged: 5,
  unchanged: 6,
  unmeasured: 7,
};

/**
 * Sorted anew: by verdict and then the change against the noise, the size of the change, the name,
 * or how lately it shifted.
 * @param {Row[]} rows @param {"impact" | "size" | "name" | "recent"} sort
 */
export function sortRows(rows, sort) {
  const byName = (/** @type {Row} */ a, /** @type {Row} */ b) =>
    a.id < b.id ? -1 : a.id > b.id ? 1 : a.metric < b.metric ? -1 : a.metric > b.metric ? 1 : 0;
  const size = (/** @type {Row} */ row) =>
    Math.abs(Math.log1p(Math.max(row.change ?? 0, -0.999999)));
  const recent = (/** @type {Row} */ row) => row.since?.run ?? -1;
  /** @type {Record<string, (a: Row, b: Row) => number>} */
  const orders = {
    impact: (a, b) => RANK[a.status] - RANK[b.status] || b.impact - a.impact,
    size: (a, b) => size(b) - size(a),
    name: () => 0,
    recent: (a, b) => recent(b) - recent(a),
  };
  const order = orders[sort];
  return [...rows].sort((a, b) => order(a, b) || byName(a, b));
}

/**
 * Rows under their groups: a group stands where its first row does.
 * @param {Row[]} rows
 * @returns {{group: string, rows: Row[]}[]}
 */
export function groupRows(rows) {
  /** @type {Map<string, Row[]>} */
  const groups = new Map();
  for (const row of rows) {
    const list = groups.get(row.group);
    if (list) list.push(row);
    else groups.set(row.group, [row]);
  }
  return [...groups].map(([group, list]) => ({ group, rows: list }));
}

/**
 * Names that resemble one that is not there, the most similar first.
 * @param {string} name @param {string[]} names
 */
export function similarNames(name, names) {
  const pairs = (/** @type {string} */ text) => {
    const found = new Set();
    const lower = text.slice(0, 500).toLowerCase();
    for (let i = 0; i + 2 <= lower.length; i += 1) found.add(lower.slice(i, i + 2));
    return found;
  };
  const wanted = pairs(name);
  const scored = names.map((other) => {
    const theirs = pairs(other);
    let common = 0;
    for (const pair of wanted) if (theirs.has(pair)) common += 1;
    return { other, score: (2 * common) / (wanted.size + theirs.size || 1) };
  });
  return scored
    .filter(({ score }) => score >= 0.4)
    .sort((a, b) => b.score - a.score)
    .slice(0, 5)
    .map(({ other }) => other);
}

/**
 * The runs of the sides of a comparison that an address names: run ids or commits with commas
 * between, `history`, or `baseline:NAME`.
 * @param {Index} index @param {string} text
 * @param {(runs: {id: string, commit?: {id: string} | null}[], name: string) => number} find
 * @returns {{runs: string[], request: string[] | "history" | {baseline: string} | null, unknown: string[]}}
 */
export function resolveSide(index, text, find) {
  if (text === "history") return { runs: [], request: "history", unknown: [] };
  if (text.startsWith("baseline:")) {
    const name = text.slice("baseline:".length);
    const held = index.baselines.find((baseline) => baseline.name === name);
    return held
      ? { runs: [held.run], request: { baseline: name }, unknown: [] }
      : { runs: [], request: null, unknown: [text] };
  }
  const runs = [];
  const unknown = [];
  for (const name of text
    .split(",")
    .map((part) => part.trim())
    .filter(Boolean)) {
    const place = find(index.runs, name);
    if (place >= 0) runs.push(index.runs[place].id);
    else unknown.push(name);
  }
  const unique = [...new Set(runs)];
  return { runs: unique, request: unique.length > 0 ? unique : null, unknown };
}
