// @ts-check
// What is said of a series: its name and verdict, how its chart is read, or that it is not there.

import { h, nameNode } from "./dom.js";
import { percent, percentInterval, quantity, share, shortened } from "./format.js";
import { similarNames } from "./model.js";
import { verdictNode } from "./rows_table.js";
import { addressOf } from "./state.js";
import { app } from "./store.js";

/**
 * What the series is called and what became of it.
 * @param {HTMLElement} title @param {import("./types.d.ts").Row | undefined} own
 */
export function drawTitle(title, own) {
  const { state } = app;
  const metrics = (app.index?.series ?? []).filter((series) => series.id === state.id);
  title.replaceChildren(
    h(
      "p",
      { class: "crumbs" },
      h("a", { href: addressOf(state, { view: "overview", ...app.listed }) }, "All benchmarks"),
    ),
    h("h1", {}, nameNode(shortened(state.id, 300))),
    h(
      "p",
      { class: "series-now" },
      own
        ? [
            verdictNode(own),
            ...own.notes.map((note) => h("span", { class: "tag" }, note)),
            " ",
            h("b", {}, quantity(own.value, own.unit)),
            own.change === null ? null : ` ${percent(own.change)} ${percentInterval(own.interval)}`,
          ]
        : null,
      metrics.length > 1
        ? metrics.map(({ metric }) =>
            h(
              "a",
              {
                class: "chip",
                "aria-current": metric === state.metric ? "true" : null,
                href: addressOf(state, { view: "series", id: state.id, metric }),
              },
              shortened(metric, 40),
            ),
          )
        : null,
    ),
  );
}

/**
 * That the benchmark of a link is not there, and what may be meant.
 * @param {HTMLElement} missing
 */
export function drawMissing(missing) {
  const { state, index } = app;
  const names = [...new Set((index?.series ?? []).map(({ id }) => id))];
  const metrics = (index?.series ?? [])
    .filter(({ id }) => id === state.id)
    .map(({ metric }) => metric);
  const similar = similarNames(state.id, names);
  missing.replaceChildren(
    h(
      "h2",
      {},
      metrics.length > 0
        ? `Its metric “${shortened(state.metric, 60)}” is not in this file`
        : "This benchmark is not in this file",
    ),
    similar.length > 0 && metrics.length === 0 ? h("p", {}, "Was it renamed? Similar names:") : "",
    h(
      "ul",
      {},
      metrics.length > 0
        ? metrics.map((metric) =>
            h(
              "li",
              {},
              h(
                "a",
                { href: addressOf(state, { view: "series", id: state.id, metric }) },
                shortened(metric, 60),
              ),
            ),
          )
        : similar.map((id) =>
            h(
              "li",
              {},
              h(
                "a",
                {
                  href: addressOf(state, {
                    view: "series",
                    id,
                    metric: index?.series.find((one) => one.id === id)?.metric,
                  }),
                },
                nameNode(id),
              ),
            ),
          ),
    ),
    h(
      "p",
      {},
      h("a", { href: addressOf(state, { view: "overview", ...app.listed }) }, "All benchmarks"),
    ),
  );
}

/** What is compared, in words. @type {Record<string, string>} */
const FIGURES = {
  low: "the lowest values of its launches, which interference touches least",
  high: "the highest values of its launches, which interference touches least",
};

/**
 * How the chart is to be read.
 * @param {import("./series_model.js").SeriesModel} model @param {string | null | undefined} statistic what is compared
 */
export function captionOf(model, statistic) {
  const noise = model.noise > 0 ? ` with its noise floor (±${share(model.noise)})` : "";
  const figure = FIGURES[statistic ?? ""];
  const dots = !model.apart
    ? "its median, which is what is compared"
    : figure
      ? `what is compared, ${figure}`
      : "what is compared";
  return `Each dot is a run: ${dots}. The blue line is the level between change points${noise}. Bars are the quartiles of all values${
    model.apart ? ", violet rings the medians" : ""
  }.`;
}
