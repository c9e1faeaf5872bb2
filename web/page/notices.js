// @ts-check
// What stands above every view: what could not be read, what is left out, what is in doubt.

import { dismissProblem, setState, shownMachine } from "./app.js";
import { app } from "./store.js";
import { h } from "./dom.js";
import { counted, shortened } from "./format.js";
import { progressText } from "./sources.js";
import { findRun } from "./state.js";

let drawn = "";

/** @param {import("./main.js").Actions} actions */
export function drawNotices(actions) {
  const box = /** @type {HTMLElement} */ (document.getElementById("notices"));
  const { index, loading, problems, notes, off } = app;
  const mixed =
    app.state.machine === "*" && new Set(index?.runs.map((run) => run.machine)).size > 1;
  const busy =
    loading.phase === "loading" && index && loading.progress ? progressText(loading.progress) : "";
  const asked = app.state.run;
  const missing = index !== null && asked !== "" && findRun(index.runs, asked) < 0;
  const key = JSON.stringify([problems, notes, off, mixed, busy, shownMachine(), missing && asked]);
  if (key === drawn) return;
  drawn = key;
  const folded = box.querySelector("details")?.open ?? false;
  box.replaceChildren(
    ...problems.map((problem) =>
      h(
        "section",
        { class: "problem", role: "alert" },
        h("h2", {}, "Could not read ", h("bdi", {}, problem.name.slice(0, 200))),
        h("p", {}, problem.message.slice(0, 2000)),
        problem.remedy ? h("p", {}, problem.remedy) : null,
        problem.beginning
          ? h("div", {}, h("p", {}, "It begins:"), h("pre", { tabindex: 0 }, problem.beginning))
          : null,
        h(
          "div",
          { class: "actions" },
          h("button", { onclick: actions.choose }, "Open another file…"),
          h("button", { onclick: () => dismissProblem(problem) }, "Dismiss"),
        ),
      ),
    ),
    ...(off
      ? [
          h(
            "section",
            { class: "banner warning", role: "alert" },
            h(
              "p",
              {},
              h("b", {}, "Analysis off: "),
              `the core could not be started (${off.slice(0, 300)}). Values are shown as they stand in the file; there are no verdicts. A current Firefox, Chrome or Safari runs it.`,
            ),
          ),
        ]
      : []),
    ...(busy
      ? [
          h(
            "section",
            { class: "banner", role: "status" },
            h("p", {}, busy),
            h("button", { onclick: () => actions.cancel() }, "Cancel"),
          ),
        ]
      : []),
    ...(missing
      ? [
          h(
            "section",
            { class: "banner warning", role: "status" },
            h(
              "p",
              {},
              "There is no run ",
              h("bdi", {}, `“${shortened(asked, 60)}”`),
              " in this file: the newest is shown.",
            ),
            h("button", { onclick: () => setState({ run: "" }) }, "All right"),
          ),
        ]
      : []),
    ...(mixed
      ? [
          h(
            "section",
            { class: "banner warning stripe" },
            h(
              "p",
              {},
              h("b", {}, "Several machines: "),
              "what differs here may be the machine, not the code.",
            ),
          ),
        ]
      : []),
    ...(notes.length > 0
      ? [
          h(
            "details",
            { class: "banner", open: folded },
            h("summary", {}, counted(notes.length, "note"), " about what was read"),
            h(
              "ul",
              {},
              notes
                .slice(0, 200)
                .map(({ name, text }) =>
                  h("li", {}, h("bdi", {}, name.slice(0, 200)), ": ", text.slice(0, 500)),
                ),
            ),
            notes.length > 200
              ? h("p", {}, `… and ${counted(notes.length - 200, "more note")}`)
              : null,
          ),
        ]
      : []),
  );
}
