// @ts-check
// The table of verdicts, in the overview and in a comparison: a glyph, a word and a colour for each,
// the change with its interval, drawn against the threshold, and the way it came.

import { chosenRuns } from "./app.js";
import { app } from "./store.js";
import { h, nameNode, svg } from "./dom.js";
import { counted, percent, percentInterval, quantity, runName, shortened } from "./format.js";
import { STATUS } from "./model.js";
import { forestScale, limitsOf, recentValues, sparkline } from "./shapes.js";
import { addressOf, DEFAULT_METRIC } from "./state.js";

/** @typedef {import("./types.d.ts").Row} Row */

const SPARK = { width: 132, height: 26, runs: 60 };
const FOREST = { width: 112, height: 20 };

/** @param {Row} row */
export function verdictNode(row) {
  const pending = app.judging && row.status === "unjudged";
  const { glyph, word } = pending ? { glyph: "…", word: "judging" } : STATUS[row.status];
  return h(
    "span",
    { class: `verdict ${row.status}` },
    h("span", { class: "glyph", "aria-hidden": "true" }, glyph),
    ` ${word}`,
  );
}

/**
 * The ratio at the end of all forest bars of a table: what most intervals need.
 * @param {Row[]} rows
 */
export function forestReach(rows) {
  const threshold = Math.max(
    0.001,
    ...rows
      .slice(0, 1000)
      .map((row) => row.threshold)
      .filter(Number.isFinite),
  );
  const ends = rows
    .flatMap((row) => (row.interval ?? []).map((end) => Math.abs(Math.log1p(Math.max(end, -0.99)))))
    .sort((a, b) => a - b);
  const [usual, widest] = [
    ends[Math.ceil(ends.length * 0.95) - 1] ?? 0,
    ends[ends.length - 1] ?? 0,
  ];
  // A few that reach twice as far are worth the room.
  const most = Math.expm1(widest <= 2 * usual ? widest : usual);
  return Math.min(5 * threshold, Math.max(1.5 * threshold, most));
}

/** @param {Row} row @param {number} reach */
export function forestBar(row, reach) {
  const { width, height } = FOREST;
  const scale = forestScale(width, reach);
  const middle = height / 2;
  const [lower, upper] = limitsOf(row).map((limit) => scale(limit).x);
  const parts = [
    svg("rect", {
      class: "within",
      x: lower,
      y: 2,
      width: Math.max(0, upper - lower),
      height: height - 4,
    }),
    svg("path", { class: "zero", d: `M${width / 2} 1V${height - 1}` }),
    svg("path", { class: "limit", d: `M${lower} 2V${height - 2}M${upper} 2V${height - 2}` }),
  ];
  if (row.change !== null) {
    // Where the rule is exact, there is no interval but the change itself.
    const [low, high] = (row.interval ?? [row.change, row.change]).map(scale);
    parts.push(
      svg("path", { class: "interval", d: `M${low.x} ${middle}H${Math.max(high.x, low.x + 1)}` }),
    );
    if (low.beyond)
      parts.push(
        svg("path", { class: "interval", d: `M4 ${middle - 3}L0.5 ${middle}L4 ${middle + 3}` }),
      );
    if (high.beyond)
      parts.push(
        svg("path", {
          class: "interval",
          d: `M${width - 4} ${middle - 3}L${width - 0.5} ${middle}L${width - 4} ${middle + 3}`,
        }),
      );
    const at = scale(row.change);
    if (!at.beyond) parts.push(svg("circle", { class: "estimate", cx: at.x, cy: middle, r: 3 }));
  }
  return svg(
    "svg",
    {
      class: `forest ${row.status}`,
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      "aria-hidden": "true",
    },
    parts,
  );
}

/** The sparkline of a row, with its change point. @param {Row} row */
function sparkNode(row) {
  const { levels, index, run } = app;
  if (!levels || !index) return null;
  const count = index.runs.length;
  const medians = levels.subarray(row.series * count, (row.series + 1) * count);
  const { runs, values: centres } = recentValues(medians, run, SPARK.runs, chosenRuns());
  const figures = app.compared.get(row.key);
  const values =
    figures && figures.length > 0 ? Float64Array.from(runs, (one) => figures[one]) : centres;
  if (values.length < 2) return h("span", { class: "faint" }, values.length === 1 ? "one run" : "");
  const known = { noise: row.noise ?? 0, threshold: row.threshold };
  const { path, behind, x, y } = sparkline(values, SPARK.width, SPARK.height, known, centres);
  const last = values.length - 1;
  const shift = row.since ? runs.indexOf(row.since.run) : -1;
  return svg(
    "svg",
    {
      class: "spark",
      viewBox: `0 0 ${SPARK.width} ${SPARK.height}`,
      width: SPARK.width,
      height: SPARK.height,
      "aria-hidden": "true",
    },
    shift >= 0
      ? svg("path", {
          class: `shift ${row.since?.point.effect}`,
          d: `M${x(shift)} 0V${SPARK.height}`,
        })
      : null,
    values === centres ? null : svg("path", { class: "behind", d: behind }),
    svg("path", { class: "line", d: path }),
    svg("circle", { class: `end ${row.status}`, cx: x(last), cy: y(values[last]), r: 2.5 }),
  );
}

