// The class that the page holds in its worker: files in, merged, and asked.
// Run by `make test-web`, which builds the modules for node into web/dist/node first.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as core from "./core.mjs";

const golden = (name) =>
  readFileSync(new URL(`../../core/tests/data/golden/${name}`, import.meta.url));
const bytes = (text) => new TextEncoder().encode(text);

/** A session with some of the golden files. */
const holding = (...names) => {
  const session = new core.Session();
  for (const name of names) session.add(golden(name), name, "");
  return session;
};
const index = (session) => JSON.parse(session.index());

/** A plain CSV of runs: each benchmark has three rounds of nine values around its centre. */
const csv = (runs) => {
  const lines = ["benchmark,value,run,round,commit,order"];
  for (const { id, order, of } of runs) {
    for (const [benchmark, centre] of Object.entries(of)) {
      for (let i = 0; i < 27; i += 1) {
        const value = centre * (1 + ((order * 7 + i) % 5) / 500);
        lines.push(`${benchmark},${value},${id},${i % 3},commit-${order},${order}`);
      }
    }
  }
  return bytes(`${lines.join("\n")}\n`);
};
const steady = (from, to, of = { a: 100, b: 2000 }) =>
  Array.from({ length: to - from + 1 }, (_, i) => ({ id: `r${from + i}`, order: from + i, of }));
const added = (session, runs, name = "history.csv") =>
  JSON.parse(session.add(csv(runs), name, ""));

test("files are merged in commit order, and no run counts twice", () => {
  const session = new core.Session();
  const first = added(session, [...steady(1, 2), ...steady(5, 6)]);
  assert.deepEqual(
    [first.format, first.runs, first.added, first.known, first.baseline],
    ["csv", 4, 4, 0, null],
  );
  assert.deepEqual(first.skipped, []);
  const second = added(session, steady(2, 5), "more.csv");
  assert.deepEqual([second.runs, second.added, second.known], [4, 2, 2]);
  const { core: version, runs, series } = index(session);
  assert.equal(version, core.version());
  assert.deepEqual(
    runs.map(({ id }) => id),
    ["r1", "r2", "r3", "r4", "r5", "r6"],
  );
  assert.equal(runs[0].commit.id, "commit-1");
  assert.equal(runs[0].commit.order, 1);
  assert.deepEqual(
    series.map(({ id, metric, unit, better, runs: n, machines }) => [id, metric, unit, better, n, machines]),
    [
      ["a", "wall_time", "ns", "lower", 6, ["unknown"]],
      ["b", "wall_time", "ns", "lower", 6, ["unknown"]],
    ],
  );
});

test("a series is typed arrays, and a run that does not have it is no entry", () => {
  const session = new core.Session();
  added(session, [...steady(1, 3), ...steady(4, 4, { b: 4000 }), ...steady(5, 5)]);
  const a = session.series("a", "wall_time");
  assert.ok(a.run instanceof Uint32Array && a.level instanceof Float64Array);
  assert.deepEqual([...a.run], [0, 1, 2, 4]);
  assert.deepEqual([...a.rounds], [3, 3, 3, 3]);
  assert.deepEqual([...a.n], [27, 27, 27, 27]);
  for (let i = 0; i < 4; i += 1) {
    assert.ok(a.low[i] <= a.centre[i] && a.centre[i] <= a.high[i], `${a.low[i]} ${a.high[i]}`);
    // The level is where launches are undisturbed: at the low end of the values.
    assert.ok(a.level[i] >= 99.9 && a.level[i] <= a.centre[i], `${a.level[i]}`);
  }
  const levels = session.levels();
  assert.equal(levels.length, 2 * 5);
  assert.ok(Number.isNaN(levels[3]), "run 4 has no a");
  assert.equal(levels[0], a.centre[0]);
  assert.ok(levels[5 + 3] > 3900, "b in run 4");
  assert.throws(() => session.series("a", "bytes"), /no run that was given measured "bytes" of "a"/);
});

