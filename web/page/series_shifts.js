// @ts-check
// The change points of a series as a list, with the commits that may have made them.

import { h } from "./dom.js";
import { counted, percent, percentInterval, probability, quantity, runName } from "./format.js";
import { addressOf, nameRun } from "./state.js";
import { app } from "./store.js";

/** @typedef {import("./series_model.js").SeriesModel} SeriesModel */

/**
 * The change points in words, the newest first.
 * @param {HTMLElement} box @param {import("./types.d.ts").SeriesInfo} own @param {SeriesModel} model
 * @param {(place: number) => void} pin
 */
export function drawShifts(box, own, model, pin) {
  const { index, state } = app;
  if (!index) return;
  const few = model.points.x.length < 4;
  const candidate = (
    /** @type {import("./series_model.js").Shift} */ { point, candidates },
    /** @type {0 | 1} */ end,
  ) => point.candidates[end]?.slice(0, 7) ?? runName(index.runs[candidates[end]]);
  box.replaceChildren(
    h(
      "h2",
      {},
      model.shifts.length > 0
        ? counted(model.shifts.length, "change point")
        : few
          ? "Too few runs for change points"
          : "No change point",
    ),
    h(
      "ol",
      {},
      [...model.shifts].reverse().map((shift) => {
        const { point, run } = shift;
        const [first, last] = [candidate(shift, 0), candidate(shift, 1)];
        const before = index.runs[run - 1] ? nameRun(index.runs, run - 1) : "";
        const range =
          point.commits === 0
            ? "the same commit before and after: not the code"
            : first === last
              ? `first seen in ${first}`
              : `between ${first} and ${last}${point.commits ? `, one of ${point.commits} commits` : ""}`;
        return h(
          "li",
          {},
          h(
            "button",
            {
              class: "link",
              onclick: () => pin(Array.from(model.points.run).indexOf(run)),
            },
            h(
              "span",
              { class: point.effect === "regression" ? "worse" : "better" },
              `${point.effect === "regression" ? "▲" : "▼"} ${percent(point.change)}`,
            ),
            " ",
            percentInterval(point.interval),
            " at ",
            h("code", {}, runName(index.runs[run])),
          ),
          h(
            "span",
            {},
            ` ${quantity(point.before, own.unit)} → ${quantity(point.after, own.unit)}; ${range}; noise explains it in ${probability(point.p_value)}`,
            point.state === "probable"
              ? `; probable${point.settled_in ? `, settled in ${counted(point.settled_in, "run")}` : ""}`
              : "",
            point.holds ? "" : "; no longer so",
            point.acknowledged ? `; acknowledged: ${point.acknowledged.slice(0, 200)}` : "",
          ),
          before
            ? [
                " ",
                h(
                  "a",
                  {
                    href: addressOf(state, {
                      view: "compare",
                      baseline: before,
                      candidate: nameRun(index.runs, run),
                    }),
                  },
                  "compare",
                ),
              ]
            : null,
        );
      }),
    ),
  );
}
