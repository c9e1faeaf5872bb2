// @ts-check
// Starts the page: the views by their address, what is dropped and pasted, the file beside the page.

import { addProblem, addSources, cancelLoading, readAddress } from "./app.js";
import { app, changed, subscribe } from "./store.js";
import { byKey, h } from "./dom.js";

import {
  droppedSources,
  fetchSource,
  fileSources,
  pastedSource,
  progressText,
  SourceError,
} from "./sources.js";
import { embeddedData, ONE_FILE } from "./platform.js";
import { loadAnnotations, shareAnnotations } from "./annotations.js";
import { openLive } from "./live_history.js";
import { drawFooter, drawHeader } from "./header.js";
import { listenToKeys } from "./keys.js";
import { keyOf } from "./model.js";
import { drawNotices } from "./notices.js";
import { loadLater } from "./on_need.js";
import { overviewView } from "./view_overview.js";
import { formatAddress } from "./state.js";
import { pendingNode } from "./pending.js";
import { startView } from "./view_start.js";

/** @typedef {{element: HTMLElement, update: () => void, destroy?: () => void, keys?: Record<string, () => void>}} View */

const main = /** @type {HTMLElement} */ (document.getElementById("main"));
/** @type {View | null} */
let view = null;
let shown = "";
/** How the name of a series' view begins; its key follows. */
const SERIES = "series ";
/** What is being fetched. */
const fetching = { controller: /** @type {AbortController | null} */ (null) };

/** Shows the view that the state asks for. */
function draw() {
  const { state, index, later, loading } = app;
  const wanted = !index
    ? loading.phase === "loading"
      ? "loading"
      : "start"
    : state.view !== "overview" && !later
      ? `pending ${app.missing}`
      : state.view === "series"
        ? `${SERIES}${keyOf(state.id, state.metric)}`
        : state.view;
  drawHeader(actions);
  drawNotices(actions);
  drawFooter();
  const before = shown;
  if (wanted !== shown) {
    view?.destroy?.();
    shown = wanted;
    view =
      wanted === "loading"
        ? loadingView()
        : wanted === "start"
          ? startView(actions)
          : state.view === "overview"
            ? overviewView()
            : !later
              ? pendingView()
              : state.view === "series"
                ? later.seriesView()
                : later.compareView();
    main.replaceChildren(view.element);
    main.dataset.view = wanted.split(" ")[0];
  }
  view?.update();
  if (wanted !== before && before !== "" && wanted !== "loading") arrive(before);
  document.title = titleOf();
  document.documentElement.dataset.phase = app.judging ? "judging" : loading.phase;
  if (index || state.view !== "overview") void fetchLater();
}

let failures = 0;
let fetchingLater = false;
/** Fetches what the first rows do not need, unless it is there or on its way. */
async function fetchLater() {
  if (app.later || fetchingLater || app.missing) return;
  fetchingLater = true;
  try {
    app.later = await loadLater(failures);
  } catch (error) {
    failures += 1;
    app.missing = error instanceof Error ? error.message : String(error);
  }
  fetchingLater = false;
  changed();
}

/** Where the overview was scrolled to, by its address. @type {Map<string, number>} */
const scrolled = new Map();

/**
 * Who changed the view by keyboard goes on reading at its beginning; who comes back to the overview,
 * where it was left.
 * @param {string} before the view that was left
 */
function arrive(before) {
  const overview = app.index && app.state.view === "overview";
  const row =
    overview && before.startsWith(SERIES)
      ? byKey(main, `row ${before.slice(SERIES.length)}`)
      : null;
  (row ?? main).focus({ preventScroll: true });
  scrollTo(0, (overview && scrolled.get(formatAddress(app.state))) || 0);
}

function titleOf() {
  const { state, rows } = app;
  if (!app.index) return "driftline";
  if (state.view === "series") return `${state.id.slice(0, 80)} · driftline`;
  const regressed = rows.filter((row) => row.status === "regressed").length;
  return state.view === "compare"
    ? "Compare · driftline"
    : `${regressed > 0 ? `▲ ${regressed} · ` : ""}driftline`;
}

/** What stands in the place of a view that is on its way. @returns {View} */
function pendingView() {
  const element = h(
    "section",
    { class: "loading" },
    h("h1", { class: "unseen" }, "Loading"),
    pendingNode(),
  );
  return { element, update: () => undefined };
}

/** @returns {View} */
function loadingView() {
  const text = h("p", { role: "status" });
  const bar = h("progress", { "aria-label": "Loading" });
  const skeleton = h(
    "div",
    { class: "skeleton", "aria-hidden": "true" },
    Array.from({ length: 8 }, () => h("div", { class: "skeleton-row" })),
  );
  const element = h(
    "section",
    { class: "loading" },
    h("h1", { class: "unseen" }, "Loading"),
    h(
      "div",
      { class: "loading-line" },
      text,
      bar,
      h("button", { onclick: () => actions.cancel() }, "Cancel"),
    ),
    skeleton,
  );
  return {
    element,
    update() {
      const progress = app.loading.progress;
      if (!progress) return;
      text.textContent = progressText(progress);
      if (progress.total > 0 && !progress.analysing) {
        bar.max = progress.total;
        bar.value = progress.done;
      } else bar.removeAttribute("value");
    },
  };
}

