// @ts-check
// The large chart: uPlot draws the axes and selects, what is within them is painted here.

import { createRail } from "./chart_rail.js";
import { lowerBound, nearest } from "./decimate.js";
import { h } from "./dom.js";
import { axisTexts, scaleOf } from "./format.js";
import {
  paintMedians,
  paintCursor,
  paintEpochs,
  paintLevels,
  paintMark,
  paintPoints,
} from "./paint.js";
import { listenToGestures, panWithMouse } from "./gestures.js";
import { extent, yRange } from "./scale.js";
import { huesOf } from "./shapes.js";
import { uPlot } from "./uplot.js";

/**
 * @typedef {import("./series_model.js").SeriesModel} SeriesModel
 * @typedef {{models: {name: string, model: SeriesModel}[], unit: string, relative: boolean, kind: import("./scale.js").YScale,
 *   date: boolean, threshold: number, noise: number, label: (run: number) => string, placeName: (x: number) => string,
 *   hidden: Set<string>, marks: {x: number, label: string}[], flags: {x: number, text: string}[]}} ChartData
 * @typedef {{move: (place: number) => void, pin: (place: number) => void, range: (from: number, to: number, done: boolean) => void}} ChartEvents
 */

const HEIGHT = { wide: 340, narrow: 260 };

/** @returns {import("./paint.js").Palette & {axis: string, grid: string}} */
function paletteOf() {
  const style = getComputedStyle(document.documentElement);
  const colour = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  return {
    line: colour("--chart-line"),
    point: colour("--chart-point"),
    band: colour("--chart-band"),
    level: colour("--chart-level"),
    interval: colour("--chart-interval"),
    epoch: colour("--faint"),
    mark: colour("--accent"),
    median: colour("--chart-median"),
    axis: colour("--faint"),
    grid: colour("--grid"),
  };
}

/** The colours of series that are shown together, by their names. @param {string[]} names */
export function seriesColours(names) {
  const dark = document.documentElement.dataset.theme === "dark";
  const colour = (/** @type {number} */ hue) => `hsl(${hue} ${dark ? "75% 68%" : "70% 36%"})`;
  return new Map([...huesOf(names)].map(([name, hue]) => [name, colour(hue)]));
}

