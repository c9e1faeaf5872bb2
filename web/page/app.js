// @ts-check
// Fills the store: reads files into the worker, asks the core, and follows the address.

import { Client } from "./client.js";
import { buildRows } from "./model.js";
import { ValuesOnly } from "./fallback.js";
import { createWorker, modules } from "./platform.js";
import { beginning } from "./sources.js";
import { app, changed } from "./store.js";
import { DEFAULTS, findRun, formatAddress, parseAddress, policyOf } from "./state.js";

/**
 * @typedef {import("./types.d.ts").State} State
 * @typedef {import("./sources.js").Source} Source
 * @typedef {import("./store.js").Problem} Problem
 */

/** Answers of an earlier question are dropped. */
let generation = 0;

/** A worker with a new session; without the core, what shows values only. */
async function startClient() {
  let client;
  try {
    client = new Client(createWorker());
    app.core = await client.call("start", [modules()]);
    app.off = "";
  } catch (error) {
    client?.close();
    app.off = error instanceof Error ? error.message : String(error);
    return new ValuesOnly();
  }
  if (Object.keys(app.settings).length > 0) {
    // Settings that the core refuses are no reason to show nothing.
    await client
      .call("configure", [JSON.stringify(app.settings)])
      .catch((error) => app.notes.push({ name: "settings", text: String(error.message) }));
  }
  return client;
}

/**
 * Reads sources into the session: beside what it holds, or instead of it. What cannot be read
 * becomes a problem, and what was held stays.
 * @param {Source[]} sources @param {{replace?: boolean, settings?: Record<string, any>}} [options]
 */
export async function addSources(sources, { replace = false, settings } = {}) {
  if (settings) app.settings = settings;
  const before = { index: app.index, phase: app.loading.phase };
  generation += 1;
  const mine = generation;
  const kept = replace ? [] : app.sources;
  app.problems = [];
  app.loading = { phase: "loading", progress: { name: sources[0]?.name ?? "", done: 0, total: 0 } };
  changed();
  const client = replace || !app.client ? await startClient() : app.client;
  if (mine !== generation) {
    client.close();
    return;
  }
  const old = app.client;
  /** @type {Source[]} */
  const added = [];
  const notes = replace ? [] : [...app.notes];
  const reading = client;
  active = reading;
  for (const source of sources) {
    try {
      const report = (/** @type {import("./client.js").Progress} */ progress) => {
        if (mine !== generation) return;
        app.loading.progress = { ...progress, name: source.name };
        changed();
      };
      const answer = source.criterion
        ? await reading.call("addCriterion", [source.criterion, source.name])
        : await reading.call("add", [source.blob, source.name, source.format ?? ""], report);
      added.push(source);
      for (const text of answer.notes) notes.push({ name: source.name, text });
      for (const { name, reason } of answer.skipped)
        notes.push({ name: source.name, text: `${name}: ${reason}` });
      if (answer.known > 0)
        notes.push({ name: source.name, text: `${answer.known} of its runs were held already` });
    } catch (error) {
      if (mine !== generation) return;
      const message = error instanceof Error ? error.message : String(error);
      app.problems.push({
        name: source.name,
        message,
        beginning: await beginning(source.blob, 200),
      });
    }
  }
  if (mine !== generation) return;
  active = null;
  if (added.length === 0) {
    if (reading !== old) reading.close();
    app.loading = { phase: before.index ? "ready" : "empty", progress: null };
    changed();
    return;
  }
  if (old && old !== reading) old.close();
  app.client = reading;
  app.sources = [...kept, ...added];
  app.notes = notes;
  await readIndex();
}

/** The session that is reading now. @type {import("./store.js").Core | null} */
let active = null;

/** Stops reading. What was held before is read anew where the same session was to take more. */
export async function cancelLoading() {
  generation += 1;
  const stopped = active;
  active = null;
  app.loading = { phase: app.index ? "ready" : "empty", progress: null };
  stopped?.close();
  if (stopped && stopped === app.client) {
    app.client = null;
    const sources = app.sources;
    app.sources = [];
    if (sources.length > 0) await addSources(sources, { replace: true });
  }
  changed();
}

/** Asks for everything anew. */
async function readIndex() {
  generation += 1;
  const mine = generation;
  const client = app.client;
  if (!client) return;
  const index = await client.call("index");
  if (mine !== generation) return;
  app.index = index;
  app.levels = null;
  app.compared = new Map();
  app.changes = null;
  app.loading = { phase: "ready", progress: null };
  app.comparison = null;
  app.agreement = null;
  app.run = shownRun();
  app.judging = true;
  changed();
  // What was measured is shown while the verdicts are made, or what makes them is still on its way.
  const levels = await client.call("levels");
  if (mine !== generation && app.index !== index) return;
  app.levels = levels;
  refreshRows();
  await judge();
  app.judging = false;
  changed();
  if (mine !== generation && app.index !== index) return;
  await readChanges();
}

/** The runs of the machine and the branch that are looked at. @returns {(run: number) => boolean} */
export function chosenRuns() {
  const index = app.index;
  if (!index) return () => false;
  const machine = shownMachine();
  const { branch } = app.state;
  return (run) => {
    const one = index.runs[run];
    return (
      one !== undefined &&
      (machine === "*" || one.machine === machine) &&
      (branch === "" || one.commit?.branch === branch)
    );
  };
}

/** The fingerprint of the machine that is looked at: by default that of the newest run; `*` for all. */
export function shownMachine() {
  const runs = app.index?.runs ?? [];
  const wanted = app.state.machine;
  if (wanted === "*") return "*";
  const named = runs.find((run) => run.machine === wanted || run.machine_name === wanted);
  if (named) return named.machine;
  const chosen = findRun(runs, app.state.run);
  return (runs[chosen] ?? runs[runs.length - 1])?.machine ?? "";
}

