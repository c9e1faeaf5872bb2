// @ts-check
// A hundred thousand points do not fit into a thousand pixels: each column of pixels shows the
// least, the greatest and the median of its points. Nothing that stands out is lost.

/** Of so many points in a column on, the median is that of every second one, every third, …: sorting
 * them all would take most of a frame. */
const SORTED = 64;

/**
 * The first position in a sorted list whose value is not below `wanted`.
 * @param {ArrayLike<number>} sorted @param {number} wanted
 */
export function lowerBound(sorted, wanted) {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The position whose x is nearest; -1 in an empty list.
 * @param {ArrayLike<number>} xs sorted @param {number} wanted
 */
export function nearest(xs, wanted) {
  if (xs.length === 0) return -1;
  const after = lowerBound(xs, wanted);
  if (after === 0) return 0;
  if (after === xs.length) return xs.length - 1;
  return wanted - xs[after - 1] <= xs[after] - wanted ? after - 1 : after;
}

/**
 * Points gathered into `columns` columns of equal width between `from` and `to`.
 * @param {ArrayLike<number>} xs sorted @param {ArrayLike<number>} ys NaN is no value
 * @param {number} from @param {number} to @param {number} columns
 * @returns {{x: Float64Array, low: Float64Array, high: Float64Array, middle: Float64Array,
 *   first: Uint32Array, count: Uint32Array}} only the columns that have points
 */
export function decimate(xs, ys, from, to, columns) {
  const width = (to - from) / columns || 1;
  const start = lowerBound(xs, from);
  /** @type {number[][]} */
  const [x, low, high, middle, first, count] = [[], [], [], [], [], []];
  let end = lowerBound(xs, to);
  while (end < xs.length && xs[end] <= to) end += 1;
  const bucket = new Float64Array(Math.max(0, end - start));
  const part = new Float64Array(SORTED);
  let held = 0;
  let [least, most] = [Infinity, -Infinity];
  let column = -1;
  let opened = start;
  const close = () => {
    if (held === 0) return;
    const step = Math.ceil(held / SORTED);
    let taken = 0;
    for (let i = 0; i < held; i += step) part[taken++] = bucket[i];
    const values = part.subarray(0, taken).sort();
    const half = taken >> 1;
    x.push(from + (column + 0.5) * width);
    low.push(least);
    high.push(most);
    middle.push(taken % 2 ? values[half] : (values[half - 1] + values[half]) / 2);
    first.push(opened);
    count.push(held);
    held = 0;
    [least, most] = [Infinity, -Infinity];
  };
  for (let i = start; i < end; i += 1) {
    const place = Math.min(columns - 1, Math.floor((xs[i] - from) / width));
    if (place !== column) {
      close();
      column = place;
      opened = i;
    }
    const value = ys[i];
    if (!Number.isFinite(value)) continue;
    bucket[held++] = value;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  close();
  return {
    x: Float64Array.from(x),
    low: Float64Array.from(low),
    high: Float64Array.from(high),
    middle: Float64Array.from(middle),
    first: Uint32Array.from(first),
    count: Uint32Array.from(count),
  };
}
