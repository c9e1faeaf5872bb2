// @ts-check
// The keys, and what the words mean.

import { h } from "./dom.js";
import { STATUS, STATUSES } from "./model.js";

/** @type {[string, string][]} */
export const KEYS = [
  ["/", "search"],
  ["j  k", "next and previous row"],
  ["Enter", "open the row, or pin the point"],
  ["e", "why this verdict"],
  ["[  ]", "previous and next change point"],
  ["←  →", "previous and next point"],
  ["↑  ↓", "previous and next benchmark"],
  ["a  d", "move the chart"],
  ["w  s", "zoom in and out"],
  ["0", "show everything"],
  ["c", "mark a run; on a second one, compare them"],
  ["y", "next y scale"],
  ["t", "table"],
  ["?", "this help"],
  ["Esc", "back"],
];

/** Shows the help. */
export function helpDialog() {
  document.querySelector("dialog.help")?.remove();
  const dialog = h(
    "dialog",
    { class: "dialog help", "aria-labelledby": "help-title" },
    h("h2", { id: "help-title" }, "Help"),
    h(
      "div",
      { class: "columns" },
      h(
        "section",
        {},
        h("h3", {}, "Keys"),
        h(
          "table",
          {},
          h(
            "tbody",
            {},
            KEYS.map(([key, does]) =>
              h("tr", {}, h("th", { scope: "row" }, h("kbd", {}, key)), h("td", {}, does)),
            ),
          ),
        ),
      ),
      h(
        "section",
        {},
        h("h3", {}, "Verdicts"),
        h(
          "table",
          {},
          h(
            "tbody",
            {},
            STATUSES.map((status) =>
              h(
                "tr",
                {},
                h(
                  "th",
                  { scope: "row", class: `verdict ${status}` },
                  `${STATUS[status].glyph} ${STATUS[status].word}`,
                ),
                h("td", {}, STATUS[status].means),
              ),
            ),
          ),
        ),
        h(
          "p",
          {},
          "The noise floor is how much a benchmark moves between runs of unchanged code. A change point is the run at which a series shifted.",
        ),
      ),
    ),
    h("form", { method: "dialog" }, h("button", { class: "primary", autofocus: true }, "Close")),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
