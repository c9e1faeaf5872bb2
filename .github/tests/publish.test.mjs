// Pushes to main: what is recorded, and the history branch that several jobs write to.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import test from "node:test";

import { measuredWorld, publish } from "./support/history.mjs";
import { job, published, publishedRuns, push, runAction } from "./support/runner.mjs";
import {
  commit as commitFiles,
  commitBenchmarks,
  driftline,
  git,
  gitEnvironment,
  readServer,
  root,
  world,
  writeServer,
} from "./support/world.mjs";

/** Measures a push of main, and gives what its publishing job begins with. */
function measured(it, changed = {}, { inputs = {}, more = {} } = {}) {
  const commit = commitBenchmarks(it, "Change", changed);
  const measuring = push(it, commit, more);
  return {
    commit,
    measuring,
    result: runAction(measuring, "driftline", inputs),
    publishing: push(it, commit, { run: measuring.run }),
  };
}

const ids = (it) =>
  publishedRuns(it)
    .map(({ id }) => id)
    .sort();

test("the first push makes the branch, with nothing of the code in it", (t) => {
  const it = world(t);
  const { commit, result, publishing } = measured(it);
  assert.equal(result.failed, undefined);
  assert.equal(result.outputs.reference, "merge-base");
  assert.equal(runAction(publishing, "publish").failed, undefined, publishing.log);
  assert.ok(publishedRuns(it).some((run) => run.commit.id === commit));
  assert.equal(git(it.remote, "ls-tree", "--name-only", "-r", "benchmarks"), "history.jsonl");
  assert.equal(git(it.remote, "rev-list", "--count", "benchmarks"), "1");
  assert.equal(
    git(it.remote, "log", "-1", "--format=%s", "benchmarks"),
    `benchmarks: 4 runs up to ${commit.slice(0, 12)}`,
  );
});

test("a push of several commits is held against what main was before it", (t) => {
  const it = world(t);
  const before = git(it.clone, "rev-parse", "HEAD");
  commitBenchmarks(it, "Make it slower", { write: 90 });
  const commit = commitBenchmarks(it, "Change nothing", { write: 90 });
  const held = (payload) => runAction(push(it, commit, { payload }), "driftline").outputs.regressed;
  assert.equal(held({ before }), "1");
  // A branch that is new has none, and one that was pushed by force lost it: the first parent then.
  assert.equal(held({ before: "0".repeat(40) }), "0");
});

test("the very first commit has nothing to be held against, and that is no failure", (t) => {
  const it = world(t);
  const commit = git(it.clone, "rev-parse", "HEAD");
  const measuring = push(it, commit);
  const result = runAction(measuring, "driftline");
  assert.equal(result.failed, undefined);
  assert.equal(result.outputs.verdict, "nothing");
  assert.match(measuring.log, /::notice::NOTHING WAS COMPARED/);
  assert.doesNotMatch(measuring.log, /^::error/m);
});

test("the page is published beside the history, where driftline has it", (t) => {
  const it = measuredWorld(t);
  // The program that the tests build has no page in it.
  it.program = path.join(it.folder, "driftline");
  const wrapper = `#!/usr/bin/env bash\nif [ "$3 $4" = "report --html" ]; then echo page >"$5"; else exec ${driftline} "$@"; fi\n`;
  fs.writeFileSync(it.program, wrapper, { mode: 0o755 });
  const { publishing } = measured(it);
  runAction(publishing, "publish");
  assert.equal(
    git(it.remote, "ls-tree", "--name-only", "-r", "benchmarks"),
    "history.jsonl\nindex.html",
  );
});

test("a push adds one run to the history, and keeps the others byte by byte", (t) => {
  const it = measuredWorld(t);
  const before = published(it, "history.jsonl");
  const { commit, result, publishing } = measured(it);
  assert.equal(result.outputs.reference, "history");
  runAction(publishing, "publish");
  const lines = published(it, "history.jsonl").split("\n");
  assert.deepEqual(lines.slice(0, 5), before.split("\n"));
  assert.equal(lines.length, 6);
  const added = JSON.parse(lines[5]);
  assert.deepEqual([added.commit.id, added.commit.branch], [commit, "main"]);
});

test("a push that regressed fails, and is recorded all the same", (t) => {
  const it = measuredWorld(t);
  const { commit, result, publishing } = measured(it, { write: 90 });
  assert.deepEqual([result.failed, result.code], ["Conclude", 1]);
  runAction(publishing, "publish");
  assert.ok(publishedRuns(it).some((run) => run.commit.id === commit));
});

