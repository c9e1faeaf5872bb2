// Both wasm modules as one: a session that reads whatever file it is given, as the worker's does; and
// one call for a whole question.
import { createRequire } from "node:module";
import { readsItself } from "../page/reading.js";

const require = createRequire(import.meta.url);
const core = require("../dist/node/driftline_web.js");
export const formats = require("../dist/node/driftline_web_formats.js");
export const { version } = core;

export class Session extends core.Session {
  add(bytes, name, format = "") {
    if (readsItself(bytes, format)) return super.add(bytes, name);
    return this.#read(name, formats.read(bytes, name, format));
  }

  addCriterion(name, paths, contents) {
    return this.#read(name, formats.readCriterion(paths, contents));
  }

  #read(name, { runs, format, notes }) {
    return super.addRead(runs, name, format, notes);
  }
}

const idsOf = (bytes, name) => {
  const session = new Session();
  session.add(bytes, name);
  return JSON.parse(session.index()).runs.map(({ id }) => id);
};

/** The newest run of one file against those of another, but itself: the comparison as JSON. */
export function compare(baseline, baselineName, candidate, candidateName, policy) {
  const newest = idsOf(candidate, candidateName).slice(-1);
  const given = idsOf(baseline, baselineName);
  const others = given.filter((id) => id !== newest[0]);
  const session = new Session();
  session.add(baseline, baselineName);
  session.add(candidate, candidateName);
  return session.judge(
    JSON.stringify({ name: candidateName, runs: newest }),
    JSON.stringify({ name: baselineName, runs: others.length > 0 ? others : given }),
    policy,
  );
}

/** The change points of a file as JSON; `acknowledged` is JSON, too. */
export function changes(bytes, name, acknowledged = "[]") {
  const session = new Session();
  session.configure(`{"acknowledged":${acknowledged}}`);
  session.add(bytes, name);
  return session.changes("");
}
