// How driftline gets onto a runner: a checked binary of a release, or built from source; and how a
// release is made. Cargo and make are stand-ins: what they build is built by the other tests.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import test from "node:test";

import { push, runAction } from "./support/runner.mjs";
import { calls, git, readServer, root, world, writeServer } from "./support/world.mjs";

const TARGETS = [
  "x86_64-unknown-linux-gnu",
  "aarch64-unknown-linux-gnu",
  "x86_64-apple-darwin",
  "aarch64-apple-darwin",
  "x86_64-pc-windows-msvc",
];
const PROGRAM = "#!/bin/sh\necho driftline of the release\n";

/** A job of another repository, on a kind of machine, that calls the action by its tag. */
function elsewhere(t, { ref = "v1.2.3", machine = "Linux x86_64" } = {}) {
  const it = world(t);
  it.missesCache = true;
  const own = push(it, git(it.clone, "rev-parse", "HEAD"));
  own.context.github.action_ref = ref;
  own.context.github.action_repository = "octo/driftline";
  const bin = path.join(it.folder, "stand-ins");
  fs.mkdirSync(bin);
  const standIn = (name, text) =>
    fs.writeFileSync(path.join(bin, name), `#!/usr/bin/env bash\n${text}\n`, { mode: 0o755 });
  const [system, processor] = machine.split(" ");
  standIn("uname", `case "$1" in -s) echo ${system} ;; -m) echo ${processor} ;; esac`);
  // Neither builds anything here: each says that it was called, and ends the action there.
  standIn("make", `echo "make is called: $*"; exit 9`);
  standIn("cargo", `echo "cargo is called: $*"; exit 9`);
  own.path.unshift(bin);
  return { it, own, standIn };
}

/** Puts an archive on the release v1.2.3. */
function release(it, target, change = {}) {
  const folder = path.join(it.folder, "release");
  fs.mkdirSync(folder);
  fs.writeFileSync(path.join(folder, "driftline"), PROGRAM, { mode: 0o755 });
  const name = `driftline-v1.2.3-${target}.tar.gz`;
  execFileSync("tar", ["-C", folder, "-czf", path.join(it.folder, name), "driftline"]);
  const sum = createHash("sha256")
    .update(fs.readFileSync(path.join(it.folder, name)))
    .digest("hex");
  fs.writeFileSync(
    path.join(it.folder, "SHA256SUMS"),
    change.sums?.(sum, name) ?? `${sum}  ${name}\n`,
  );
  const files = {
    [name]: path.join(it.folder, name),
    SHA256SUMS: path.join(it.folder, "SHA256SUMS"),
  };
  writeServer(it, {
    ...readServer(it),
    releases: { "v1.2.3": files },
    attested: change.attested ?? true,
  });
}

test("a release's binary is taken for each kind of machine, checked twice", (t) => {
  const machines = {
    "Linux x86_64": TARGETS[0],
    "Linux aarch64": TARGETS[1],
    "Darwin x86_64": TARGETS[2],
    "Darwin arm64": TARGETS[3],
    "MINGW64_NT-10.0 x86_64": TARGETS[4],
  };
  for (const [machine, target] of Object.entries(machines)) {
    const { it, own } = elsewhere(t, { machine });
    release(it, target);
    runAction(own, "driftline");
    assert.match(own.log, /v1\.2\.3, built by the release workflow/, machine);
    const [download, attestation] = calls(it);
    assert.deepEqual(download.options.pattern, [`driftline-v1.2.3-${target}.tar.gz`, "SHA256SUMS"]);
    assert.deepEqual(attestation.options["signer-workflow"], [
      "octo/driftline/.github/workflows/release.yml",
    ]);
    if (target === TARGETS[0]) assert.match(own.log, /driftline of the release/);
  }
});

test("the input version goes before the tag of the action", (t) => {
  const { it, own } = elsewhere(t, { ref: "v9.9.9" });
  release(it, TARGETS[0]);
  runAction(own, "driftline", { version: "1.2.3" });
  assert.match(own.log, /driftline of the release/);
});

