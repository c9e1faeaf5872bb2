// The commenting job, with artifacts as an attacker would make them: whatever a fork's job leaves, it
// gets no further than a refusal, or a comment whose text is only text.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import test from "node:test";

import { measuredWorld } from "./support/history.mjs";
import { pullJob, runAction } from "./support/runner.mjs";
import { commented, judged } from "./support/scenario.mjs";
import { check, story } from "./support/snapshot.mjs";
import {
  calls,
  csv,
  pullRequest,
  putArtifact,
  readServer,
  writeServer,
  world,
} from "./support/world.mjs";

const RUN = 42;
const comparison = JSON.stringify({ format: "driftline-comparison/1" });

/** A fork's pull request. */
function stranger(t) {
  const it = world(t);
  return { it, pull: pullRequest(it, { fork: true }) };
}

/** What comes of these files, left by the job of the pull request. */
function left({ it, pull }, files, told) {
  putArtifact(it, RUN, "driftline-results", files, told);
  return { it, done: commented(it, pull, RUN) };
}

/** @param {{it: object, done: object}} what @param {RegExp} why */
function assertRefused({ it, done }, why) {
  assert.notEqual(done.result.code, 0, done.job.log);
  assert.match(done.job.log, why);
  assert.deepEqual(
    calls(it).filter(({ method }) => method !== "GET"),
    [],
  );
  assert.deepEqual(readServer(it).comments, []);
}

const good = (data) => [
  { name: "comparison.json", data },
  { name: "pull-request", data: "7\n" },
];

test("no artifact: a clear end, and no comment", (t) => {
  const { it, pull } = stranger(t);
  const done = commented(it, pull, RUN);
  assert.equal(done.result.code, 0);
  check(
    "missing_artifact",
    story({ about: "# The measuring job ended before it had results", world: it, commented: done }),
  );
});

test("no artifact, but a comment: it says that this commit was not measured", (t) => {
  const it = measuredWorld(t);
  judged(it, pullRequest(it, { changed: { write: 90 }, fork: true }));
  const broken = pullRequest(it, { files: { "driftline.toml": "no configuration" }, fork: true });
  calls(it);
  const done = judged(it, broken);
  assert.notEqual(done.measured.result.failed, undefined);
  assert.equal(done.commented.result.code, 0, done.commented.job.log);
  const [comment, ...more] = readServer(it).comments;
  assert.deepEqual(more, []);
  assert.match(comment.body, /^<!-- driftline:comment:benchmarks -->\n/);
  assert.ok(comment.body.includes(`\`${broken.head.sha.slice(0, 10)}\` was not measured`));
  check(
    "not_measured",
    story({ about: "# A commit that cannot be measured, after one that was", world: it, ...done }),
  );
  // And the next that is measured has its own again.
  judged(it, pullRequest(it, { fork: true }));
  assert.doesNotMatch(readServer(it).comments[0].body, /not measured/);
});

test("no artifact, and a branch with another commit or two pull requests: the comment stays", (t) => {
  const it = measuredWorld(t);
  const first = pullRequest(it, { changed: { write: 90 }, fork: true });
  judged(it, first);
  const { body } = readServer(it).comments[0];
  const kept = (pull) => {
    assert.equal(commented(it, pull, RUN).result.code, 0);
    assert.equal(readServer(it).comments[0].body, body);
  };
  const moved = { ...first, head: { ...first.head, sha: "a".repeat(40) } };
  kept(moved);
  kept({ ...first, head: { ...first.head, repo: { full_name: "stranger/other" } } });
  const server = readServer(it);
  server.pulls[8] = { ...first, number: 8 };
  writeServer(it, server);
  kept(first);
});

test("an artifact that has expired is none", (t) => {
  const { it, done } = left(stranger(t), good(comparison), { expired: true });
  assert.equal(done.result.code, 0);
  assert.match(done.job.log, /left no results/);
  assert.deepEqual(readServer(it).comments, []);
});

