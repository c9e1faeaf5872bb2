// @ts-check
// The worker of the page on a web server: the modules of the core beside it.

// @ts-ignore: written by `make web`.
import init, { Session, version } from "./core/driftline_web.js";
import { serve } from "./serve.js";

serve(globalThis, async () => {
  const first = await init();
  return {
    Session,
    version,
    async analysis() {
      const answer = await fetch(new URL("./core/driftline_web_analysis.wasm", import.meta.url));
      if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
      await WebAssembly.instantiate(await answer.arrayBuffer(), { first });
    },
    async formats() {
      // @ts-ignore: written by `make web`.
      const formats = await import("./core/driftline_web_formats.js");
      await formats.default();
      return formats;
    },
  };
});
