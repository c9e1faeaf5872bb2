// @ts-check
// From the core's columns to what a chart shows of one series: points, levels, shifts and breaks, by
// their places on the x axis.

import { percent, quantity, runName } from "./format.js";
import { medianOf } from "./scale.js";
import { countedRuns } from "./series_runs.js";

/**
 * @typedef {import("./types.d.ts").Index} Index
 * @typedef {import("./types.d.ts").SeriesChanges} SeriesChanges
 * @typedef {{run: Uint32Array, x: Float64Array, y: Float64Array, median: Float64Array, low: Float64Array, high: Float64Array,
 *   rounds: Uint32Array, n: Float64Array}} Points sorted by x; `y` is what verdicts and change points compare
 * @typedef {{x0: number, x1: number, y0: number, y1: number, noise: number, relative: boolean}} Level
 * @typedef {{x: number, from: number, to: number, run: number, candidates: [number, number],
 *   point: import("./types.d.ts").ChangePoint}} Shift `candidates` are the runs that may be the first after it
 * @typedef {{x: number, text: string, short: string}} Epoch
 * @typedef {{points: Points, levels: Level[], shifts: Shift[], epochs: Epoch[], noise: number, base: number,
 *   apart: boolean}} SeriesModel `apart` says whether the medians are other figures than what is compared
 */

/**
 * Where each run stands on the x axis: its place among the chosen runs, or its time in seconds.
 * @param {Index} index @param {(run: number) => boolean} chosen @param {import("./types.d.ts").State["x"]} kind
 * @returns {Float64Array} by run; NaN for one that is not shown
 */
export function runPlaces(index, chosen, kind) {
  let next = 0;
  return Float64Array.from(index.runs, (run, place) => {
    if (!chosen(place)) return Number.NaN;
    if (kind === "date") {
      const time = run.time ?? run.commit?.time;
      return time ? Date.parse(time) / 1000 : Number.NaN;
    }
    next += 1;
    return next - 1;
  });
}

/** What changed in the environment from one run to the next. @param {Index} index @param {number} before @param {number} after */
function environmentChange(index, before, after) {
  const [a, b] = [index.runs[before], index.runs[after]];
  const changes = [];
  if (a.machine !== b.machine)
    changes.push(`machine ${a.machine_name ?? a.machine} → ${b.machine_name ?? b.machine}`);
  if ((a.toolchain ?? "") !== (b.toolchain ?? ""))
    changes.push(`${a.toolchain ?? "toolchain unknown"} → ${b.toolchain ?? "unknown"}`);
  return changes.join(", ");
}

/**
 * @param {Index} index
 * @param {import("./types.d.ts").SeriesColumns} columns
 * @param {SeriesChanges[]} changes those of this series, one for each machine
 * @param {Float64Array} places of {@link runPlaces}
 * @param {string} [defaultBranch] as the project has it
 * @returns {SeriesModel}
 */
