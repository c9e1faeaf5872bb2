// @ts-check
// What a chart paints on its canvas: bands, levels, intervals, points, breaks.

import { decimate, lowerBound } from "./decimate.js";

/**
 * @typedef {import("./series_model.js").SeriesModel} SeriesModel
 * @typedef {{ctx: CanvasRenderingContext2D, left: number, top: number, width: number, height: number,
 *   x: (value: number) => number, y: (value: number) => number, from: number, to: number, ratio: number}} Frame
 * @typedef {{line: string, point: string, band: string, level: string, interval: string, epoch: string, mark: string, median: string}} Palette
 */

/** With more points than this for each pixel, columns of pixels are drawn instead of points. */
const DENSITY = 0.5;
/** Interval bars are drawn where they are so many pixels apart at least. */
const BAR_GAP = 3;

/** @param {Frame} frame @param {SeriesModel} model @param {Palette} palette @param {Set<string>} hidden */
export function paintLevels({ ctx, x, y, ratio }, model, palette, hidden) {
  for (const level of model.levels) {
    const [x0, x1] = [x(level.x0) - 3 * ratio, x(level.x1) + 3 * ratio];
    if (!hidden.has("noise") && level.noise > 0) {
      const edge = (/** @type {number} */ value, /** @type {number} */ side) =>
        y(
          level.relative
            ? value * (side > 0 ? 1 + level.noise : 1 / (1 + level.noise))
            : value + side * level.noise,
        );
      ctx.fillStyle = palette.band;
      ctx.beginPath();
      ctx.moveTo(x0, edge(level.y0, 1));
      ctx.lineTo(x1, edge(level.y1, 1));
      ctx.lineTo(x1, edge(level.y1, -1));
      ctx.lineTo(x0, edge(level.y0, -1));
      ctx.fill();
    }
    if (!hidden.has("levels")) {
      ctx.strokeStyle = palette.level;
      ctx.lineWidth = 2 * ratio;
      ctx.beginPath();
      ctx.moveTo(x0, y(level.y0));
      ctx.lineTo(x1, y(level.y1));
      ctx.stroke();
    }
  }
}

/** @param {Frame} frame @param {SeriesModel} model @param {Palette} palette @param {Set<string>} hidden */
export function paintPoints(frame, model, palette, hidden) {
  const { ctx, x, y, from, to, width, ratio } = frame;
  const { points, epochs } = model;
  const first = Math.max(0, lowerBound(points.x, from) - 1);
  const last = Math.min(points.x.length, lowerBound(points.x, to) + 2);
  const count = last - first;
  if (count <= 0) return;
  if (count > (width / ratio) * DENSITY) {
    const columns = decimate(
      points.x,
      points.y,
      from,
      to,
      Math.max(1, Math.floor(width / ratio / 2)),
    );
    ctx.strokeStyle = palette.interval;
    ctx.lineWidth = 2 * ratio;
    ctx.beginPath();
    for (let i = 0; i < columns.x.length; i += 1) {
      const at = x(columns.x[i]);
      const [high, low] = [y(columns.high[i]), y(columns.low[i])];
      ctx.moveTo(at, high);
      ctx.lineTo(at, Math.max(low, high + ratio));
    }
    ctx.stroke();
    ctx.strokeStyle = palette.point;
    ctx.lineWidth = 1.25 * ratio;
    ctx.beginPath();
    for (let i = 0; i < columns.x.length; i += 1) {
      if (i === 0) ctx.moveTo(x(columns.x[i]), y(columns.middle[i]));
      else ctx.lineTo(x(columns.x[i]), y(columns.middle[i]));
    }
    ctx.stroke();
    return;
  }
  if (!hidden.has("intervals") && width / ratio / count >= BAR_GAP) {
    ctx.strokeStyle = palette.interval;
    ctx.lineWidth = 1.5 * ratio;
    ctx.beginPath();
    for (let i = first; i < last; i += 1) {
      if (!Number.isFinite(points.low[i]) || !Number.isFinite(points.high[i])) continue;
      const at = x(points.x[i]);
      ctx.moveTo(at, y(points.low[i]));
      ctx.lineTo(at, y(points.high[i]));
    }
    ctx.stroke();
  }
  if (!hidden.has("line")) {
    ctx.strokeStyle = palette.line;
    ctx.lineWidth = ratio;
    ctx.beginPath();
    let epoch = 0;
    for (let i = first; i < last; i += 1) {
      let broken = i === first;
      while (epoch < epochs.length && epochs[epoch].x < points.x[i]) {
        if (i > first && epochs[epoch].x > points.x[i - 1]) broken = true;
        epoch += 1;
      }
      if (broken) ctx.moveTo(x(points.x[i]), y(points.y[i]));
      else ctx.lineTo(x(points.x[i]), y(points.y[i]));
    }
    ctx.stroke();
  }
  if (!hidden.has("points")) {
    ctx.fillStyle = palette.point;
    const radius = Math.min(3.5, Math.max(1.5, width / ratio / count / 3)) * ratio;
    ctx.beginPath();
    for (let i = first; i < last; i += 1) {
      const [px, py] = [x(points.x[i]), y(points.y[i])];
      ctx.moveTo(px + radius, py);
      ctx.arc(px, py, radius, 0, 2 * Math.PI);
    }
    ctx.fill();
  }
}

