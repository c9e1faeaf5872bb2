// Runs the composite actions as a runner does: the steps in their order, each with the environment
// and the outputs that action.yml says. What third-party actions do to files is done here.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { parse } from "yaml";

import { evaluate, interpolate } from "./expression.mjs";
import {
  REPOSITORY,
  driftline,
  git,
  gitEnvironment,
  putArtifact,
  readServer,
  root,
} from "./world.mjs";

/**
 * A job on a fresh machine, with a commit checked out as actions/checkout does.
 * @param {{event: string, ref: string, commit: string, payload?: object, inputs?: object, run?: number, attempt?: number, depth?: number, checkedOut?: string}} what checkedOut: where the checkout is of another commit than the event's
 */
export function job(
  world,
  {
    event,
    ref,
    commit,
    payload = {},
    inputs = {},
    run = ++world.runs,
    attempt = 1,
    depth,
    checkedOut = commit,
  },
) {
  const folder = fs.mkdtempSync(path.join(world.folder, "job-"));
  const workspace = path.join(folder, "workspace");
  const temp = path.join(folder, "temp");
  fs.mkdirSync(temp);
  git(folder, "init", "--quiet", "--initial-branch=main", workspace);
  git(workspace, "remote", "add", "origin", depth ? `file://${world.remote}` : world.remote);
  const branches = depth ? [] : ["+refs/heads/*:refs/remotes/origin/*"];
  git(
    workspace,
    "fetch",
    "--quiet",
    ...(depth ? [`--depth=${depth}`] : []),
    "origin",
    ...branches,
    `+${checkedOut}:refs/remotes/job`,
  );
  git(workspace, "checkout", "--quiet", "--detach", checkedOut);
  const pull = payload.pull_request;
  const environment = {
    GITHUB_ACTIONS: "true",
    CI: "true",
    GITHUB_EVENT_NAME: event,
    GITHUB_REF: ref,
    GITHUB_REF_NAME: ref.replace(/^refs\/(heads|pull)\//, ""),
    GITHUB_SHA: commit,
    GITHUB_HEAD_REF: pull?.head.ref ?? "",
    GITHUB_BASE_REF: pull?.base.ref ?? "",
    GITHUB_REPOSITORY: REPOSITORY,
    GITHUB_SERVER_URL: "https://github.com",
    GITHUB_RUN_ID: String(run),
    GITHUB_RUN_ATTEMPT: String(attempt),
    GITHUB_WORKFLOW: "Benchmarks",
    GITHUB_WORKSPACE: workspace,
    RUNNER_OS: "Linux",
    RUNNER_ARCH: "X64",
    RUNNER_TEMP: temp,
    DRIFTLINE_PATIENCE: "0",
  };
  const github = {
    token: "token-of-the-job",
    event_name: event,
    ref,
    event: { repository: { default_branch: "main" }, inputs, ...payload },
  };
  return {
    world,
    folder,
    workspace,
    temp,
    run,
    environment,
    context: { github, inputs, runner: { temp } },
    path: [],
    log: "",
  };
}

export const push = (world, commit, more = {}) =>
  job(world, { event: "push", ref: "refs/heads/main", commit, ...more });

export function pullJob(world, pull, more = {}) {
  const ref = `refs/pull/${pull.number}/merge`;
  const commit = git(world.remote, "rev-parse", ref);
  return job(world, {
    event: "pull_request",
    ref,
    commit,
    payload: { pull_request: pull },
    ...more,
  });
}

/** The job of the commenting workflow, after a run of the measuring one. */
export function commentJob(world, pull, run) {
  const commit = git(world.remote, "rev-parse", "refs/heads/main");
  const workflow_run = {
    id: run,
    head_sha: pull.head.sha,
    head_branch: pull.head.ref,
    head_repository: pull.head.repo,
  };
  return job(world, {
    event: "workflow_run",
    ref: "refs/heads/main",
    commit,
    payload: { workflow_run },
  });
}

/**
 * Runs one of the actions in a job. Without `expect`, every step must succeed.
 * @returns {{outputs: Record<string, string>, failed?: string, code: number, summary: string}}
 */
export function runAction(job, name, inputs = {}) {
  const folder = path.join(root, ".github/actions", name);
  const action = parse(fs.readFileSync(path.join(folder, "action.yml"), "utf8"));
  for (const input of Object.keys(inputs)) {
    if (!(input in action.inputs)) throw new Error(`${name} has no input ${input}`);
  }
  const given = Object.fromEntries(
    Object.entries(action.inputs).map(([input, { default: value }]) => [
      input,
      inputs[input] === undefined ? interpolate(value, job.context) : String(inputs[input]),
    ]),
  );
  const context = { ...job.context, inputs: given, steps: {} };
  const summaryFile = path.join(job.folder, "summary.md");
  fs.writeFileSync(summaryFile, "");
  let result = { code: 0, failed: undefined };
  for (const step of action.runs.steps) {
    if (step.if !== undefined && !evaluate(String(step.if), context)) continue;
    const outputs = {};
    if (step.uses) {
      const values = Object.fromEntries(
        Object.entries(step.with ?? {}).map(([key, value]) => [key, interpolate(value, context)]),
      );
      useThirdParty(job, step.uses.split("@")[0], values);
    } else {
      const code = runStep(job, folder, step, context, outputs, summaryFile);
      if (code !== 0) result = { code, failed: step.name };
    }
    if (step.id) context.steps[step.id] = { outputs };
    if (result.failed) break;
  }
  const outputs = Object.fromEntries(
    Object.entries(action.outputs ?? {}).map(([key, { value }]) => [
      key,
      interpolate(value, context),
    ]),
  );
  return { ...result, outputs, summary: fs.readFileSync(summaryFile, "utf8") };
}

function runStep(job, folder, step, context, outputs, summaryFile) {
  const files = Object.fromEntries(
    ["GITHUB_OUTPUT", "GITHUB_PATH"].map((name) => [name, path.join(job.folder, name)]),
  );
  for (const file of Object.values(files)) fs.writeFileSync(file, "");
  const environment = Object.fromEntries(
    Object.entries(step.env ?? {}).map(([key, value]) => [key, interpolate(value, context)]),
  );
  const { PATH, HOME, RUSTUP_HOME, CARGO_HOME, TMPDIR } = process.env;
  const done = spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", step.run], {
    cwd: job.workspace,
    encoding: "utf8",
    maxBuffer: 1 << 28,
    env: {
      HOME,
      ...(RUSTUP_HOME && { RUSTUP_HOME }),
      ...(CARGO_HOME && { CARGO_HOME }),
      ...(TMPDIR && { TMPDIR }),
      ...gitEnvironment,
      ...job.environment,
      PATH: [...job.path, path.join(root, ".github/tests/support/bin"), PATH].join(":"),
      GH_STATE: job.world.state,
      GITHUB_ACTION_PATH: folder,
      GITHUB_STEP_SUMMARY: summaryFile,
      ...files,
      ...environment,
      ...job.override,
    },
  });
  job.log += `## ${step.name}\n${done.stdout}${done.stderr}`;
  for (const line of fs.readFileSync(files.GITHUB_OUTPUT, "utf8").split("\n")) {
    const at = line.indexOf("=");
    if (at > 0) outputs[line.slice(0, at)] = line.slice(at + 1);
  }
  job.path.unshift(...fs.readFileSync(files.GITHUB_PATH, "utf8").split("\n").filter(Boolean));
  return done.status ?? 1;
}