test("a file that is not the one whose checksum was published is not run", (t) => {
  const { it, own } = elsewhere(t);
  release(it, TARGETS[0], { sums: (_, name) => `${"0".repeat(64)}  ${name}\n` });
  assert.equal(runAction(own, "driftline").failed, "driftline");
  assert.match(own.log, /is not the file whose checksum the release names/);
  assert.doesNotMatch(own.log, /driftline of the release|is called/);
});

test("a checksum file that does not name the archive is not enough", (t) => {
  const { it, own } = elsewhere(t);
  release(it, TARGETS[0], { sums: (sum) => `${sum}  something-else.tar.gz\n` });
  assert.equal(runAction(own, "driftline").failed, "driftline");
  assert.match(own.log, /SHA256SUMS of the release does not name it/);
});

test("a file that the release workflow did not build is not run", (t) => {
  const { it, own } = elsewhere(t);
  release(it, TARGETS[0], { attested: false });
  assert.equal(runAction(own, "driftline").failed, "driftline");
  assert.match(own.log, /was not built by the release workflow/);
  assert.doesNotMatch(own.log, /driftline of the release|is called/);
});

test("without a release, or called by a commit, it is built from the action's own source", (t) => {
  for (const ref of ["v1.2.3", "0123456789abcdef0123456789abcdef01234567", "main"]) {
    const { own } = elsewhere(t, { ref });
    assert.equal(runAction(own, "driftline").failed, "driftline");
    assert.match(own.log, /building from source/);
    assert.ok(own.log.includes(`make is called: -C ${root} build`), own.log);
  }
});

test("the commenting action builds it without the page", (t) => {
  const { own } = elsewhere(t, { ref: "main" });
  runAction(own, "comment");
  assert.match(own.log, /cargo is called: build --release --locked -p driftline/);
});

test("what is no version is refused", (t) => {
  for (const version of ["1.2.3; id", "../x", "--upload-pack=x", "v"]) {
    const { own } = elsewhere(t);
    assert.equal(runAction(own, "driftline", { version }).code, 2, version);
    assert.match(own.log, /is none; write it such as 0\.1\.0/);
  }
});

test("the program's cache goes by its source, its version and the system", (t) => {
  const key = (inputs, change = () => {}) => {
    const { own } = elsewhere(t);
    change(own);
    const output = path.join(own.folder, "keys");
    const done = spawnSync(path.join(root, ".github/scripts/cache-keys"), {
      env: { ...process.env, ...own.environment, GITHUB_OUTPUT: output, ...inputs },
      encoding: "utf8",
    });
    assert.equal(done.status, 0, done.stderr);
    return Object.fromEntries(
      fs
        .readFileSync(output, "utf8")
        .trim()
        .split("\n")
        .map((line) => line.split("=")),
    );
  };
  const plain = key({});
  assert.deepEqual(key({}).program, plain.program);
  const programs = [
    plain,
    key({ DRIFTLINE_VERSION: "1.2.3" }),
    key({ ImageOS: "ubuntu26" }),
    key({ DRIFTLINE_PAGE: "false" }),
    key({ RUNNER_ARCH: "ARM64" }),
  ];
  assert.equal(new Set(programs.map(({ program }) => program)).size, programs.length);
  assert.match(plain.history, /^driftline-history-Linux-X64-.*-main-\d+-1$/);
  assert.ok(plain.history.startsWith(plain["history-branch"]));
  // A pull request reads what its target wrote.
  assert.equal(
    key({ GITHUB_BASE_REF: "v2", GITHUB_REF_NAME: "7/merge" })["history-branch"].replace(
      /v2-$/,
      "",
    ),
    plain["history-branch"].replace(/main-$/, ""),
  );
});

