// A repository on a server of its own: a bare remote, what gh would answer, and the caches.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { zip } from "./zip.mjs";

export const root = path.resolve(fileURLToPath(import.meta.url), "../../../..");
export const driftline =
  process.env.DRIFTLINE_UNDER_TEST ?? path.join(root, "target/debug/driftline");
export const REPOSITORY = "octo/project";
export const FORK = "stranger/project";

/** Commits with the same content have the same id, on every machine. */
export const gitEnvironment = {
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_TERMINAL_PROMPT: "0",
  GIT_AUTHOR_NAME: "Ada",
  GIT_AUTHOR_EMAIL: "ada@example.org",
  GIT_AUTHOR_DATE: "2026-01-01T00:00:00Z",
  GIT_COMMITTER_NAME: "Ada",
  GIT_COMMITTER_EMAIL: "ada@example.org",
  GIT_COMMITTER_DATE: "2026-01-01T00:00:00Z",
};

/** @param {string} folder @param {...string} words */
export function git(folder, ...words) {
  const env = { ...process.env, ...gitEnvironment };
  return execFileSync("git", words, {
    cwd: folder,
    env,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  }).trim();
}

/** The benchmarks of the repository as it begins, in nanoseconds. */
const BENCHMARKS = { "read/large": 2000, "read/small": 100, write: 50 };
const CONFIGURATION = `[[suite]]
name = "all"
command = "cp benchmarks.csv {output}"
format = "csv"
`;

/** @param {Record<string, number>} benchmarks */
export function csv(benchmarks) {
  const quoted = (name) => `"${name.replaceAll('"', '""')}"`;
  return `benchmark,value\n${Object.entries(benchmarks)
    .map(([name, value]) => `${quoted(name)},${value}\n`)
    .join("")}`;
}

export const makeFolder = () => fs.mkdtempSync(path.join(os.tmpdir(), "driftline-workflows-"));

/** Where a world's parts are. @param {string} folder */
export const within = (folder) => ({
  folder,
  state: path.join(folder, "github"),
  remote: path.join(folder, "remote.git"),
  /** A developer's clone. */
  clone: path.join(folder, "clone"),
  /** @type {{key: string, folder: string}[]} */
  caches: [],
  runs: 100,
});

/** A repository whose main has one commit. @param {string} folder */
export function populate(folder) {
  const self = within(folder);
  fs.mkdirSync(path.join(self.state, "artifacts"), { recursive: true });
  writeServer(self, { repository: REPOSITORY, artifacts: [], pulls: {}, comments: [] });
  git(folder, "init", "--quiet", "--bare", "--initial-branch=main", self.remote);
  git(self.remote, "config", "uploadpack.allowAnySHA1InWant", "true");
  git(folder, "clone", "--quiet", self.remote, self.clone);
  git(self.clone, "symbolic-ref", "HEAD", "refs/heads/main");
  commit(self, "Measure", { "driftline.toml": CONFIGURATION, "benchmarks.csv": csv(BENCHMARKS) });
  return self;
}

/** A world that is gone when the test ends. @param {import("node:test").TestContext} t */
export function world(t) {
  const folder = makeFolder();
  t.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  return populate(folder);
}

export const readServer = (world) =>
  JSON.parse(fs.readFileSync(path.join(world.state, "server.json"), "utf8"));
export const writeServer = (world, server) =>
  fs.writeFileSync(path.join(world.state, "server.json"), JSON.stringify(server));

/** What was asked of gh since the last time. */
export function calls(world) {
  const file = path.join(world.state, "calls.jsonl");
  if (!fs.existsSync(file)) return [];
  const lines = fs.readFileSync(file, "utf8").trim().split("\n");
  fs.rmSync(file);
  return lines.map((line) => JSON.parse(line));
}

/** Commits files on the branch that is checked out, and pushes it. */
export function commit(world, message, files, branch = "main") {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(world.clone, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, content);
  }
  git(world.clone, "add", "--all", "--force");
  git(world.clone, "commit", "--quiet", "--allow-empty", "--message", message);
  git(world.clone, "push", "--quiet", "origin", `HEAD:refs/heads/${branch}`);
  return git(world.clone, "rev-parse", "HEAD");
}

/** Commits benchmarks with other values. @param {Record<string, number>} changed */
export const commitBenchmarks = (world, message, changed) =>
  commit(world, message, { "benchmarks.csv": csv({ ...BENCHMARKS, ...changed }) });

/**
 * A pull request: a branch with one more commit, and GitHub's merge of it into main as it is then. What
 * the event calls the base is what main was when the branch was pushed: `meanwhile` is committed to main
 * after that.
 * @param {{number?: number, meanwhile?: Record<string, number>, changed?: Record<string, number>, files?: Record<string, string>, message?: string, fork?: boolean, labels?: string[]}} what
 */
export function pullRequest(
  world,
  {
    number = 7,
    meanwhile,
    changed = {},
    files = {},
    message = "Change",
    fork = false,
    labels = [],
  },
) {
  const base = git(world.clone, "rev-parse", "origin/main");
  git(world.clone, "checkout", "--quiet", "--detach", base);
  for (const [name, content] of Object.entries({
    "benchmarks.csv": csv({ ...BENCHMARKS, ...changed }),
    ...files,
  })) {
    fs.mkdirSync(path.dirname(path.join(world.clone, name)), { recursive: true });
    fs.writeFileSync(path.join(world.clone, name), content);
  }
  git(world.clone, "add", "--all", "--force");
  git(world.clone, "commit", "--quiet", "--allow-empty", "--message", message);
  const head = git(world.clone, "rev-parse", "HEAD");
  git(world.clone, "checkout", "--quiet", "--detach", base);
  const into = meanwhile ? commitBenchmarks(world, "Meanwhile", meanwhile) : base;
  git(world.clone, "merge", "--quiet", "--no-ff", "--message", `Merge ${head} into ${into}`, head);
  git(
    world.clone,
    "push",
    "--quiet",
    "--force",
    "origin",
    `HEAD:refs/pull/${number}/merge`,
    `${head}:refs/pull/${number}/head`,
  );
  git(world.clone, "checkout", "--quiet", "-B", "main", "origin/main");
  const owner = fork ? FORK : REPOSITORY;
  const pull = {
    number,
    head: { sha: head, ref: "faster", repo: { full_name: owner } },
    base: { sha: base, ref: "main", repo: { full_name: REPOSITORY } },
    labels: labels.map((name) => ({ name })),
  };
  const server = readServer(world);
  server.pulls[number] = pull;
  writeServer(world, server);
  return pull;
}

/** Puts an artifact on the server. @param {{name: string, data: Buffer | string}[]} files */
export function putArtifact(world, run, name, files, told = {}) {
  const server = readServer(world);
  const id = 500 + server.artifacts.length;
  const archive = zip(files);
  fs.writeFileSync(path.join(world.state, "artifacts", `${id}.zip`), archive);
  server.artifacts.push({ id, run, name, expired: false, size_in_bytes: archive.length, ...told });
  writeServer(world, server);
  return id;
}
