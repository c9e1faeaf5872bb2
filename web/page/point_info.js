// @ts-check
// What is known of one point: beside the cursor, and when it is pinned, with what one can do with it.

import { app } from "./store.js";
import {
  annotate,
  annotationsFor,
  annotationsFile,
  removeDraft,
  runOfNote,
} from "./annotations.js";
import { copyText, download, h } from "./dom.js";
import { ago, counted, dateTime, percent, quantity, runName, shortened } from "./format.js";
import { say } from "./live.js";
import { addressOf, nameRun } from "./state.js";

/** @typedef {import("./series_model.js").Points} Points */

/**
 * @param {Points} points @param {number} place @param {string} unit @param {number | null} baseline
 * @returns {[string, string][]}
 */
export function pointFacts(points, place, unit, baseline) {
  const index = app.index;
  const run = index?.runs[points.run[place]];
  if (!run) return [];
  const value = points.y[place];
  const previous = place > 0 ? points.y[place - 1] : Number.NaN;
  const low = points.low[place];
  const high = points.high[place];
  const before = place > 0 ? index?.runs[points.run[place - 1]] : null;
  const environment =
    before &&
    (before.machine !== run.machine || (before.toolchain ?? "") !== (run.toolchain ?? ""));
  /** @type {([string, string] | null)[]} */
  const list = [
    ["value", quantity(value, unit)],
    Number.isFinite(points.median[place]) && points.median[place] !== value
      ? ["median", quantity(points.median[place], unit)]
      : null,
    Number.isFinite(low) && Number.isFinite(high)
      ? ["quartiles", `${quantity(low, unit)} to ${quantity(high, unit)}`]
      : null,
    Number.isFinite(previous) ? ["to previous", percent(value / previous - 1)] : null,
    baseline ? ["to baseline", percent(value / baseline - 1)] : null,
    [
      "measured in",
      `${counted(points.rounds[place], "round")}${points.n[place] > 0 ? `, ${counted(points.n[place], "value")}` : ""}`,
    ],
    run.commit?.author ? ["author", shortened(run.commit.author, 60)] : null,
    run.time ? ["run", `${dateTime(run.time)} UTC, ${ago(run.time, Date.now())}`] : null,
    run.commit?.branch ? ["branch", shortened(run.commit.branch, 40)] : null,
    environment
      ? ["environment", [run.machine_name ?? run.machine, run.toolchain].filter(Boolean).join(", ")]
      : null,
    run.conditions?.others_cpus
      ? ["others", `kept ${run.conditions.others_cpus.toFixed(1)} processors busy`]
      : null,
  ];
  return /** @type {[string, string][]} */ (list.filter(Boolean));
}

/** @param {Points} points @param {number} place @param {string} unit @param {number | null} baseline */
export function pointNodes(points, place, unit, baseline) {
  const run = app.index?.runs[points.run[place]];
  if (!run) return [];
  return [
    h(
      "p",
      { class: "point-title" },
      h("code", {}, runName(run)),
      " ",
      run.commit?.subject ? h("bdi", {}, shortened(run.commit.subject, 80)) : null,
    ),
    h(
      "dl",
      { class: "facts small" },
      pointFacts(points, place, unit, baseline).flatMap(([what, text]) => [
        h("dt", {}, what),
        h("dd", {}, text),
      ]),
    ),
  ];
}

/** The pinned point. @param {Points} points @param {number} place @param {string} unit @param {number | null} baseline @param {() => void} unpin */
export function pinnedNodes(points, place, unit, baseline, unpin) {
  const { index, state } = app;
  const at = points.run[place];
  const run = index?.runs[at];
  if (!index || !run) return [];
  const name = nameRun(index.runs, at);
  const previous = place > 0 ? nameRun(index.runs, points.run[place - 1]) : "";
  const text = h("input", {
    type: "text",
    "aria-label": "Note on this run",
    placeholder: "Note on this run…",
    maxlength: 1000,
  });
  const save = (/** @type {Event} */ event) => {
    event.preventDefault();
    annotate(state.id, state.metric, at, text.value);
    text.value = "";
  };
  const link = () =>
    copyText(
      `${location.href.split("#")[0]}${addressOf(state, { view: "series", id: state.id, metric: state.metric, run: name })}`,
      say,
    );
  return [
    h(
      "div",
      { class: "pinned-head" },
      h("h2", {}, "Run ", h("code", {}, runName(run))),
      h("button", { onclick: unpin, "aria-label": "Unpin" }, "×"),
    ),
    ...pointNodes(points, place, unit, baseline),
    h(
      "div",
      { class: "actions" },
      previous
        ? h(
            "a",
            {
              class: "button",
              href: addressOf(state, { view: "compare", baseline: previous, candidate: name }),
            },
            "Compare with previous",
          )
        : null,
      h(
        "a",
        {
          class: "button",
          href: addressOf(state, { view: "compare", baseline: "history", candidate: name }),
        },
        "Compare with the runs before",
      ),
      h("button", { onclick: link }, "Copy link"),
      run.ci?.url && /^https?:\/\//.test(run.ci.url)
        ? h("a", { class: "button", href: run.ci.url, rel: "noreferrer noopener" }, "CI job")
        : null,
    ),
    ...noteNodes(at),
    h("form", { class: "note-form", onsubmit: save }, text, h("button", {}, "Add note")),
  ];
}

/** The notes on a run of the series that is shown. @param {number} run */
function noteNodes(run) {
  const runs = app.index?.runs ?? [];
  const notes = annotationsFor(app.state.id, app.state.metric).filter(
    (note) => runOfNote(runs, note) === run,
  );
  if (notes.length === 0) return [];
  const drafts = notes.some((note) => note.draft);
  return [
    h(
      "ul",
      { class: "notes" },
      notes.map((note) =>
        h(
          "li",
          {},
          h("bdi", {}, note.text),
          note.draft
            ? [
                h("span", { class: "tag" }, "draft"),
                h("button", { onclick: () => removeDraft(note), "aria-label": "Remove note" }, "×"),
              ]
            : null,
        ),
      ),
    ),
    drafts
      ? h(
          "p",
          { class: "faint" },
          "Drafts are kept in this browser. ",
          h(
            "button",
            { onclick: () => download("annotations.json", annotationsFile(), "application/json") },
            "Export annotations.json",
          ),
          " and commit it beside the history to share them.",
        )
      : null,
  ];
}
