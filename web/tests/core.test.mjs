// The wasm modules answer what the native core answers, byte for byte.
// Run by `make test-web`, which builds the modules for node into web/dist/node first.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as core from "./core.mjs";

const golden = (name) =>
  readFileSync(new URL(`../../core/tests/data/golden/${name}`, import.meta.url));
const path = (name) => `core/tests/data/golden/${name}`;

test("the golden comparison equals the native one to the last byte", () => {
  const answer = core.compare(
    golden("baseline.jsonl"),
    path("baseline.jsonl"),
    golden("candidate.jsonl"),
    path("candidate.jsonl"),
    "",
  );
  assert.equal(answer, golden("comparison.json").toString());
});

test("the golden history, too, as a baseline of all its runs", () => {
  const compared = (baseline) =>
    core.compare(
      golden(baseline),
      path(baseline),
      golden("newest.jsonl"),
      path("newest.jsonl"),
      "",
    );
  const answer = compared("history.jsonl");
  assert.equal(answer, golden("history_comparison.json").toString());
  assert.equal(JSON.parse(answer).baseline.runs.length, 6);
  // A file against itself is its own baseline.
  assert.match(JSON.parse(compared("newest.jsonl")).warnings[0], /compared with itself/);
});

test("a run of the baseline that is the candidate does not count", () => {
  const both = Buffer.concat([golden("history.jsonl"), golden("newest.jsonl")]);
  const { baseline } = JSON.parse(core.compare(both, "h", golden("newest.jsonl"), "n", ""));
  assert.deepEqual(baseline.runs, ["run-0", "run-1", "run-2", "run-3", "run-4", "run-5"]);
});

test("the golden change points equal the native ones to the last byte", () => {
  const answer = core.changes(golden("history.csv"), path("history.csv"));
  assert.equal(answer, golden("changes.json").toString());
});

test("acknowledged changes are marked, and what cannot be read is named", () => {
  const found = (acknowledged) =>
    JSON.parse(core.changes(golden("history.csv"), "history.csv", acknowledged));
  const plain = found(undefined);
  assert.equal(plain.summary.acknowledged, 0);
  const series = plain.series.find(({ id }) => id === "stepped");
  const { run } = series.change_points[0];
  const known = [{ commit: run, benchmark: "step*", reason: "known" }];
  const marked = found(JSON.stringify(known));
  assert.equal(marked.summary.acknowledged, 1);
  const { change_points: points } = marked.series.find(({ id }) => id === "stepped");
  assert.equal(points[0].acknowledged, "known");
  assert.match(found('[{"commit":"nosuch"}]').warnings[0], /nosuch/);
  assert.deepEqual(found("[]"), plain);
  assert.throws(() => found('[{"reason":"x"}]'), /read the settings: missing field `commit`/);
});

test("a policy changes the verdicts", () => {
  const verdicts = (policy) =>
    JSON.parse(
      core.compare(golden("history.jsonl"), "a", golden("newest.jsonl"), "b", policy),
    ).summary;
  assert.ok(verdicts("").regressed > 0);
  assert.equal(verdicts('{"threshold":"1000%"}').regressed, 0);
  assert.throws(
    () => verdicts('{"threshold":"much"}'),
    (error) => error instanceof Error && /"much" is not a threshold/.test(error.message),
  );
});

test("a history is calibrated, and a threshold changes what would have fired", () => {
  const lines = ["benchmark,value,run,round"];
  for (let run = 0; run < 14; run += 1) {
    for (const name of ["a", "b", "spike"]) {
      const centre = name === "spike" && run === 8 ? 160 : 100;
      for (let i = 0; i < 27; i += 1) {
        const launch = centre * (1 + ((run * 7 + (i % 3)) % 5) / 100);
        lines.push(`${name},${launch * (1 + (i % 2) / 200)},r${run},${i % 3}`);
      }
    }
  }
  const bytes = new TextEncoder().encode(`${lines.join("\n")}\n`);
  const session = new core.Session();
  session.add(bytes, "history.csv");
  const of = (policy) => JSON.parse(session.calibrate(policy));
  const plain = of("");
  assert.equal(plain.format, "driftline-calibration/1");
  assert.deepEqual([plain.runs, plain.replayed], [14, 9]);
  assert.deepEqual(
    plain.alarms.map(({ run, id, outcome }) => [run, id, outcome]),
    [["r8", "spike", "false"]],
  );
  assert.equal(of('{"threshold":"100%"}').totals.false_alarms, 0);
  assert.throws(() => of('{"threshold":"much"}'), /"much" is not a threshold/);
});

test("a bad file is an Error that names the file and what was expected", () => {
  const bytes = new TextEncoder().encode('{"format":"driftline-run/1"');
  assert.throws(
    () => core.changes(bytes, "torn.jsonl"),
    (error) => error instanceof Error && /torn\.jsonl, line 1/.test(error.message),
  );
  assert.throws(
    () => core.compare(new Uint8Array(), "empty.json", golden("candidate.jsonl"), "b", ""),
    /empty\.json is empty/,
  );
});
