// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { decimate, lowerBound, nearest } from "../../page/decimate.js";
import { extent, medianOf, yRange } from "../../page/scale.js";
import {
  forestScale,
  hueOf,
  huesOf,
  limitsOf,
  recentValues,
  sparkline,
  ticks,
} from "../../page/shapes.js";

test("a quiet series looks flat: the axis shows at least 8 noises and 4 thresholds", () => {
  const quiet = [100, 100.5, 99.5, 100.2];
  const { min, max } = yRange(quiet, "fit", { noise: 0.02, threshold: 0.2 });
  assert.ok(max - min >= 80, `${min}…${max}`);
  assert.ok(min <= 60 && max >= 140);
  const tight = yRange(quiet, "fit", { noise: 0.01, threshold: 0 });
  assert.ok(tight.max - tight.min >= 8 && tight.max - tight.min < 10);
});

test("a step that is larger than that sets the axis", () => {
  const { min, max } = yRange([100, 100, 300, 300], "fit", { noise: 0.01, threshold: 0.2 });
  assert.ok(min > 80 && min < 100 && max > 300 && max < 320);
});

test("a value far off does not flatten the others, and is counted", () => {
  const values = Array.from({ length: 50 }, (_, i) => 100 + (i % 5));
  values[20] = 1e308;
  const range = yRange(values, "fit", { noise: 0.01, threshold: 0.1 });
  assert.equal(range.clipped, 1);
  assert.ok(range.max < 200);
});

test("an axis is always a range of finite numbers", () => {
  const lists = [[], [Number.NaN], [0], [5], [-3], [1e308, -1e308], [0, 0], [Infinity, 1]];
  for (const list of lists) {
    for (const kind of /** @type {const} */ (["fit", "zero", "log", "relative"])) {
      const { min, max } = yRange(list, kind, { noise: 0.1, threshold: 0.2 });
      assert.ok(min < max && !Number.isNaN(min), `${list} ${kind}: ${min}…${max}`);
    }
  }
  assert.deepEqual(yRange([5, 10], "zero").min, 0);
  assert.ok(yRange([0, 5, 10], "log").min > 0);
});

test("extent and median pass over what is no number", () => {
  assert.deepEqual(
    extent([
      [Number.NaN, 3],
      [1, Infinity],
    ]),
    [1, 3],
  );
  assert.equal(extent([[Number.NaN]]), null);
  assert.equal(medianOf([3, Number.NaN, 1, 2]), 2);
  assert.ok(Number.isNaN(medianOf([])));
});

test("decimation keeps the least and the greatest of each column, and every point is counted", () => {
  const xs = Float64Array.from({ length: 100_000 }, (_, i) => i);
  const ys = Float64Array.from(xs, (x) => Math.sin(x / 500));
  ys[54_321] = 50;
  ys[77_777] = Number.NaN;
  const columns = decimate(xs, ys, 0, 99_999, 800);
  assert.equal(columns.x.length, 800);
  assert.equal(Math.max(...columns.high), 50);
  assert.equal(
    columns.count.reduce((sum, count) => sum + count),
    99_999,
  );
  for (let i = 0; i < 800; i += 1) {
    assert.ok(columns.low[i] <= columns.middle[i] && columns.middle[i] <= columns.high[i]);
  }
  assert.equal(decimate([], [], 0, 1, 10).x.length, 0);
  assert.deepEqual([...decimate([1, 2, 3], [7, 8, 9], 2, 2, 5).middle], [8]);
});

test("the nearest point is found without hitting it", () => {
  assert.deepEqual(
    [-5, 0.4, 0.6, 2.5, 99].map((x) => nearest([0, 1, 2, 3], x)),
    [0, 0, 1, 2, 3],
  );
  assert.equal(nearest([], 1), -1);
  assert.deepEqual(
    [0, 2, 9].map((x) => lowerBound([1, 2, 2, 3], x)),
    [0, 1, 4],
  );
});

test("a sparkline breaks where there is no value, and stays in its box", () => {
  const { path } = sparkline([1, 2, Number.NaN, 3, 4], 100, 20, { noise: 0.01, threshold: 0.2 });
  assert.equal(path.match(/M/g)?.length, 2);
  const numbers = [...path.matchAll(/[ML]([\d.]+) ([\d.]+)/g)];
  assert.equal(numbers.length, 4);
  for (const [, x, y] of numbers)
    assert.ok(Number(x) >= 0 && Number(x) <= 100 && Number(y) >= 0 && Number(y) <= 20);
  assert.equal(sparkline([], 100, 20, {}).path, "");
  // The line behind is not clamped to the edge of the box: there it would be a false level.
  const { behind } = sparkline([1, 1, 1, 1], 100, 20, { threshold: 0.2 }, [1.1, 9, 9, 1.1]);
  assert.equal(behind.match(/[ML]/g)?.length, 2);
});

test("a sparkline takes the last runs that have a value", () => {
  const levels = [1, Number.NaN, 3, 4, 5];
  const { runs, values } = recentValues(levels, 3, 2, () => true);
  assert.deepEqual(
    [runs, [...values]],
    [
      [2, 3],
      [3, 4],
    ],
  );
  assert.deepEqual(recentValues(levels, 4, 9, (run) => run % 2 === 0).runs, [0, 2, 4]);
});

test("a fall is held against the rise that undoes it", () => {
  const row = {
    better: /** @type {const} */ ("lower"),
    threshold: 0.25,
    improvementThreshold: 0.25,
  };
  assert.deepEqual(
    limitsOf(row),
    [-0.2, 0.25].map((x) => (x < 0 ? 1 / 1.25 - 1 : x)),
  );
  assert.deepEqual(limitsOf({ ...row, better: "higher" }), [1 / 1.25 - 1, 0.25]);
});

test("a forest bar is symmetric in the logarithm and says what lies beyond", () => {
  const at = forestScale(100, 1);
  assert.equal(at(0).x, 50);
  assert.equal(at(1).x, 100);
  assert.ok(Math.abs(at(-0.5).x) < 1e-9);
  assert.ok(at(9).beyond && !at(0.5).beyond);
  assert.equal(at(-2).x, 0);
});

test("ticks are round numbers, and colours belong to names", () => {
  assert.deepEqual(ticks(0, 10, 5), [0, 2, 4, 6, 8, 10]);
  assert.deepEqual(ticks(3, 3, 5), [3]);
  assert.equal(hueOf("a/b"), hueOf("a/b"));
  assert.notEqual(hueOf("a/b"), hueOf("a/c"));
});

test("hues of names that are shown together are apart, whatever their order", () => {
  // Of these two the hashes alone look alike.
  const names = ["parse/json", "db/write", "net/get", "net/post", "a", "b", "c", "d"];
  const hues = huesOf(names);
  const all = [...hues.values()];
  for (const one of all)
    for (const other of all) {
      const apart = Math.abs(one - other) % 360;
      assert.ok(one === other || Math.min(apart, 360 - apart) >= 30, all.join());
    }
  assert.equal(new Set(all).size, names.length);
  assert.deepEqual(huesOf([...names].reverse()), hues);
  assert.equal(huesOf(["x"]).get("x"), hueOf("x"));
});
