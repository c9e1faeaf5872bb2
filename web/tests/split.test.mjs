// @ts-check
// The core's module in two, as the page loads it, answers what the whole answers; and the first part
// answers its own calls alone.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
// @ts-ignore: written by `make web`.
import { initSync, Session as Halves } from "../dist/page/core/driftline_web.js";
import { Session as Whole } from "./core.mjs";

const read = (/** @type {string} */ path) => readFileSync(new URL(path, import.meta.url));
const part = (/** @type {string} */ name) => read(`../dist/page/core/${name}.wasm`);
const HISTORY = read("../page/sample/history.jsonl");

test("the two parts answer what the whole does", () => {
  const first = initSync({ module: part("driftline_web_bg") });
  const halves = new Halves();
  const whole = new Whole();
  assert.equal(halves.add(HISTORY, "h.jsonl"), whole.add(HISTORY, "h.jsonl"));
  const index = halves.index();
  assert.equal(index, whole.index());
  assert.deepEqual(halves.levels(), whole.levels());
  const { runs, series } = JSON.parse(index);
  const [{ id, metric }] = series;
  assert.deepEqual(halves.series(id, metric), whole.series(id, metric));

  const newest = JSON.stringify([runs.at(-1).id]);
  assert.throws(() => halves.judge(newest, '"history"', ""), WebAssembly.RuntimeError);
  const again = new Halves();
  again.add(HISTORY, "h.jsonl");
  new WebAssembly.Instance(new WebAssembly.Module(part("driftline_web_analysis")), { first });
  for (const ask of [
    (/** @type {any} */ session) => session.judge(newest, '"history"', ""),
    (/** @type {any} */ session) => session.reference(runs.at(-1).id),
    (/** @type {any} */ session) => session.agreement(runs.at(-1).id),
    (/** @type {any} */ session) => session.changes(""),
    (/** @type {any} */ session) => session.calibrate(""),
    (/** @type {any} */ session) => session.explain(newest, '"history"', "", id, metric),
    (/** @type {any} */ session) => session.markdown(newest, '"history"', ""),
    (/** @type {any} */ session) => session.csv(newest, '"history"', ""),
  ]) {
    const answer = ask(whole);
    assert.ok(answer.length > 10);
    assert.equal(ask(again), answer);
  }
  assert.throws(() => again.reference("none"), /no run "none" was given/);
});
