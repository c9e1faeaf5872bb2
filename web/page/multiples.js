// @ts-check
// Many series beside each other: a small drawing of each, on a scale of its own.

import { app } from "./store.js";
import { h, nameNode, svg } from "./dom.js";
import { percent, quantity, shortened } from "./format.js";
import { sparkline } from "./shapes.js";
import { addressOf } from "./state.js";

const [WIDTH, HEIGHT] = [260, 70];
/** A small drawing has no room for more points. */
const POINTS = 260;

/** @param {string} id @param {import("./series_model.js").SeriesModel} model @param {string} unit */
export function multiplesNode(id, model, unit) {
  const { y } = model.points;
  const recent = y.subarray(Math.max(0, y.length - POINTS));
  const { path } = sparkline(recent, WIDTH, HEIGHT, { noise: model.noise, threshold: 0.2 });
  const last = y[y.length - 1];
  const shift = model.shifts[model.shifts.length - 1];
  return h(
    "a",
    {
      class: "multiple",
      href: addressOf(app.state, { view: "series", id, metric: app.state.metric }),
    },
    h("span", { class: "multiple-name" }, nameNode(shortened(id, 60))),
    svg(
      "svg",
      { class: "spark", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true" },
      svg("path", { class: "line", d: path }),
    ),
    h(
      "span",
      { class: "faint" },
      quantity(last, unit),
      shift
        ? ` · ${shift.point.effect === "regression" ? "▲" : "▼"} ${percent(shift.point.change)}`
        : "",
    ),
  );
}