test("raw values come by round, and null where they are not kept", () => {
  const session = new core.Session();
  added(session, steady(1, 1));
  const { rounds } = JSON.parse(session.sample("a", "wall_time", "r1"));
  assert.deepEqual(rounds.map((values) => values.length), [9, 9, 9]);
  assert.ok(rounds.flat().every((value) => value >= 100 && value < 101));
  const slim = { ...JSON.parse(golden("newest.jsonl").toString()), id: "slim" };
  for (const measurement of slim.measurements) {
    for (const round of measurement.rounds) delete round.sample;
  }
  session.add(bytes(JSON.stringify(slim)), "slim.jsonl", "");
  const { id, metric } = slim.measurements[0];
  const kept = JSON.parse(session.sample(id, metric, "slim"));
  assert.deepEqual(kept.rounds, slim.measurements[0].rounds.map(() => null));
  assert.throws(() => session.sample("a", "wall_time", "r9"), /no run "r9" was given/);
  assert.throws(() => session.sample("z", "wall_time", "r1"), /did not measure "wall_time" of "z"/);
});

test("the golden comparison by run ids equals the native one to the last byte", () => {
  const session = holding("history.jsonl", "newest.jsonl");
  const { runs } = index(session);
  const named = (name, ids) => JSON.stringify({ name: `core/tests/data/golden/${name}`, runs: ids });
  const ids = runs.map(({ id }) => id);
  const answer = session.judge(
    named("newest.jsonl", ids.slice(-1)),
    named("history.jsonl", ids.slice(0, -1)),
    "",
  );
  assert.equal(answer, golden("history_comparison.json").toString());
});

test("the golden change points, on all machines or on one", () => {
  const session = holding("history.csv");
  assert.equal(session.changes(""), golden("changes.json").toString());
  const all = JSON.parse(session.changes(""));
  const [{ machine }] = all.series;
  assert.deepEqual(JSON.parse(session.changes(machine)).series, all.series);
  const none = JSON.parse(session.changes("another machine"));
  assert.deepEqual([none.series, none.events], [[], []]);
});

test("changes that people know of are marked so", () => {
  const session = holding("history.csv");
  const point = JSON.parse(session.changes("")).series.flatMap((s) => s.change_points)[0];
  assert.ok(point, "the golden history has a change point");
  session.configure(JSON.stringify({ acknowledged: [{ commit: point.commit, reason: "wanted" }] }));
  const { summary, series } = JSON.parse(session.changes(""));
  assert.ok(summary.acknowledged > 0);
  assert.ok(series.some((s) => s.change_points.some((c) => c.acknowledged === "wanted")));
  assert.throws(() => session.configure('{"window":0}'), /the window must be at least 1/);
});

test("without a word about it a run is compared with what the command line would take", () => {
  const session = new core.Session();
  const reference = (id) => JSON.parse(session.reference(id));
  added(session, steady(1, 1));
  assert.deepEqual(reference("r1").kind, "none");
  added(session, steady(2, 20));
  assert.deepEqual(reference("r3").runs, ["r1", "r2"]);
  assert.match(reference("r3").why, /the 2 earlier runs made like it; no baseline is given/);
  const newest = reference("r20");
  assert.equal(newest.kind, "history");
  assert.deepEqual(newest.runs, steady(10, 19).map(({ id }) => id));
  session.configure('{"window":4,"default_branch":"main"}');
  assert.deepEqual(reference("r20").runs, ["r16", "r17", "r18", "r19"]);
  // A saved baseline is taken while the history is short.
  const run = JSON.parse(golden("baseline.jsonl").toString());
  const baseline = { format: "driftline-baseline/1", name: "main", run: { ...run, format: undefined } };
  const answer = JSON.parse(session.add(bytes(JSON.stringify(baseline)), "main.json", ""));
  assert.deepEqual([answer.baseline, answer.added], ["main", 0]);
  assert.deepEqual(index(session).baselines, [{ name: "main", run: run.id }]);
  const early = reference("r3");
  assert.deepEqual([early.kind, early.baseline, early.runs], ["baseline", "main", [run.id]]);
  assert.equal(reference("r20").kind, "history");
  assert.throws(() => reference("r99"), /no run "r99" was given/);
});

