// @ts-check
// How the page gets what the first rows do not need: it is in this one file.

import { later } from "./later.js";

/** @returns {Promise<typeof later>} */
export async function loadLater() {
  return later;
}
