// @ts-check
// What one can choose about a chart: scales, layers, the table, further benchmarks.

import { setState } from "./app.js";
import { seriesColours } from "./chart.js";
import { byKey, copyText, h, nameNode } from "./dom.js";
import { shortened } from "./format.js";
import { say } from "./live.js";
import { Y_SCALES } from "./scale.js";
import { X_SCALES } from "./state.js";
import { summaryText } from "./series_model.js";
import { app } from "./store.js";

/** @typedef {import("./series_model.js").SeriesModel} SeriesModel */

const LAYERS = /** @type {[string, string][]} */ ([
  ["points", "points"],
  ["line", "line"],
  ["intervals", "spread"],
  ["medians", "medians"],
  ["levels", "levels"],
  ["noise", "noise floor"],
  ["epochs", "environments"],
]);

/**
 * What is drawn, and how.
 * @param {HTMLElement} controls @param {import("./types.d.ts").SeriesInfo} own
 * @param {() => SeriesModel | null} model what is drawn now
 */
export function drawControls(controls, own, model) {
  const { state, index } = app;
  const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset?.key;
  const choice = (
    /** @type {string} */ name,
    /** @type {readonly string[]} */ values,
    /** @type {string} */ now,
    /** @type {(value: any) => void} */ choose,
  ) =>
    h(
      "div",
      { class: "choice", role: "group", "aria-label": name },
      h("span", { class: "faint" }, name),
      values.map((value) =>
        h(
          "button",
          {
            "data-key": `${name} ${value}`,
            "aria-pressed": value === now ? "true" : "false",
            onclick: () => choose(value),
          },
          value,
        ),
      ),
    );
  const others = (index?.series ?? []).filter(
    (series) =>
      series.metric === own.metric && series.id !== own.id && !state.also.includes(series.id),
  );
  const colours = seriesColours([state.id, ...state.also]);
  const add = h(
    "select",
    {
      "aria-label": "Add a benchmark",
      "data-key": "add",
      onchange: () => setState({ also: [...state.also, add.value] }),
    },
    h("option", { value: "" }, "+ benchmark"),
    others.slice(0, 1000).map(({ id }) => h("option", { value: id }, shortened(id, 60))),
  );
  controls.replaceChildren(
    choice("y", Y_SCALES, state.also.length > 0 ? "relative" : state.y, (y) =>
      setState({ y, also: y === "relative" ? state.also : [] }),
    ),
    choice("x", X_SCALES, state.x, (x) => setState({ x, from: "", to: "" })),
    h(
      "details",
      { class: "layers" },
      h("summary", { "data-key": "layers" }, "Layers"),
      h(
        "div",
        { class: "layer-list" },
        LAYERS.map(([layer, text]) =>
          h(
            "label",
            {},
            h("input", {
              type: "checkbox",
              checked: !state.hide.includes(layer),
              "data-key": `layer ${layer}`,
              onchange: () =>
                setState({
                  hide: state.hide.includes(layer)
                    ? state.hide.filter((one) => one !== layer)
                    : [...state.hide, layer],
                }),
            }),
            text,
          ),
        ),
      ),
    ),
    h(
      "button",
      {
        "data-key": "table",
        "aria-pressed": state.table ? "true" : "false",
        onclick: () => setState({ table: !state.table, page: 0 }),
      },
      "Table",
    ),
    h(
      "button",
      {
        "data-key": "summary",
        onclick: () => {
          const drawn = model();
          if (drawn && index) void copyText(summaryText(index, drawn, own.unit, own.id), say);
        },
      },
      "Copy summary",
    ),
    others.length > 0 ? add : "",
    ...(state.also.length > 0
      ? [state.id, ...state.also].map((id) => {
          const swatch = h("span", { class: "swatch", "aria-hidden": "true" }, "●");
          swatch.style.color = colours.get(id) ?? "";
          return h(
            "span",
            { class: "chip" },
            swatch,
            " ",
            nameNode(shortened(id, 40)),
            id === state.id
              ? null
              : h(
                  "button",
                  {
                    "aria-label": `Remove ${shortened(id, 60)}`,
                    onclick: () => setState({ also: state.also.filter((other) => other !== id) }),
                  },
                  "×",
                ),
          );
        })
      : []),
  );
  const layers = /** @type {HTMLDetailsElement} */ (controls.querySelector("details.layers"));
  if (focused?.startsWith("layer")) layers.open = true;
  if (focused) byKey(controls, focused)?.focus({ preventScroll: true });
}
