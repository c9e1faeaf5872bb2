// @ts-check
// The worker of the page in one file: the core's classic script stands before this one, and the
// page sends the bytes of the module.

import { serve } from "./serve.js";

serve(globalThis, async (wasm) => {
  const core = /** @type {any} */ (globalThis).driftlineCore;
  await core({ module_or_path: wasm });
  return { Session: core.Session, version: core.version };
});
