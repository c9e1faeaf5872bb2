// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import * as model from "../../page/model.js";
import { findRun } from "../../page/state.js";

/** @type {any} */
const index = {
  core: "0.1.0",
  runs: [0, 1, 2].map((i) => ({
    id: `run-${i}`,
    commit: { id: `${i}abcdef` },
    machine: "m",
    measurements: 3,
    skipped: 0,
  })),
  series: ["api/a", "api/b", "db/c", "db/d"].map((id) => ({
    id,
    metric: "wall_time",
    unit: "ns",
    better: "lower",
    runs: 3,
    machines: ["m"],
  })),
  baselines: [{ name: "main", run: "run-0" }],
  notes: [],
};
const row = (
  /** @type {string} */ id,
  /** @type {string} */ verdict,
  /** @type {number} */ change,
  more = {},
) => ({
  id,
  metric: "wall_time",
  unit: "ns",
  better: "lower",
  statistic: "low",
  baseline: 100,
  candidate: 100 * (1 + change),
  change,
  interval: [change - 0.01, change + 0.01],
  noise_floor: 0.02,
  smallest_detectable: 0.1,
  p_value: 0.01,
  q_value: 0.02,
  threshold: 0.2,
  verdict,
  reasons: ["because"],
  ...more,
});
/** @type {any} */
const comparison = {
  policy: { threshold: 0.2, confidence: 0.99, fdr: 0.01 },
  benchmarks: [
    row("db/c", "regressed", 0.5),
    row("api/a", "unchanged", 0.01),
    row("api/b", "unchanged", 0.02, { tail: { change: 0.5, slower: true } }),
  ],
};
/** @type {any} */
const changes = {
  series: [
    {
      id: "db/c",
      metric: "wall_time",
      machine: "m",
      change_points: [{ run: "run-1", effect: "regression", change: 0.5 }],
    },
  ],
};
const levels = Float64Array.from([1, 1, 1, 2, 2, 2, 3, 3, 4.5, 5, 5, Number.NaN]);
const rows = () => model.buildRows({ index, comparison, changes, levels, run: 2 });

test("every series is a row, whatever is known of it", () => {
  const found = rows();
  assert.deepEqual(
    found.map(({ status }) => status),
    ["unchanged", "unchanged", "regressed", "unmeasured"],
  );
  assert.deepEqual(
    found.map(({ group, name }) => [group, name]),
    [
      ["api", "a"],
      ["api", "b"],
      ["db", "c"],
      ["db", "d"],
    ],
  );
  assert.equal(found[2].since?.runsAgo, 1);
  assert.deepEqual(found[1].notes, ["tail slower"]);
  const accepted = { ...comparison, benchmarks: comparison.benchmarks.slice(0, 1) };
  const of = (/** @type {string} */ state) => {
    accepted.benchmarks = [row("db/c", "regressed", 0.5, { acceptance: { state } })];
    return model.buildRows({ index, comparison: accepted, changes: null, levels, run: 2 });
  };
  assert.deepEqual(of("accepted")[2].notes, ["accepted"]);
  assert.deepEqual(of("exceeded")[2].notes, ["worse than accepted"]);
  const { shown } = model.filterRows(of("exceeded"), { show: "worse-than-accepted", search: "" });
  assert.deepEqual(
    shown.map(({ id }) => id),
    ["db/c"],
  );
  const alone = model.buildRows({ index, comparison: null, changes: null, levels, run: 2 });
  assert.deepEqual(
    alone.map(({ status }) => status),
    ["unjudged", "unjudged", "unjudged", "unmeasured"],
  );
  assert.equal(alone[2].value, 4.5);
});

test("what is hidden is counted: shown and hidden are all", () => {
  const all = rows();
  for (const wanted of [
    { show: "", search: "" },
    { show: "unchanged", search: "" },
    { show: "all", search: "db" },
    { show: "", search: "zzz" },
  ]) {
    const { shown, hidden, hiddenCount } = model.filterRows(all, wanted);
    assert.equal(shown.length + hiddenCount, all.length);
    assert.equal(
      Object.values(hidden).reduce((sum, count) => sum + count),
      hiddenCount,
    );
  }
  assert.deepEqual(
    model.filterRows(all, { show: "", search: "" }).shown.map(({ id }) => id),
    ["api/b", "db/c"],
  );
  assert.deepEqual(
    model.filterRows(all, { show: "tail-slower", search: "" }).shown.map(({ id }) => id),
    ["api/b"],
  );
  assert.deepEqual(
    model.filterRows(all, { show: "", search: "API b" }).shown.map(({ id }) => id),
    ["api/b"],
  );
  const quiet = all.filter(({ status, notes }) => status === "unchanged" && notes.length === 0);
  assert.equal(model.filterRows(quiet, { show: "", search: "" }).shown.length, quiet.length);
});

test("regressed comes first, and every order is total", () => {
  const all = rows();
  assert.equal(model.sortRows(all, "impact")[0].id, "db/c");
  assert.deepEqual(
    model.sortRows(all, "name").map(({ id }) => id),
    ["api/a", "api/b", "db/c", "db/d"],
  );
  assert.equal(model.sortRows(all, "recent")[0].id, "db/c");
  assert.equal(model.sortRows(all, "size")[0].id, "db/c");
  assert.deepEqual(
    model.groupRows(model.sortRows(all, "impact")).map(({ group }) => group),
    ["db", "api"],
  );
});

test("groups are the first segment behind what all share", () => {
  assert.equal(model.commonPath(["a/b/c", "a/b/d", "a/x"]), "a/");
  assert.equal(model.commonPath(["a/b"]), "");
  assert.equal(model.commonPath(["a/b", "c/d"]), "");
  assert.equal(model.groupOf("a/b/c", "a/"), "a/b");
  assert.equal(model.groupOf("plain", ""), "");
});

test("a name that is not there leads to similar ones", () => {
  assert.deepEqual(
    model.similarNames("parse/json/larg", ["parse/json/large", "upload/write", "parse/json"])[0],
    "parse/json/large",
  );
  assert.deepEqual(model.similarNames("zzzz", ["parse"]), []);
});

test("the sides of a comparison are runs, commits, the history or a saved baseline", () => {
  const side = (/** @type {string} */ text) => model.resolveSide(index, text, findRun);
  assert.deepEqual(side("run-1,2abc").runs, ["run-1", "run-2"]);
  assert.deepEqual(side("run-1,run-1").runs, ["run-1"]);
  assert.equal(side("history").request, "history");
  assert.deepEqual(side("baseline:main").request, { baseline: "main" });
  assert.deepEqual(side("baseline:x").unknown, ["baseline:x"]);
  assert.deepEqual(side("nothing").unknown, ["nothing"]);
  assert.equal(side("").request, null);
});