const actions = {
  /** @param {import("./sources.js").Source[]} sources @param {boolean} [replace] */
  async open(sources, replace = false) {
    if (sources.length === 0) return;
    // The files of a comparison may come in any order: the one that was written first goes first.
    await addSources(sources, { replace });
  },
  /** @param {string} address @param {{replace?: boolean}} [options] */
  async openAddress(address, { replace = true } = {}) {
    fetching.controller?.abort();
    const controller = new AbortController();
    fetching.controller = controller;
    const name = address.split("/").pop() || address;
    const before = app.loading;
    app.loading = { phase: "loading", progress: { name, done: 0, total: 0 } };
    changed();
    try {
      const source = await fetchSource(address, controller.signal, (progress) => {
        app.loading.progress = { ...progress, name };
        changed();
      });
      fetching.controller = null;
      await loadAnnotations(address);
      await addSources([source], { replace });
    } catch (error) {
      app.loading =
        before.phase === "loading"
          ? { phase: app.index ? "ready" : "empty", progress: null }
          : before;
      if (!controller.signal.aborted) {
        const message = error instanceof Error ? error.message : String(error);
        addProblem({
          name: address,
          message,
          remedy: error instanceof SourceError ? error.remedy : undefined,
        });
      }
      changed();
    }
  },
  async cancel() {
    fetching.controller?.abort();
    fetching.controller = null;
    await cancelLoading();
  },
  choose() {
    const input = h("input", { type: "file", multiple: true });
    input.addEventListener("change", () => actions.open(fileSources(input.files ?? [])));
    input.click();
  },
  chooseFolder() {
    const input = h("input", { type: "file", webkitdirectory: true });
    input.addEventListener("change", () => actions.open(fileSources(input.files ?? [])));
    input.click();
  },
  /** @param {string} text */
  async paste(text) {
    const pasted = pastedSource(text);
    if (!pasted) return;
    if ("address" in pasted) await actions.openAddress(pasted.address, { replace: false });
    else await actions.open([pasted.source]);
  },
};

/** @typedef {typeof actions} Actions */

function listen() {
  history.scrollRestoration = "manual";
  addEventListener("scroll", () => scrolled.set(formatAddress(app.state), scrollY), {
    passive: true,
  });
  addEventListener("popstate", readAddress);
  addEventListener("hashchange", readAddress);
  let depth = 0;
  const over = (/** @type {boolean} */ on) =>
    document.documentElement.classList.toggle("dropping", on);
  const carriesFiles = (/** @type {DragEvent} */ event) =>
    event.dataTransfer?.types.includes("Files") ?? false;
  addEventListener("dragenter", (event) => {
    if (!carriesFiles(event)) return;
    depth += 1;
    over(true);
  });
  addEventListener("dragleave", (event) => {
    if (!carriesFiles(event)) return;
    depth -= 1;
    if (depth <= 0) over(false);
  });
  // Text and links are taken as if they were pasted, unless they are dropped into a field.
  const carriesText = (/** @type {DragEvent} */ event) =>
    (event.dataTransfer?.types.includes("text/plain") ?? false) &&
    !(/** @type {HTMLElement} */ (event.target).closest?.("input, textarea"));
  addEventListener("dragover", (event) => {
    if (carriesFiles(event) || carriesText(event)) event.preventDefault();
  });
  addEventListener("drop", async (event) => {
    if (carriesText(event) && !carriesFiles(event)) {
      event.preventDefault();
      await actions.paste(event.dataTransfer?.getData("text/plain") ?? "");
      return;
    }
    if (!carriesFiles(event) || !event.dataTransfer) return;
    event.preventDefault();
    depth = 0;
    over(false);
    await actions.open(await droppedSources(event.dataTransfer));
  });
  addEventListener("paste", (event) => {
    if (/** @type {HTMLElement} */ (event.target).closest?.("input, textarea")) return;
    const files = event.clipboardData?.files ?? [];
    if (files.length > 0) void actions.open(fileSources(files));
    else void actions.paste(event.clipboardData?.getData("text") ?? "");
  });
  listenToKeys(() => view);
  document.getElementById("skip")?.addEventListener("click", (event) => {
    event.preventDefault();
    main.focus();
  });
}

/** The data that the page was opened with: embedded, of `?data=`, or beside the page. */
async function openFirst() {
  const embedded = embeddedData();
  if (embedded) {
    shareAnnotations(embedded.annotations);
    return addSources(embedded.files, { replace: true, settings: embedded.settings });
  }
  if (ONE_FILE) return undefined;
  const given = new URLSearchParams(location.search).get("data");
  if (given) return actions.openAddress(given);
  if (await openLive()) return undefined;
  for (const name of ["history.jsonl", "history.json"]) {
    const found = await fetch(name, { method: "HEAD" }).then(
      (answer) => answer.ok,
      () => false,
    );
    if (found) return actions.openAddress(name);
  }
  return undefined;
}

subscribe(draw);
listen();
readAddress();
draw();
void openFirst();