test("the next job finds the history in the cache where there is no branch", (t) => {
  const it = world(t);
  for (let i = 0; i < 2; i++) measured(it, {}, { inputs: { "history-branch": "" } });
  assert.deepEqual(
    it.caches.map(({ key }) => /-main-\d+-1$/.test(key)),
    [true, true],
  );
  // One turn of base and head after the other: five runs made alike are a history.
  const { result } = measured(it, {}, { inputs: { "history-branch": "" } });
  assert.equal(result.outputs.reference, "history");
});

test("publishing twice adds nothing", (t) => {
  const it = measuredWorld(t);
  const { commit, measuring, publishing } = measured(it);
  runAction(publishing, "publish");
  const once = git(it.remote, "rev-parse", "benchmarks");
  const again = push(it, commit, { run: measuring.run, attempt: 2 });
  assert.equal(runAction(again, "publish").failed, undefined);
  assert.match(again.log, /holds these runs already/);
  assert.equal(git(it.remote, "rev-parse", "benchmarks"), once);
});

test("who loses a race adds to what the winner pushed", (t) => {
  const it = measuredWorld(t);
  const first = measured(it);
  const second = measured(it);
  // The remote takes the second job's push just before the first one's: a hook of git's runs where
  // that push begins.
  const script = path.join(root, ".github/scripts/publish-history");
  const runs = path.join(second.measuring.temp, "driftline/results/runs.jsonl");
  const hooks = path.join(it.folder, "hooks");
  fs.mkdirSync(hooks);
  const rival = [
    "#!/usr/bin/env bash",
    "set -euo pipefail",
    `if [ -e "${it.folder}/raced" ]; then exit 0; fi`,
    `touch "${it.folder}/raced"`,
    "unset GIT_CONFIG_COUNT GIT_DIR",
    `cd "${second.publishing.workspace}"`,
    `RUNNER_TEMP="${second.publishing.temp}" DRIFTLINE_RUNS="${runs}" GITHUB_SHA=${second.commit} "${script}"`,
  ];
  fs.writeFileSync(path.join(hooks, "pre-push"), `${rival.join("\n")}\n`, { mode: 0o755 });
  first.publishing.override = {
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: "core.hooksPath",
    GIT_CONFIG_VALUE_0: hooks,
  };
  const result = runAction(first.publishing, "publish");
  assert.equal(result.failed, undefined, first.publishing.log);
  assert.match(first.publishing.log, /published in attempt 2/);
  const commits = publishedRuns(it).map((run) => run.commit.id);
  assert.ok(commits.includes(first.commit) && commits.includes(second.commit));
  assert.equal(commits.length, 7);
  assert.equal(git(it.remote, "rev-list", "--count", "benchmarks"), "3");
});

test("five jobs at once lose no run", async (t) => {
  const it = measuredWorld(t);
  const commit = git(it.clone, "rev-parse", "HEAD");
  const jobs = Array.from({ length: 5 }, (_, i) => {
    const own = push(it, commit);
    const runs = path.join(own.temp, "runs.jsonl");
    const [line] = published(it, "history.jsonl").split("\n");
    const run = JSON.parse(line);
    fs.writeFileSync(runs, `${line.replace(run.id, `20260101T00000${i}Z-aaaaa${i}`)}\n`);
    return { own, runs };
  });
  const codes = await Promise.all(
    jobs.map(
      ({ own, runs }) =>
        new Promise((resolve) => {
          const env = {
            ...process.env,
            ...gitEnvironment,
            ...own.environment,
            PATH: `${path.dirname(driftline)}:${process.env.PATH}`,
            DRIFTLINE_RUNS: runs,
            DRIFTLINE_HISTORY_BRANCH: "benchmarks",
          };
          const child = spawn(path.join(root, ".github/scripts/publish-history"), {
            cwd: own.workspace,
            env,
            stdio: "ignore",
          });
          child.on("exit", resolve);
        }),
    ),
  );
  assert.deepEqual(codes, [0, 0, 0, 0, 0]);
  assert.equal(ids(it).length, 10);
  assert.equal(new Set(ids(it)).size, 10);
  assert.equal(git(it.remote, "rev-list", "--count", "benchmarks"), "6");
});