test("runs that were made unlike any other are compared with the one before", () => {
  const session = new core.Session();
  const lines = (machine, id) => bytes(`benchmark,value,run,machine\na,1,${id},${machine}\n`);
  session.add(lines("one", "x"), "x.csv", "");
  session.add(lines("two", "y"), "y.csv", "");
  const { kind, runs } = JSON.parse(session.reference("y"));
  assert.deepEqual([kind, runs], ["previous", ["x"]]);
  const comparison = JSON.parse(session.judge('["y"]', JSON.stringify(runs), ""));
  assert.match(comparison.warnings.join(), /machine/);
  assert.equal(comparison.summary.inconclusive, 1);
});

test("what is judged, by which policy", () => {
  const session = new core.Session();
  added(session, [...steady(1, 8), ...steady(9, 9, { a: 150, b: 2000 })]);
  const judged = (baseline, policy = "") => JSON.parse(session.judge('["r9"]', baseline, policy));
  const byHistory = judged('"history"');
  assert.deepEqual([byHistory.baseline.name, byHistory.baseline.runs.length], ["history", 8]);
  assert.deepEqual([byHistory.candidate.name, byHistory.summary.regressed], ["r9", 1]);
  assert.equal(byHistory.benchmarks[0].id, "a");
  assert.equal(judged('"history"', '{"threshold":"80%"}').summary.regressed, 0);
  assert.equal(judged('["r7","r8"]').baseline.name, "r7, r8");
  for (const [candidate, baseline, policy, message] of [
    ['["r77"]', '"history"', "", /no run "r77" was given/],
    ['["r9"]', '{"baseline":"main"}', "", /the baseline "main" is no baseline that was given/],
    ['["r9"]', "[]", "", /the baseline names no run/],
    ["[]", '"history"', "", /the candidate names no run/],
    ['["r9"]', "7", "", /the baseline is 7: expected a list of run ids/],
    ['["r9"', '"history"', "", /read the candidate: EOF/],
    ['["r1"]', '"history"', "", /no earlier run that was made like the candidate/],
    ['["r9"]', '"history"', '{"threshold":"much"}', /"much" is not a threshold/],
  ]) {
    assert.throws(
      () => session.judge(candidate, baseline, policy),
      (error) => error instanceof Error && message.test(error.message),
      String(message),
    );
  }
});

