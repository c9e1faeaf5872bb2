// criterion's directory holds its last run and the one before: dropped on the page, they are compared.
// Run by `make test-web`, which builds the modules for node into web/dist/node first.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import * as core from "./core.mjs";

const tree = fileURLToPath(
  new URL("../../core/tests/data/formats/criterion/tree/", import.meta.url),
);
const files = readdirSync(tree, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && !entry.parentPath.endsWith("/base"))
  .map((entry) => {
    const path = join(entry.parentPath, entry.name);
    return { path: path.slice(tree.length), bytes: readFileSync(path) };
  });
const added = (session, list) =>
  JSON.parse(
    session.addCriterion(
      "criterion",
      list.map(({ path }) => path),
      list.map(({ bytes }) => bytes),
    ),
  );

test("the last run alone is one run", () => {
  const session = new core.Session();
  const { format, runs, added: count } = added(session, files);
  assert.deepEqual([format, runs, count], ["criterion", 1, 1]);
  assert.equal(JSON.parse(session.index()).runs.length, 1);
});

test("the run before comes before the last", () => {
  // What was the last run is now the one before, and the last one is half as slow again.
  const slower = (bytes) => {
    const sample = JSON.parse(bytes);
    return Buffer.from(JSON.stringify({ ...sample, times: sample.times.map((time) => time * 1.5) }));
  };
  const newest = files.filter(({ path }) => path.includes("/new/"));
  const both = newest.flatMap(({ path, bytes }) => [
    { path, bytes: path.endsWith("/sample.json") ? slower(bytes) : bytes },
    { path: path.replace("/new/", "/base/"), bytes },
  ]);
  const session = new core.Session();
  assert.equal(added(session, both).runs, 2);
  const runs = JSON.parse(session.index()).runs.map(({ id }) => id);
  assert.deepEqual(JSON.parse(session.reference(runs[1])).runs, [runs[0]]);
  const judged = JSON.parse(session.judge(JSON.stringify([runs[1]]), JSON.stringify([runs[0]]), ""));
  const changes = judged.benchmarks.map(({ change }) => change).filter((change) => change !== null);
  assert.ok(changes.length > 0);
  for (const change of changes) assert.ok(change > 0.3 && change < 0.7, `${change}`);
});

test("a directory without results says so, and nothing is added", () => {
  const session = new core.Session();
  assert.throws(() => added(session, []), /criterion|results|benchmark\.json/);
  assert.equal(JSON.parse(session.index()).runs.length, 0);
});