test("save_baseline publishes what was measured as the baseline main", (t) => {
  const it = measuredWorld(t);
  const { commit, publishing, result } = measured(
    it,
    { write: 60 },
    { inputs: { "save-baseline": true } },
  );
  assert.equal(result.failed, undefined);
  runAction(publishing, "publish", { "save-baseline": true });
  assert.equal(JSON.parse(published(it, "baselines/main.json")).run.commit.id, commit);
  assert.match(published(it, "BASELINES.md"), /write/);
  // And the next job judges against it, where it is asked to.
  const next = measured(it, { write: 60 }, { inputs: { baseline: "main" } });
  assert.equal(next.result.outputs.reference, "baseline");
  assert.equal(next.result.outputs.unchanged, "3");
});

test("save_baseline is for main alone", (t) => {
  const it = measuredWorld(t);
  const commit = git(it.clone, "rev-parse", "HEAD");
  const topic = job(it, { event: "workflow_dispatch", ref: "refs/heads/topic", commit });
  const result = runAction(topic, "driftline", { "save-baseline": true });
  assert.deepEqual([result.failed, result.code], ["Measure", 2]);
  assert.match(topic.log, /save_baseline: only on main/);
});

test("a filter measures a part", (t) => {
  const it = measuredWorld(t);
  const commit = git(it.clone, "rev-parse", "HEAD");
  const by_hand = job(it, { event: "workflow_dispatch", ref: "refs/heads/main", commit });
  const { outputs } = runAction(by_hand, "driftline", { filter: "^read/" });
  assert.deepEqual([outputs.unchanged, outputs.regressed], ["2", "0"]);
});

test("a measuring job that ended before it had results fails once, and not in the publishing job too", (t) => {
  const it = measuredWorld(t);
  const before = git(it.remote, "rev-parse", "benchmarks");
  const commit = commitFiles(it, "Break it", { "driftline.toml": "no configuration" });
  const measuring = push(it, commit);
  assert.notEqual(runAction(measuring, "driftline").failed, undefined);
  const publishing = push(it, commit, { run: measuring.run });
  assert.equal(runAction(publishing, "publish").failed, undefined, publishing.log);
  assert.match(publishing.log, /::notice::nothing was measured, so nothing is published/);
  assert.equal(git(it.remote, "rev-parse", "benchmarks"), before);
  // What it left without a run in it is not that.
  fs.writeFileSync(path.join(publishing.folder, "none.jsonl"), "");
  publishing.override = { DRIFTLINE_RUNS: path.join(publishing.folder, "none.jsonl") };
  assert.equal(runAction(publishing, "publish").failed, "Publish");
});

test("history is never pushed to where the code is, nor to what is no branch", (t) => {
  const it = measuredWorld(t);
  const { publishing } = measured(it);
  for (const branch of ["main", "no branch", "../x"]) {
    assert.equal(
      runAction(publishing, "publish", { "history-branch": branch }).code,
      2,
      publishing.log,
    );
  }
});

test("a remote that takes nothing is told, with where the runs are", (t) => {
  const it = measuredWorld(t);
  const { publishing } = measured(it);
  fs.writeFileSync(path.join(it.remote, "hooks/pre-receive"), "#!/bin/sh\nexit 1\n", {
    mode: 0o755,
  });
  const result = runAction(publishing, "publish");
  assert.equal(result.failed, "Publish");
  assert.match(publishing.log, /could not be pushed in 8 attempts; the runs are in the artifact/);
});

test("a branch that cannot be looked up is no first run", (t) => {
  const it = measuredWorld(t);
  const { publishing } = measured(it);
  const commit = git(it.clone, "rev-parse", "HEAD");
  const measuring = push(it, commit);
  fs.renameSync(it.remote, `${it.remote}.away`);
  assert.match(runAction(measuring, "driftline").failed, /History from the branch/);
  assert.equal(runAction(publishing, "publish").failed, "Publish");
});

test("a history that cannot be read stops the job instead of being replaced", (t) => {
  const it = measuredWorld(t);
  const { publishing } = measured(it);
  fs.writeFileSync(path.join(publishing.folder, "runs.jsonl"), "no run\n");
  publishing.override = { DRIFTLINE_RUNS: path.join(publishing.folder, "runs.jsonl") };
  const before = git(it.remote, "rev-parse", "benchmarks");
  assert.equal(runAction(publishing, "publish").failed, "Publish");
  assert.equal(git(it.remote, "rev-parse", "benchmarks"), before);
  publish(it, { "history.jsonl": "no run\n" });
  const commit = git(it.clone, "rev-parse", "HEAD");
  assert.match(runAction(push(it, commit), "driftline").failed, /History from the branch/);
});

const entry = (more = "") =>
  `[[accepted]]\nbenchmark = "write"\nreason = "durability costs that much"\nuntil = "2999-01-01"\n${more}`;