test("a comparison is explained row by row, and copied as Markdown and CSV", () => {
  const session = new core.Session();
  added(session, [...steady(1, 8), ...steady(9, 9, { a: 150, b: 2000 })]);
  const what = ['["r9"]', '"history"', ""];
  const why = session.explain(...what, "a", "wall_time");
  assert.match(why, /<summary>▲ a: regressed/);
  assert.doesNotMatch(why, /b: unchanged/);
  assert.equal(session.explain(...what, "z", "wall_time"), "");
  assert.match(session.markdown(...what), /^### .*\n/);
  assert.match(session.csv(...what), /^benchmark,metric,/);
  assert.throws(() => session.markdown('["r0"]', '"history"', ""), /no run "r0" was given/);
});

test("what was recorded with a run is held against what the core says now", () => {
  const run = (name, verdicts) => {
    const line = JSON.parse(golden(name).toString());
    return { ...line, ...(verdicts && { judgement: recorded(verdicts) }) };
  };
  const comparison = JSON.parse(golden("comparison.json").toString());
  const before = run("baseline.jsonl");
  const recorded = (verdicts) => ({
    core: "0.0.9",
    policy: comparison.policy,
    baseline: "main",
    runs: [before.id],
    verdicts,
  });
  const words = comparison.benchmarks.map(({ id, metric, verdict }) => ({ id, metric, verdict }));
  const agreement = (verdicts, ...lines) => {
    const session = new core.Session();
    const after = run("candidate.jsonl", verdicts);
    const text = [...lines, after].map((line) => JSON.stringify(line)).join("\n");
    session.add(bytes(text), "history.jsonl", "");
    assert.equal(index(session).runs.at(-1).judged, Boolean(verdicts));
    return JSON.parse(session.agreement(after.id));
  };
  assert.deepEqual(agreement(null, before), { recorded: false, agrees: null });
  const same = agreement(words, before);
  assert.deepEqual([same.recorded, same.core, same.agrees, same.rows], [true, "0.0.9", true, undefined]);
  const counted = Object.entries(comparison.summary).filter(([word]) => same.counts[word]);
  assert.deepEqual(Object.fromEntries(counted), same.counts);
  const changed = words.map((row, i) => (i === 0 ? { ...row, verdict: "regressed" } : row));
  const other = agreement(changed, before);
  assert.equal(other.agrees, false);
  assert.deepEqual(other.rows, [
    { id: words[0].id, metric: words[0].metric, recorded: "regressed", now: words[0].verdict },
  ]);
  const alone = agreement(words);
  assert.deepEqual([alone.agrees, alone.missing_runs], [null, [before.id]]);
});

test("a history is calibrated over the runs made like the newest", () => {
  const session = new core.Session();
  added(session, steady(1, 12));
  const calibration = JSON.parse(session.calibrate(""));
  assert.deepEqual([calibration.format, calibration.runs], ["driftline-calibration/1", 12]);
  assert.throws(() => session.calibrate('{"fdr":3}'), /"3" is not a false-discovery rate/);
});

test("a bad file is an Error with the place and the remedy, and what was held stays", () => {
  const session = holding("baseline.jsonl");
  for (const [text, format, message] of [
    ["", "", /bad is empty/],
    ['{"format":"driftline-run/1","id":', "", /bad, line 1, column \d+: .* ends in the middle/],
    ['{"format":"driftline-run/7","id":"x"}', "", /written by a newer driftline \(driftline-run\/7/],
    ['{"format":"driftline-baseline/7"}', "", /bad, line 1: written by a newer driftline/],
    ['{"x":]', "", /bad, line 1, column 6: not valid JSON/],
    ['{"x":1}', "", /bad is of no known format: .*expected one of: /],
    ["benchmark,value\na,1\n", "nonsense", /unknown format "nonsense"/],
  ]) {
    assert.throws(
      () => session.add(bytes(text), "bad", format),
      (error) => error instanceof Error && message.test(error.message),
      String(message),
    );
  }
  assert.equal(index(session).runs.length, 1);
});

test("nothing given is nothing, not an error", () => {
  const session = new core.Session();
  const { runs, series, baselines, notes } = index(session);
  assert.deepEqual([runs, series, baselines, notes], [[], [], [], []]);
  assert.equal(session.levels().length, 0);
  assert.equal(JSON.parse(session.changes("")).runs, 0);
  assert.equal(JSON.parse(session.calibrate("")).runs, 0);
});

test("lines that cannot be read are notes with the file's name; names are data", () => {
  const session = new core.Session();
  const hostile = '<script>alert("x")</script>\u202e😀';
  const line = JSON.parse(golden("newest.jsonl").toString());
  line.measurements = [{ ...line.measurements[0], id: hostile }];
  const answer = JSON.parse(
    session.add(bytes(`${JSON.stringify(line)}\n{"format":"driftline-run/1","id"\n`), "h.jsonl", ""),
  );
  assert.equal(answer.notes.length, 1);
  const { notes, series } = index(session);
  assert.match(notes[0], /^h\.jsonl: skipped: line 2/);
  assert.equal(series[0].id, hostile);
  assert.equal(session.series(hostile, series[0].metric).run.length, 1);
});
