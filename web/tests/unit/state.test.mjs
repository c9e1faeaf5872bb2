// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import * as state from "../../page/state.js";

test("an address gives back the state that wrote it", () => {
  /** @type {import("../../page/types.d.ts").State[]} */
  const states = [
    { ...state.DEFAULTS },
    {
      ...state.DEFAULTS,
      search: "parse json",
      show: "regressed,new",
      sort: "name",
      min: 2,
      alpha: 0.01,
    },
    {
      ...state.DEFAULTS,
      view: "series",
      id: "parse/json/large",
      y: "log",
      from: "9f3e2d1",
      to: "HEAD",
      also: ["a/b", "c?d&e"],
    },
    {
      ...state.DEFAULTS,
      view: "series",
      id: "<script>alert(1)</script>/%2F#?&=\u202Eevil 😀",
      metric: "bytes",
      table: true,
      page: 3,
    },
    { ...state.DEFAULTS, view: "series", id: "a//b/", hide: ["points", "noise"] },
    {
      ...state.DEFAULTS,
      view: "compare",
      baseline: "run-1,run..2/3",
      candidate: "history",
      machine: "ci-1",
      branch: "main",
    },
  ];
  for (const given of states) {
    const address = state.formatAddress(given);
    assert.deepEqual(state.parseAddress(address), given, address);
    assert.equal(state.formatAddress(state.parseAddress(address)), address);
  }
});

test("a name stays readable in its address", () => {
  const address = state.formatAddress({
    ...state.DEFAULTS,
    view: "series",
    id: "parse/json/large",
    min: 2,
  });
  assert.equal(address, "#/b/parse/json/large?min=2&v=1");
  assert.equal(state.formatAddress(state.DEFAULTS), "#/");
});

test("the sides of a comparison are kept", () => {
  const given = {
    ...state.DEFAULTS,
    view: /** @type {const} */ ("compare"),
    baseline: "a1b2c3d,run 2",
    candidate: "baseline:main",
  };
  assert.deepEqual(state.parseAddress(state.formatAddress(given)), given);
});

test("nonsense in an address is as if it were not there", () => {
  for (const hash of [
    "",
    "#",
    "#/",
    "#/x/y",
    "#?min=NaN&alpha=7&y=upside&x=&sort=3&page=-1",
    "#/b/",
    "#/?min=1e99",
  ]) {
    assert.deepEqual(state.parseAddress(hash), state.DEFAULTS, hash);
  }
  assert.equal(state.parseAddress("#/b/%E0%A4%A").id, "%E0%A4%A");
  assert.equal(state.parseAddress("#/b/x?v=99").id, "x");
  assert.match(
    state.formatAddress({ ...state.DEFAULTS, view: "series", id: "\uD800" }),
    /%EF%BF%BD/,
  );
});

test("the policy says only what was asked for", () => {
  assert.equal(state.policyOf(state.DEFAULTS), "");
  assert.equal(
    state.policyOf({ ...state.DEFAULTS, min: 2.5, alpha: 0.003 }),
    '{"threshold":"2.5%","fdr":"0.3%"}',
  );
});

test("another view keeps machine and policy and drops the rest", () => {
  const from = { ...state.DEFAULTS, machine: "m", min: 5, search: "x", show: "all" };
  assert.equal(state.addressOf(from, { view: "series", id: "a" }), "#/b/a?m=m&min=5&v=1");
});

const runs = [
  { id: "r0", commit: { id: "aaaa0000" } },
  { id: "r1", commit: { id: "bbbb1111" } },
  { id: "r2", commit: { id: "bbbb1111" } },
  { id: "r3", commit: null },
];

test("runs are found by id and by commit, the newest of several", () => {
  const found = (/** @type {string} */ name) => state.findRun(runs, name);
  assert.deepEqual(
    ["r0", "aaaa", "bbbb1", "HEAD", "", "aa", "cccc"].map(found),
    [0, 0, 2, 3, -1, -1, -1],
  );
});

test("a run is named by its commit only where that means this run", () => {
  assert.deepEqual(
    [0, 1, 2, 3, 9].map((place) => state.nameRun(runs, place)),
    ["aaaa0000", "r1", "bbbb1111", "r3", ""],
  );
});
