// @ts-check
// What if another threshold held? Every verdict is judged anew by the core, and the rule is replayed
// over the history, so that a threshold need not be guessed.

import { calibrate, setState } from "./app.js";
import { app } from "./store.js";
import { h } from "./dom.js";
import { counted, share } from "./format.js";

/** The positions of a slider are even steps of the logarithm. */
const STEPS = 100;
const THRESHOLD = { least: 1, most: 200, usual: 20 };
const FDR = { least: 0.001, most: 0.2, usual: 0.01 };

/** @param {number} place @param {{least: number, most: number}} range */
export function valueAt(place, { least, most }) {
  const value = least * (most / least) ** (place / STEPS);
  return Number(value.toPrecision(value >= 10 * least ? 2 : 2));
}

/** @param {number} value @param {{least: number, most: number}} range */
export function placeOf(value, { least, most }) {
  return Math.round(
    (STEPS * Math.log(Math.min(most, Math.max(least, value)) / least)) / Math.log(most / least),
  );
}

/** In words: what the replay over the history shows. @param {import("./types.d.ts").Calibration} calibration */
export function backtestText(calibration) {
  const { replayed, totals } = calibration;
  if (replayed === 0)
    return "There are too few runs made alike to replay this over the history: six are needed.";
  const alarms = totals.false_alarms;
  const half =
    totals.found.find(({ slowdown, tried }) => slowdown >= 0.3 && tried > 0) ??
    totals.found[totals.found.length - 1];
  const found =
    half && half.tried > 0
      ? ` Of ${counted(half.tried, "slowdown")} of ${share(half.slowdown)} put in, ${half.found} ${half.found === 1 ? "was" : "were"} found.`
      : "";
  return `With these settings the last ${counted(replayed, "run")} would have raised ${counted(alarms, "false alarm")} in ${counted(totals.comparisons, "comparison")}${
    totals.lasting > 0 ? `, and found ${counted(totals.lasting, "lasting change")}` : ""
  }; ${share(totals.comparisons ? totals.inconclusive / totals.comparisons : 0)} inconclusive.${found}`;
}

export function whatIfPanel() {
  const slider = (/** @type {string} */ id, /** @type {string} */ label) => ({
    input: h("input", { type: "range", min: 0, max: STEPS, step: 1, id, "data-key": id }),
    output: h("output", { for: id }),
    label: h("label", { for: id }, label),
  });
  const threshold = slider("what-threshold", "Threshold: a change is relevant from");
  const fdr = slider("what-fdr", "False-discovery rate: tolerated among the changes found");
  const backtest = h("p", { class: "backtest", role: "status" });
  const reset = h("button", { onclick: () => setState({ min: null, alpha: null }) }, "As usual");
  const element = h(
    "details",
    { class: "what-if" },
    h("summary", {}, "What if? ", h("span", { class: "faint" })),
    h(
      "div",
      { class: "sliders" },
      [threshold, fdr].map(({ input, output, label }) =>
        h("div", { class: "slider" }, label, input, output),
      ),
      reset,
    ),
    backtest,
  );
  const told = /** @type {HTMLElement} */ (element.querySelector("summary span"));
  threshold.input.addEventListener("input", () =>
    setState({ min: valueAt(Number(threshold.input.value), THRESHOLD) }),
  );
  fdr.input.addEventListener("input", () =>
    setState({ alpha: valueAt(Number(fdr.input.value), FDR) }),
  );
  let timer = 0;
  const replay = () => {
    clearTimeout(timer);
    // Sliding asks for verdicts at once, for the replay when it rests.
    timer = window.setTimeout(() => void calibrate(), 200);
  };
  element.addEventListener("toggle", () => element.open && replay());
  let asked = "";

  function update() {
    const { state, comparison, calibration } = app;
    const policy = comparison?.policy;
    element.hidden = !comparison;
    if (!policy) return;
    const percent = state.min ?? policy.threshold * 100;
    const alpha = state.alpha ?? policy.fdr;
    if (document.activeElement !== threshold.input)
      threshold.input.value = String(placeOf(percent, THRESHOLD));
    if (document.activeElement !== fdr.input) fdr.input.value = String(placeOf(alpha, FDR));
    threshold.output.textContent = share(percent / 100);
    fdr.output.textContent = share(alpha);
    threshold.input.setAttribute("aria-valuetext", share(percent / 100));
    fdr.input.setAttribute("aria-valuetext", share(alpha));
    told.textContent = `threshold ${share(percent / 100)}, false-discovery rate ${share(alpha)}`;
    const changedPolicy = state.min !== null || state.alpha !== null;
    element.classList.toggle("on", changedPolicy);
    reset.disabled = !changedPolicy;
    if (changedPolicy && !element.open && asked === "") element.open = true;
    const key = `${state.min} ${state.alpha} ${app.index?.runs.length}`;
    if (element.open && asked !== key) {
      asked = key;
      backtest.textContent = "Replaying the history…";
      replay();
    }
    const fresh =
      calibration &&
      Math.abs(calibration.policy.threshold * 100 - percent) < 0.01 &&
      Math.abs(calibration.policy.fdr - alpha) < 1e-6;
    if (fresh) backtest.textContent = backtestText(calibration);
  }
  return { element, update };
}
