// @ts-check
// The history that `driftline view` serves: its files are listed beside the page, and when it changes
// they are read anew.

import { shareAnnotations } from "./annotations.js";
import { addProblem, addSources } from "./app.js";
import { fetchSource } from "./sources.js";

const LIST = "data/index.json";
/** After a failure it is asked again only after so many milliseconds. */
const PAUSE = 5000;
const never = new AbortController().signal;

/** Reads the list and all its files. @param {any} list */
async function readFiles(list) {
  const sources = [];
  for (const { name, url } of list.files)
    sources.push({ ...(await fetchSource(url, never, () => {})), name });
  shareAnnotations(list.annotations);
  await addSources(sources, { replace: true, settings: list.settings ?? {} });
}

/** @returns {Promise<any>} the list; null where the page is served by something else */
async function fetchList() {
  const answer = await fetch(LIST, { cache: "no-store" }).catch(() => null);
  return answer?.ok ? answer.json() : null;
}

/**
 * Opens what is served beside the page, and follows it.
 * @returns {Promise<boolean>} whether there was anything
 */
export async function openLive() {
  const list = await fetchList();
  if (!Array.isArray(list?.files)) return false;
  try {
    await readFiles(list);
  } catch (error) {
    addProblem({ name: LIST, message: error instanceof Error ? error.message : String(error) });
  }
  if (typeof list.version === "string") void follow(list.version);
  return true;
}

/** @param {string} version what is shown */
async function follow(version) {
  for (let known = version; ;) {
    try {
      const answer = await fetch(`data/changes?since=${encodeURIComponent(known)}`, {
        cache: "no-store",
      });
      if (!answer.ok) return;
      const now = (await answer.json()).version;
      if (now === known) continue;
      known = now;
      const list = await fetchList();
      if (list) await readFiles(list);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }
}
