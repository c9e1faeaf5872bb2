// @ts-check
// The points of a chart as a table, the newest first, a page at a time.

import { setState } from "./app.js";
import { app } from "./store.js";
import { h } from "./dom.js";
import { dateTime, percent, quantity, runName, shortened } from "./format.js";
import { addressOf, nameRun } from "./state.js";

const PAGE = 50;

/**
 * @param {import("./series_model.js").Points} points @param {string} unit @param {number | null} baseline
 * @param {import("./series_model.js").Shift[]} shifts
 */
export function pointTable(points, unit, baseline, shifts) {
  const { index, state } = app;
  const total = points.x.length;
  const pages = Math.max(1, Math.ceil(total / PAGE));
  const page = Math.min(state.page, pages - 1);
  const places = Array.from(
    { length: Math.min(PAGE, total - page * PAGE) },
    (_, i) => total - 1 - page * PAGE - i,
  );
  const shiftOf = new Map(shifts.map((shift) => [shift.run, shift.point]));
  const rows = places.map((place) => {
    const at = points.run[place];
    const run = index?.runs[at];
    const point = shiftOf.get(at);
    return h(
      "tr",
      {},
      h(
        "th",
        { scope: "row" },
        h(
          "a",
          {
            href: addressOf(state, {
              view: "compare",
              baseline: "history",
              candidate: nameRun(index?.runs ?? [], at),
            }),
          },
          h("code", {}, run ? runName(run) : ""),
        ),
      ),
      h("td", {}, run?.commit?.subject ? h("bdi", {}, shortened(run.commit.subject, 70)) : ""),
      h("td", {}, dateTime(run?.time ?? run?.commit?.time)),
      h("td", { class: "number" }, quantity(points.y[place], unit)),
      h("td", { class: "number" }, quantity(points.median[place], unit)),
      h(
        "td",
        { class: "number" },
        Number.isFinite(points.low[place])
          ? `${quantity(points.low[place], unit)} – ${quantity(points.high[place], unit)}`
          : "",
      ),
      h(
        "td",
        { class: "number" },
        place > 0 ? percent(points.y[place] / points.y[place - 1] - 1) : "",
      ),
      h("td", { class: "number" }, baseline ? percent(points.y[place] / baseline - 1) : ""),
      h(
        "td",
        {},
        point ? `${point.effect === "regression" ? "▲" : "▼"} ${percent(point.change)}` : "",
      ),
    );
  });
  const turn = (/** @type {string} */ text, /** @type {number} */ to) =>
    h("button", { disabled: to < 0 || to >= pages, onclick: () => setState({ page: to }) }, text);
  return h(
    "div",
    {},
    h(
      "div",
      { class: "scroll", tabindex: 0, role: "region", "aria-label": "Runs of this benchmark" },
      h(
        "table",
        { class: "points" },
        h(
          "caption",
          {},
          `Runs ${total === 0 ? 0 : total - page * PAGE} to ${Math.max(0, total - page * PAGE - places.length + 1)} of ${total}, the newest first`,
        ),
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            [
              "Run",
              "Commit",
              "Time (UTC)",
              "Value",
              "Median",
              "Quartiles",
              "To previous",
              "To baseline",
              "Change point",
            ].map((text) => h("th", { scope: "col" }, text)),
          ),
        ),
        h("tbody", {}, rows),
      ),
    ),
    pages > 1
      ? h(
          "div",
          { class: "actions" },
          turn("Newer", page - 1),
          h("span", {}, ` page ${page + 1} of ${pages} `),
          turn("Older", page + 1),
        )
      : null,
  );
}