/** The medians, where what is compared is another figure. @param {Frame} frame @param {SeriesModel} model @param {Palette} palette */
export function paintMedians({ ctx, x, y, from, to, width, ratio }, model, palette) {
  const { points } = model;
  if (!model.apart) return;
  const first = lowerBound(points.x, from);
  const last = lowerBound(points.x, to);
  ctx.strokeStyle = palette.median;
  ctx.lineWidth = ratio;
  if (last - first > (width / ratio) * DENSITY) {
    const columns = decimate(
      points.x,
      points.median,
      from,
      to,
      Math.max(1, Math.floor(width / ratio / 2)),
    );
    ctx.beginPath();
    for (let i = 0; i < columns.x.length; i += 1) ctx.lineTo(x(columns.x[i]), y(columns.middle[i]));
    ctx.stroke();
    return;
  }
  const radius = Math.min(3.5, Math.max(1.5, width / ratio / (last - first + 1) / 3)) * ratio;
  ctx.beginPath();
  for (let i = first; i < last; i += 1) {
    if (!Number.isFinite(points.median[i]) || points.median[i] === points.y[i]) continue;
    const [px, py] = [x(points.x[i]), y(points.median[i])];
    ctx.moveTo(px + radius, py);
    ctx.arc(px, py, radius, 0, 2 * Math.PI);
  }
  ctx.stroke();
}

/** Environments' ends as rules. @param {Frame} frame @param {SeriesModel} model @param {Palette} palette */
export function paintEpochs({ ctx, x, top, height, ratio }, model, palette) {
  ctx.save();
  ctx.strokeStyle = palette.epoch;
  ctx.fillStyle = palette.epoch;
  ctx.setLineDash([4 * ratio, 4 * ratio]);
  ctx.lineWidth = ratio;
  ctx.font = `${11 * ratio}px system-ui, sans-serif`;
  ctx.textAlign = "left";
  let free = -Infinity;
  for (const epoch of model.epochs) {
    const at = x(epoch.x);
    ctx.beginPath();
    ctx.moveTo(at, top);
    ctx.lineTo(at, top + height);
    ctx.stroke();
    if (at > free) {
      ctx.fillText(epoch.short, at + 3 * ratio, top + 11 * ratio);
      free = at + ctx.measureText(epoch.short).width + 8 * ratio;
    }
  }
  ctx.restore();
}

/** A run that is marked or pinned. @param {Frame} frame @param {number} at @param {string} colour @param {string} label */
export function paintMark({ ctx, x, top, height, ratio }, at, colour, label) {
  ctx.strokeStyle = colour;
  ctx.fillStyle = colour;
  ctx.lineWidth = 1.5 * ratio;
  ctx.beginPath();
  ctx.moveTo(x(at), top);
  ctx.lineTo(x(at), top + height);
  ctx.stroke();
  ctx.font = `bold ${12 * ratio}px system-ui, sans-serif`;
  ctx.textAlign = "left";
  ctx.fillText(label, x(at) + 4 * ratio, top + height - 6 * ratio);
}

/** The point under the cursor. @param {Frame} frame @param {number} px @param {number} py @param {string} colour */
export function paintCursor({ ctx, x, y, ratio }, px, py, colour) {
  ctx.strokeStyle = colour;
  ctx.lineWidth = 2 * ratio;
  ctx.beginPath();
  ctx.arc(x(px), y(py), 6 * ratio, 0, 2 * Math.PI);
  ctx.stroke();
}