/** @param {Row} row */
function sinceNode(row) {
  if (!row.since || !app.index) return null;
  const { point, run, runsAgo } = row.since;
  const effect = point.effect === "regression" ? "▲" : "▼";
  return h(
    "span",
    { class: "since" },
    h(
      "span",
      { class: point.effect === "regression" ? "worse" : "better" },
      `${effect} ${percent(point.change)}`,
    ),
    " since ",
    h("code", {}, runName(app.index.runs[run]).slice(0, 10)),
    h(
      "span",
      { class: "faint ago" },
      `${runsAgo === 0 ? "this run" : `${counted(runsAgo, "run")} ago`}${point.state === "probable" ? ", probable" : ""}`,
    ),
  );
}

/** The unit, unless the metric beside the name says it already. @param {Row} row */
function shownUnit(row) {
  return row.unit === row.metric ? "" : row.unit;
}

/** The address of a row's series. @param {Row} row */
export function seriesAddress(row) {
  return addressOf(app.state, { view: "series", id: row.id, metric: row.metric });
}

/** How a row is named in an address. @param {Row} row */
export function openName(row) {
  return row.metric === DEFAULT_METRIC ? row.id : `${row.id}|${row.metric}`;
}

/**
 * A row of the table.
 * @param {Row} row
 * @param {{reach: number, open: boolean, toggle: (row: Row) => void, spark: boolean, disagrees?: string}} options
 */
export function rowElement(row, { reach, open, toggle, spark, disagrees }) {
  const name = row.group ? row.name : row.id;
  const why = row.comparison
    ? h(
        "button",
        {
          class: "why",
          "data-key": `why ${row.key}`,
          "aria-expanded": open ? "true" : "false",
          "aria-label": `Why: ${shortened(row.id, 100)}`,
          onclick: () => toggle(row),
        },
        "why?",
      )
    : null;
  return h(
    "tr",
    {
      role: "row",
      class: `row ${row.status}${open ? " open" : ""}`,
      "data-id": row.id.slice(0, 300),
    },
    h(
      "td",
      { role: "cell", class: "c-verdict" },
      verdictNode(row),
      row.notes.map((note) => h("span", { class: "tag" }, note)),
      disagrees
        ? h("span", { class: "tag differs", title: "what CI recorded" }, `CI: ${disagrees}`)
        : null,
    ),
    h(
      "th",
      { role: "rowheader", scope: "row", class: "c-name" },
      h(
        "a",
        { class: "row-link", href: seriesAddress(row), "data-key": `row ${row.key}` },
        nameNode(shortened(name, 100)),
      ),
      row.metric === DEFAULT_METRIC
        ? null
        : h("span", { class: "metric" }, " ", shortened(row.metric, 60)),
    ),
    h("td", { role: "cell", class: "c-value" }, quantity(row.value, shownUnit(row))),
    h(
      "td",
      { role: "cell", class: `c-change ${row.status}` },
      row.change === null ? "" : percent(row.change),
    ),
    h(
      "td",
      { role: "cell", class: "c-interval" },
      row.comparison
        ? h("span", { class: "interval-text" }, row.interval ? percentInterval(row.interval) : "")
        : null,
      row.comparison && row.change !== null ? forestBar(row, reach) : null,
    ),
    spark
      ? h("td", { role: "cell", class: "c-spark" }, sparkNode(row))
      : h("td", { role: "cell", class: "c-base" }, quantity(row.baseline, shownUnit(row))),
    spark ? h("td", { role: "cell", class: "c-since" }, sinceNode(row)) : null,
    h("td", { role: "cell", class: "c-why" }, why),
  );
}

/**
 * Moves the focus among the rows.
 * @param {HTMLElement} table @param {number} step
 */
export function focusRow(table, step) {
  const links = /** @type {HTMLElement[]} */ ([...table.querySelectorAll("a.row-link")]);
  if (links.length === 0) return;
  const row = document.activeElement?.closest("tr");
  const at = links.findIndex((link) => link.closest("tr") === row);
  const next =
    at < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, at + step));
  links[next].focus();
  links[next].scrollIntoView({ block: "nearest" });
}
