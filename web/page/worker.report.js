// @ts-check
// The worker of the page in one file: the classic scripts of the core's modules stand before this one,
// and the page sends what the modules are, as base64 of gzip.

import { serve } from "./serve.js";
import { unpacked } from "./unpack.js";

serve(
  globalThis,
  async (/** @type {{core: string, analysis: string, formats: string}} */ modules) => {
    const { driftlineCore, driftlineFormats } = /** @type {any} */ (globalThis);
    const first = await driftlineCore({ module_or_path: await unpacked(modules.core) });
    return {
      Session: driftlineCore.Session,
      version: driftlineCore.version,
      async analysis() {
        await WebAssembly.instantiate(await unpacked(modules.analysis), { first });
      },
      async formats() {
        await driftlineFormats({ module_or_path: await unpacked(modules.formats) });
        return driftlineFormats;
      },
    };
  },
);
