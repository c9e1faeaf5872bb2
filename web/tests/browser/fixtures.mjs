// @ts-check
// Histories for the tests, written as driftline writes them.

import { readFileSync } from "node:fs";
import { GOLDEN } from "./browser.mjs";

/** Numbers that are the same in every test run. @param {number} seed */
export function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/**
 * A history: `level` says what benchmark `name` takes in run `i`.
 * @param {{runs: number, names: string[], level: (name: string, run: number) => number, machine?: (run: number) => string,
 *   toolchain?: (run: number) => string, samples?: boolean, rounds?: number}} of
 */
export function historyOf({
  runs,
  names,
  level,
  machine = () => "ci",
  toolchain = () => "rustc 1.95.0",
  samples = false,
  rounds = 3,
}) {
  const random = randomNumbers(7);
  const lines = [];
  for (let run = 0; run < runs; run += 1) {
    const measurements = names.map((id) => ({
      id,
      metric: "wall_time",
      unit: "ns",
      better: "lower",
      rounds: Array.from({ length: rounds }, () => {
        const values = Array.from(
          { length: 12 },
          (_, i) => level(id, run) * (1 + 0.004 * random() + 0.001 * i),
        );
        const sorted = [...values].sort((a, b) => a - b);
        const mean = values.reduce((a, b) => a + b) / values.length;
        return {
          summary: {
            n: 12,
            median: (sorted[5] + sorted[6]) / 2,
            mean,
            std_dev: mean * 0.003,
            minimum: sorted[0],
            lower_quartile: sorted[3],
            upper_quartile: sorted[9],
            maximum: sorted[11],
            low: sorted[0],
            tail: sorted[11],
          },
          ...(samples && run >= runs - 3
            ? { sample: { totals: values.map((value) => value * 100), iterations: 100 } }
            : {}),
        };
      }),
    }));
    lines.push(
      JSON.stringify({
        format: "driftline-run/1",
        id: `run-${run}`,
        time: new Date(Date.UTC(2026, 0, 1, run)).toISOString(),
        commit: {
          id: (Math.imul(run + 1, 0x9e3779b1) >>> 0).toString(16).padStart(8, "0").padEnd(40, "0"),
          order: run + 1,
          subject: `change ${run}`,
          author: "A. Tester",
          branch: "main",
        },
        machine: { name: machine(run), cpu: machine(run), cores: 4, architecture: "x86_64" },
        toolchain: toolchain(run),
        driftline: "0.1.0",
        settings: { rounds },
        measurements,
      }),
    );
  }
  return `${lines.join("\n")}\n`;
}

/** Thirty runs of six benchmarks; "parse/json" is slower by half from run 20 on, "db/write" in the newest. */
export const STEPPED = historyOf({
  runs: 30,
  samples: true,
  names: ["parse/json", "parse/xml", "db/read", "db/write", "net/get", "net/post"],
  level: (name, run) =>
    name === "parse/json" && run >= 20 ? 1500 : name === "db/write" && run === 29 ? 1600 : 1000,
  toolchain: (run) => (run < 8 ? "rustc 1.94.0" : "rustc 1.95.0"),
});

/** Time and instructions of the same benchmarks. */
export const TWO_METRICS = STEPPED.trim()
  .split("\n")
  .map((line, place) => {
    const run = JSON.parse(line);
    const counted = { metric: "instructions", unit: "instructions" };
    const rounds = [{ summary: { n: 1, median: place > 25 ? 132_456 : 123_456 } }];
    const more = run.measurements.map((/** @type {any} */ one) => ({ ...one, ...counted, rounds }));
    return JSON.stringify({ ...run, measurements: [...run.measurements, ...more] });
  })
  .join("\n");

/** The same of two branches and two machines: all that can stand in the head. */
export const CROWDED = TWO_METRICS.split("\n")
  .map((line, place) => {
    const run = JSON.parse(line);
    if (place % 4 === 3) run.commit.branch = "a-branch-with-a-name/as-long-as-some-are";
    if (place < 5) run.machine = { name: "another-machine", cpu: "An old processor", cores: 2 };
    return JSON.stringify(run);
  })
  .join("\n");

/** The golden runs, with what CI is to have recorded: as the core says, or with one verdict changed. @param {boolean} as */
export function judged(as) {
  const before = JSON.parse(golden("baseline.jsonl"));
  const after = JSON.parse(golden("candidate.jsonl"));
  const comparison = JSON.parse(golden("comparison.json"));
  const verdicts = comparison.benchmarks.map(
    (/** @type {any} */ { id, metric, verdict }, /** @type {number} */ i) => ({
      id,
      metric,
      verdict: !as && i === 0 ? "unchanged" : verdict,
    }),
  );
  after.judgement = {
    core: "0.0.9",
    policy: comparison.policy,
    baseline: "main",
    runs: [before.id],
    verdicts,
  };
  return `${JSON.stringify(before)}\n${JSON.stringify(after)}\n`;
}

/** The golden history, whose newest run regressed, which CI accepted. @param {string} reason */
export function accepted(reason) {
  const newest = JSON.parse(golden("newest.jsonl"));
  const { benchmarks, policy, baseline } = JSON.parse(golden("history_comparison.json"));
  newest.judgement = {
    core: "0.0.9",
    policy,
    baseline: "history",
    runs: baseline.runs,
    verdicts: benchmarks.map((/** @type {any} */ { id, metric, verdict }) => ({
      id,
      metric,
      verdict,
      ...(verdict === "regressed" ? { accepted: { reason, source: "commit abc1234" } } : {}),
    })),
  };
  return `${golden("history.jsonl")}${JSON.stringify(newest)}\n`;
}

/** @param {string} name */
export const golden = (name) => readFileSync(`${GOLDEN}${name}`, "utf8");
export const SAMPLE = readFileSync(
  new URL("../../page/sample/history.jsonl", import.meta.url),
  "utf8",
);
