// @ts-check
// Notes on runs: those of annotations.json beside the history, and drafts made here, which are kept
// in this browser until they are exported and committed.

import { app, changed } from "./store.js";

/** @typedef {import("./types.d.ts").Annotation} Annotation */

const KEY = "driftline-annotations";
export const FORMAT = "driftline-annotations/1";

/** @type {{shared: Annotation[], drafts: Annotation[]}} */
export const annotations = { shared: [], drafts: readDrafts() };

/** @param {unknown} value @returns {Annotation[]} */
export function annotationsOf(value) {
  const list = /** @type {any} */ (value)?.annotations;
  if (/** @type {any} */ (value)?.format !== FORMAT || !Array.isArray(list)) return [];
  const text = (/** @type {unknown} */ one) => (typeof one === "string" ? one : "");
  return list
    .slice(0, 10_000)
    .map((/** @type {any} */ one) => ({
      benchmark: text(one?.benchmark),
      metric: text(one?.metric),
      run: text(one?.run),
      ...(text(one?.commit) ? { commit: text(one?.commit) } : {}),
      text: text(one?.text),
      time: text(one?.time),
    }))
    .filter((one) => one.text.trim() !== "" && (one.run !== "" || one.commit !== undefined));
}

/**
 * The run that a note is on: the one it names, else the first of its commit; -1 where there is none.
 * @param {{id: string, commit?: {id: string} | null}[]} runs @param {Annotation} note
 */
export function runOfNote(runs, { run, commit = "" }) {
  const named = run === "" ? -1 : runs.findIndex(({ id }) => id === run);
  if (named >= 0 || commit.length < 4) return named;
  return runs.findIndex((one) => one.commit?.id.startsWith(commit));
}

function readDrafts() {
  try {
    return annotationsOf(JSON.parse(localStorage.getItem(KEY) ?? "null"));
  } catch {
    return [];
  }
}

function keepDrafts() {
  try {
    localStorage.setItem(KEY, JSON.stringify({ format: FORMAT, annotations: annotations.drafts }));
  } catch {
    // They hold until the page is closed.
  }
  changed();
}

/** Takes those that came with the data. @param {unknown} value what annotations.json holds */
export function shareAnnotations(value) {
  annotations.shared = annotationsOf(value);
}

/**
 * Loads annotations.json that lies beside a history on the page's own server.
 * @param {string} history its address
 */
export async function loadAnnotations(history) {
  const address = new URL("annotations.json", new URL(history, document.baseURI));
  if (address.origin !== location.origin) return;
  try {
    const answer = await fetch(address);
    if (answer.ok) shareAnnotations(await answer.json());
  } catch {
    // There are none then.
  }
}

/** Those of a series, and those of all. @param {string} id @param {string} metric */
export function annotationsFor(id, metric) {
  const here = (/** @type {Annotation} */ one) =>
    (one.benchmark === "" || one.benchmark === id) && (one.metric === "" || one.metric === metric);
  return [
    ...annotations.shared.filter(here).map((annotation) => ({ ...annotation, draft: false })),
    ...annotations.drafts.filter(here).map((annotation) => ({ ...annotation, draft: true })),
  ];
}

/** @param {string} id @param {string} metric @param {number} run @param {string} text */
export function annotate(id, metric, run, text) {
  const at = app.index?.runs[run];
  if (!at || text.trim() === "") return;
  annotations.drafts.push({
    benchmark: id,
    metric,
    run: at.id,
    ...(at.commit ? { commit: at.commit.id } : {}),
    text: text.trim().slice(0, 1000),
    time: new Date().toISOString(),
  });
  keepDrafts();
}

/** @param {Annotation} annotation */
export function removeDraft(annotation) {
  annotations.drafts = annotations.drafts.filter(
    (one) =>
      !(
        one.run === annotation.run &&
        one.benchmark === annotation.benchmark &&
        one.text === annotation.text
      ),
  );
  keepDrafts();
}

/** The file to commit beside the history: the shared ones and the drafts. */
export function annotationsFile() {
  return `${JSON.stringify({ format: FORMAT, annotations: [...annotations.shared, ...annotations.drafts] }, null, 2)}\n`;
}
