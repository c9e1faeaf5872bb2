// Pull requests, from the measuring job to the comment: each scenario is a snapshot to be read.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import test from "node:test";

import { measuredWorld, publish } from "./support/history.mjs";
import { pullJob, runAction } from "./support/runner.mjs";
import { judged, labeled, proposed } from "./support/scenario.mjs";
import { annotations, check, story } from "./support/snapshot.mjs";
import {
  calls,
  commit,
  csv,
  driftline,
  git,
  gitEnvironment,
  pullRequest,
  readServer,
  world,
} from "./support/world.mjs";

test("the first run: no baseline, no history, and a base without benchmarks", (t) => {
  const it = world(t);
  // The pull request brings the suite, so its base has none of that name.
  const toml = `[[suite]]\nname = "new"\ncommand = "cp new.csv {output}"\nformat = "csv"\n`;
  const files = { "driftline.toml": toml, "new.csv": csv({ only: 5 }) };
  const done = proposed(it, { files, message: "Bring benchmarks" }, { inputs: { suite: "new" } });
  assert.equal(done.measured.result.failed, undefined);
  assert.equal(done.measured.result.outputs.verdict, "nothing");
  assert.equal(done.measured.result.outputs.reference, "none");
  check(
    "first_run",
    story({
      about: "# The first run: nothing is known, and the base has no benchmark",
      world: it,
      ...done,
    }),
  );
});

test("no history, but a base that can be measured", (t) => {
  const it = world(t);
  const done = proposed(it, { changed: { write: 90 } });
  assert.equal(done.measured.result.outputs.reference, "merge-base");
  assert.equal(done.measured.result.outputs.regressed, "1");
  assert.equal(done.measured.result.code, 1);
});

test("unchanged, against the history of main", (t) => {
  const it = measuredWorld(t);
  const done = proposed(it, { files: { README: "text" } });
  assert.equal(done.measured.result.failed, undefined);
  assert.equal(done.measured.result.outputs.reference, "history");
  assert.equal(done.measured.result.outputs.verdict, "unchanged");
  check(
    "unchanged",
    story({ about: "# A pull request that changes no figure", world: it, ...done }),
  );
});

test("regressed", (t) => {
  const it = measuredWorld(t);
  const done = proposed(it, { changed: { write: 90, "read/small": 50 } });
  assert.equal(done.measured.result.failed, "Conclude");
  assert.equal(done.measured.result.code, 1);
  assert.equal(done.measured.result.outputs.verdict, "regressed");
  assert.match(done.measured.result.summary, /write/);
  check(
    "regressed",
    story({
      about: "# A pull request that makes `write` slower, and `read/small` faster",
      world: it,
      ...done,
    }),
  );
});

test("improved", (t) => {
  const it = measuredWorld(t);
  const done = proposed(it, { changed: { write: 20 } });
  assert.equal(done.measured.result.failed, undefined);
  assert.equal(done.measured.result.outputs.improved, "1");
  check(
    "improved",
    story({ about: "# A pull request that makes `write` faster", world: it, ...done }),
  );
});

test("from a fork, with a history of another machine: the merge base is measured beside it", (t) => {
  const it = measuredWorld(t, { elsewhere: true });
  const done = proposed(it, { changed: { write: 90 }, fork: true });
  assert.equal(done.measured.result.outputs.reference, "merge-base");
  assert.equal(done.measured.result.outputs.regressed, "1");
  // Base and head in turns, and never the same first twice.
  const order = [...done.measured.job.log.matchAll(/^write +(\S+) ns/gm)].map(([, value]) => value);
  assert.deepEqual(order, ["50.0", "90.0", "90.0", "50.0"]);
  check(
    "fork",
    story({
      about: "# A pull request from a fork; what is known of main was measured on another machine",
      world: it,
      ...done,
    }),
  );
});

test("what main became meanwhile is no change of the pull request", (t) => {
  const it = world(t);
  const pull = pullRequest(it, { files: { README: "text" }, meanwhile: { write: 90 } });
  assert.notEqual(pull.base.sha, git(it.clone, "rev-parse", "origin/main"));
  const held = (more) => runAction(pullJob(it, pull, more), "driftline").outputs;
  const { reference, regressed, unchanged } = held({});
  assert.deepEqual([reference, regressed, unchanged], ["merge-base", "0", "3"]);
  // And of a checkout that completes itself.
  assert.equal(held({ depth: 1 }).regressed, "0");
});

