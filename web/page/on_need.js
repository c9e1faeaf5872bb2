// @ts-check
// How the page gets what the first rows do not need: from a script beside this one.

/**
 * @param {number} failures how often it was not had: browsers remember the address of a module that failed
 * @returns {Promise<typeof import("./later.js").later>}
 */
export async function loadLater(failures) {
  const address = failures > 0 ? `./later.js?${failures}` : "./later.js";
  return (await import(address)).later;
}
