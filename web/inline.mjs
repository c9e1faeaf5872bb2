// @ts-check
// Puts the page into one HTML file that opens from the disk, where browsers load neither modules nor
// wasm: modules become functions in one classic script, in the order in which they need each other;
// the worker, the wasm modules and the data become blocks of data.
//
// Understood is what the page's modules use, and everything else is refused: imports of names from
// "./file.js" at a line's beginning (over several lines, too), `export` before a function, class,
// const or let, no default exports, no cycles.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { gzipSync } from "node:zlib";

const IMPORT = /^import\s*\{([^}]*)\}\s*from\s*"(\.\/[^"]+)";[ \t]*$/gm;
const EXPORT = /^export (?=(?:async )?function\*? |class |const |let )/gm;
const NAME = /^export (?:async )?(?:function\*?|class|const|let) ([\w$]+)/gm;

const named = (/** @type {Set<string>} */ names) => [...names].join(", ");

/**
 * A module and all that it imports, each as a constant that holds what it exports.
 * @param {string} entry
 * @param {{instead?: Record<string, string>, read?: (path: string) => string, isModule?: boolean,
 *   names?: Map<string, string>}} options `instead`: files that take another's place; `names`: the
 *   constants of the modules that are there already, by their paths; the new ones are added
 */
function gather(
  entry,
  {
    instead = {},
    read = (path) => readFileSync(path, "utf8"),
    isModule = false,
    names = new Map(),
  },
) {
  /** @type {string[]} */
  const parts = [];
  const before = new Set(names.values());
  /** What is needed of those that are there already. @type {Set<string>} */
  const needed = new Set();
  /** @type {string[]} */
  const open = [];
  /** @type {string[]} */
  let exported = [];

  const visit = (/** @type {string} */ path) => {
    const known = names.get(path);
    if (known && before.has(known)) needed.add(known);
    if (known) return known;
    if (open.includes(path))
      throw new Error(`modules import each other: ${[...open, path].join(" → ")}`);
    open.push(path);
    const source = read(path);
    const body = source
      .replace(IMPORT, (_, list, from) => {
        const target = join(dirname(path), instead[from] ?? from);
        const bindings = list
          .split(",")
          .map((/** @type {string} */ one) => one.trim())
          .filter(Boolean)
          .map((/** @type {string} */ one) => one.replace(/\s+as\s+/, ": "))
          .join(", ");
        return `const { ${bindings} } = ${visit(target)};`;
      })
      .replace(EXPORT, "");
    const left = /^(?:import|export)\b.*$/m.exec(body);
    if (left) throw new Error(`${path}: cannot inline ${JSON.stringify(left[0])}`);
    if (
      !isModule &&
      /\bimport\.meta\b|\bimport\(/.test(body.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, ""))
    )
      throw new Error(`${path}: needs to be a module`);
    open.pop();
    const name = `module${names.size}`;
    names.set(path, name);
    exported = [...source.matchAll(NAME)].map(([, name]) => name);
    parts.push(`const ${name} = (() => {\n${body}\nreturn { ${exported.join(", ")} };\n})();\n`);
    return name;
  };
  const name = visit(entry);
  return { code: parts.join(""), name, exported, needed };
}

/**
 * A module and all that it imports as one classic script.
 * @param {string} entry @param {Record<string, string>} [instead] files that take another's place
 * @param {(path: string) => string} [read]
 * @returns {string}
 */
export function bundle(entry, instead, read) {
  return `"use strict";\n(() => {\n${gather(entry, { instead, read }).code}})();\n`;
}

/**
 * Two modules and all that they import as two modules: the later one imports from `./` and the first
 * one's file name what both need, and exports what it exported.
 * @param {string} first @param {string} later @param {(path: string) => string} [read]
 */
