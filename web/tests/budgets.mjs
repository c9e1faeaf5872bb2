// What the page weighs, and how long the wasm module takes for what the native program does, on the
// same history. Fails where something weighs more than it may; times are shown, and fail nothing,
// because they depend on what else the machine does.
//
//     node web/tests/budgets.mjs target/release/driftline     (make budgets)
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as core from "./core.mjs";

/** In thousands of bytes after gzip: what may not be exceeded, and what is aimed at. */
const LIMITS = {
  // Before the first rows are there: what reads, and the page around it.
  first: { most: 148, goal: 100 },
  page: { most: 185, goal: 200 },
  // What judges: on its way while the first rows are shown.
  analysis: { most: 195 },
  later: { most: 44 },
  // Fetched for the first file of another harness alone: it may grow with what can be read.
  formats: { most: 313 },
};
/** How often everything is timed; the shortest counts, because interference only adds time. */
const TIMES = 7;
/** What the wasm module may take of the native program's time. */
const RATIO = 2;

const dist = fileURLToPath(new URL("../dist/", import.meta.url));
const program = process.argv[2];
if (!program) throw new Error("expected the native program: make budgets");

const packed = (bytes) => gzipSync(bytes, { level: 9 }).length;
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(0)} kB`;

let failed = false;
/** One line of the table of sizes. */
function weigh(what, files, limit) {
  const raw = files.reduce((sum, bytes) => sum + bytes.length, 0);
  const gzip = files.reduce((sum, bytes) => sum + packed(bytes), 0);
  const over = limit && gzip > limit.most * 1000;
  failed ||= over;
  const goal = limit?.goal ? `, goal ${limit.goal} kB` : "";
  const allowed = limit ? `  at most ${limit.most} kB${goal}` : "";
  console.log(
    `${what.padEnd(30)}${kilobytes(raw).padStart(9)} raw ${kilobytes(gzip).padStart(8)} gzip${allowed}${over ? "  TOO LARGE" : ""}`,
  );
}

const page = join(dist, "page");
const served = readdirSync(page, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name))
  // The page in one file is an edition of its own; the sample is data.
  .filter((path) => /\.(js|css|html|wasm)$/.test(path) && path !== join(page, "report.html"));
/** What is fetched for the first file of another harness, and not before; what judges; the other views. */
const READERS = /driftline_web_formats/;
const ANALYSIS = /driftline_web_analysis/;
const LATER = /later\.js$/;
const contents = (...tests) =>
  served
    .filter((path) => tests.every((test) => test(path)))
    .map((path) => readFileSync(path));
const is = (pattern) => (path) => pattern.test(path);
const isFirst = (path) => ![READERS, ANALYSIS, LATER].some((pattern) => pattern.test(path));
weigh("wasm: what reads", contents(is(/\.wasm$/), isFirst), LIMITS.first);
weigh("scripts", contents(is(/\.js$/), isFirst));
weigh("styles and index.html", contents(is(/\.(css|html)$/), isFirst));
weigh("before the first rows", contents(isFirst), LIMITS.page);
weigh("wasm: what judges", contents(is(ANALYSIS)), LIMITS.analysis);
weigh("scripts: the other views", contents(is(LATER)), LIMITS.later);
weigh("the page without data", contents((path) => !READERS.test(path)));
weigh("readers of other formats", contents(is(READERS)), LIMITS.formats);
const report = join(page, "report.html");
if (readdirSync(page).includes("report.html")) weigh("the page in one file", [readFileSync(report)]);

/** A history of 100 runs of 48 benchmarks in three rounds of 33 values, about 6 MB; no chance. */
function history() {
  const lines = [];
  let state = 1;
  const noise = () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) / 2 ** 24;
  };
  for (let run = 0; run < 100; run += 1) {
    const measurements = Array.from({ length: 48 }, (_, benchmark) => ({
      id: `suite/benchmark-${String(benchmark).padStart(2, "0")}`,
      rounds: Array.from({ length: 3 }, () => {
        const centre = 1000 * (benchmark + 1) * (benchmark === 7 && run > 60 ? 1.3 : 1);
        const values = Array.from({ length: 33 }, () => Math.round(centre * 100 * (1 + noise() / 20)) / 100);
        const low = Math.min(...values);
        const median = [...values].sort((a, b) => a - b)[16];
        const mean = values.reduce((a, b) => a + b) / values.length;
        const summary = { n: 33, median, mean, std_dev: centre / 70, minimum: low, low };
        return { summary, sample: { values, iterations: 100 } };
      }),
    }));
    const commit = { id: `c${run}`.padEnd(40, "0"), order: run + 1 };
    lines.push(JSON.stringify({ format: "driftline-run/1", id: `r${run}`, commit, measurements }));
  }
  return `${lines.join("\n")}\n`;
}

/** The shortest of several times, and the first, in milliseconds; and what came out. */
function timed(work) {
  const times = [];
  let result;
  for (let i = 0; i < TIMES; i += 1) {
    const begun = process.hrtime.bigint();
    result = work();
    times.push(Number(process.hrtime.bigint() - begun) / 1e6);
  }
  return { first: times[0], best: Math.min(...times), result };
}

const directory = mkdtempSync(join(tmpdir(), "driftline-budgets-"));
try {
  const text = history();
  writeFileSync(join(directory, "history.jsonl"), text);
  // The branch is said, so that git is not asked.
  writeFileSync(join(directory, "driftline.toml"), '[history]\npath = "."\ndefault_branch = "main"\n');
  const native = (...command) =>
    execFileSync(program, ["-C", directory, ...command, "--format", "json"], { maxBuffer: 1 << 28 }).toString();
  const bytes = readFileSync(join(directory, "history.jsonl"));
  const session = () => {
    const held = new core.Session();
    held.configure('{"default_branch":"main"}');
    held.add(bytes, "history.jsonl");
    return held;
  };
  console.log(`\n${kilobytes(bytes.length)} of history, read and judged; the shortest of ${TIMES} times:`);
  for (const [what, byProgram, byModule] of [
    ["compare", () => native("compare"), () => session().judge('["r99"]', '"history"', "")],
    ["changes", () => native("changes"), () => session().changes("")],
    ["calibrate", () => native("calibrate"), () => session().calibrate("")],
  ]) {
    const [there, here] = [timed(byProgram), timed(byModule)];
    if (there.result !== here.result) {
      failed = true;
      console.log(`${what}: the wasm module answers something else than the native program`);
    }
    const ratio = here.best / there.best;
    console.log(
      `${what.padEnd(12)} native ${there.best.toFixed(0).padStart(5)} ms   wasm ${here.best.toFixed(0).padStart(5)} ms (the first time ${here.first.toFixed(0)} ms)   ${ratio.toFixed(2)} times${ratio > RATIO ? `, more than ${RATIO}` : ""}`,
    );
  }
} finally {
  rmSync(directory, { recursive: true });
}
process.exitCode = failed ? 1 : 0;
