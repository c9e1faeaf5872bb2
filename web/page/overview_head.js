// @ts-check
// The first lines of the overview: what happened, in one sentence, and all counts.

import { app } from "./store.js";
import { h } from "./dom.js";
import { counted, dateTime, percent, runName, shortened } from "./format.js";
import { ACCEPTANCE, countRows, STATUS, STATUSES } from "./model.js";
import { formatAddress } from "./state.js";

/** @typedef {import("./types.d.ts").Row} Row */

/** In one sentence: what happened. @param {Row[]} rows */
export function headline(rows) {
  const { index, comparison, reference, run, unjudged, agreement } = app;
  const at = index?.runs[run];
  if (app.judging && !comparison) return [h("h1", {}, "Judging…")];
  if (!index || !at) return [h("h1", {}, "No runs in this file")];
  const counts = countRows(rows);
  const drifted = rows.filter((row) => row.notes.includes("drifted")).length;
  const accepted = rows.filter(
    (row) => row.status === "regressed" && row.notes.includes(ACCEPTANCE.accepted),
  ).length;
  const failing = counts.regressed - accepted;
  /** @type {string} */
  let text;
  if (index.series.length === 0) text = "No benchmarks in this file";
  else if (!comparison) text = "Not judged yet";
  else if (failing > 0)
    text = `▲ ${counted(failing, "benchmark")} regressed${accepted > 0 ? `, ${accepted} more as accepted` : ""}`;
  else if (accepted > 0) text = `▲ ${counted(accepted, "benchmark")} regressed, as accepted`;
  else if (drifted > 0)
    text = `Nothing regressed since the baseline, but ${counted(drifted, "benchmark")} drifted`;
  else if (comparison.summary.compared === 0) text = "Nothing was compared";
  else
    text =
      counts.inconclusive > 0
        ? `Nothing regressed, ${counts.inconclusive} inconclusive`
        : "Nothing regressed";
  const what = h(
    "p",
    { class: "context" },
    "Run ",
    h("code", {}, runName(at)),
    at.commit?.subject ? [" ", h("q", {}, h("bdi", {}, shortened(at.commit.subject, 90)))] : null,
    at.commit?.author ? [" by ", h("bdi", {}, shortened(at.commit.author, 40))] : null,
    at.time ? ` · ${dateTime(at.time)} UTC` : null,
    reference && reference.kind !== "none"
      ? ` · against ${shortened(reference.why || counted(reference.runs.length, "run"), 200)}`
      : null,
  );
  const shift = /** @type {any} */ (comparison?.common_shift);
  return [
    h("h1", { class: failing > 0 ? "regressed" : null }, text),
    what,
    ...(unjudged && index.series.length > 0
      ? [h("p", { class: "banner" }, h("b", {}, "No verdicts: "), unjudged)]
      : []),
    ...(comparison?.warnings ?? []).map((warning) => h("p", { class: "banner warning" }, warning)),
    ...(shift && typeof shift.change === "number"
      ? [
          h(
            "p",
            { class: "banner warning" },
            `Most benchmarks shifted together, by ${percent(shift.change)}: the machine, or something that all of them use.`,
          ),
        ]
      : []),
    ...agreementNote(agreement),
  ];
}

/** @param {import("./types.d.ts").Agreement | null} agreement */
function agreementNote(agreement) {
  if (!agreement?.recorded) return [];
  const core = agreement.core ? `core ${agreement.core}` : "its core";
  if (agreement.agrees === null || agreement.agrees === undefined) {
    return [
      h(
        "p",
        { class: "agreement" },
        `What CI recorded (${core}) cannot be checked: ${agreement.why_unknown ?? "its baseline is not in this file"}.`,
      ),
    ];
  }
  return agreement.agrees
    ? [
        h(
          "p",
          { class: "agreement agrees" },
          h("span", { "aria-hidden": "true" }, "✓ "),
          `Agrees with what CI recorded (${core}).`,
        ),
      ]
    : [
        h(
          "p",
          { class: "agreement differs" },
          h("span", { "aria-hidden": "true" }, "≠ "),
          `CI (${core}) decided otherwise for ${counted(agreement.rows?.length ?? 0, "benchmark")}: marked below.`,
        ),
      ];
}

/** All counts, each a link to its rows. @param {Row[]} rows @param {number} shownCount */
export function verdictBar(rows, shownCount) {
  const { state } = app;
  const counts = countRows(rows);
  const chosen = new Set(state.show.split(",").filter(Boolean));
  const chip = (
    /** @type {string} */ show,
    /** @type {string} */ name,
    /** @type {(Node | string)[]} */ content,
    /** @type {boolean} */ none,
  ) => {
    const on = chosen.has(show);
    if (none && !on) return h("li", {}, h("span", { class: `chip none ${name}` }, content));
    return h(
      "li",
      {},
      h(
        "a",
        {
          class: `chip ${name}`,
          "data-key": `chip ${show}`,
          "aria-current": on ? "true" : null,
          href: formatAddress({ ...state, show: on ? "" : show, open: "" }),
        },
        content,
      ),
    );
  };
  const always = new Set(["regressed", "improved", "inconclusive", "unchanged"]);
  const tail = rows.filter((row) => row.notes.includes("tail slower")).length;
  const drifted = rows.filter((row) => row.notes.includes("drifted")).length;
  const accepted = rows.filter((row) => row.notes.includes(ACCEPTANCE.accepted)).length;
  return h(
    "nav",
    { class: "verdict-bar", "aria-label": "Verdicts" },
    h(
      "ul",
      {},
      STATUSES.filter((status) => always.has(status) || counts[status] > 0).map((status) =>
        chip(
          status,
          status,
          [
            h("span", { class: "glyph", "aria-hidden": "true" }, STATUS[status].glyph),
            " ",
            h("b", {}, String(counts[status])),
            ` ${STATUS[status].word}`,
          ],
          counts[status] === 0,
        ),
      ),
      drifted > 0
        ? chip("drifted", "regressed", [h("b", {}, String(drifted)), " drifted"], false)
        : null,
      tail > 0
        ? chip("tail-slower", "inconclusive", [h("b", {}, String(tail)), " tail slower"], false)
        : null,
      accepted > 0
        ? chip("accepted", "unchanged", [h("b", {}, String(accepted)), " accepted"], false)
        : null,
      chip(
        "all",
        "all",
        [h("b", {}, String(rows.length)), " all"],
        shownCount === rows.length && !chosen.has("all"),
      ),
    ),
  );
}
