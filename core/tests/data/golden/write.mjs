// Writes the golden answers anew from what the wasm modules in web/dist/node answer.
import { readFileSync, writeFileSync } from "node:fs";
import * as core from "../../../../web/tests/core.mjs";

const file = (name) => new URL(name, import.meta.url);
const compared = (...names) =>
  core.compare(
    ...names.flatMap((name) => [readFileSync(file(name)), `core/tests/data/golden/${name}`]),
    "",
  );

writeFileSync(file("comparison.json"), compared("baseline.jsonl", "candidate.jsonl"));
writeFileSync(file("history_comparison.json"), compared("history.jsonl", "newest.jsonl"));
writeFileSync(
  file("changes.json"),
  core.changes(readFileSync(file("history.csv")), "core/tests/data/golden/history.csv"),
);
