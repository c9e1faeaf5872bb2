// @ts-check
// The worker of the page on a web server: the core as a module beside it.

// @ts-ignore: written by `make web`.
import init, { Session, version } from "./core/driftline_web.js";
import { serve } from "./serve.js";

serve(globalThis, async () => {
  await init();
  return { Session, version };
});
