// @ts-check
// The small drawings, as SVG paths: sparklines and forest bars. Text out, no document.

import { yRange } from "./scale.js";

/**
 * The path of a sparkline in a box of `width` × `height`; a gap where there is no value.
 * @param {ArrayLike<number>} values @param {number} width @param {number} height
 * @param {{noise?: number, threshold?: number}} known
 * @param {ArrayLike<number>} [others] a second line behind it, on the scale of the first
 * @returns {{path: string, behind: string, x: (place: number) => number, y: (value: number) => number}}
 */
export function sparkline(values, width, height, known, others = []) {
  const { min, max } = yRange(values, "fit", known);
  const inset = 2;
  const step = values.length > 1 ? (width - 2 * inset) / (values.length - 1) : 0;
  const x = (/** @type {number} */ place) => inset + place * step;
  const y = (/** @type {number} */ value) => {
    const share = (value - min) / (max - min);
    return inset + (1 - Math.min(1, Math.max(0, share))) * (height - 2 * inset);
  };
  const round = (/** @type {number} */ value) => Math.round(value * 10) / 10;
  const line = (/** @type {ArrayLike<number>} */ list) => {
    let path = "";
    let drawing = false;
    for (let i = 0; i < list.length; i += 1) {
      if (!Number.isFinite(list[i])) {
        drawing = false;
        continue;
      }
      path += `${drawing ? "L" : "M"}${round(x(i))} ${round(y(list[i]))}`;
      // A point alone would not be seen.
      if (!drawing && !Number.isFinite(list[i + 1])) path += "h.1";
      drawing = true;
    }
    return path;
  };
  // Of the line behind, what lies outside of the box would be a false level at its edge.
  const inside = Array.from(others, (value) => (value >= min && value <= max ? value : Number.NaN));
  return { path: line(values), behind: line(inside), x, y };
}

/**
 * The values of the last `count` runs that have one, up to and including `last`, and their places.
 * @param {ArrayLike<number>} levels of all runs @param {number} last @param {number} count
 * @param {(run: number) => boolean} counts whether a run belongs to the series
 */
export function recentValues(levels, last, count, counts) {
  /** @type {number[]} */
  const runs = [];
  for (let run = last; run >= 0 && runs.length < count; run -= 1) {
    if (counts(run) && Number.isFinite(levels[run])) runs.push(run);
  }
  runs.reverse();
  return { runs, values: Float64Array.from(runs, (run) => levels[run]) };
}

/**
 * A fall is held against the rise that undoes it: the changes from which on a row is relevantly
 * worse and better.
 * @param {{better: "lower" | "higher", threshold: number, improvementThreshold: number}} row
 * @returns {[number, number]} the lower and the upper
 */
export function limitsOf({ better, threshold, improvementThreshold }) {
  const fall = (/** @type {number} */ rise) => 1 / (1 + rise) - 1;
  return better === "lower"
    ? [fall(improvementThreshold), threshold]
    : [fall(threshold), improvementThreshold];
}

/**
 * Where changes lie on a bar: from −reach to +reach, on the scale of the logarithm; what lies beyond
 * is put to the end, and said.
 * @param {number} width @param {number} reach the ratio at the end, above 0
 */
export function forestScale(width, reach) {
  const end = Math.log1p(reach);
  return (/** @type {number} */ change) => {
    const at = Math.log1p(Math.max(change, -0.999999)) / end;
    return { x: (width / 2) * (1 + Math.min(1, Math.max(-1, at))), beyond: Math.abs(at) > 1 };
  };
}

/**
 * Round steps for the ticks of an axis.
 * @param {number} min @param {number} max @param {number} count about so many
 */
export function ticks(min, max, count) {
  const span = max - min;
  if (!(span > 0)) return [min];
  const raw = span / Math.max(1, count);
  const size = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 5, 10].find((factor) => factor * size >= raw) ?? 10) * size;
  const found = [];
  for (let i = Math.ceil(min / step); i * step <= max + step * 1e-9; i += 1) found.push(i * step);
  return found;
}

/**
 * A hue of its own for each name, whatever else is shown.
 * @param {string} name
 */
export function hueOf(name) {
  let hash = 2166136261;
  for (let i = 0; i < name.length; i += 1) {
    hash = Math.imul(hash ^ name.charCodeAt(i), 16777619) >>> 0;
  }
  // The high bits of a short name's hash are the better mixed ones.
  return (((hash ^ (hash >>> 15)) % 360) + 360) % 360;
}

/** Hues nearer to each other than this look alike. */
const HUES_APART = 30;
/** The step that keeps new hues far from all earlier ones: the golden angle, in degrees. */
const HUE_STEP = 137.5;

/**
 * The hues of names that are shown together: each its own, moved on where it would look like that of
 * another. They depend on which names there are, not on their order.
 * @param {string[]} names
 * @returns {Map<string, number>}
 */
export function huesOf(names) {
  /** @type {Map<string, number>} */
  const hues = new Map();
  const alike = (/** @type {number} */ hue) =>
    [...hues.values()].some((other) => {
      const apart = Math.abs(hue - other) % 360;
      return Math.min(apart, 360 - apart) < HUES_APART;
    });
  for (const name of [...new Set(names)].sort()) {
    let hue = hueOf(name);
    for (let i = 0; i < 24 && alike(hue); i += 1) hue = (hue + HUE_STEP) % 360;
    hues.set(name, hue);
  }
  return hues;
}
