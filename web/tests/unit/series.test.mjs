// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { relativeModel, runPlaces, seriesModel, summaryText } from "../../page/series_model.js";
import { countedRuns, runsAroundChanges } from "../../page/series_runs.js";

/** Eight runs; the second was of changed files, the fourth of another branch, the sixth brief. */
const runs = Array.from({ length: 8 }, (_, i) => ({
  id: `r${i}`,
  commit: { id: `c${i}`, branch: i === 3 ? "wip" : "main", dirty: i === 1 },
  machine: "m",
  quick: i === 5,
}));
const index = /** @type {any} */ ({ runs });
const levels = [10, 99, 10, 55, 20, 77, 20, 20];
const columns = /** @type {any} */ ({
  run: Uint32Array.from(runs.keys()),
  level: Float64Array.from(levels),
  centre: Float64Array.from(levels, (level) => level + 1),
  low: Float64Array.from(levels),
  high: Float64Array.from(levels, (level) => level + 3),
  rounds: new Uint32Array(8).fill(3),
  n: new Float64Array(8).fill(30),
});
const point = {
  index: 2,
  run: "r4",
  commit: "c4",
  state: "settled",
  effect: "regression",
  candidates: ["c4", "c6"],
  candidate_indices: [2, 3],
  before: 10,
  after: 20,
  change: 1,
};
const series = /** @type {any} */ ({
  id: "a",
  metric: "wall_time",
  machine: "m",
  points: 5,
  noise: 0.01,
  segments: [
    { start: 0, end: 2, level: 10, level_at_end: 10 },
    { start: 2, end: 5, level: 20, level_at_end: 20 },
  ],
  change_points: [point],
});

test("positions of change points are of the runs that count", () => {
  assert.deepEqual(countedRuns(index, columns, series, "main"), [0, 2, 4, 6, 7]);
  // With fewer than five runs of the default branch those of all branches count.
  const six = { ...series, points: 6, change_points: [{ ...point, index: 3 }] };
  assert.deepEqual(countedRuns(index, columns, six, "trunk"), [0, 2, 3, 4, 6, 7]);
  assert.deepEqual(countedRuns(index, columns, six, undefined), [0, 2, 3, 4, 6, 7]);
  assert.equal(
    countedRuns(index, columns, series, undefined),
    null,
    "what does not fit is not guessed",
  );
});

test("levels and candidates stand where their runs are, whatever was left out between", () => {
  const places = runPlaces(index, () => true, "order");
  const model = seriesModel(index, columns, [series], places, "main");
  assert.deepEqual(
    model.levels.map(({ x0, x1, y0 }) => [x0, x1, y0]),
    [
      [0, 2, 10],
      [4, 7, 20],
    ],
  );
  const [shift] = model.shifts;
  assert.deepEqual([shift.x, shift.from, shift.to, shift.candidates], [4, 4, 6, [4, 6]]);
  // What does not fit the runs is drawn by its name alone.
  const unknown = seriesModel(index, columns, [series], places);
  assert.deepEqual(unknown.levels, []);
  assert.deepEqual([unknown.shifts[0].x, unknown.shifts[0].from, unknown.shifts[0].to], [4, 4, 4]);
});

test("what is drawn is what is compared, with the medians beside it", () => {
  const places = runPlaces(index, () => true, "order");
  const model = seriesModel(index, columns, [series], places, "main");
  assert.deepEqual([...model.points.y], levels);
  assert.equal(model.points.median[0], 11);
  assert.ok(model.apart);
  assert.match(
    summaryText(index, model, "ns", "a"),
    /^a: 20\.0 ns in the newest of 8 runs, rose by 100 % at c4/,
  );
  const relative = relativeModel(model, 10);
  assert.equal(relative.points.y[7], 1);
  assert.ok(Math.abs(relative.points.median[7] - 1.1) < 1e-12);
  const same = { ...columns, level: columns.centre };
  assert.ok(!seriesModel(index, same, [], places).apart);
  // A run of which only a median is known is drawn as that.
  const without = { ...columns, level: new Float64Array(8).fill(Number.NaN) };
  assert.equal(seriesModel(index, without, [], places).points.y[0], 11);
});

test("around change points: the run before, the first after, and both ends", () => {
  const around = (/** @type {any[]} */ changes) =>
    [...runsAroundChanges(index, columns, changes, () => true)].sort((a, b) => a - b);
  assert.deepEqual(around([series]), [0, 3, 4, 7]);
  assert.deepEqual(around([]), [0, 7]);
  assert.deepEqual(around([{ ...series, change_points: [{ ...point, run: "gone" }] }]), [0, 7]);
});
