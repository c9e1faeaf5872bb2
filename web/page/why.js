// @ts-check
// Why a verdict was given: the launches of both sides, the interval against the threshold, and every
// figure that the decision rests on.

import { app } from "./store.js";
import { copyText, h, svg } from "./dom.js";
import { counted, percent, percentInterval, probability, quantity, share } from "./format.js";
import { say } from "./live.js";
import { ACCEPTANCE } from "./model.js";
import { extent } from "./scale.js";
import { limitsOf, ticks } from "./shapes.js";

/** @typedef {import("./types.d.ts").ComparisonRow} ComparisonRow */

const STRIP = { row: 46, left: 86, right: 26 };
const LINE = { height: 78, left: 86, right: 26 };
/** Drawings are as wide as they are shown, so that their text keeps its size. */
const drawingWidth = () => (innerWidth < 720 ? 340 : 640);
/** Of so many values at most a dot is drawn. */
const DOTS = 400;

/**
 * @param {ComparisonRow} row
 * @param {{asked: string[], comparison: import("./types.d.ts").Comparison | null}} source
 *   `asked` is what the core was asked for this comparison
 */
export function whyPanel(row, { asked, comparison }) {
  const strips = h("div", { class: "strips" });
  const element = h(
    "div",
    { class: "why-panel" },
    h("p", { class: "sentence" }, sentence(row)),
    row.change !== null && row.interval
      ? numberLine(row, comparison?.policy.confidence ?? 0.99)
      : null,
    strips,
    h(
      "dl",
      { class: "facts" },
      facts(row, comparison).flatMap(([what, text]) => [h("dt", {}, what), h("dd", {}, text)]),
    ),
    h(
      "div",
      { class: "actions" },
      h("button", { onclick: () => copyMarkdown(row, asked) }, "Copy as Markdown"),
    ),
  );
  void drawStrips(row, comparison, strips);
  return element;
}

/** @param {ComparisonRow} row @param {string[]} asked */
async function copyMarkdown(row, asked) {
  if (!app.client) return;
  const text = await app.client.call("explain", [...asked, row.id, row.metric]);
  await copyText(text, say);
}

