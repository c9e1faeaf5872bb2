// @ts-check
// Nothing is given yet: where data can come from.

import { h } from "./dom.js";

const SAMPLE = "sample/history.jsonl";

/** The formats that are not told apart on this screen. */
function otherFormats() {
  const meta = document.querySelector('meta[name="driftline-formats"]');
  const names = (meta?.getAttribute("content") ?? "").split(" ").filter(Boolean);
  return names.filter((name) => !["driftline", "criterion", "csv"].includes(name));
}

/** @param {import("./main.js").Actions} actions @returns {import("./main.js").View} */
export function startView(actions) {
  const field = h("input", {
    type: "text",
    id: "paste",
    placeholder: "https://… or paste the file’s text",
    autocomplete: "off",
    spellcheck: "false",
  });
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    void actions.paste(field.value);
  };
  field.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text") ?? "";
    // A field of one line would join the lines of a file.
    if (!text.includes("\n")) return;
    event.preventDefault();
    void actions.paste(text);
  });
  const element = h(
    "section",
    { class: "start" },
    h("h1", {}, "Did it get slower, since when, and how sure is that?"),
    h(
      "p",
      { class: "lead" },
      "Open a history of benchmark runs. It is read and judged here in the browser, by the same code as on the command line; nothing leaves this page.",
    ),
    h(
      "div",
      { class: "drop" },
      h(
        "p",
        {},
        h("b", {}, "Drop files here"),
        " — a history, a baseline, or what a harness wrote; two of them are compared.",
      ),
      h(
        "div",
        { class: "actions" },
        h("button", { class: "primary", onclick: actions.choose }, "Open files…"),
        h("button", { onclick: actions.chooseFolder }, "Open criterion’s folder…"),
        h("button", { onclick: () => actions.openAddress(SAMPLE) }, "Try sample data"),
      ),
      h(
        "form",
        { class: "address", onsubmit: submit },
        h("label", { for: "paste" }, "Address or text"),
        field,
        h("button", {}, "Open"),
      ),
    ),
    h(
      "div",
      { class: "columns" },
      h(
        "div",
        {},
        h("h2", {}, "What it reads"),
        h(
          "ul",
          {},
          h("li", {}, "driftline’s history.jsonl and saved baselines"),
          h("li", {}, "criterion’s results: drop the folder target/criterion"),
          h("li", {}, "CSV with the columns benchmark and value"),
          h("li", {}, "files of these harnesses, as they write them: ", otherFormats().join(", ")),
        ),
      ),
      h(
        "div",
        {},
        h("h2", {}, "How to get a file"),
        h("p", {}, "In a project with criterion benchmarks:"),
        h("pre", {}, h("code", {}, "driftline run\n")),
        h("p", {}, "or from another harness:"),
        h("pre", {}, h("code", {}, "pytest --benchmark-json=results.json\n")),
      ),
    ),
  );
  return { element, update() {} };
}