/** A folder with what a release begins with. */
function releasing(t, tag = "v0.1.0") {
  const it = world(t);
  const folder = path.join(it.folder, "tree");
  fs.mkdirSync(path.join(folder, "web/dist/page"), { recursive: true });
  fs.writeFileSync(path.join(folder, "web/dist/page/index.html"), "");
  for (const file of ["README.md", "LICENSE-APACHE", "LICENSE-MIT"])
    fs.writeFileSync(path.join(folder, file), file);
  fs.writeFileSync(
    path.join(folder, "CHANGELOG.md"),
    "# Changelog\n\n## [Unreleased]\n\n- to come\n\n## [0.1.0] - 2026-01-01\n\n- the first\n",
  );
  fs.writeFileSync(
    path.join(folder, "Cargo.toml"),
    `[workspace.package]\nversion = "0.1.0"\n[workspace.dependencies]\nother = "9"\n`,
  );
  const bin = path.join(it.folder, "stand-ins");
  fs.mkdirSync(bin);
  const standIn = (name, text) =>
    fs.writeFileSync(path.join(bin, name), `#!/usr/bin/env bash\n${text}\n`, { mode: 0o755 });
  standIn("rustup", "exit 0");
  standIn(
    "cargo",
    `mkdir -p "target/$TARGET/release"; echo "$*" >"target/$TARGET/release/driftline"; cp "target/$TARGET/release/driftline" "target/$TARGET/release/driftline.exe"`,
  );
  standIn("sudo", "exit 0");
  const run = (script, env = {}) =>
    spawnSync(path.join(root, ".github/scripts", script), {
      cwd: folder,
      encoding: "utf8",
      env: {
        ...process.env,
        PATH: `${bin}:${path.join(root, ".github/tests/support/bin")}:${process.env.PATH}`,
        GH_STATE: it.state,
        GITHUB_REF_NAME: tag,
        GITHUB_REPOSITORY: "octo/driftline",
        ...env,
      },
    });
  return { it, folder, run };
}

test("a release has a program for each platform, their checksums, and its part of the changelog", (t) => {
  const { it, folder, run } = releasing(t);
  for (const TARGET of TARGETS) {
    const done = run("build-program", { TARGET });
    assert.equal(done.status, 0, done.stderr);
    const listed = execFileSync(
      "tar",
      ["-tzf", path.join(folder, `dist/driftline-v0.1.0-${TARGET}.tar.gz`)],
      { encoding: "utf8" },
    );
    const program = TARGET.includes("windows") ? "driftline.exe" : "driftline";
    assert.deepEqual(
      listed.trim().split("\n").sort(),
      [
        "./",
        "./CHANGELOG.md",
        "./LICENSE-APACHE",
        "./LICENSE-MIT",
        "./README.md",
        `./${program}`,
      ].sort(),
    );
  }
  assert.equal(run("write-checksums").status, 0);
  const done = run("draft-release");
  assert.equal(done.status, 0, done.stderr);
  const [{ words, options }] = calls(it);
  assert.deepEqual(words.slice(0, 2), ["create", "v0.1.0"]);
  assert.deepEqual(
    [options.draft, options["verify-tag"], options.prerelease],
    [true, true, undefined],
  );
  assert.equal(readServer(it).releases["v0.1.0"].files.length, 6);
  const notes = readServer(it).releases["v0.1.0"].notes;
  assert.match(notes, /- the first\n/);
  assert.doesNotMatch(notes, /to come/);
});

test("a version with a suffix is a prerelease, and tells what is unreleased", (t) => {
  const { it, folder, run } = releasing(t, "v0.2.0-rc.1");
  fs.writeFileSync(
    path.join(folder, "Cargo.toml"),
    `[workspace.package]\nversion = "0.2.0-rc.1"\n`,
  );
  for (const TARGET of TARGETS) assert.equal(run("build-program", { TARGET }).status, 0);
  run("write-checksums");
  assert.equal(run("draft-release").status, 0);
  assert.equal(calls(it)[0].options.prerelease, true);
  assert.match(readServer(it).releases["v0.2.0-rc.1"].notes, /to come/);
});

test("a tag that is not the version ends the release", (t) => {
  const { run } = releasing(t, "v0.2.0");
  const done = run("build-program", { TARGET: TARGETS[0] });
  assert.equal(done.status, 2);
  assert.match(done.stderr, /not v0\.1\.0/);
});

test("a platform that is missing ends the release, and so does a file that changed", (t) => {
  const { folder, run } = releasing(t);
  for (const TARGET of TARGETS.slice(1)) run("build-program", { TARGET });
  assert.notEqual(run("write-checksums").status, 0);
  run("build-program", { TARGET: TARGETS[0] });
  assert.equal(run("write-checksums").status, 0);
  fs.appendFileSync(path.join(folder, `dist/driftline-v0.1.0-${TARGETS[0]}.tar.gz`), "x");
  assert.notEqual(run("draft-release").status, 0);
});
