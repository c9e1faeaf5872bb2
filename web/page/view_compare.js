// @ts-check
// Any two runs, or sets of runs, against each other.

import { presentPolicy, setState } from "./app.js";
import { app } from "./store.js";
import { drawSides, drawSummary, environment } from "./compare_parts.js";
import { byKey, copyText, download, h } from "./dom.js";
import { counted, shortened } from "./format.js";
import { say } from "./live.js";
import {
  buildRows,
  countRows,
  filterRows,
  resolveSide,
  sortRows,
  STATUS,
  STATUSES,
} from "./model.js";
import { focusRow, forestReach, openName, rowElement } from "./rows_table.js";
import { findRun, formatAddress } from "./state.js";
import { whyPanel } from "./why.js";

/** @typedef {import("./types.d.ts").Row} Row */
const PAGE = 300;

/** @returns {import("./main.js").View} */
export function compareView() {
  const form = h("div", { class: "sides" });
  const head = h("div", { class: "compare-head", role: "status" });
  const body = h("tbody", { role: "rowgroup" });
  const table = h(
    "table",
    { class: "rows compare", role: "table" },
    h("caption", { class: "unseen" }, "Comparison by benchmark"),
    h(
      "thead",
      { role: "rowgroup" },
      h(
        "tr",
        { role: "row" },
        [
          ["Verdict", "c-verdict"],
          ["Benchmark", "c-name"],
          ["Candidate", "c-value"],
          ["Change", "c-change"],
          ["Interval and threshold", "c-interval"],
          ["Baseline", "c-base"],
          ["", "c-why"],
        ].map(([text, name]) =>
          h(
            "th",
            { role: "columnheader", scope: "col", class: name },
            text || h("span", { class: "unseen" }, "Why"),
          ),
        ),
      ),
    ),
    body,
  );
  const foot = h("div", { class: "rows-foot" });
  const summary = h("section", { class: "group-summary" });
  const element = h(
    "section",
    { class: "compare-view" },
    h("h1", {}, "Compare"),
    form,
    head,
    summary,
    table,
    foot,
  );
  let asked = "";
  let limit = PAGE;
  /** @type {{question: string[], comparison: import("./types.d.ts").Comparison} | null} */
  let answer = null;
  let failed = "";
  let formOf = "";

  async function ask() {
    const { state, index, client } = app;
    if (!index || !client) return;
    const candidateText = state.candidate || (index.runs[index.runs.length - 1]?.id ?? "");
    const key = JSON.stringify([state.baseline, candidateText, presentPolicy(), index.runs.length]);
    if (key === asked) return;
    asked = key;
    answer = null;
    const [baseline, candidate] = [
      resolveSide(index, state.baseline, findRun),
      resolveSide(index, candidateText, findRun),
    ];
    const unknown = [...baseline.unknown, ...candidate.unknown];
    failed =
      unknown.length > 0
        ? `Not in this file: ${unknown.map((name) => shortened(name, 60)).join(", ")}.`
        : !baseline.request || candidate.runs.length === 0
          ? "Choose a baseline and a candidate."
          : "";
    if (!failed) {
      const question = [
        JSON.stringify(candidate.runs),
        JSON.stringify(baseline.request),
        presentPolicy(),
      ];
      const result = await client
        .call("judge", question)
        .catch((error) => ({ error: error instanceof Error ? error.message : String(error) }));
      if (asked !== key) return;
      if ("error" in result) failed = result.error;
      else answer = { question, comparison: result };
    }
    draw();
  }

  function update() {
    const { state, index } = app;
    if (!index) return;
    const key = JSON.stringify([
      state.baseline,
      state.candidate,
      index.runs.length,
      index.runs[0]?.id,
    ]);
    if (key !== formOf) {
      formOf = key;
      drawSides(form, index);
    }
    void ask();
    draw();
  }

  function draw() {
    const { state, index } = app;
    if (!index) return;
    table.hidden = !answer;
    summary.hidden = !answer;
    if (!answer) {
      head.replaceChildren(h("p", { class: failed ? "banner" : "faint" }, failed || "Comparing…"));
      foot.replaceChildren();
      return;
    }
    const { comparison, question } = answer;
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset?.key;
    const place = findRun(
      index.runs,
      comparison.candidate.runs[comparison.candidate.runs.length - 1] ?? "",
    );
    const rows = buildRows({ index, comparison, changes: null, levels: null, run: place }).filter(
      (row) => row.comparison !== null,
    );
    const { shown, hidden, hiddenCount } = filterRows(rows, {
      show: state.show || "all",
      search: state.search,
    });
    const sorted = sortRows(shown, state.sort);
    head.replaceChildren(
      ...environment(index, comparison),
      counts(rows),
      h(
        "div",
        { class: "actions" },
        h(
          "button",
          {
            "data-key": "markdown",
            onclick: async () => copyText(await app.client?.call("markdown", question), say),
          },
          "Copy as Markdown",
        ),
        h(
          "button",
          {
            "data-key": "csv",
            onclick: async () => copyText(await app.client?.call("csv", question), say),
          },
          "Copy as CSV",
        ),
        h(
          "button",
          {
            "data-key": "json",
            onclick: () =>
              download(
                "comparison.json",
                `${JSON.stringify(comparison, null, 2)}\n`,
                "application/json",
              ),
          },
          "Save JSON",
        ),
      ),
    );
    drawSummary(summary, rows);
    const reach = forestReach(shown);
    const toggle = (/** @type {Row} */ row) =>
      setState({ open: state.open === openName(row) ? "" : openName(row) });
    body.replaceChildren(
      ...sorted.slice(0, limit).flatMap((row) => {
        const open = state.open === openName(row);
        const parts = [rowElement({ ...row, group: "" }, { reach, open, toggle, spark: false })];
        if (open && row.comparison)
          parts.push(
            h(
              "tr",
              { role: "row", class: "why-row" },
              h(
                "td",
                { role: "cell", colspan: 7 },
                whyPanel(row.comparison, { asked: question, comparison }),
              ),
            ),
          );
        return parts;
      }),
    );
    const link = (/** @type {string} */ label, /** @type {string} */ show) =>
      h("a", { href: formatAddress({ ...state, show, search: "" }) }, label);
    foot.replaceChildren(
      ...(sorted.length > limit
        ? [
            h(
              "button",
              {
                class: "more",
                onclick: () => {
                  limit += PAGE;
                  draw();
                },
              },
              `Show more (${sorted.length - limit} below)`,
            ),
          ]
        : []),
      h(
        "p",
        {},
        `${shown.length} of ${counted(rows.length, "benchmark")} shown`,
        hiddenCount > 0 ? " — not shown: " : "",
        ...STATUSES.filter((status) => hidden[status] > 0).flatMap((status, i) => [
          i > 0 ? ", " : "",
          link(`${hidden[status]} ${STATUS[status].word}`, status),
        ]),
        hiddenCount > 0 ? [". ", link("Show all", "all")] : null,
      ),
      ...comparison.skipped
        .slice(0, 200)
        .map(({ name, reason }) =>
          h(
            "p",
            { class: "faint" },
            "skipped ",
            h("bdi", {}, name.slice(0, 200)),
            ": ",
            reason.slice(0, 300),
          ),
        ),
    );
    if (focused) byKey(element, focused)?.focus({ preventScroll: true });
  }

  /** @param {Row[]} rows */
  function counts(rows) {
    const by = countRows(rows);
    return h(
      "nav",
      { class: "verdict-bar", "aria-label": "Verdicts" },
      h(
        "ul",
        {},
        STATUSES.filter((status) => by[status] > 0).map((status) => {
          const on = app.state.show === status;
          return h(
            "li",
            {},
            h(
              "a",
              {
                class: `chip ${status}`,
                "data-key": `chip ${status}`,
                "aria-current": on ? "true" : null,
                href: formatAddress({ ...app.state, show: on ? "" : status }),
              },
              h("span", { class: "glyph", "aria-hidden": "true" }, STATUS[status].glyph),
              " ",
              h("b", {}, String(by[status])),
              ` ${STATUS[status].word}`,
            ),
          );
        }),
      ),
    );
  }

  return {
    element,
    update,
    keys: {
      j: () => focusRow(table, 1),
      k: () => focusRow(table, -1),
      e: () =>
        /** @type {HTMLElement | null} */ (
          document.activeElement?.closest("tr")?.querySelector("button.why")
        )?.click(),
    },
  };
}
