// @ts-check
// The rail above the plot: the change points as buttons, with the runs that may have made them, and the
// notes on runs.

import { nearest } from "./decimate.js";
import { h } from "./dom.js";
import { percent } from "./format.js";

/** @param {(place: number) => void} pin */
export function createRail(pin) {
  const element = h("div", { class: "rail" });

  /** @param {import("./chart.js").ChartData} data */
  function draw(data) {
    const { model } = data.models[0];
    const parts = model.shifts.flatMap((shift) => {
      const { point } = shift;
      const worse = point.effect === "regression";
      const name = data.label(shift.run) ?? "";
      const range = h("div", {
        class: `range ${worse ? "worse" : "better"}`,
        "data-from": shift.from,
        "data-to": shift.to,
        "aria-hidden": "true",
      });
      const button = h(
        "button",
        {
          class: `shift ${worse ? "worse" : "better"} ${point.state}`,
          "data-from": shift.x,
          "data-to": shift.x,
          "aria-label": `${worse ? "Worse" : "Better"} by ${percent(point.change)} since ${name}${point.state === "probable" ? ", probable" : ""}`,
          title: `${percent(point.change)} since ${name}`,
          onclick: () => pin(Array.from(model.points.run).indexOf(shift.run)),
        },
        worse ? "▲" : "▼",
      );
      return [range, button];
    });
    const flags = data.flags.map(({ x, text }) =>
      h(
        "button",
        {
          class: "flag",
          "data-from": x,
          "data-to": x,
          title: text.slice(0, 300),
          "aria-label": `Note: ${text.slice(0, 300)}`,
          onclick: () => pin(nearest(model.points.x, x)),
        },
        "⚑",
      ),
    );
    element.replaceChildren(...parts, ...flags);
  }

  /** Puts everything over its run. @param {import("uplot")} u @param {number} from @param {number} to what is visible */
  function place(u, from, to) {
    const ratio = devicePixelRatio || 1;
    const [left, width] = [u.bbox.left / ratio, u.bbox.width / ratio];
    const at = (/** @type {number} */ x) => left + ((x - from) / (to - from)) * width;
    for (const child of /** @type {Iterable<HTMLElement>} */ (
      /** @type {unknown} */ (element.children)
    )) {
      const [x0, x1] = [Number(child.dataset.from), Number(child.dataset.to)];
      const [p0, p1] = [Math.max(left, at(x0)), Math.min(left + width, at(x1))];
      child.hidden = x1 < from || x0 > to;
      child.style.left = `${p0}px`;
      if (child.classList.contains("range")) child.style.width = `${Math.max(4, p1 - p0)}px`;
    }
  }

  return { element, draw, place };
}
