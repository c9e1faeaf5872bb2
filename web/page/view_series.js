// @ts-check
// One benchmark over its runs: the chart, its change points, and a table of the same.

import { chosenRuns, shownMachine } from "./app.js";
import { app } from "./store.js";
import { annotationsFor, runOfNote } from "./annotations.js";
import { createChart } from "./chart.js";
import { h } from "./dom.js";
import { dateTime, runName, shortened } from "./format.js";
import { say } from "./live.js";
import { keyOf } from "./model.js";
import { pinnedNodes, pointFacts, pointNodes } from "./point_info.js";
import { captionOf, drawMissing, drawTitle } from "./series_head.js";
import { drawControls } from "./series_controls.js";
import { seriesKeys } from "./series_keys.js";
import { drawShifts } from "./series_shifts.js";
import { multiplesNode } from "./multiples.js";
import { relativeModel, runPlaces, seriesModel, summaryText } from "./series_model.js";
import { pointTable } from "./series_table.js";
import { findRun, formatAddress, nameRun } from "./state.js";
import { runsAroundChanges } from "./series_runs.js";
import { createStrip } from "./strip.js";
import { whyPanel } from "./why.js";

/** @typedef {import("./series_model.js").SeriesModel} SeriesModel */

/** More series than this stand beside each other instead of over each other. */
const OVERLAID = 8;
/** @returns {import("./main.js").View} */
export function seriesView() {
  const title = h("div", { class: "series-head" });
  const controls = h("div", { class: "controls" });
  const tooltip = h("div", { class: "tooltip", hidden: true, "aria-hidden": "true" });
  const pinned = h("aside", { class: "pinned", "aria-label": "Pinned run", hidden: true });
  const shiftsBox = h("section", { class: "shifts" });
  const why = h("details", { class: "why-fold" }, h("summary", {}, "Why this verdict?"));
  const tableBox = h("section", { class: "point-table", hidden: true });
  const multiples = h("section", { class: "multiples", hidden: true });
  const chart = createChart({ move, pin, range: ranged });
  const strip = createStrip((from, to, done) => chart.setRange(from, to, done));
  const figure = h(
    "div",
    { class: "figure", role: "figure", tabindex: 0, "aria-label": "Chart" },
    chart.element,
    tooltip,
  );
  const caption = h("p", { class: "faint caption" });
  const layout = h(
    "div",
    { class: "series-layout" },
    h("div", { class: "series-main" }, figure, strip.element, caption),
    pinned,
  );
  const missing = h("section", { class: "card", hidden: true });
  const content = h("div", {}, controls, layout, multiples, shiftsBox, why, tableBox);
  const element = h("section", { class: "series" }, title, missing, content);

  /** @type {Map<string, import("./types.d.ts").SeriesColumns>} */
  const columns = new Map();
  /** What is drawn of each series, until what it is made of changes. */
  const known = /** @type {Map<string, SeriesModel>} */ (new Map());
  /** @type {SeriesModel | null} */
  let model = null;
  let cursor = -1;
  let pin_ = -1;
  let mark = -1;
  /** @type {unknown[]} */
  let drawn = [];
  let whyOf = "";
  /** @type {Float64Array} */
  let placesNow = new Float64Array();
  let indexOfColumns = app.index;
  let urlTimer = 0;
  let closed = false;

  const info = (id = app.state.id, metric = app.state.metric) =>
    app.index?.series.find((series) => series.id === id && series.metric === metric);
  /** What the verdict compares with. */
  const baseline = () => row()?.baseline ?? null;
  const row = () => app.rows.find((one) => one.key === keyOf(app.state.id, app.state.metric));

  /** The change points of a benchmark, on the machines that are looked at. @param {string} id */
  const changesOf = (id) =>
    (app.changes?.series ?? []).filter(
      (series) =>
        series.id === id &&
        series.metric === app.state.metric &&
        (shownMachine() === "*" || series.machine === shownMachine()),
    );

  /** @param {string} id @param {string} metric */
  async function fetchColumns(id, metric) {
    const key = keyOf(id, metric);
    if (columns.has(key) || !app.client) return;
    const answer = await app.client.call("series", [id, metric]).catch(() => null);
    if (answer && !closed) {
      columns.set(key, answer);
      update();
    }
  }

  function update() {
    const { state, index, changes, rows } = app;
    if (!index) return;
    if (indexOfColumns !== index) {
      columns.clear();
      indexOfColumns = index;
    }
    const own = info();
    missing.hidden = Boolean(own);
    content.hidden = !own;
    drawTitle(title, row());
    if (!own) return drawMissing(missing);
    const wanted = [state.id, ...state.also].filter((id) => info(id));
    for (const id of wanted) void fetchColumns(id, state.metric);
    const held = columns.get(keyOf(state.id, state.metric));
    const notes = annotationsFor(state.id, state.metric);
    const now = [
      index,
      changes,
      held,
      state.x,
      state.y,
      shownMachine(),
      state.branch,
      state.also.join("\n"),
      state.hide.join(),
      state.table,
      state.page,
      rows,
      columns.size,
      notes.length,
      mark,
      pin_,
    ];
    if (drawn.length === now.length && now.every((part, i) => part === drawn[i])) return;
    const sameData =
      drawn[1] === changes &&
      drawn[2] === held &&
      drawn[3] === state.x &&
      drawn[0] === index &&
      drawn[5] === now[5] &&
      drawn[6] === state.branch;
    drawn = now;
    drawControls(controls, own, () => model);
    drawWhy();
    if (!held) return;
    if (!sameData) {
      known.clear();
      const chosen = chosenRuns();
      const around =
        state.x === "changes" ? runsAroundChanges(index, held, changesOf(state.id), chosen) : null;
      placesNow = runPlaces(index, (run) => chosen(run) && (around?.has(run) ?? true), state.x);
    }
    const modelOf = (/** @type {string} */ id) => {
      const held = known.get(id);
      if (held) return held;
      const made = seriesModel(
        index,
        /** @type {any} */ (columns.get(keyOf(id, state.metric))),
        changesOf(id),
        placesNow,
        app.settings.default_branch,
      );
      known.set(id, made);
      return made;
    };
    model = modelOf(state.id);
    const ids = wanted.filter((id) => columns.has(keyOf(id, state.metric)));
    const many = ids.length > OVERLAID;
    const relative = state.y === "relative" || ids.length > 1;
    const models = (many ? [state.id] : ids).map((id) => {
      const one = id === state.id ? /** @type {SeriesModel} */ (model) : modelOf(id);
      const base = (ids.length === 1 ? baseline() : null) ?? one.base;
      return { name: id, model: relative ? relativeModel(one, base) : one };
    });
    multiples.hidden = !many;
    if (many)
      multiples.replaceChildren(
        ...ids.map((id) => multiplesNode(id, modelOf(id), info(id)?.unit ?? "")),
      );
    const xOf = (/** @type {number} */ run) => placesNow[run];
    const marks = [
      [mark, "A"],
      [pin_ >= 0 ? (model.points.run[pin_] ?? -1) : -1, ""],
    ]
      .filter(([run]) => Number(run) >= 0)
      .map(([run, label]) => ({ x: xOf(Number(run)), label: String(label) }))
      .filter(({ x }) => Number.isFinite(x));
    const range = visibleRange();
    layout.hidden = model.points.x.length === 0;
    chart.update(
      {
        models,
        unit: own.unit,
        relative,
        kind: state.y,
        date: state.x === "date",
        threshold: row()?.threshold ?? 0.2,
        noise: model.noise,
        label: (run) => runName(index.runs[run]),
        placeName,
        hidden: new Set(state.hide),
        marks,
        flags: notes
          .map((note) => ({
            x: xOf(runOfNote(index.runs, note)),
            text: note.text,
          }))
          .filter(({ x }) => Number.isFinite(x)),
      },
      range,
    );
    if (!sameData || range) strip.draw(models[0].model, chart.whole(), row()?.threshold ?? 0.2);
    strip.show(...chart.visible());
    figure.setAttribute(
      "aria-label",
      `Chart. ${summaryText(index, model, own.unit, state.id.slice(0, 200))}. Arrow keys move from run to run.`,
    );
    drawShifts(shiftsBox, own, model, pin);
    drawPinned(own);
    caption.textContent =
      models.length > 1
        ? "Each dot is a run, as its change against the first level of its benchmark."
        : captionOf(model, row()?.comparison?.statistic) +
          (state.x === "changes"
            ? ` Only the runs around change points are shown: ${model.points.x.length} of ${held.run.length}.`
            : "");
    tableBox.hidden = !state.table;
    tableBox.replaceChildren(
      ...(state.table ? [pointTable(model.points, own.unit, baseline(), model.shifts)] : []),
    );
  }

  /** What the address says is visible; null for all. @returns {[number, number] | null} */
  function visibleRange() {
    const { state, index } = app;
    if (!index || !model || (state.from === "" && state.to === "")) return null;
    const [a, b] = [findRun(index.runs, state.from), findRun(index.runs, state.to)].map(
      (run) => placesNow[run],
    );
    const whole = [model.points.x[0], model.points.x[model.points.x.length - 1]];
    const [from, to] = [Number.isFinite(a) ? a : whole[0], Number.isFinite(b) ? b : whole[1]];
    const edge = Math.max((to - from) * 0.01, state.x === "date" ? 30 : 0.5);
    return [Math.min(from, to) - edge, Math.max(from, to) + edge];
  }

  /** @param {number} from @param {number} to @param {boolean} done */
  function ranged(from, to, done) {
    strip.show(from, to);
    tooltip.hidden = true;
    if (!model || !app.index) return;
    const [first, last] = chart.whole();
    const all = from <= first + 1e-9 && to >= last - 1e-9;
    const { x, run } = model.points;
    let [a, b] = [0, x.length - 1];
    while (a < b && x[a] < from) a += 1;
    while (b > a && x[b] > to) b -= 1;
    const names = all
      ? ["", ""]
      : [nameRun(app.index.runs, run[a]), nameRun(app.index.runs, run[b])];
    clearTimeout(urlTimer);
    const write = () => {
      if (closed) return;
      const next = { ...app.state, from: names[0], to: names[1] };
      app.state = next;
      history.replaceState(null, "", formatAddress(next));
    };
    // The address follows when the picture rests: writing it costs more than a frame.
    urlTimer = window.setTimeout(write, done ? 60 : 150);
  }

  /** @param {number} x */
  function placeName(x) {
    const { index } = app;
    if (!index || !Number.isInteger(x) || x < 0) return "";
    const run = placesNow.indexOf(x);
    const at = index.runs[run];
    if (!at) return "";
    // Where several runs share a commit, it does not tell them apart.
    if (
      at.commit &&
      (index.runs[run - 1]?.commit?.id === at.commit.id ||
        index.runs[run + 1]?.commit?.id === at.commit.id) &&
      at.time
    )
      return dateTime(at.time).slice(5);
    return at.commit ? at.commit.id.slice(0, 7) : shortened(at.id, 9);
  }

  /** @param {number} place */
  function move(place) {
    const own = info();
    if (!model || !own || place === cursor) return;
    cursor = place;
    chart.setCursor(place);
    const at = chart.position(place);
    tooltip.hidden = !at;
    if (!at) return;
    tooltip.replaceChildren(...pointNodes(model.points, place, own.unit, baseline()));
    const room = figure.clientWidth;
    const width = Math.min(300, room);
    tooltip.style.left = `${Math.max(0, Math.min(room - width, at.left > room / 2 ? at.left - width - 16 : at.left + 16))}px`;
    const lowest = figure.clientHeight - tooltip.offsetHeight;
    tooltip.style.top = `${Math.max(0, Math.min(at.top - 40, lowest))}px`;
  }

  /** Moves the cursor by keyboard, and says where it is. @param {number} place */
  function step(place) {
    const own = info();
    if (!model || !own || model.points.x.length === 0) return;
    const to = Math.min(model.points.x.length - 1, Math.max(0, place));
    chart.reveal(to);
    move(to);
    const run = app.index?.runs[model.points.run[to]];
    const facts = pointFacts(model.points, to, own.unit, baseline()).slice(0, 4);
    const shift = model.shifts.find((one) => one.run === model?.points.run[to]);
    say(
      `${run ? runName(run) : ""}: ${facts.map(([what, text]) => `${what} ${text}`).join(", ")}${shift ? ", change point" : ""}`,
    );
  }

  /** @param {number} place */
  function pin(place) {
    if (place < 0) return;
    pin_ = place === pin_ ? -1 : place;
    tooltip.hidden = true;
    update();
  }

  /** @param {import("./types.d.ts").SeriesInfo} own */
  function drawPinned(own) {
    pinned.hidden = pin_ < 0 || !model;
    layout.classList.toggle("with-pinned", !pinned.hidden);
    if (!model || pin_ < 0) return;
    pinned.replaceChildren(
      ...pinnedNodes(model.points, pin_, own.unit, baseline(), () => pin(pin_)).filter(
        (node) => node !== null,
      ),
    );
  }

  function drawWhy() {
    const own = row();
    const text = own?.comparison ? `${own.key} ${app.asked.join(" ")}` : "";
    why.hidden = text === "";
    if (!own?.comparison || text === whyOf) return;
    whyOf = text;
    why.replaceChildren(
      /** @type {Node} */ (why.firstElementChild),
      whyPanel(own.comparison, { asked: app.asked, comparison: app.comparison }),
    );
  }

  figure.addEventListener("mouseleave", () => {
    tooltip.hidden = true;
    chart.setCursor(-1);
    cursor = -1;
  });

  return {
    element,
    update,
    destroy() {
      closed = true;
      clearTimeout(urlTimer);
      chart.destroy();
    },
    keys: seriesKeys({
      chart,
      why,
      step,
      pin,
      redraw: update,
      model: () => model,
      cursor: () => cursor,
      pinned: () => pin_,
      mark: { get: () => mark, set: (run) => (mark = run) },
    }),
  };
}