export function bundleInTwo(first, later, read) {
  const names = new Map();
  const start = gather(first, { read, isModule: true, names });
  const rest = gather(later, { read, isModule: true, names });
  return {
    first: `${start.code}export { ${named(rest.needed)} };\n`,
    later: `import { ${named(rest.needed)} } from "./${basename(first)}";\n${rest.code}export const { ${rest.exported.join(", ")} } = ${rest.name};\n`,
  };
}

/** @param {string} text */
function hashOf(text) {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

/**
 * A wasm module and the classic script beside it; `analysis` is the rest of the core's.
 * @typedef {{glue: string, wasm: Buffer}} Module
 */

/**
 * The page in one file, with an empty place for the data: `<script type="application/json"
 * id="driftline-data"></script>`, to be filled with base64.
 * @param {{html: string, page: string, modules: {core: Module & {analysis: Buffer}, formats: Module},
 *   read?: (path: string) => string, squeezed?: (script: string) => string}} parts
 *   `page` is the folder of the page's files; `squeezed` makes a script shorter
 */
export function inline({
  html,
  page,
  modules,
  read = (path) => readFileSync(path, "utf8"),
  squeezed = (script) => script,
}) {
  /** @type {string[]} */
  const scripts = [];
  /** @type {string[]} */
  const styles = [];
  const safe = (/** @type {string} */ script) =>
    script.replace(/<\/(script)/gi, "<\\/$1").replace(/<!--/g, "<\\!--");
  // A function as the replacement: `$` means nothing in it.
  const put = (
    /** @type {string} */ text,
    /** @type {RegExp} */ what,
    /** @type {(...found: string[]) => string} */ by,
  ) => {
    if (!what.test(text)) throw new Error(`index.html has no ${what}`);
    what.lastIndex = 0;
    return text.replace(what, by);
  };
  const script = (/** @type {string} */ text) => {
    scripts.push(hashOf(text));
    return `<script>${text}</script>`;
  };
  // Each script names what it makes `wasm_bindgen`.
  const called = (/** @type {string} */ name, /** @type {string} */ glue) =>
    `globalThis.${name} = (() => {\n${glue}\nreturn wasm_bindgen;\n})();\n`;
  const packed = (/** @type {Buffer} */ bytes) => gzipSync(bytes, { level: 9 }).toString("base64");
  const worker = squeezed(
    `${called("driftlineCore", modules.core.glue)}${called("driftlineFormats", modules.formats.glue)}${bundle(join(page, "worker.report.js"), {}, read)}`,
  );
  const main = safe(
    squeezed(
      bundle(
        join(page, "main.js"),
        { "./platform.js": "./platform.report.js", "./on_need.js": "./on_need.report.js" },
        read,
      ),
    ),
  );
  let out = put(html, /<link rel="stylesheet" href="([^"]+)">/g, (_, file) => {
    const style = read(join(page, file));
    styles.push(hashOf(style));
    return `<style>${style}</style>`;
  });
  out = put(out, /^<script src="([^"]+)"(?: defer)?><\/script>$/gm, (_, file) =>
    script(safe(read(join(page, file)))),
  );
  out = put(out, /^<script type="module" src="main\.js"><\/script>$/m, () => "");
  out = put(
    out,
    /<\/body>/,
    () => `<script type="application/json" id="driftline-data"></script>
<script type="text/plain" id="driftline-core">${packed(modules.core.wasm)}</script>
<script type="text/plain" id="driftline-analysis">${packed(modules.core.analysis)}</script>
<script type="text/plain" id="driftline-formats">${packed(modules.formats.wasm)}</script>
<script type="text/plain" id="driftline-worker">${safe(worker)}</script>
${script(main)}
</body>`,
  );
  // The policy comes last: it names every script and style by its hash. Nothing may be fetched.
  return put(
    out,
    /(<meta http-equiv="Content-Security-Policy" content=")[^"]*(">)/,
    (_, before, after) =>
      `${before}default-src 'none'; script-src ${scripts.join(" ")} 'wasm-unsafe-eval' blob:; style-src ${styles.join(" ")}; img-src data:; worker-src blob:; base-uri 'none'; form-action 'none'${after}`,
  );
}
