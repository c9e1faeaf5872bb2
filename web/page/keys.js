// @ts-check
// The keyboard: each key does one thing in each view, and nothing while one types.

import { setState, toOverview } from "./app.js";
import { app } from "./store.js";
import { helpDialog } from "./help.js";

/** @param {() => import("./main.js").View | null} current the view that is shown */
export function listenToKeys(current) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = /** @type {HTMLElement} */ (event.target);
    const typing = target.closest(
      "input:not([type=checkbox]):not([type=range]), textarea, select, dialog",
    );
    if (typing) {
      if (event.key === "Escape" && target.id === "search") {
        setState({ search: "" });
        target.blur();
      }
      return;
    }
    const does = current()?.keys?.[event.key] ?? common[event.key];
    if (!does) return;
    // A link or button does its own on Enter, and a slider moves by the arrows.
    if (event.key === "Enter" && target.closest("a, button, summary")) return;
    if (event.key.startsWith("Arrow") && target.closest("input, [role=slider], [data-arrows]"))
      return;
    event.preventDefault();
    does();
  });
}

/** @type {Record<string, () => void>} */
const common = {
  "/": () => document.getElementById("search")?.focus(),
  "?": helpDialog,
  Escape: () => {
    if (app.state.view !== "overview" && app.index) toOverview();
  },
};