/** The position of the run that is shown: the one that was asked for, or the newest. */
function shownRun() {
  const runs = app.index?.runs ?? [];
  const asked = findRun(runs, app.state.run);
  if (asked >= 0) return asked;
  const chosen = chosenRuns();
  for (let run = runs.length - 1; run >= 0; run -= 1) {
    if (chosen(run) && runs[run].measurements > 0) return run;
  }
  return runs.length - 1;
}

/** The policy of the project, or as the state has it. */
export function presentPolicy() {
  return policyOf(app.state, app.settings.policy);
}

let asked = 0;
/** Judges the run that is shown, by the policy of the state. */
export async function judge() {
  const { client, index } = app;
  if (!client || !index) return;
  asked += 1;
  const mine = asked;
  const run = shownRun();
  const policy = presentPolicy();
  /** @type {string[]} */
  let question = [];
  let reference = null;
  let answer = null;
  let unjudged = "";
  try {
    if (run >= 0) {
      reference = await client.call("reference", [index.runs[run].id]);
      if (reference.kind !== "none") {
        const against =
          reference.kind === "history"
            ? "history"
            : reference.baseline
              ? { baseline: reference.baseline }
              : reference.runs;
        question = [JSON.stringify([index.runs[run].id]), JSON.stringify(against), policy];
        answer = await client.call("judge", question);
      } else unjudged = reference.why;
    }
  } catch (error) {
    unjudged = error instanceof Error ? error.message : String(error);
  }
  if (mine !== asked || client !== app.client) return;
  const other = run !== app.run;
  app.run = run;
  app.reference = reference;
  app.comparison = answer;
  app.asked = question;
  app.unjudged = unjudged;
  refreshRows();
  if (run >= 0 && (other || !app.agreement)) {
    app.agreement = await client.call("agreement", [index.runs[run].id]).catch(() => null);
    changed();
  }
}

let changesOf = "";
async function readChanges() {
  const client = app.client;
  const machine = shownMachine();
  if (!client || (app.changes && changesOf === machine)) return;
  changesOf = machine;
  const changes = await client.call("changes", [machine === "*" ? "" : machine]).catch(() => null);
  if (changesOf !== machine) return;
  app.changes = changes;
  refreshRows();
}

/**
 * Asks for the compared figures of rows that are to be drawn, unless they are held.
 * @param {import("./types.d.ts").Row[]} rows
 */
export async function fetchCompared(rows) {
  const { client, index, compared } = app;
  const wanted = rows.filter((row) => !compared.has(row.key));
  if (!client || !index || wanted.length === 0) return;
  const count = index.runs.length;
  for (const row of wanted) compared.set(row.key, new Float64Array());
  const table = await client
    .call("compared", [wanted.map((row) => [row.id, row.metric]), count])
    .catch(() => null);
  if (!table || compared !== app.compared) return;
  wanted.forEach((row, place) =>
    compared.set(row.key, table.subarray(place * count, (place + 1) * count)),
  );
  refreshRows();
}

let calibrated = "";
/** Replays the policy over the history, unless that was done. */
export async function calibrate() {
  const { client, index } = app;
  const policy = presentPolicy();
  const key = `${policy} ${index?.runs.length}`;
  if (!client || !index || (app.calibration && calibrated === key)) return;
  calibrated = key;
  const calibration = await client.call("calibrate", [policy]).catch(() => null);
  if (calibrated !== key) return;
  app.calibration = calibration;
  changed();
}

function refreshRows() {
  const { index, comparison, changes, levels, run } = app;
  app.rows = index && run >= 0 ? buildRows({ index, comparison, changes, levels, run }) : [];
  changed();
}

/**
 * Changes the state and the address. A new view is a new entry in the browser's history; what is
 * merely adjusted replaces the present one.
 * @param {Partial<State>} change @param {{push?: boolean}} [options]
 */
export function setState(change, { push } = {}) {
  const next = { ...app.state, ...change };
  const address = formatAddress(next);
  const other =
    next.view !== app.state.view || next.id !== app.state.id || next.metric !== app.state.metric;
  if (address !== location.hash) {
    if (push ?? other) history.pushState(null, "", address);
    else history.replaceState(null, "", address);
  }
  applyState(next);
}

/** Back to the overview, as it was filtered and sorted. */
export function toOverview() {
  const { machine, branch, min, alpha, run } = app.state;
  setState({ ...DEFAULTS, machine, branch, min, alpha, run, ...app.listed });
}

/** Reads the state from the address: after Back, or a link. */
export function readAddress() {
  applyState(parseAddress(location.hash));
}

/** @param {State} next */
function applyState(next) {
  const before = app.state;
  const machineBefore = app.index ? shownMachine() : "";
  app.state = next;
  if (next.view === "overview") {
    const { show, search, sort } = next;
    app.listed = { show, search, sort };
  }
  const judgedAnew =
    next.run !== before.run ||
    next.machine !== before.machine ||
    next.branch !== before.branch ||
    policyOf(next) !== policyOf(before);
  if (app.index && judgedAnew) {
    void judge();
    if (shownMachine() !== machineBefore) void readChanges();
  }
  changed();
}

/** @param {Problem} problem */
export function addProblem(problem) {
  app.problems = [...app.problems, problem];
  changed();
}

/** @param {Problem} problem */
export function dismissProblem(problem) {
  app.problems = app.problems.filter((other) => other !== problem);
  changed();
}
