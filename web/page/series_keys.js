// @ts-check
// What the keys do on the screen of a series.

import { setState, toOverview } from "./app.js";
import { runName } from "./format.js";
import { say } from "./live.js";
import { filterRows, keyOf, sortRows } from "./model.js";
import { Y_SCALES } from "./scale.js";
import { nameRun } from "./state.js";
import { app } from "./store.js";

/**
 * What the keys need of the view: places are those of its points, -1 where there is none.
 * @typedef {{chart: ReturnType<typeof import("./chart.js").createChart>, why: HTMLDetailsElement,
 *   model: () => import("./series_model.js").SeriesModel | null, cursor: () => number, pinned: () => number,
 *   step: (place: number) => void, pin: (place: number) => void, redraw: () => void,
 *   mark: {get: () => number, set: (run: number) => void}}} SeriesView
 */

/** @param {SeriesView} view @returns {Record<string, () => void>} */
export function seriesKeys(view) {
  const toShift = (/** @type {number} */ direction) => {
    const model = view.model();
    if (!model) return;
    const { points, shifts } = model;
    const cursor = view.cursor();
    const places = shifts
      .map((shift) => Array.from(points.run).indexOf(shift.run))
      .filter((place) => place >= 0);
    const at = cursor < 0 ? points.x.length : cursor;
    const next =
      direction < 0
        ? places.filter((place) => place < at).pop()
        : places.find((place) => place > at);
    if (next !== undefined) view.step(next);
    else say("No further change point");
  };
  const other = (/** @type {number} */ by) => {
    const own = keyOf(app.state.id, app.state.metric);
    const shown = sortRows(filterRows(app.rows, app.state).shown, app.state.sort);
    const list = shown.some(({ key }) => key === own) ? shown : sortRows(app.rows, app.state.sort);
    const next = list[list.findIndex(({ key }) => key === own) + by];
    if (next) setState({ id: next.id, metric: next.metric, from: "", to: "", also: [], page: 0 });
  };
  const markRun = () => {
    const index = app.index;
    const model = view.model();
    const mark = view.mark.get();
    const place = view.cursor() >= 0 ? view.cursor() : view.pinned();
    if (!model || !index || place < 0) return say("Choose a run first, with the arrow keys");
    const run = model.points.run[place];
    if (mark < 0 || mark === run) {
      view.mark.set(mark === run ? -1 : run);
      say(
        mark === run
          ? "Mark removed"
          : `Marked ${runName(index.runs[run])} as A; c on another run compares them`,
      );
      return view.redraw();
    }
    const [a, b] = mark < run ? [mark, run] : [run, mark];
    return setState(
      {
        view: "compare",
        baseline: nameRun(index.runs, a),
        candidate: nameRun(index.runs, b),
        open: "",
      },
      { push: true },
    );
  };

  return {
    ArrowLeft: () =>
      view.step((view.cursor() < 0 ? (view.model()?.points.x.length ?? 0) : view.cursor()) - 1),
    ArrowRight: () => view.step(view.cursor() + 1),
    ArrowUp: () => other(-1),
    ArrowDown: () => other(1),
    k: () => other(-1),
    j: () => other(1),
    "[": () => toShift(-1),
    "]": () => toShift(1),
    a: () => view.chart.pan(-0.25),
    d: () => view.chart.pan(0.25),
    w: () => view.chart.zoom(0.7),
    s: () => view.chart.zoom(1.4),
    0: () => view.chart.reset(),
    Enter: () => view.pin(view.cursor()),
    c: markRun,
    e: () => {
      view.why.open = !view.why.open;
    },
    y: () => setState({ y: Y_SCALES[(Y_SCALES.indexOf(app.state.y) + 1) % Y_SCALES.length] }),
    t: () => setState({ table: !app.state.table, page: 0 }),
    Escape: () => (view.pinned() >= 0 ? view.pin(view.pinned()) : toOverview()),
  };
}
