// @ts-check
// Numbers, dates and names for people: the same forms as the command line's.

const MINUS = "\u2212";

/** @param {number} value */
function threeDigits(value) {
  const size = Math.abs(Number(value.toPrecision(3)));
  if (size === 0) return "0";
  let text;
  if (size < 1e-3 || size >= 1e6) text = value.toExponential(2);
  else if (size < 1) text = value.toFixed(3);
  else if (size < 10) text = value.toFixed(2);
  else if (size < 100) text = value.toFixed(1);
  else text = value.toFixed(0);
  return text.replace(/-/g, MINUS);
}

/** @type {[number, number, string][]} */
const TIMES = [
  [1, 1e-3, "ps"],
  [1e3, 1, "ns"],
  [1e6, 1e3, "µs"],
  [1e9, 1e6, "ms"],
  [Infinity, 1e9, "s"],
];
/** @type {[number, number, string][]} */
const PREFIXES = [
  [1e4, 1, ""],
  [1e6, 1e3, "k "],
  [1e9, 1e6, "M "],
  [1e15, 1e9, "G "],
  [Infinity, 1, ""],
];

/**
 * By what a value of this size is divided, and what then stands behind it.
 * @param {number} size @param {string} unit
 * @returns {{divisor: number, suffix: string}}
 */
export function scaleOf(size, unit) {
  const rounded = Math.abs(Number(size.toPrecision(3)));
  if (unit === "ns") {
    if (rounded === 0) return { divisor: 1, suffix: "ns" };
    const [, divisor, suffix] = TIMES.find(([below]) => rounded < below) ?? TIMES[4];
    return { divisor, suffix };
  }
  const [, divisor, prefix] = PREFIXES.find(([below]) => rounded < below) ?? PREFIXES[4];
  return { divisor, suffix: `${prefix}${unit}` };
}

/**
 * A value with its unit, to three significant digits.
 * @param {number | null | undefined} value @param {string} unit
 */
export function quantity(value, unit) {
  if (value === null || value === undefined || Number.isNaN(value)) return "—";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : `${MINUS}∞`;
  const { divisor, suffix } = scaleOf(value, unit);
  return `${threeDigits(value / divisor)} ${suffix}`.trim();
}

/**
 * The texts of an axis' ticks: as many digits as tell them apart; null for one without.
 * @param {(number | null)[]} ticks @param {number} divisor @param {boolean} [withSign]
 */
export function axisTexts(ticks, divisor, withSign = false) {
  const shown = ticks.filter((tick) => tick !== null).map((tick) => tick / divisor);
  const steps = shown
    .slice(1)
    .map((tick, i) => Math.abs(tick - shown[i]))
    .filter((step) => step > 0);
  const least = steps.length > 0 ? Math.min(...steps) : Math.abs(shown[0] ?? 1) || 1;
  const digits = Math.min(
    6,
    Math.max(
      0,
      -Math.floor(Math.log10(least) + 1e-9) +
        (Math.abs(Number(least.toPrecision(1)) - least) > least * 0.05 ? 1 : 0),
    ),
  );
  return ticks.map((tick) => {
    if (tick === null) return "";
    const value = tick / divisor;
    const text = Math.abs(value) >= 1e6 ? value.toExponential(1) : value.toFixed(digits);
    const plain = text.replace(/^-(?=0(\.0*)?$)/, "").replace(/-/g, MINUS);
    return withSign && value > 0 && Number(text) !== 0 ? `+${plain}` : plain;
  });
}

/** @param {number} ratio */
function signed(ratio) {
  const percent = ratio * 100;
  const size = Math.abs(percent);
  if (size >= 1e6) {
    return (percent > 0 ? "+" : "") + percent.toExponential(2).replace(/-/g, MINUS);
  }
  const text = percent.toFixed(size < 99.95 ? 1 : 0);
  if (/^-?0(\.0)?$/.test(text)) return "0.0";
  return text.startsWith("-") ? MINUS + text.slice(1) : `+${text}`;
}

