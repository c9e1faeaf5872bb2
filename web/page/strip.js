// @ts-check
// The whole series in a narrow strip beneath the chart, with handles on what the chart shows of it.

import { decimate } from "./decimate.js";
import { h, svg } from "./dom.js";
import { yRange } from "./scale.js";

const [WIDTH, HEIGHT] = [1000, 44];

/** @param {(from: number, to: number, done: boolean) => void} setRange */
export function createStrip(setRange) {
  const path = svg("path", { class: "line" });
  const drawing = svg(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true" },
    path,
  );
  const handle = (/** @type {string} */ side, /** @type {string} */ label) =>
    h("div", {
      class: `handle ${side}`,
      role: "slider",
      tabindex: 0,
      "aria-label": label,
      "aria-valuemin": 0,
      "aria-valuemax": 100,
    });
  const left = handle("left", "First run that is shown");
  const right = handle("right", "Last run that is shown");
  const frame = h("div", { class: "window" }, left, right);
  const element = h("div", { class: "strip" }, drawing, frame);
  let [first, last, from, to] = [0, 1, 0, 1];

  const share = (/** @type {number} */ x) => (x - first) / (last - first);
  function place() {
    frame.style.left = `${share(from) * 100}%`;
    frame.style.width = `${(share(to) - share(from)) * 100}%`;
    left.setAttribute("aria-valuenow", String(Math.round(share(from) * 100)));
    right.setAttribute("aria-valuenow", String(Math.round(share(to) * 100)));
  }

  element.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    const box = element.getBoundingClientRect();
    const at = (/** @type {PointerEvent} */ e) =>
      first + ((e.clientX - box.left) / box.width) * (last - first);
    const start = at(event);
    const [from0, to0] = [from, to];
    const grabbed =
      event.target === left
        ? "left"
        : event.target === right
          ? "right"
          : start >= from && start <= to
            ? "window"
            : "new";
    element.setPointerCapture(event.pointerId);
    const move = (/** @type {PointerEvent} */ e) => {
      const now = at(e);
      if (grabbed === "left") setRange(Math.min(now, to0), to0, false);
      else if (grabbed === "right") setRange(from0, Math.max(now, from0), false);
      else if (grabbed === "window") setRange(from0 + now - start, to0 + now - start, false);
      else setRange(Math.min(start, now), Math.max(start, now), false);
    };
    const end = () => {
      element.removeEventListener("pointermove", move);
      setRange(from, to, true);
    };
    element.addEventListener("pointermove", move);
    element.addEventListener("pointerup", end, { once: true });
    element.addEventListener("pointercancel", end, { once: true });
  });
  const nudge = (/** @type {KeyboardEvent} */ event, /** @type {"left" | "right"} */ side) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const by = (step * (last - first)) / 50;
    if (side === "left") setRange(from + by, to, true);
    else setRange(from, to + by, true);
  };
  left.addEventListener("keydown", (event) => nudge(event, "left"));
  right.addEventListener("keydown", (event) => nudge(event, "right"));

  return {
    element,
    /** @param {import("./series_model.js").SeriesModel} model @param {[number, number]} whole @param {number} threshold */
    draw(model, whole, threshold) {
      [first, last] = whole;
      const { x, y } = model.points;
      const columns = decimate(x, y, first, last, WIDTH / 2);
      const { min, max } = yRange(y, "fit", { noise: model.noise, threshold });
      const py = (/** @type {number} */ value) =>
        (3 + (1 - Math.min(1, Math.max(0, (value - min) / (max - min)))) * (HEIGHT - 6)).toFixed(1);
      let d = "";
      for (let i = 0; i < columns.x.length; i += 1) {
        const px = (share(columns.x[i]) * WIDTH).toFixed(1);
        d += `${i === 0 ? "M" : "L"}${px} ${py(columns.middle[i])}`;
        if (columns.count[i] > 1)
          d += `M${px} ${py(columns.low[i])}V${py(columns.high[i])}M${px} ${py(columns.middle[i])}`;
      }
      path.setAttribute("d", d);
      place();
    },
    /** @param {number} a @param {number} b */
    show(a, b) {
      [from, to] = [a, b];
      place();
    },
  };
}
