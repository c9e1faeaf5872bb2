// What a scenario comes to, as a Markdown file that a person can read: snapshots/NAME.md.
// UPDATE_SNAPSHOTS=1 writes them anew.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import { calls, readServer, root } from "./world.mjs";

const folder = path.join(root, ".github/tests/snapshots");

/** @param {string} name @param {string} text */
export function check(name, text) {
  const file = path.join(folder, `${name}.md`);
  if (process.env.UPDATE_SNAPSHOTS) {
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(file, text);
  }
  assert.ok(
    fs.existsSync(file),
    `${file} is missing: UPDATE_SNAPSHOTS=1 make test-github writes it`,
  );
  assert.equal(
    text,
    fs.readFileSync(file, "utf8"),
    `${file} says something else: UPDATE_SNAPSHOTS=1 make test-github writes it anew`,
  );
}

/**
 * The story of a pull request: what each job came to, what was asked of GitHub, and the comment.
 * @param {{about: string, world: object, measured?: {job: object, result: object}, commented?: {job: object, result: object}, number?: number}} what
 */
export function story({ about, world, measured, commented, number = 7 }) {
  const lines = [`${about}`, ""];
  for (const [name, done] of [
    ["measures", measured],
    ["comments", commented],
  ]) {
    if (!done) continue;
    const { result, job } = done;
    lines.push(
      `- The job that ${name}: ${result.failed ? `**fails** in “${result.failed}”, exit code ${result.code}` : "succeeds"}`,
    );
    const outputs = Object.entries(result.outputs).filter(
      ([key, value]) => key !== "report" && value !== "",
    );
    if (outputs.length > 0)
      lines.push(`  - outputs: ${outputs.map(([key, value]) => `${key} ${value}`).join(", ")}`);
    for (const annotation of annotations(job.log)) lines.push(`  - annotation: \`${annotation}\``);
  }
  const asked = calls(world).map(
    ({ verb, method, words }) => `${verb} ${verb === "api" ? `${method} ` : ""}${words.join(" ")}`,
  );
  if (asked.length > 0) lines.push("- gh is asked:", ...asked.map((call) => `  - \`${call}\``));
  const comments = readServer(world).comments.filter(({ issue }) => issue === number);
  lines.push(
    "",
    comments.length === 0
      ? "No comment."
      : `${comments.length === 1 ? "The comment" : `${comments.length} comments`}:`,
  );
  for (const { user, body } of comments)
    lines.push("", `---- by ${user.login} ----`, elided(body.trimEnd()));
  return `${normalised(lines.join("\n"))}\n`;
}

/** Without the middle of what nobody reads to the end: rows and list entries. @param {string} text */
function elided(text) {
  const [FIRST, LAST] = [3, 2];
  const lines = [];
  let alike = [];
  const kind = (line) => /^(?:\| [^|]+ \| `|- )/.exec(line)?.[0][0];
  for (const line of [...text.split("\n"), ""]) {
    if (alike.length > 0 && kind(line) !== kind(alike[0])) {
      const left = alike.length - FIRST - LAST;
      if (left > 20) alike.splice(FIRST, left, `[… ${left} lines like these …]`);
      lines.push(...alike);
      alike = [];
    }
    if (kind(line)) alike.push(line);
    else lines.push(line);
  }
  return lines.slice(0, -1).join("\n");
}

/** The workflow commands that the runner would have obeyed. @param {string} log */
export function annotations(log) {
  const obeyed = [];
  let token;
  for (const line of log.split("\n")) {
    const stop = /^::stop-commands::(.+)$/.exec(line.trim());
    if (token !== undefined) {
      if (line.trim() === `::${token}::`) token = undefined;
    } else if (stop) {
      token = stop[1];
    } else if (/^\s*::|##\[/.test(line)) {
      obeyed.push(line.trim());
    }
  }
  return obeyed;
}

/** Without what differs from machine to machine and from day to day. @param {string} text */
export function normalised(text) {
  return text
    .replaceAll(/\d{8}T\d{6}Z-[0-9a-f]{6}/g, "RUN")
    .replaceAll(/(\| machine \|) `[0-9a-f]{12}`/g, "$1 `MACHINE`")
    .replaceAll(/(\| machine \| \S+ \|) `[0-9a-f]{12}`/g, "$1 `MACHINE`")
    .replaceAll(
      /(alone: \d+ runs? of ).*?(; this one is of ).*$/gm,
      "$1MACHINE$2MACHINE",
    )
    .replaceAll(/(history holds runs of oth)….*(`)$/gm, "$1…$2")
    .replaceAll(/rustc \d[^,|\n)`]*\([^)]*\)/g, "rustc VERSION");
}