/**
 * A relative change: `+4.1 %`.
 * @param {number | null | undefined} ratio
 */
export function percent(ratio) {
  if (ratio === null || ratio === undefined || !Number.isFinite(ratio)) return "—";
  return `${signed(ratio)} %`;
}

/**
 * The interval of a change: `[+3.2, +5.0] %`.
 * @param {[number, number] | number[] | null | undefined} interval
 */
export function percentInterval(interval) {
  if (!interval || interval.some((end) => end === null || Number.isNaN(end))) return "";
  return `[${interval.map(signed).join(", ")}] %`;
}

/**
 * An unsigned share: `20 %`.
 * @param {number} ratio
 */
export function share(ratio) {
  return `${Number((ratio * 100).toPrecision(3))} %`;
}

/**
 * How often noise explains a difference.
 * @param {number | null | undefined} p
 */
export function probability(p) {
  if (p === null || p === undefined) return "—";
  if (p < 1e-6) return "fewer than 1 in a million cases";
  if (p < 0.001) return `1 in ${Number((1 / p).toPrecision(2)).toLocaleString("en-US")} cases`;
  return `${share(p)} of cases`;
}

/** @param {number} count @param {string} one @param {string} [many] */
export function counted(count, one, many) {
  return `${count.toLocaleString("en-US")} ${count === 1 ? one : (many ?? `${one}s`)}`;
}

/**
 * The first seven characters of a commit's id, `+` where the tree was changed.
 * @param {{id: string, dirty?: boolean} | null | undefined} commit
 */
export function shortCommit(commit) {
  if (!commit) return "";
  return commit.id.slice(0, 7) + (commit.dirty ? "+" : "");
}

/**
 * What a run is called: its commit where it has one, else its id.
 * @param {{id: string, commit?: {id: string, dirty?: boolean} | null}} run
 */
export function runName(run) {
  return shortCommit(run.commit) || run.id;
}

/**
 * A day and time in UTC, the same wherever it is read: `2026-11-24 18:00`.
 * @param {string | null | undefined} time
 */
export function dateTime(time) {
  if (!time) return "";
  const at = new Date(time);
  if (Number.isNaN(at.getTime())) return "";
  return at.toISOString().slice(0, 16).replace("T", " ");
}

/**
 * How long ago, in the largest unit that fits.
 * @param {string | null | undefined} time @param {number} now milliseconds since 1970
 */
export function ago(time, now) {
  const at = time ? new Date(time).getTime() : Number.NaN;
  if (Number.isNaN(at)) return "";
  const seconds = Math.max(0, (now - at) / 1000);
  if (seconds < 90) return "just now";
  if (seconds < 5400) return `${counted(Math.round(seconds / 60), "minute")} ago`;
  if (seconds < 129_600) return `${counted(Math.round(seconds / 3600), "hour")} ago`;
  return `${counted(Math.round(seconds / 86_400), "day")} ago`;
}

/**
 * A size in bytes: `5.9 MB`.
 * @param {number} size
 */
export function bytes(size) {
  if (size < 1000) return `${size} B`;
  if (size < 1e6) return `${threeDigits(size / 1e3)} kB`;
  return `${threeDigits(size / 1e6)} MB`;
}

/**
 * Text with its middle left out where it is longer than `length` characters, without splitting a
 * character.
 * @param {string} text @param {number} length
 */
export function shortened(text, length) {
  const characters = Array.from(text.slice(0, 4 * length + 8));
  if (text.length <= length || (characters.length <= length && text.length <= 4 * length))
    return text;
  const all = Array.from(text);
  if (all.length <= length) return text;
  const front = Math.ceil((length - 1) * 0.6);
  const back = length - 1 - front;
  return `${all.slice(0, front).join("")}…${all.slice(all.length - back).join("")}`;
}