test("a checkout of the branch itself is held against where it left main", (t) => {
  const it = world(t);
  const pull = pullRequest(it, { changed: { write: 90 }, meanwhile: { "read/large": 4000 } });
  const { regressed, improved } = runAction(
    pullJob(it, pull, { checkedOut: pull.head.sha }),
    "driftline",
  ).outputs;
  assert.deepEqual([regressed, improved], ["1", "0"]);
});

test("the measuring job of a fork asks GitHub for nothing and posts nothing", (t) => {
  const it = world(t);
  const job = pullJob(it, pullRequest(it, { fork: true }));
  runAction(job, "driftline", { comment: true });
  assert.deepEqual(calls(it), []);
  assert.match(job.log, /a job of a fork's pull request may not comment/);
});

test("a job that is allowed to comments by itself", (t) => {
  const it = world(t);
  const job = pullJob(it, pullRequest(it, {}));
  runAction(job, "driftline", { comment: true });
  assert.deepEqual(
    calls(it).map(({ method, words, token }) => [method, words[0], token]),
    [
      ["GET", "repos/octo/project/issues/7/comments?per_page=100", "token-of-the-job"],
      ["POST", "repos/octo/project/issues/7/comments", "token-of-the-job"],
    ],
  );
});

test("a rerun of the same job updates the comment", (t) => {
  const it = measuredWorld(t);
  const first = proposed(it, { changed: { write: 90 } });
  const run = first.measured.job.run;
  const again = proposed(it, { changed: { write: 90 } }, { run, attempt: 2 });
  assert.equal(readServer(it).comments.length, 1);
  const results = readServer(it).artifacts.filter(({ name }) => name === "driftline-results");
  assert.equal(results.length, 2);
  check(
    "rerun",
    story({
      about: "# The same job, run again: one comment, of the newest results",
      world: it,
      ...again,
    }),
  );
});

test("a newer commit updates the comment", (t) => {
  const it = measuredWorld(t);
  proposed(it, { changed: { write: 90 } });
  assert.match(readServer(it).comments[0].body, /regressed/i);
  proposed(it, { changed: {}, files: { README: "mended" } });
  assert.equal(readServer(it).comments.length, 1);
  assert.doesNotMatch(readServer(it).comments[0].body.split("<details>")[0], /▲/);
});

test("accepted by the label", (t) => {
  const it = measuredWorld(t);
  const what = { changed: { write: 90 }, labels: ["benchmark-accepted"] };
  const done = proposed(it, what, { event: labeled("benchmark-accepted") });
  assert.equal(done.measured.result.failed, undefined);
  assert.equal(done.measured.result.outputs.verdict, "accepted");
  check(
    "accepted_by_label",
    story({ about: "# A slower `write`, and the label `benchmark-accepted`", world: it, ...done }),
  );
});

test("the label covers the commit that it is put on, and nothing later", (t) => {
  const it = measuredWorld(t);
  const labels = ["benchmark-accepted"];
  const pushed = proposed(it, { changed: { write: 150 }, labels }).measured.result;
  assert.deepEqual([pushed.code, pushed.outputs.verdict], [1, "regressed"]);
  // Neither does the putting on of another one, or its taking off, renew it.
  const event = labeled("documentation");
  const other = judged(it, readServer(it).pulls[7], { event }).measured.result;
  assert.deepEqual([other.code, other.outputs.verdict], [1, "regressed"]);
  const off = { ...labeled("benchmark-accepted"), action: "unlabeled" };
  assert.equal(judged(it, readServer(it).pulls[7], { event: off }).measured.result.code, 1);
});

test("accepted by a trailer", (t) => {
  const it = measuredWorld(t);
  const message = "Sync each write\n\nBenchmark-Accept: write durability costs that much";
  const done = proposed(it, { changed: { write: 90 }, message });
  assert.equal(done.measured.result.failed, undefined);
  assert.equal(done.measured.result.outputs.accepted, "1");
  check(
    "accepted_by_trailer",
    story({ about: "# A slower `write`, which a commit's message accepts", world: it, ...done }),
  );
});

const acceptance = (until) =>
  `[[accepted]]\nbenchmark = "write"\nreason = "durability costs that much"\nuntil = "${until}"\nlimit = "100%"\n`;

test("accepted by an entry of accepted.toml", (t) => {
  const it = measuredWorld(t);
  const done = proposed(it, {
    changed: { write: 90 },
    files: { ".driftline/accepted.toml": acceptance("2999-01-01") },
  });
  assert.equal(done.measured.result.failed, undefined);
  assert.equal(done.measured.result.outputs.accepted, "1");
  check(
    "accepted_by_file",
    story({ about: "# A slower `write`, which accepted.toml accepts", world: it, ...done }),
  );
});

test("only other machines are known, and the merge base has nothing of it", (t) => {
  const it = measuredWorld(t, { elsewhere: true });
  const toml = `[[suite]]\nname = "new"\ncommand = "cp new.csv {output}"\nformat = "csv"\n`;
  const files = { "driftline.toml": toml, "new.csv": csv({ write: 50 }) };
  const done = proposed(it, { files }, { inputs: { suite: "new" } });
  assert.equal(done.measured.result.outputs.verdict, "nothing");
  check(
    "other_machine",
    story({ about: "# What is known was measured on another machine", world: it, ...done }),
  );
});

test("a benchmark is gone, and another one fails", (t) => {
  const it = measuredWorld(t);
  const toml = `[[suite]]\nname = "all"\ncommand = "cp benchmarks.csv {output}"\nformat = "csv"\n[[suite]]\nname = "broken"\ncommand = "exit 3"\nformat = "csv"\n`;
  const some = csv({ "read/large": 2000, "read/small": 100 });
  const files = { "driftline.toml": toml, "benchmarks.csv": some };
  const done = proposed(it, { files });
  assert.deepEqual(
    [done.measured.result.outputs.gone, done.measured.result.outputs.skipped],
    ["1", "1"],
  );
  check(
    "gone_and_skipped",
    story({ about: "# `write` is gone, and a suite fails", world: it, ...done }),
  );
});

test("a comment of thousands of rows is cut by whole rows", (t) => {
  const it = world(t);
  const suite = (factor) =>
    csv(
      Object.fromEntries(
        Array.from({ length: 2000 }, (_, i) => [
          `group_${String(i % 40).padStart(2, "0")}/case_of_some_length/${i}`,
          (100 + i) * (i % 4 ? 1 : factor),
        ]),
      ),
    );
  publish(it, { README: "no history" });
  commit(it, "Many", { "benchmarks.csv": suite(1) });
  const done = proposed(it, { files: { "benchmarks.csv": suite(1.8) } });
  assert.equal(done.measured.result.outputs.regressed, "500");
  const [{ body }] = readServer(it).comments;
  assert.ok(body.length <= 65_536 && body.length > 60_000, String(body.length));
  check(
    "cut",
    story({ about: "# 500 of 2,000 benchmarks are slower", world: it, ...done }),
  );
});

test("how to reproduce it can be pasted", (t) => {
  for (const [key, it] of Object.entries({ history: measuredWorld(t), base: world(t) })) {
    const done = proposed(it, { changed: { write: 90 } });
    const [{ body }] = readServer(it).comments;
    const [, pasted] = /```sh\n([^]*?)```/.exec(body) ?? assert.fail(body);
    assert.match(pasted, /^git fetch origin refs\/pull\/7\/merge$/m);
    const clone = path.join(it.folder, "somebody");
    git(it.folder, "clone", "--quiet", `file://${it.remote}`, clone);
    const ran = spawnSync("bash", ["-euo", "pipefail", "-c", pasted], {
      cwd: clone,
      encoding: "utf8",
      env: {
        ...process.env,
        ...gitEnvironment,
        TMPDIR: it.folder,
        PATH: `${path.dirname(driftline)}:${process.env.PATH}`,
      },
    });
    assert.equal(ran.status, 0, ran.stderr);
    assert.match(ran.stdout, /write.*regressed/, `${key}: ${done.measured.job.log}`);
    assert.equal(git(clone, "worktree", "list").split("\n").length, 1);
  }
});

test("an acceptance that has expired", (t) => {
  const it = measuredWorld(t);
  const done = proposed(it, {
    changed: { write: 90 },
    files: { ".driftline/accepted.toml": acceptance("2026-01-31") },
  });
  assert.equal(done.measured.result.failed, "Conclude");
  assert.equal(done.measured.result.outputs.regressed, "1");
  check(
    "expired",
    story({ about: "# A slower `write`, whose acceptance has expired", world: it, ...done }),
  );
});

test("fail-on never shows the regression and lets it pass", (t) => {
  const it = measuredWorld(t);
  const job = pullJob(it, pullRequest(it, { changed: { write: 90 } }));
  const result = runAction(job, "driftline", { "fail-on": "never" });
  assert.equal(result.failed, undefined);
  assert.equal(result.outputs.regressed, "1");
});

test("a threshold of the action goes before the configuration's", (t) => {
  const it = measuredWorld(t);
  const job = pullJob(it, pullRequest(it, { changed: { write: 90 } }));
  assert.equal(runAction(job, "driftline", { threshold: "200%" }).outputs.regressed, "0");
});

test("a shallow checkout is completed, so that the merge base is found", (t) => {
  const it = measuredWorld(t, { elsewhere: true });
  const job = pullJob(it, pullRequest(it, { changed: { write: 90 } }), { depth: 1 });
  assert.equal(runAction(job, "driftline").outputs.reference, "merge-base");
});

test("a benchmark that fails is told after everything was judged and uploaded", (t) => {
  const it = measuredWorld(t);
  const toml = `[[suite]]\nname = "all"\ncommand = "cp benchmarks.csv {output}"\nformat = "csv"\n[[suite]]\nname = "broken"\ncommand = "exit 3"\nformat = "csv"\n`;
  const job = pullJob(it, pullRequest(it, { files: { "driftline.toml": toml } }));
  const result = runAction(job, "driftline");
  assert.equal(result.failed, "Conclude");
  assert.equal(result.code, 5);
  assert.equal(result.outputs.unchanged, "3");
  assert.ok(readServer(it).artifacts.some(({ name }) => name === "driftline-results"));
});

test("nothing that is named alike is no success", (t) => {
  const it = measuredWorld(t);
  const job = pullJob(it, pullRequest(it, { files: { "benchmarks.csv": csv({ other: 1 }) } }));
  const result = runAction(job, "driftline");
  assert.equal(result.failed, "Conclude");
  assert.equal(result.code, 4);
  assert.match(job.log, /NOTHING WAS COMPARED/);
});

test("a command of the action is measured on both sides", (t) => {
  const it = world(t);
  publish(it, { README: "no history" });
  const pull = pullRequest(it, { changed: { write: 90 } });
  const result = runAction(pullJob(it, pull), "driftline", {
    command: "cp benchmarks.csv {output}",
    format: "csv",
  });
  assert.equal(result.outputs.reference, "merge-base");
  assert.equal(result.outputs.regressed, "1");
});

test("names of benchmarks are no workflow commands", (t) => {
  const it = measuredWorld(t);
  const names = {
    "::set-output name=verdict::improved": 1,
    "::error::mine": 2,
    "##[add-mask]token": 3,
  };
  const job = pullJob(it, pullRequest(it, { files: { "benchmarks.csv": csv(names) } }));
  runAction(job, "driftline");
  assert.match(job.log, /set-output name=verdict::improved/);
  assert.deepEqual(
    annotations(job.log).filter((line) => /set-output|mine|add-mask/.test(line)),
    [],
  );
});

test("what is wrong in a file of the checkout is told, and is no workflow command", (t) => {
  const hostile = `[[accepted]]\n"x\\n::error::mine\\n##[add-mask]mine" = 1\n`;
  const toml = ".driftline/accepted.toml";
  for (const left of ["by the commit", "by a benchmark"]) {
    const it = measuredWorld(t);
    const files = left === "by the commit" ? { [toml]: hostile } : { hostile };
    // What runs in the measuring step can leave files to the step that judges.
    const judging = `if [ "$3" = ci ] && [ -f hostile ]; then mkdir -p .driftline; cp hostile ${toml}; fi`;
    it.program = path.join(it.folder, "driftline");
    fs.writeFileSync(it.program, `#!/usr/bin/env bash\n${judging}\nexec ${driftline} "$@"\n`, {
      mode: 0o755,
    });
    const job = pullJob(it, pullRequest(it, { files }));
    const result = runAction(job, "driftline");
    assert.equal(result.failed, left === "by the commit" ? "Measure" : "Judge");
    assert.match(job.log, /unknown field/, left);
    assert.deepEqual(
      annotations(job.log).filter((line) => line.includes("mine")),
      [],
      left,
    );
  }
});

test("annotations of the program are obeyed", (t) => {
  const it = measuredWorld(t);
  const job = pullJob(it, pullRequest(it, { changed: { write: 90 } }));
  runAction(job, "driftline");
  assert.ok(
    annotations(job.log).some((line) => /^::error.*write/.test(line)),
    job.log,
  );
});
