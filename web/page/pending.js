// @ts-check
// What stands where a part of the page is missing that the first rows do not need: it is on its way, or
// could not be had.

import { app, changed } from "./store.js";
import { h } from "./dom.js";

export function pendingNode() {
  if (!app.missing) return h("p", { class: "pending", role: "status" }, "Loading…");
  const again = () => {
    app.missing = "";
    changed();
  };
  return h(
    "p",
    { class: "pending", role: "alert" },
    `This part of the page could not be loaded: ${app.missing.slice(0, 300)} `,
    h("button", { onclick: again }, "Try again"),
  );
}
