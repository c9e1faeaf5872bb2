// A history branch with runs of main, made by driftline itself.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

import {
  commitBenchmarks,
  driftline,
  git,
  gitEnvironment,
  makeFolder,
  populate,
  within,
} from "./world.mjs";

/** Each kind of world is made once, and copied. @type {Map<string, string>} */
const templates = new Map();
process.on("exit", () => {
  for (const folder of templates.values()) fs.rmSync(folder, { recursive: true, force: true });
});

/**
 * A world whose main was measured five times.
 * @param {import("node:test").TestContext} t
 * @param {{elsewhere?: boolean}} what elsewhere: on a machine of another kind
 */
export function measuredWorld(t, { elsewhere = false } = {}) {
  const key = String(elsewhere);
  if (!templates.has(key)) {
    const folder = makeFolder();
    templates.set(key, folder);
    const made = populate(folder);
    publish(made, { "history.jsonl": measuredHistory(made, elsewhere) });
  }
  const folder = makeFolder();
  t.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  fs.cpSync(templates.get(key), folder, { recursive: true });
  const copied = within(folder);
  git(copied.clone, "remote", "set-url", "origin", copied.remote);
  return copied;
}

function measuredHistory(world, elsewhere) {
  const store = path.join(world.folder, "seed");
  for (let i = 0; i < 5; i++) {
    commitBenchmarks(world, `Commit ${i + 1} of main`, { "read/large": 2000 + (i % 3) * 4 });
    execFileSync(driftline, ["-C", world.clone, "--store", store, "run", "--rounds=3"], {
      env: { ...process.env, ...gitEnvironment, GITHUB_REF_NAME: "main" },
      stdio: "ignore",
    });
  }
  const history = fs.readFileSync(path.join(store, "history.jsonl"), "utf8");
  return elsewhere ? history.replaceAll(/"cores":\d+/g, '"cores":4096') : history;
}

/** Commits files to the history branch, as another job would. @param {Record<string, string>} files */
export function publish(world, files, branch = "benchmarks") {
  const folder = fs.mkdtempSync(path.join(world.folder, "publish-"));
  git(folder, "clone", "--quiet", world.remote, folder);
  const there = git(folder, "ls-remote", "--heads", "origin", branch) !== "";
  git(folder, "checkout", "--quiet", ...(there ? [branch] : ["--orphan", branch]));
  if (!there) git(folder, "rm", "--quiet", "-rf", ".");
  for (const [name, content] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), content);
  }
  git(folder, "add", "--all");
  git(folder, "commit", "--quiet", "--message", "benchmarks");
  git(folder, "push", "--quiet", "origin", branch);
  fs.rmSync(folder, { recursive: true });
}