/** A push of main that merges a pull request. */
function merged(it, changed, labels, more = {}) {
  const commit = commitBenchmarks(it, "Merge pull request #7", changed);
  const server = readServer(it);
  const told = { labels: labels.map((name) => ({ name })), merge_commit_sha: commit };
  const base = { ref: "main", repo: { full_name: "octo/project" } };
  server.pulls[7] = { number: 7, merged_at: "2026-01-02T00:00:00Z", base, ...told, ...more };
  writeServer(it, server);
  const measuring = push(it, commit);
  const result = runAction(measuring, "driftline");
  runAction(push(it, commit, { run: measuring.run }), "publish");
  return { result, measuring };
}

test("a merge of what the label accepted leaves main green, and its level is recorded", (t) => {
  const it = measuredWorld(t);
  const first = merged(it, { write: 90 }, ["benchmark-accepted"]);
  assert.equal(first.result.code, 0, first.measuring.log);
  assert.equal(first.result.outputs.accepted, "1");
  const [recorded] = publishedRuns(it).slice(-1);
  const verdicts = recorded.judgement.verdicts.filter(({ accepted }) => accepted);
  assert.deepEqual(
    verdicts.map(({ id, accepted }) => [id, accepted.reason]),
    [["write", "label benchmark-accepted of pull request 7"]],
  );
  // Nobody says anything any more. What is worse again is seen at once, and no label covers it.
  for (let i = 0; i < 2; i++) {
    const { result, publishing, measuring } = measured(it, { write: 90 });
    assert.deepEqual([result.code, result.outputs.verdict], [0, "unchanged"], measuring.log);
    runAction(publishing, "publish");
  }
  const further = measured(it, { write: 130 });
  assert.deepEqual([further.result.code, further.result.outputs.regressed], [1, "1"]);
});

test("a label counts for the push that merges its pull request, and for no other", (t) => {
  for (const [labels, more] of [
    [["bug"], {}],
    [["benchmark-accepted"], { merged_at: null }],
    [["benchmark-accepted"], { base: { ref: "main", repo: { full_name: "stranger/project" } } }],
  ]) {
    const it = measuredWorld(t);
    assert.equal(merged(it, { write: 90 }, labels, more).result.code, 1);
  }
  const it = measuredWorld(t);
  writeServer(it, { ...readServer(it), hidesPulls: true });
  const { result, measuring } = merged(it, { write: 90 }, ["benchmark-accepted"]);
  assert.equal(result.code, 1);
  assert.match(measuring.log, /cannot be read \(permissions: pull-requests: read\)/);
});

test("without a history of the machine the label counts too", (t) => {
  const it = world(t);
  const { result } = merged(it, { write: 90 }, ["benchmark-accepted"]);
  assert.deepEqual([result.code, result.outputs.reference], [0, "merge-base"]);
  assert.equal(result.outputs.accepted, "1");
});

test("main after a merge that nothing accepted is red until a commit accepts it", (t) => {
  const it = measuredWorld(t);
  const red = measured(it, { write: 90 });
  assert.equal(red.result.code, 1);
  runAction(red.publishing, "publish");
  const next = measured(it, { write: 90 });
  assert.equal(next.result.code, 1);
  runAction(next.publishing, "publish");
  commitFiles(it, "Accept it", {
    ".driftline/accepted.toml": entry(`commit = "${red.commit}"\n`),
  });
  const accepted = measured(it, { write: 90 });
  assert.deepEqual(
    [accepted.result.code, accepted.result.outputs.regressed],
    [0, "0"],
    accepted.measuring.log,
  );
  runAction(accepted.publishing, "publish");
  assert.equal(measured(it, { write: 90 }).result.code, 0);
});

test("a trailer in a later commit accepts it too", (t) => {
  const it = measuredWorld(t);
  const red = measured(it, { write: 90 });
  assert.equal(red.result.code, 1);
  runAction(red.publishing, "publish");
  commitFiles(it, "Accept it\n\nBenchmark-Accept: write durability costs that much", {});
  for (let i = 0; i < 2; i++) {
    const { result, publishing } = measured(it, { write: 90 });
    assert.equal(result.code, 0, String(i));
    runAction(publishing, "publish");
  }
});

test("a merge whose trailer accepts it leaves main green", (t) => {
  const it = measuredWorld(t);
  commitFiles(it, "Sync each write\n\nBenchmark-Accept: write durability costs that much", {});
  for (let i = 0; i < 3; i++) {
    const { result, publishing } = measured(it, { write: 90 });
    assert.equal(result.code, 0, String(i));
    runAction(publishing, "publish");
  }
});
