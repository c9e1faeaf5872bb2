// @ts-check
// The parts of a comparison's screen: the choice of the sides, what differs between their
// environments, and the summary by group.

import { setState } from "./app.js";
import { app } from "./store.js";
import { byKey, h } from "./dom.js";
import { dateTime, percent, runName, shortened } from "./format.js";
import { groupRows } from "./model.js";
import { medianOf } from "./scale.js";
import { findRun } from "./state.js";

/** @typedef {import("./types.d.ts").Row} Row */

/**
 * The choice of both sides.
 * @param {HTMLElement} form @param {import("./types.d.ts").Index} index
 */
export function drawSides(form, index) {
  const { state } = app;
  const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset?.key;
  const runs = index.runs
    .slice(-400)
    .map(
      (run) =>
        /** @type {[string, string]} */ ([
          run.id,
          `${runName(run)}${run.time ? ` · ${dateTime(run.time)}` : ""}${run.commit?.subject ? ` · ${shortened(run.commit.subject, 40)}` : ""}`,
        ]),
    )
    .reverse();
  const side = (
    /** @type {"baseline" | "candidate"} */ name,
    /** @type {[string, string][]} */ more,
  ) => {
    const text =
      state[name] || (name === "candidate" ? (index.runs[index.runs.length - 1]?.id ?? "") : "");
    const place = findRun(index.runs, text);
    const now = place >= 0 && !text.includes(",") ? index.runs[place].id : text;
    const options = [...more, ...runs];
    if (now && !options.some(([value]) => value === now))
      options.unshift([now, shortened(now, 60)]);
    if (!now) options.unshift(["", "choose…"]);
    const select = h(
      "select",
      {
        id: `side-${name}`,
        "data-key": `side ${name}`,
        onchange: () => setState({ [name]: select.value, open: "" }, { push: true }),
      },
      options.map(([value, label]) => h("option", { value, selected: value === now }, label)),
    );
    return h(
      "div",
      { class: "side" },
      h("label", { for: `side-${name}` }, name === "baseline" ? "Baseline" : "Candidate"),
      select,
    );
  };
  form.replaceChildren(
    side("baseline", [
      ["history", "history: the comparable runs before"],
      ...index.baselines.map(
        ({ name }) =>
          /** @type {[string, string]} */ ([
            `baseline:${name}`,
            `saved baseline “${shortened(name, 40)}”`,
          ]),
      ),
    ]),
    h(
      "button",
      {
        "aria-label": "Swap baseline and candidate",
        title: "Swap",
        "data-key": "swap",
        onclick: () =>
          setState({
            baseline: state.candidate || index.runs[index.runs.length - 1]?.id || "",
            candidate: ["history"].includes(state.baseline) ? "" : state.baseline,
          }),
      },
      "⇄",
    ),
    side("candidate", []),
  );
  if (focused) byKey(form, focused)?.focus({ preventScroll: true });
}

/**
 * By group: how many, the median and the worst; never a lone mean.
 * @param {HTMLElement} summary @param {Row[]} rows
 */
export function drawSummary(summary, rows) {
  const groups = groupRows(rows.filter((row) => row.change !== null));
  if (groups.length < 2) return summary.replaceChildren();
  const worse = (/** @type {Row} */ row) =>
    (row.better === "lower" ? 1 : -1) * Math.log1p(row.change ?? 0);
  return summary.replaceChildren(
    h(
      "details",
      {},
      h("summary", {}, `By group (${groups.length})`),
      h(
        "div",
        { class: "scroll", tabindex: 0, role: "region", "aria-label": "Changes by group" },
        h(
          "table",
          { class: "points" },
          h(
            "thead",
            {},
            h(
              "tr",
              {},
              ["Group", "Benchmarks", "Median change", "Worst"].map((text) =>
                h("th", { scope: "col" }, text),
              ),
            ),
          ),
          h(
            "tbody",
            {},
            groups.map(({ group, rows: members }) => {
              const worst = members.reduce((a, b) => (worse(b) > worse(a) ? b : a));
              return h(
                "tr",
                {},
                h("th", { scope: "row" }, h("bdi", {}, shortened(group || "others", 80))),
                h("td", { class: "number" }, String(members.length)),
                h(
                  "td",
                  { class: "number" },
                  percent(medianOf(members.map((row) => row.change ?? Number.NaN))),
                ),
                h("td", {}, `${percent(worst.change)} `, h("bdi", {}, shortened(worst.name, 60))),
              );
            }),
          ),
        ),
      ),
    ),
  );
}

/**
 * What differs between the sides beside the code.
 * @param {import("./types.d.ts").Index} index @param {import("./types.d.ts").Comparison} comparison
 */
export function environment(index, comparison) {
  const { baseline, candidate, warnings } = comparison;
  const describe = (/** @type {import("./types.d.ts").Side} */ side) => {
    const run = index.runs[findRun(index.runs, side.runs[side.runs.length - 1] ?? "")];
    const text = side.runs.length > 1 ? `${side.runs.length} runs up to ` : "";
    return run
      ? [
          text,
          h("code", {}, runName(run)),
          run.commit?.subject
            ? [" ", h("q", {}, h("bdi", {}, shortened(run.commit.subject, 60)))]
            : null,
          run.time ? ` · ${dateTime(run.time)}` : "",
        ]
      : [text, shortened(side.name, 60)];
  };
  const machines = baseline.machine === candidate.machine;
  const tools = (baseline.toolchain ?? "") === (candidate.toolchain ?? "");
  const name = (/** @type {string} */ machine) =>
    index.runs.find((run) => run.machine === machine)?.machine_name ?? machine;
  return [
    h(
      "p",
      { class: "context" },
      ...describe(candidate).flat(),
      " against ",
      ...describe(baseline).flat(),
    ),
    h(
      "p",
      {
        class:
          machines && tools
            ? "environment same"
            : machines
              ? "environment"
              : "environment banner warning stripe",
      },
      machines
        ? "Same machine"
        : `Different machines: ${name(baseline.machine)} → ${name(candidate.machine)}`,
      ", ",
      tools
        ? `same toolchain${candidate.toolchain ? ` (${shortened(candidate.toolchain, 60)})` : ""}`
        : `toolchain ${baseline.toolchain ?? "unknown"} → ${candidate.toolchain ?? "unknown"}`,
    ),
    ...warnings.map((warning) => h("p", { class: "banner warning" }, warning)),
  ];
}