function useThirdParty(job, name, values) {
  const { world } = job;
  switch (name) {
    case "actions/cache":
      // The program, which no test builds.
      fs.mkdirSync(values.path, { recursive: true });
      fs.rmSync(path.join(values.path, "driftline"), { force: true });
      if (!world.missesCache)
        fs.symlinkSync(world.program ?? driftline, path.join(values.path, "driftline"));
      break;
    case "actions/cache/restore": {
      const wanted = [values.key, ...values["restore-keys"].split("\n").filter(Boolean)];
      const found = wanted
        .map((key) => world.caches.findLast((cache) => cache.key.startsWith(key)))
        .find(Boolean);
      if (found) fs.cpSync(found.folder, values.path, { recursive: true });
      break;
    }
    case "actions/cache/save": {
      const folder = path.join(world.folder, `cache-${world.caches.length}`);
      fs.cpSync(values.path, folder, { recursive: true });
      world.caches.push({ key: values.key, folder });
      break;
    }
    case "actions/upload-artifact": {
      const files = fs
        .readdirSync(values.path)
        .map((file) => ({ name: file, data: fs.readFileSync(path.join(values.path, file)) }));
      putArtifact(world, job.run, values.name, files);
      break;
    }
    case "actions/download-artifact": {
      const artifact = readServer(world).artifacts.findLast(
        (one) => one.run === job.run && one.name === (values.name ?? values.pattern),
      );
      // A name that no artifact has is an error there, and a pattern is none.
      if (!artifact && values.pattern === undefined)
        throw new Error(`run ${job.run} has no artifact ${values.name}`);
      if (!artifact) break;
      assert.ok(values.name !== undefined || values["merge-multiple"] === "true");
      fs.mkdirSync(values.path, { recursive: true });
      const archive = path.join(world.state, "artifacts", `${artifact.id}.zip`);
      spawnSync("unzip", ["-q", "-o", archive, "-d", values.path]);
      break;
    }
    default:
      throw new Error(`the runner here does not know ${name}`);
  }
}

/** A file of the history branch; undefined where there is none. */
export function published(world, file, branch = "benchmarks") {
  try {
    return git(world.remote, "show", `${branch}:${file}`);
  } catch {
    return undefined;
  }
}

export const publishedRuns = (world) =>
  (published(world, "history.jsonl") ?? "")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