/** @param {ChartEvents} events */
export function createChart(events) {
  const rail = createRail(events.pin);
  const plot = h("div", { class: "plot" });
  const element = h("div", { class: "chart" }, rail.element, plot);
  /** @type {import("uplot") | null} */
  let chart = null;
  /** @type {ChartData | null} */
  let data = null;
  let colours = paletteOf();
  let shape = "";
  let cursor = -1;
  /** The range that is shown, and the whole. */
  let [from, to, first, last] = [0, 1, 0, 1];
  let clipped = 0;
  /** @type {[number, number]} */
  let limits = [0, 1];

  /** @type {import("./gestures.js").Handling} */
  const handling = {
    visible: () => [from, to],
    setRange,
    zoom,
    pinNear(x) {
      const place = nearest(points().x, x);
      if (place >= 0) events.pin(place);
    },
  };

  const points = () => /** @type {ChartData} */ (data).models[0].model.points;

  /** @param {import("uplot")} u */
  function paint(u) {
    if (!data) return;
    const { ctx, bbox } = u;
    const ratio = devicePixelRatio || 1;
    const frame = {
      ctx,
      left: bbox.left,
      top: bbox.top,
      width: bbox.width,
      height: bbox.height,
      ratio,
      from,
      to,
      x: (/** @type {number} */ value) => u.valToPos(value, "x", true),
      y: (/** @type {number} */ value) =>
        Math.min(1e5, Math.max(-1e5, u.valToPos(value, "y", true))),
    };
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    const several = data.models.length > 1;
    const colourOf = seriesColours(data.models.map(({ name }) => name));
    for (const { name, model } of data.models) {
      const colour = colourOf.get(name) ?? colours.point;
      const palette = several
        ? { ...colours, line: colour, point: colour, level: colour, interval: colour }
        : colours;
      const hidden = several ? new Set([...data.hidden, "noise", "intervals"]) : data.hidden;
      paintLevels(frame, model, palette, hidden);
      if (!several && !hidden.has("medians")) paintMedians(frame, model, palette);
      paintPoints(frame, model, palette, hidden);
    }
    if (!data.hidden.has("epochs")) paintEpochs(frame, data.models[0].model, colours);
    for (const { x, label } of data.marks) paintMark(frame, x, colours.mark, label);
    const at = points();
    if (cursor >= 0 && cursor < at.x.length)
      paintCursor(frame, at.x[cursor], at.y[cursor], colours.mark);
    if (clipped > 0) {
      ctx.fillStyle = colours.axis;
      ctx.font = `${12 * ratio}px system-ui, sans-serif`;
      ctx.textAlign = "right";
      ctx.fillText(`${clipped} beyond`, bbox.left + bbox.width - 6 * ratio, bbox.top + 14 * ratio);
    }
    ctx.restore();
    rail.place(u, from, to);
  }

  function build() {
    if (!data) return;
    colours = paletteOf();
    limits = yLimits();
    chart?.destroy();
    const { date, kind, relative, unit } = data;
    const size = data.models[0].model.points.y;
    const { divisor, suffix } = relative
      ? { divisor: 0.01, suffix: "%" }
      : scaleOf(extent([size])?.[1] ?? 1, unit);
    const narrow = plot.clientWidth < 560;
    const axis = {
      stroke: colours.axis,
      grid: { stroke: colours.grid, width: 1 },
      ticks: { stroke: colours.grid, width: 1 },
      font: "12px system-ui, sans-serif",
    };
    chart = new uPlot(
      {
        width: Math.max(200, plot.clientWidth),
        height: narrow ? HEIGHT.narrow : HEIGHT.wide,
        padding: [6, 28, 0, 0],
        legend: { show: false },
        scales: {
          x: { time: date, auto: false, range: () => [from, to] },
          y: { auto: false, distr: kind === "log" && !relative ? 3 : 1, range: () => limits },
        },
        series: [{}, { show: true, paths: () => null, points: { show: false } }],
        axes: [
          date
            ? { ...axis, space: 80 }
            : {
                ...axis,
                space: 80,
                incrs: [
                  1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000,
                ],
                values: (_, ticks) => ticks.map((tick) => data?.placeName(tick) ?? ""),
              },
          {
            ...axis,
            size: 64,
            label: suffix,
            labelSize: 18,
            labelFont: "12px system-ui, sans-serif",
            labelGap: 0,
            values: (_, ticks) => axisTexts(ticks, divisor, relative),
          },
        ],
        cursor: {
          y: false,
          points: { show: false },
          drag: { x: true, y: false, setScale: false },
          bind: {
            dblclick: () => () => {
              setRange(first, last, true);
              return null;
            },
            mousedown: (u, _, handler) => (event) => {
              if (event.button === 0 && event.shiftKey) panWithMouse(u, event, handling);
              else handler(event);
              return null;
            },
          },
        },
        hooks: {
          draw: [paint],
          setSelect: [
            (u) => {
              if (u.select.width > 4)
                setRange(
                  u.posToVal(u.select.left, "x"),
                  u.posToVal(u.select.left + u.select.width, "x"),
                  true,
                );
              u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            },
          ],
          setCursor: [
            (u) => {
              const left = u.cursor.left ?? -1;
              if (left < 0 || !data) return;
              const place = nearest(points().x, u.posToVal(left, "x"));
              if (place >= 0) events.move(place);
            },
          ],
        },
      },
      [
        [first, last],
        [null, null],
      ],
      plot,
    );
    listenToGestures(chart, handling);
  }

  /** The range of the y axis for what is visible. @returns {[number, number]} */
  function yLimits() {
    if (!data) return [0, 1];
    const { models } = data;
    const [only] = models;
    const simple = models.length === 1 && only.model.points.x.length >= 2000;
    /** @type {number[]} */
    const values = [];
    const medians = models.length === 1 && only.model.apart && !data.hidden.has("medians");
    if (simple) {
      const { x, y, median } = only.model.points;
      const [start, end] = [lowerBound(x, from), lowerBound(x, to + 1e-9)];
      if (!medians) return rangeOf(y.subarray(start, end));
      const both = new Float64Array(2 * (end - start));
      both.set(y.subarray(start, end));
      both.set(median.subarray(start, end), end - start);
      return rangeOf(both);
    }
    for (const { model } of models) {
      const { x, y, median, low, high } = model.points;
      const bars = models.length === 1 && !data.hidden.has("intervals") && x.length < 2000;
      const end = lowerBound(x, to + 1e-9);
      for (let i = lowerBound(x, from); i < end; i += 1) {
        values.push(y[i]);
        if (medians && Number.isFinite(median[i])) values.push(median[i]);
        if (bars && Number.isFinite(low[i])) values.push(low[i]);
        if (bars && Number.isFinite(high[i]) && high[i] < y[i] * 1.5) values.push(high[i]);
      }
    }
    return rangeOf(values);
  }

  /** @param {ArrayLike<number>} values what is visible @returns {[number, number]} */
  function rangeOf(values) {
    const { kind, relative, noise, threshold } = /** @type {ChartData} */ (data);
    const range = relative
      ? yRange(
          Float64Array.from(values, (value) => value + 1),
          "fit",
          { noise, threshold },
        )
      : yRange(values, kind, { noise, threshold });
    clipped = range.clipped;
    return relative ? [range.min - 1, range.max - 1] : [range.min, range.max];
  }

  /** @param {number} a @param {number} b @param {boolean} done whether it is more than a moment of a drag */
  function setRange(a, b, done) {
    const least = data?.date ? 60 : 2;
    const whole = last - first;
    let width = Math.min(whole, Math.max(least, b - a));
    if (!(width > 0)) width = 1;
    let start = (a + b) / 2 - width / 2;
    start = Math.min(last - width, Math.max(first, start));
    [from, to] = [start, start + width];
    refresh();
    events.range(from, to, done);
  }

  /** @param {number} factor @param {number} [around] */
  function zoom(factor, around = (from + to) / 2) {
    const [a, b] = [around - (around - from) * factor, around + (to - around) * factor];
    setRange(a, b, true);
  }

  function refresh() {
    limits = yLimits();
    chart?.batch(() => {
      chart?.setScale("x", { min: from, max: to });
      chart?.setScale("y", { min: limits[0], max: limits[1] });
      chart?.redraw(false, true);
    });
  }

  const resized = new ResizeObserver(() => {
    if (chart && plot.clientWidth > 0 && Math.abs(plot.clientWidth - chart.width) > 1) {
      chart.setSize({
        width: plot.clientWidth,
        height: plot.clientWidth < 560 ? HEIGHT.narrow : HEIGHT.wide,
      });
    }
  });
  resized.observe(plot);
  const recolour = () => {
    shape = "";
    build();
  };
  addEventListener("themechange", recolour);

  return {
    element,
    /** @param {ChartData} next @param {[number, number] | null} range what is visible; null for all */
    update(next, range) {
      data = next;
      const all = extent(next.models.map(({ model }) => model.points.x)) ?? [0, 1];
      const edge = all[1] > all[0] ? (all[1] - all[0]) * 0.02 : next.date ? 43_200 : 1;
      [first, last] = [all[0] - edge, all[1] + edge];
      [from, to] = range ? [Math.max(first, range[0]), Math.min(last, range[1])] : [first, last];
      if (!(to > from)) [from, to] = [first, last];
      const now = `${next.date} ${next.kind} ${next.relative} ${next.unit} ${next.models.map(({ name }) => name).join()}`;
      rail.draw(next);
      if (now !== shape) {
        shape = now;
        build();
      } else refresh();
    },
    /** @param {number} place */
    setCursor(place) {
      if (place === cursor) return;
      cursor = place;
      chart?.redraw(false, false);
    },
    /** Where a point stands, in pixels of the chart's element. @param {number} place */
    position(place) {
      const at = points();
      if (!chart || place < 0 || place >= at.x.length) return null;
      const ratio = devicePixelRatio || 1;
      return {
        left: chart.bbox.left / ratio + chart.valToPos(at.x[place], "x"),
        top: rail.element.offsetHeight + chart.bbox.top / ratio + chart.valToPos(at.y[place], "y"),
      };
    },
    zoom,
    /** @param {number} share of the visible width */
    pan(share) {
      setRange(from + (to - from) * share, to + (to - from) * share, true);
    },
    reset: () => setRange(first, last, true),
    setRange,
    visible: () => /** @type {[number, number]} */ ([from, to]),
    whole: () => /** @type {[number, number]} */ ([first, last]),
    /** Shows a point that is outside. @param {number} place */
    reveal(place) {
      const x = points().x[place];
      if (x < from || x > to) setRange(x - (to - from) / 2, x + (to - from) / 2, true);
    },
    destroy() {
      resized.disconnect();
      removeEventListener("themechange", recolour);
      chart?.destroy();
    },
  };
}