/** @param {ComparisonRow} row */
export function sentence(row) {
  const text = row.reasons.join("; ");
  return text === "" ? "" : `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/**
 * @param {ComparisonRow} row @param {import("./types.d.ts").Comparison | null} comparison
 * @returns {[string, string][]}
 */
export function facts(row, comparison) {
  const side = (
    /** @type {import("./types.d.ts").Figures | undefined} */ figures,
    /** @type {number | null} */ level,
  ) => {
    const parts = [quantity(level, row.unit)];
    if (figures) {
      parts.push(
        `${counted(figures.runs, "run")}, ${counted(figures.rounds, "round")}${figures.n ? `, ${counted(figures.n, "value")}` : ""}`,
      );
      if (figures.median !== undefined) parts.push(`median ${quantity(figures.median, row.unit)}`);
    }
    return parts.join(" · ");
  };
  const same = comparison && comparison.baseline.machine === comparison.candidate.machine;
  const tools = comparison && comparison.baseline.toolchain === comparison.candidate.toolchain;
  /** @type {([string, string] | null)[]} */
  const list = [
    ["baseline", side(row.baseline_figures, row.baseline)],
    ["candidate", side(row.candidate_figures, row.candidate)],
    row.change === null
      ? null
      : [
          "change",
          `${percent(row.change)} ${percentInterval(row.interval)} (${share(comparison?.policy.confidence ?? 0.99)} interval)`,
        ],
    [
      "threshold",
      `${share(row.threshold)}${row.improvement_threshold !== undefined && row.improvement_threshold !== row.threshold ? `, for the better ${share(row.improvement_threshold)}` : ""}${
        row.absolute_threshold ? `, and ${quantity(row.absolute_threshold, row.unit)}` : ""
      }`,
    ],
    row.noise_floor === null
      ? null
      : [
          "noise floor",
          `±${share(row.noise_floor)}${row.history_runs ? `, with ${counted(row.history_runs, "earlier run")}` : ""}`,
        ],
    row.p_value === null
      ? null
      : [
          "chance",
          `unchanged code looks so different in ${probability(row.p_value)}${
            row.q_value === null
              ? ""
              : `; controlled over all benchmarks (Benjamini–Hochberg): ${probability(row.q_value)}, tolerated ${share(comparison?.policy.fdr ?? 0.01)}`
          }`,
        ],
    row.smallest_detectable === null
      ? null
      : ["could show", `a change for the worse from ${share(row.smallest_detectable)} on`],
    row.statistic
      ? [
          "compared by",
          `the ${row.statistic === "exact" ? "exact value" : row.statistic} of each launch`,
        ]
      : null,
    row.tail
      ? ["slowest tenth", `${percent(row.tail.change)}${row.tail.slower ? ", slower" : ""}`]
      : null,
    row.drift
      ? [
          "accepted level",
          `${quantity(row.drift.accepted, row.unit)}, since then ${percent(row.drift.change)} ${percentInterval(row.drift.interval)}: ${row.drift.verdict}`,
        ]
      : null,
    row.acceptance
      ? [
          ACCEPTANCE[row.acceptance.state],
          `${row.acceptance.reason} (${row.acceptance.source})${
            row.acceptance.until
              ? `, ${row.acceptance.state === "expired" ? "was good" : "good"} until ${row.acceptance.until}`
              : ""
          }`,
        ]
      : null,
    comparison
      ? [
          "environment",
          `${same ? "same machine" : "different machines"}, ${tools ? "same toolchain" : `toolchain ${comparison.baseline.toolchain ?? "unknown"} → ${comparison.candidate.toolchain ?? "unknown"}`}${row.identical ? ", same program" : ""}`,
        ]
      : null,
  ];
  return /** @type {[string, string][]} */ (list.filter(Boolean));
}

/** The interval of the change against the thresholds. @param {ComparisonRow} row @param {number} confidence */
function numberLine(row, confidence) {
  const { height, left, right } = LINE;
  const width = drawingWidth();
  const limits = limitsOf({
    better: row.better,
    threshold: row.threshold,
    improvementThreshold: row.improvement_threshold ?? row.threshold,
  });
  const interval = row.interval ?? [0, 0];
  const change = row.change ?? 0;
  const cap = (/** @type {number} */ ratio) => Math.log1p(Math.min(1e6, Math.max(ratio, -0.999)));
  const ends = [...limits, ...interval, change, 0].map(cap);
  const room = (Math.max(...ends) - Math.min(...ends)) * 0.06 || 0.01;
  const [min, max] = [Math.min(...ends) - room, Math.max(...ends) + room];
  const x = (/** @type {number} */ ratio) =>
    left + ((cap(ratio) - min) / (max - min)) * (width - left - right);
  const middle = 26;
  const marks = ticks(Math.expm1(min), Math.expm1(max), width / 100).filter((tick) => tick > -1);
  const description = `Change ${percent(change)}, ${share(confidence)} interval ${percentInterval(interval)}, thresholds ${percent(limits[0])} and ${percent(limits[1])}`;
  return svg(
    "svg",
    {
      class: `number-line ${row.verdict}`,
      viewBox: `0 0 ${width} ${height}`,
      role: "img",
      "aria-label": description,
    },
    svg("text", { x: 0, y: middle + 4, class: "label" }, "change"),
    svg("rect", {
      class: "within",
      x: x(limits[0]),
      y: 8,
      width: x(limits[1]) - x(limits[0]),
      height: 36,
    }),
    svg("path", { class: "limit", d: `M${x(limits[0])} 8V44M${x(limits[1])} 8V44` }),
    svg("path", { class: "zero", d: `M${x(0)} 8V44` }),
    svg("path", {
      class: "interval",
      d: `M${x(interval[0])} ${middle}H${Math.max(x(interval[1]), x(interval[0]) + 1)}M${x(interval[0])} ${middle - 6}v12M${x(interval[1])} ${middle - 6}v12`,
    }),
    svg("circle", { class: "estimate", cx: x(change), cy: middle, r: 5 }),
    svg("path", { class: "axis", d: `M${left} 48H${width - right}` }),
    marks.map((mark) =>
      svg(
        "g",
        {},
        svg("path", { class: "axis", d: `M${x(mark)} 48v4` }),
        svg(
          "text",
          { x: x(mark), y: 66, class: "tick", "text-anchor": "middle" },
          mark === 0 ? "0" : percent(mark).replace(".0 %", " %"),
        ),
      ),
    ),
  );
}

/**
 * The values of both sides: raw ones by round where the runs hold them, and each launch's figure.
 * @param {ComparisonRow} row @param {import("./types.d.ts").Comparison | null} comparison @param {HTMLElement} box
 */
async function drawStrips(row, comparison, box) {
  const newest = (/** @type {import("./types.d.ts").Side | undefined} */ side) =>
    side?.runs[side.runs.length - 1];
  const raw = async (/** @type {string | undefined} */ run) => {
    if (!run || !app.client) return [];
    const answer = await app.client.call("sample", [row.id, row.metric, run]).catch(() => null);
    return /** @type {number[][]} */ (
      (answer?.rounds ?? []).map((/** @type {number[] | null} */ round) => round ?? [])
    );
  };
  const [before, after] = await Promise.all([
    raw(newest(comparison?.baseline)),
    raw(newest(comparison?.candidate)),
  ]);
  const sides = [
    {
      label: "baseline",
      launches: row.baseline_figures?.launches ?? [],
      rounds: before,
      level: row.baseline,
    },
    {
      label: "candidate",
      launches: row.candidate_figures?.launches ?? [],
      rounds: after,
      level: row.candidate,
    },
  ].filter((side) => side.launches.length > 0 || side.rounds.some((round) => round.length > 0));
  if (sides.length === 0) return;
  // Raw values reach far up where something interfered: the strip shows the lower nine tenths.
  const launches = extent(
    sides
      .map((side) => side.launches)
      .concat([[row.baseline ?? Number.NaN, row.candidate ?? Number.NaN]]),
  );
  const values = sides
    .flatMap((side) => side.rounds.flat())
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  const cut = values[Math.floor((values.length - 1) * 0.9)] ?? -Infinity;
  const low = Math.min(launches?.[0] ?? Infinity, values[0] ?? Infinity);
  const high = Math.max(launches?.[1] ?? -Infinity, cut);
  const span = high - low || Math.abs(high) * 0.1 || 1;
  const [min, max] = [low - span * 0.04, high + span * 0.04];
  const { row: tall, left, right } = STRIP;
  const width = drawingWidth();
  const x = (/** @type {number} */ value) =>
    left + ((value - min) / (max - min)) * (width - left - right);
  const beyond = values.filter((value) => value > max).length;
  const height = sides.length * tall + 26;
  const parts = sides.flatMap((side, place) => stripParts(side, place * tall, x, max));
  const base = sides.length * tall;
  const marks = ticks(min, max, width / 120);
  const drawing = svg(
    "svg",
    {
      class: "dot-strip",
      viewBox: `0 0 ${width} ${height}`,
      role: "img",
      "aria-label": sides
        .map(
          (side) =>
            `${side.label}: ${counted(side.launches.length, "launch", "launches")}, level ${quantity(side.level, row.unit)}`,
        )
        .join("; "),
    },
    parts,
    svg("path", { class: "axis", d: `M${left} ${base}H${width - right}` }),
    marks.map((mark) =>
      svg(
        "g",
        {},
        svg("path", { class: "axis", d: `M${x(mark)} ${base}v4` }),
        svg(
          "text",
          { x: x(mark), y: base + 18, class: "tick", "text-anchor": "middle" },
          quantity(mark, row.unit),
        ),
      ),
    ),
  );
  const rounds = sides.some((side) => side.rounds.some((round) => round.length > 0));
  box.replaceChildren(
    drawing,
    h(
      "p",
      { class: "legend faint" },
      h("span", { class: "key launch" }, "●"),
      " the compared figure of each launch",
      rounds
        ? [
            " · ",
            h("span", { class: "key value" }, "·"),
            " single values of the newest run, a line for each round",
          ]
        : null,
      " · ",
      h("span", { class: "key level" }, "|"),
      " level",
      beyond > 0 ? ` · ${counted(beyond, "value")} to the right of this` : null,
    ),
  );
}

/**
 * @param {{label: string, launches: number[], rounds: number[][], level: number | null}} side
 * @param {number} top @param {(value: number) => number} x @param {number} max
 */
function stripParts(side, top, x, max) {
  const { row: tall } = STRIP;
  const middle = top + 14;
  const parts = [svg("text", { x: 0, y: middle + 4, class: "label" }, side.label)];
  const rounds = side.rounds.filter((round) => round.length > 0);
  rounds.forEach((round, place) => {
    const y = top + 25 + ((tall - 28) * (place + 0.5)) / rounds.length;
    const step = Math.max(1, Math.ceil(round.length / DOTS));
    const dots = round
      .filter((value, i) => i % step === 0 && value <= max)
      .map((value) => `M${x(value).toFixed(1)} ${(y - 2).toFixed(1)}v4`);
    parts.push(svg("path", { class: `values round-${place % 3}`, d: dots.join("") }));
  });
  side.launches.forEach((launch, place) =>
    parts.push(
      svg("circle", {
        class: `launch ${side.label}`,
        cx: x(launch).toFixed(1),
        cy: middle + ((place % 3) - 1) * 5,
        r: 3.5,
      }),
    ),
  );
  if (side.level !== null)
    parts.push(
      svg("path", { class: "level", d: `M${x(side.level)} ${top + 2}V${top + tall - 6}` }),
    );
  return parts;
}
