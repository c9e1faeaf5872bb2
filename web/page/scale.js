// @ts-check
// What a chart's y axis shows. A scale that follows the data makes noise look like cliffs, one from
// zero makes steps look flat: the scale "fit" follows the data but never shows less than what noise
// alone fills, so that a quiet series looks flat and a real step looks like a step.

/** At least so many standard deviations of the noise are visible. */
const NOISES = 8;
/** At least so many times the threshold is visible. */
const THRESHOLDS = 4;
/** Room above and below what is shown, of its height. */
const MARGIN = 0.06;

/** @typedef {"fit" | "zero" | "log" | "relative"} YScale */
export const Y_SCALES = /** @type {const} */ (["fit", "zero", "log", "relative"]);

/**
 * The least and the greatest finite number of some lists; null where there is none.
 * @param {ArrayLike<number>[]} lists
 * @returns {[number, number] | null}
 */
export function extent(lists) {
  let low = Infinity;
  let high = -Infinity;
  for (const list of lists) {
    for (let i = 0; i < list.length; i += 1) {
      const value = list[i];
      if (!Number.isFinite(value)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return low <= high ? [low, high] : null;
}

/**
 * The median of the finite numbers of a list; NaN where there is none.
 * @param {ArrayLike<number>} list
 */
export function medianOf(list) {
  const finite = Float64Array.from(Array.prototype.filter.call(list, Number.isFinite)).sort();
  if (finite.length === 0) return Number.NaN;
  const middle = finite.length >> 1;
  return finite.length % 2 === 1 ? finite[middle] : (finite[middle - 1] + finite[middle]) / 2;
}

/** From so many values on, quantiles are those of a part of them: an axis needs no more. */
const ENOUGH = 4096;

/**
 * The finite ones among at most {@link ENOUGH} evenly spaced values, sorted.
 * @param {ArrayLike<number>} values
 */
function sortedPart(values) {
  const step = Math.max(1, Math.ceil(values.length / ENOUGH));
  const part = new Float64Array(Math.ceil(values.length / step));
  let count = 0;
  for (let i = 0; i < values.length; i += step) {
    if (Number.isFinite(values[i])) part[count++] = values[i];
  }
  return part.subarray(0, count).sort();
}

/**
 * The quantile `q` of a sorted list, between neighbours in proportion.
 * @param {Float64Array} sorted @param {number} q
 */
function quantileOf(sorted, q) {
  const at = (sorted.length - 1) * q;
  const low = Math.floor(at);
  const high = Math.ceil(at);
  return sorted[low] + (sorted[high] - sorted[low]) * (at - low);
}

/**
 * The range that a y axis shows.
 *
 * `noise` is one standard deviation between runs of unchanged code, and `threshold` the relevant
 * change, both relative to the level. Where a few values of many lie far off (ten times as far as
 * the middle nine tenths reach), "fit" leaves them out, and `clipped` counts them.
 *
 * @param {ArrayLike<number>} values @param {YScale} kind
 * @param {{noise?: number, threshold?: number}} [known]
 * @returns {{min: number, max: number, clipped: number}}
 */
export function yRange(values, kind, known = {}) {
  const all = extent([values]);
  if (!all) return { min: 0, max: 1, clipped: 0 };
  let [low, high] = all;
  if (kind === "log") {
    const positive = Float64Array.from(
      Array.prototype.filter.call(values, (/** @type {number} */ value) => value > 0),
    );
    const range = extent([positive]) ?? [1, 10];
    return { min: range[0] / 1.1, max: range[1] * 1.1, clipped: values.length - positive.length };
  }
  const finite = sortedPart(values);
  const level = finite.length > 0 ? quantileOf(finite, 0.5) : (low + high) / 2;
  let clipped = 0;
  if (kind !== "zero" && finite.length >= 20) {
    const [p5, p95] = [quantileOf(finite, 0.05), quantileOf(finite, 0.95)];
    const reach = 10 * Math.max(p95 - p5, Math.abs(level) * (known.noise ?? 0.01));
    const [least, most] = [p5 - reach, p95 + reach];
    if (low < least || high > most) {
      [low, high] = [Infinity, -Infinity];
      for (let i = 0; i < values.length; i += 1) {
        const value = values[i];
        if (!Number.isFinite(value)) continue;
        if (value < least || value > most) clipped += 1;
        else {
          if (value < low) low = value;
          if (value > high) high = value;
        }
      }
    }
  }
  if (kind === "zero") {
    low = Math.min(0, low);
    high = Math.max(0, high);
  } else {
    const span = Math.max(NOISES * (known.noise ?? 0), THRESHOLDS * (known.threshold ?? 0));
    const least = Math.abs(level) * span;
    if (high - low < least) {
      const middle = (low + high) / 2;
      low = middle - least / 2;
      high = middle + least / 2;
      // No axis of positive values goes below zero for the sake of noise.
      if (low < 0 && all[0] >= 0) {
        high -= low;
        low = 0;
      }
    }
  }
  if (high === low) {
    const room = Math.abs(high) * 0.1 || 1;
    return { min: low - room, max: high + room, clipped };
  }
  const room = (high - low) * MARGIN;
  const atZero = (/** @type {number} */ end) => end === 0;
  const least = all[0] >= 0 ? 0 : -Infinity;
  return {
    min: atZero(low) ? 0 : Math.max(least, low - room),
    max: atZero(high) ? 0 : high + room,
    clipped,
  };
}
