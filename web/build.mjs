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
import { minify_sync } from "terser";
import { bundleInTwo, inline } from "./inline.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const page = join(here, "page");
const dist = join(here, "dist", "page");
const uplot = dirname(createRequire(import.meta.url).resolve("uplot/package.json"));

const noModules = join(here, "dist", "no-modules");
const MODULES = { core: "driftline_web", formats: "driftline_web_formats" };
/** The rest of the core's module: what judges. */
const ANALYSIS = "driftline_web_analysis.wasm";
for (const name of [...Object.values(MODULES).map((name) => `${name}_bg.wasm`), ANALYSIS]) {
  for (const needed of [join(dist, "core", name), join(noModules, name)]) {
    if (!existsSync(needed)) throw new Error(`${needed} is missing: run make web`);
  }
}
for (const name of readdirSync(dist))
  if (name !== "core") rmSync(join(dist, name), { recursive: true });
/** A script as it is served: without comments and long names. */
const squeezed = (/** @type {string} */ script, module = false) =>
  /** @type {string} */ (
    minify_sync(script, { module, ecma: 2020, format: { comments: /^!/ } }).code
  );
const source = (/** @type {string} */ path) => readFileSync(path, "utf8");
const licence = source(join(uplot, "LICENSE")).trim();
const library = `/*!\n${licence}\n*/
export const uPlot = (() => {\n${source(join(uplot, "dist", "uPlot.iife.min.js"))}\nreturn uPlot;\n})();`;
/** A script of the page; the library's in its place. */
const scriptOf = (/** @type {string} */ path) =>
  path === join(page, "uplot.js") ? library : source(path);
// Two files instead of fifty, which were fetched one after the other and packed each on its own: what
// the first rows need, and the rest.
const { first, later } = bundleInTwo(join(page, "main.js"), join(page, "later.js"), scriptOf);
writeFileSync(join(dist, "main.js"), squeezed(first, true));
writeFileSync(join(dist, "later.js"), squeezed(later, true));
writeFileSync(join(dist, "theme.js"), squeezed(source(join(page, "theme.js"))));
// The worker, and what it imports.
for (const name of ["worker.js", "serve.js", "reading.js", "unpack.js"])
  writeFileSync(join(dist, name), squeezed(source(join(page, name)), true));
for (const name of Object.values(MODULES)) {
  const glue = join(dist, "core", `${name}.js`);
  writeFileSync(glue, squeezed(source(glue), true));
}
for (const name of readdirSync(page))
  if (/\.(css|html)$/.test(name)) cpSync(join(page, name), join(dist, name));
// What can be read is known to the module that reads it.
const { formats } = createRequire(import.meta.url)(
  join(here, "dist", "node", `${MODULES.formats}.js`),
);
const index = readFileSync(join(dist, "index.html"), "utf8");
const EMPTY = 'name="driftline-formats" content=""';
if (!index.includes(EMPTY)) throw new Error(`index.html has no ${EMPTY}`);
writeFileSync(
  join(dist, "index.html"),
  index.replace(EMPTY, () => `name="driftline-formats" content="${formats().join(" ")}"`),
);
cpSync(join(page, "sample"), join(dist, "sample"), { recursive: true });
mkdirSync(join(dist, "vendor"), { recursive: true });
cpSync(join(uplot, "dist", "uPlot.min.css"), join(dist, "vendor", "uplot.css"));

const moduleOf = (/** @type {string} */ name) => ({
  glue: readFileSync(join(noModules, `${name}.js`), "utf8"),
  wasm: readFileSync(join(noModules, `${name}_bg.wasm`)),
});
const report = inline({
  html: readFileSync(join(dist, "index.html"), "utf8"),
  page: dist,
  modules: {
    core: { ...moduleOf(MODULES.core), analysis: readFileSync(join(noModules, ANALYSIS)) },
    formats: moduleOf(MODULES.formats),
  },
  // The page's own scripts as they are written; the library and the styles as they are served.
  read: (path) =>
    path.startsWith(join(dist, "vendor")) ? source(path) : scriptOf(path.replace(dist, page)),
  squeezed,
});
writeFileSync(join(dist, "report.html"), report);

const files = readdirSync(dist, { recursive: true, withFileTypes: true }).filter(
  (entry) =>
    entry.isFile() && /\.(js|css|html|wasm)$/.test(entry.name) && entry.name !== "report.html",
);
const packed = (/** @type {string} */ path) => gzipSync(readFileSync(path)).length;
const paths = files.map((entry) => join(entry.parentPath, entry.name));
const kilobytes = (/** @type {number} */ bytes) => `${(bytes / 1000).toFixed(0)} kB`;
const sum = (/** @type {RegExp} */ names, inside = true) =>
  kilobytes(
    paths
      .filter((path) => names.test(path) === inside)
      .reduce((total, path) => total + packed(path), 0),
  );
console.log(
  `web/dist/page: ${sum(/later\.js|driftline_web_(analysis|formats)/, false)} gzip before the first rows; what judges and the other views ${sum(/later\.js|driftline_web_analysis/)}; with the first file of another format ${sum(/driftline_web_formats/)}; report.html ${kilobytes(Buffer.byteLength(report))}, ${kilobytes(gzipSync(report).length)} gzip`,
);