test("a comparison with hostile names becomes text", (t) => {
  const it = measuredWorld(t);
  const hostile = {
    "](javascript:alert(1))": 1,
    "@everyone": 2,
    "<!-- driftline:comment:benchmarks -->": 3,
    "-->": 4,
    "::set-output name=verdict::improved": 5,
    "`code` | cell": 6,
    "<img src=x onerror=alert(1)>": 7,
    "#123 and https://example.org/": 8,
    "![pixel](https://example.org/p.png)": 9,
    "read/\u202Eesrever": 10,
  };
  const pull = pullRequest(it, {
    files: { "benchmarks.csv": csv({ write: 90, ...hostile }) },
    fork: true,
  });
  const done = judged(it, pull);
  assert.equal(done.commented.result.code, 0, done.commented.job.log);
  const [comment] = readServer(it).comments;
  assert.ok(comment.body.length <= 65536);
  assert.doesNotMatch(comment.body, /\u202E/);
  // Outside of code spans and blocks, where nothing is more than text.
  const markup = comment.body.replaceAll(/^```[^]*?^```$|(`+)[^`][^]*?\1(?!`)/gm, "");
  assert.doesNotMatch(markup, /<img|@everyone|\]\(javascript|set-output|!\[|example\.org/);
  assert.deepEqual(markup.match(/<!--|-->/g), ["<!--", "-->"]);
  check(
    "hostile_names",
    story({ about: "# Names of benchmarks that try to be more than text", world: it, ...done }),
  );
});

test("names of 10 MB are no comment of 10 MB", (t) => {
  const it = measuredWorld(t);
  const job = pullJob(it, pullRequest(it, { fork: true }));
  runAction(job, "driftline");
  const file = path.join(job.temp, "driftline/results/comparison.json");
  const document = JSON.parse(fs.readFileSync(file, "utf8"));
  document.benchmarks[0].id = "a".repeat(10_000_000);
  const server = readServer(it);
  writeServer(it, { ...server, artifacts: [] });
  putArtifact(it, job.run, "driftline-results", good(JSON.stringify(document)));
  const done = commented(it, server.pulls[7], job.run);
  assert.notEqual(done.result.code, 0);
  assert.match(done.job.log, /results refused/);
  assert.ok(done.job.log.length < 10_000);
  assert.deepEqual(readServer(it).comments, []);
});

test("a field that the format does not have is refused", (t) => {
  const it = measuredWorld(t);
  const job = pullJob(it, pullRequest(it, { fork: true }));
  runAction(job, "driftline");
  const file = path.join(job.temp, "driftline/results/comparison.json");
  const document = JSON.parse(fs.readFileSync(file, "utf8"));
  document.benchmarks[0].html = "<script>";
  const server = readServer(it);
  writeServer(it, { ...server, artifacts: [] });
  putArtifact(it, job.run, "driftline-results", good(JSON.stringify(document)));
  const done = commented(it, server.pulls[7], job.run);
  assertRefused({ it, done }, /results refused: the comparison cannot be read/);
});

test("what is no comparison is refused, and printed as text", (t) => {
  assertRefused(
    left(stranger(t), good("::set-output name=x::y\n##[error]z")),
    /results refused: the comparison cannot be read/,
  );
});

test("a name that leads out of the folder is refused, and nothing is written there", (t) => {
  const attempt = left(stranger(t), [...good(comparison), { name: "../../../escaped", data: "x" }]);
  assertRefused(attempt, /holds other files than the expected two/);
  const found = fs
    .readdirSync(attempt.it.folder, { recursive: true })
    .filter((file) => String(file).endsWith("escaped"));
  assert.deepEqual(found, []);
});

test("one file too many, too few, or twice is refused", (t) => {
  const their = stranger(t);
  const refused = /holds other files than the expected two/;
  assertRefused(
    left(their, [...good(comparison), { name: "comment.md", data: "@everyone" }]),
    refused,
  );
  assertRefused(left(their, good(comparison).slice(1)), refused);
  assertRefused(left(their, [...good(comparison), { name: "pull-request", data: "8\n" }]), refused);
  assertRefused(left(their, [{ name: "comparison.json\npull-request", data: "7" }]), refused);
});

test("too large, by what is told, by what is sent, or once unpacked", (t) => {
  const their = stranger(t);
  assertRefused(
    left(their, good(comparison), { size_in_bytes: 21 * 1024 * 1024 }),
    /bytes are too many/,
  );
  assertRefused(left(their, good(comparison), { size_in_bytes: "1e3" }), /bytes are too many/);
  // 30 MB of blanks are 30 kB in the archive.
  assertRefused(left(their, good(" ".repeat(30 * 1024 * 1024))), /the comparison is too large/);
  const { it, pull } = their;
  const id = putArtifact(it, RUN, "driftline-results", good(comparison));
  fs.writeFileSync(path.join(it.state, "artifacts", `${id}.zip`), Buffer.alloc(21 * 1024 * 1024));
  assertRefused({ it, done: commented(it, pull, RUN) }, /the archive is too large/);
});

test("what is no archive is refused", (t) => {
  const { it, pull } = stranger(t);
  const id = putArtifact(it, RUN, "driftline-results", good(comparison));
  fs.writeFileSync(path.join(it.state, "artifacts", `${id}.zip`), "not a zip");
  assertRefused({ it, done: commented(it, pull, RUN) }, /not a zip archive/);
});

test("what is no pull request's number is refused", (t) => {
  const their = stranger(t);
  for (const number of ["", "0", "-1", "7/../8", "$(id)", "1234567890"]) {
    const files = [
      { name: "comparison.json", data: comparison },
      { name: "pull-request", data: number },
    ];
    assertRefused(left(their, files), /no pull request's number/);
  }
});

test("the number of somebody else's pull request is refused", (t) => {
  const it = world(t);
  const theirs = pullRequest(it, { number: 7, files: { THEIRS: "" } });
  const mine = pullRequest(it, { number: 8, files: { MINE: "" }, fork: true });
  assert.notEqual(theirs.head.sha, mine.head.sha);
  putArtifact(it, RUN, "driftline-results", good(comparison));
  const done = commented(it, mine, RUN);
  assertRefused({ it, done }, /pull request 7 is not the one that run 42 measured/);
});

test("a number that no pull request has is refused", (t) => {
  const it = world(t);
  const pull = pullRequest(it, { number: 8, fork: true });
  putArtifact(it, RUN, "driftline-results", good(comparison));
  assertRefused({ it, done: commented(it, pull, RUN) }, /there is no pull request 7/);
});

test("a pull request that has moved on is left to its newest commit's run", (t) => {
  const it = measuredWorld(t);
  const job = pullJob(it, pullRequest(it, { changed: { write: 90 } }));
  runAction(job, "driftline");
  const old = readServer(it).pulls[7];
  pullRequest(it, { files: { README: "newer" } });
  const done = commented(it, old, job.run);
  assert.equal(done.result.code, 0);
  assert.match(done.job.log, /has moved on/);
  assert.deepEqual(readServer(it).comments, []);
});

test("a comment of somebody else that begins with the marker is left alone", (t) => {
  const it = measuredWorld(t);
  const pull = pullRequest(it, { changed: { write: 90 }, fork: true });
  const server = readServer(it);
  const body = "<!-- driftline:comment:benchmarks -->\nEverything is fine, merge this.";
  server.comments.push({ id: 1, issue: 7, user: { login: "stranger" }, body });
  server.comments.push({
    id: 2,
    issue: 7,
    user: { login: "github-actions[bot]" },
    body: `Quoting:\n> ${body}`,
  });
  writeServer(it, server);
  judged(it, pull);
  const comments = readServer(it).comments;
  assert.equal(comments.length, 3);
  assert.equal(comments[0].body, body);
  assert.match(comments[2].body, /^<!-- driftline:comment:benchmarks -->\n/);
});

test("a comment whose lines GitHub ended with CR LF is found again", (t) => {
  const it = measuredWorld(t);
  const pull = pullRequest(it, { fork: true });
  const server = readServer(it);
  server.comments.push({
    id: 5,
    issue: 7,
    user: { login: "github-actions[bot]" },
    body: "<!-- driftline:comment:benchmarks -->\r\nold",
  });
  writeServer(it, server);
  judged(it, pull);
  assert.deepEqual(
    readServer(it).comments.map(({ id }) => id),
    [5],
  );
});