export function seriesModel(index, columns, changes, places, defaultBranch) {
  /** @type {number[]} */
  const kept = [];
  for (let i = 0; i < columns.run.length; i += 1) {
    if (Number.isFinite(places[columns.run[i]]) && Number.isFinite(columns.centre[i])) kept.push(i);
  }
  // Commit order is not always the order of time.
  const sorted = kept.every(
    (at, i) => i === 0 || places[columns.run[kept[i - 1]]] <= places[columns.run[at]],
  );
  if (!sorted) kept.sort((a, b) => places[columns.run[a]] - places[columns.run[b]] || a - b);
  const pick = (/** @type {ArrayLike<number>} */ list) => Float64Array.from(kept, (i) => list[i]);
  const points = {
    run: Uint32Array.from(kept, (i) => columns.run[i]),
    x: Float64Array.from(kept, (i) => places[columns.run[i]]),
    y: Float64Array.from(kept, (i) =>
      Number.isFinite(columns.level[i]) ? columns.level[i] : columns.centre[i],
    ),
    median: pick(columns.centre),
    low: pick(columns.low),
    high: pick(columns.high),
    rounds: Uint32Array.from(kept, (i) => columns.rounds[i]),
    n: pick(columns.n),
  };
  const runOf = new Map(index.runs.map(({ id }, place) => [id, place]));
  /** @type {Level[]} */
  const levels = [];
  /** @type {Shift[]} */
  const shifts = [];
  for (const series of changes) {
    const runs = countedRuns(index, columns, series, defaultBranch);
    const relative = Array.prototype.every.call(
      columns.centre,
      (/** @type {number} */ level) => !(level <= 0),
    );
    const visible = (/** @type {number} */ start, /** @type {number} */ end) =>
      (runs ?? [])
        .slice(start, end)
        .map((run) => places[run])
        .filter(Number.isFinite);
    for (const { start, end, level, level_at_end: atEnd } of series.segments) {
      const xs = visible(start, end);
      if (xs.length === 0) continue;
      levels.push({
        x0: Math.min(...xs.slice(0, 1), xs[xs.length - 1]),
        x1: Math.max(xs[0], xs[xs.length - 1]),
        y0: level,
        y1: atEnd,
        noise: series.noise,
        relative,
      });
    }
    for (const point of series.change_points) {
      const run = runOf.get(point.run) ?? -1;
      const x = places[run];
      if (!Number.isFinite(x)) continue;
      const candidates = /** @type {[number, number]} */ (
        point.candidate_indices.map((place) => runs?.[place] ?? run)
      );
      const [first, last] = candidates.map((one) => places[one]);
      shifts.push({
        x,
        from: Number.isFinite(first) ? first : x,
        to: Number.isFinite(last) ? last : x,
        run,
        candidates,
        point,
      });
    }
  }
  shifts.sort((a, b) => a.x - b.x);
  /** @type {Epoch[]} */
  const epochs = [];
  for (let i = 1; i < points.run.length; i += 1) {
    const text = environmentChange(index, points.run[i - 1], points.run[i]);
    if (text)
      epochs.push({
        x: (points.x[i - 1] + points.x[i]) / 2,
        text,
        short: text.startsWith("machine") ? "machine" : "toolchain",
      });
  }
  const noise = changes.length > 0 ? Math.max(...changes.map((series) => series.noise)) : 0;
  return {
    points,
    levels,
    shifts,
    epochs,
    noise: Number.isFinite(noise) ? noise : 0,
    base: levels[0]?.y0 ?? medianOf(points.y),
    apart: points.y.some((y, i) => points.median[i] !== y),
  };
}

/**
 * The same with every value as its change against `base`.
 * @param {SeriesModel} model @param {number} base
 * @returns {SeriesModel}
 */
export function relativeModel(model, base) {
  const change = (/** @type {number} */ value) => value / base - 1;
  const all = (/** @type {Float64Array} */ list) => list.map(change);
  const { points } = model;
  return {
    ...model,
    points: {
      ...points,
      y: all(points.y),
      median: all(points.median),
      low: all(points.low),
      high: all(points.high),
    },
    levels: model.levels.map((level) => ({
      ...level,
      y0: change(level.y0),
      y1: change(level.y1),
      noise: level.relative ? level.noise * (level.y0 / base) : level.noise / Math.abs(base),
      relative: false,
    })),
  };
}

/**
 * What a chart shows, in a sentence.
 * @param {Index} index @param {SeriesModel} model @param {string} unit @param {string} name
 */
export function summaryText(index, model, unit, name) {
  const { points, shifts } = model;
  const last = points.run.length - 1;
  if (last < 0) return `${name}: no values in the runs that are shown`;
  const now = quantity(points.y[last], unit);
  const shift = shifts[shifts.length - 1];
  const count = `${last + 1} ${last === 0 ? "run" : "runs"}`;
  if (!shift) return `${name}: ${now} in the newest of ${count}, no change point`;
  const { point } = shift;
  const moved = (point.change ?? point.after - point.before) > 0 ? "rose" : "fell";
  const after = points.run.findIndex((run) => run === shift.run);
  const since = after < 0 ? 0 : last - after;
  const size =
    point.change === null
      ? `from ${quantity(point.before, unit)} to ${quantity(point.after, unit)}`
      : percent(Math.abs(point.change)).replace("+", "by ");
  return `${name}: ${now} in the newest of ${count}, ${moved} ${size} at ${runName(index.runs[shift.run])}, ${since} ${since === 1 ? "run" : "runs"} since; ${shifts.length} change ${shifts.length === 1 ? "point" : "points"} in all`;
}
