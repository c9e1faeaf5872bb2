// @ts-check
// The head of the page: what is looked at, and where to go.

import { setState, shownMachine } from "./app.js";
import { app } from "./store.js";
import { byKey, h } from "./dom.js";
import { ago, counted, dateTime, runName, shortened } from "./format.js";
import { helpDialog } from "./help.js";
import { addressOf, formatAddress } from "./state.js";

/** So many runs are offered; older ones are reached from a chart or by their address. */
const LISTED = 400;
/** After so many days without a run, that is said. */
const STALE_DAYS = 14;

let drawn = "";

/** From light to dark and back. */
export function switchTheme() {
  const root = document.documentElement;
  root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
  try {
    localStorage.setItem("driftline-theme", root.dataset.theme);
  } catch {
    // It holds for this page then.
  }
  dispatchEvent(new CustomEvent("themechange"));
}

/** What a machine is called. @param {string} fingerprint */
export function machineName(fingerprint) {
  const run = app.index?.runs.find(({ machine }) => machine === fingerprint);
  return run?.machine_name || fingerprint;
}

/**
 * @param {string} label @param {string} value @param {[string, string][]} options
 * @param {(value: string) => void} choose
 */
function picker(label, value, options, choose) {
  const select = h(
    "select",
    { "aria-label": label, "data-key": label, onchange: () => choose(select.value) },
    options.map(([key, text]) => h("option", { value: key, selected: key === value }, text)),
  );
  return h("label", { class: "picker" }, h("span", {}, label), select);
}

/** @param {import("./main.js").Actions} actions */
export function drawHeader(actions) {
  const header = /** @type {HTMLElement} */ (document.getElementById("header"));
  const { index, state, sources } = app;
  const key = JSON.stringify([
    index?.runs.length,
    index?.runs[0]?.id,
    sources.map(({ name }) => name),
    { ...state, search: "" },
    app.run,
    app.core,
  ]);
  const search = /** @type {HTMLInputElement | null} */ (header.querySelector("#search"));
  if (search && search !== document.activeElement && search.value !== state.search)
    search.value = state.search;
  if (key === drawn) return;
  drawn = key;
  const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset?.key;
  const field =
    search ??
    h("input", {
      type: "search",
      id: "search",
      placeholder: "Search benchmarks  /",
      "aria-label": "Search benchmarks",
      "data-key": "search",
      oninput: () =>
        setState({
          search: /** @type {HTMLInputElement} */ (document.getElementById("search")).value,
          view: app.state.view === "compare" ? "compare" : "overview",
          page: 0,
        }),
    });
  field.value = state.search;
  const buttons = h(
    "div",
    { class: "tools" },
    index
      ? h(
          "a",
          {
            class: "button",
            href: addressOf(state, { view: "compare", baseline: "history", candidate: "" }),
            "data-key": "compare",
          },
          "Compare",
        )
      : null,
    index
      ? h(
          "button",
          { onclick: actions.choose, "data-key": "open", title: "Open more files" },
          "Open…",
        )
      : null,
    h(
      "button",
      { onclick: helpDialog, "data-key": "help", "aria-label": "Help", title: "Help (?)" },
      "?",
    ),
    h(
      "button",
      {
        onclick: switchTheme,
        "data-key": "theme",
        "aria-label": "Light or dark",
        title: "Light or dark",
      },
      "◐",
    ),
  );
  header.replaceChildren(
    h(
      "div",
      { class: "bar" },
      h(
        "a",
        {
          class: "brand",
          href: formatAddress({
            ...state,
            view: "overview",
            id: "",
            open: "",
            table: false,
            from: "",
            to: "",
          }),
        },
        "driftline",
      ),
      index
        ? h(
            "span",
            { class: "source" },
            h("bdi", {}, shortened(sources.map(({ name }) => name).join(" + "), 40)),
            h("span", {}, `\u00a0· ${counted(index.runs.length, "run")}`, staleNode(index)),
          )
        : null,
      index ? pickers(index) : null,
      h("span", { class: "spring" }),
      index ? field : null,
      buttons,
    ),
  );
  if (focused) byKey(header, focused)?.focus({ preventScroll: true });
}

/** That nothing was measured lately is to be seen. @param {import("./types.d.ts").Index} index */
function staleNode(index) {
  const time = index.runs[index.runs.length - 1]?.time;
  const stale = time && Date.now() - Date.parse(time) > STALE_DAYS * 86_400_000;
  return stale ? h("span", { class: "stale" }, ` · last run ${ago(time, Date.now())}`) : null;
}

/** @param {import("./types.d.ts").Index} index */
function pickers(index) {
  const { state } = app;
  const machines = [...new Set(index.runs.map(({ machine }) => machine))];
  const branches = [
    ...new Set(index.runs.map(({ commit }) => commit?.branch ?? "").filter(Boolean)),
  ];
  const all = /** @type {[string, string]} */ (["*", "all machines"]);
  const runs = index.runs.slice(-LISTED);
  if (app.run >= 0 && app.run < index.runs.length - LISTED) runs.unshift(index.runs[app.run]);
  return h(
    "div",
    { class: "pickers" },
    machines.length > 1
      ? picker(
          "machine",
          shownMachine(),
          [
            ...machines.map(
              (machine) => /** @type {[string, string]} */ ([machine, machineName(machine)]),
            ),
            all,
          ],
          (machine) => setState({ machine, run: "" }),
        )
      : null,
    branches.length > 1
      ? picker(
          "branch",
          state.branch,
          [
            ["", "all branches"],
            ...branches.map(
              (branch) => /** @type {[string, string]} */ ([branch, shortened(branch, 30)]),
            ),
          ],
          (branch) => setState({ branch, run: "" }),
        )
      : null,
    picker(
      "run",
      index.runs[app.run]?.id ?? "",
      runs
        .map(
          (run) =>
            /** @type {[string, string]} */ ([
              run.id,
              `${runName(run)}${run.time ? ` · ${dateTime(run.time)}` : ""}`,
            ]),
        )
        .reverse(),
      (run) => setState({ run: run === index.runs[index.runs.length - 1].id ? "" : run }),
    ),
  );
}

export function drawFooter() {
  const footer = /** @type {HTMLElement} */ (document.getElementById("footer"));
  const text = app.core
    ? `Judged in this browser by driftline-core ${app.core}. Nothing leaves this page.`
    : "";
  if (footer.textContent !== text) footer.textContent = text;
}
