// @ts-check
// Gathers the page into dist/page: its own files, uPlot, and the page in one file. The core is there
// already (`make web`).

import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import ts from "typescript";
import { inline } from "./inline.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const page = join(here, "page");
const dist = join(here, "dist", "page");
const uplot = dirname(createRequire(import.meta.url).resolve("uplot/package.json"));

for (const needed of [
  join(dist, "core", "driftline_web_bg.wasm"),
  join(here, "dist", "no-modules", "driftline_web.js"),
]) {
  if (!existsSync(needed)) throw new Error(`${needed} is missing: run make web`);
}
for (const name of readdirSync(dist))
  if (name !== "core") rmSync(join(dist, name), { recursive: true });
/** A module as it is served: without comments. */
const served = (/** @type {string} */ path) =>
  ts.transpileModule(readFileSync(path, "utf8"), {
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ES2022,
      removeComments: true,
    },
  }).outputText;
for (const name of readdirSync(page)) {
  if (name.endsWith(".js") && !name.endsWith(".report.js")) {
    writeFileSync(join(dist, name), served(join(page, name)));
  } else if (/\.(css|html)$/.test(name)) cpSync(join(page, name), join(dist, name));
}
cpSync(join(page, "sample"), join(dist, "sample"), { recursive: true });
mkdirSync(join(dist, "vendor"), { recursive: true });
const licence = readFileSync(join(uplot, "LICENSE"), "utf8").trim();
const script = readFileSync(join(uplot, "dist", "uPlot.iife.min.js"), "utf8");
writeFileSync(join(dist, "vendor", "uplot.js"), `/*\n${licence}\n*/\n${script}`);
cpSync(join(uplot, "dist", "uPlot.min.css"), join(dist, "vendor", "uplot.css"));

const noModules = join(here, "dist", "no-modules");
const report = inline({
  html: readFileSync(join(dist, "index.html"), "utf8"),
  page: dist,
  glue: readFileSync(join(noModules, "driftline_web.js"), "utf8"),
  wasm: readFileSync(join(noModules, "driftline_web_bg.wasm")),
  // The report's own modules are not among those that are served.
  read: (path) =>
    readFileSync(path.endsWith(".report.js") ? path.replace(dist, page) : path, "utf8"),
});
writeFileSync(join(dist, "report.html"), report);

const kilobytes = (/** @type {Buffer} */ bytes) => `${(bytes.length / 1000).toFixed(0)} kB`;
const files = readdirSync(dist, { recursive: true, withFileTypes: true }).filter(
  (entry) =>
    entry.isFile() && /\.(js|css|html|wasm)$/.test(entry.name) && entry.name !== "report.html",
);
const sizes = files.map(
  (entry) => gzipSync(readFileSync(join(entry.parentPath, entry.name))).length,
);
const wasm = gzipSync(readFileSync(join(dist, "core", "driftline_web_bg.wasm")));
console.log(
  `web/dist/page: ${(sizes.reduce((a, b) => a + b) / 1000).toFixed(0)} kB gzip with everything, wasm ${kilobytes(wasm)} of it; report.html ${kilobytes(Buffer.from(report))}, ${kilobytes(gzipSync(report))} gzip`,
);
