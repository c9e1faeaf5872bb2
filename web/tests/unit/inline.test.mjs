// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { bundle, bundleInTwo } from "../../inline.mjs";

/** @param {Record<string, string>} files @param {Record<string, string>} [instead] */
const run = (files, instead) => {
  /** @type {unknown[]} */
  const said = [];
  // eslint-disable-next-line no-new-func
  new Function(
    "say",
    bundle("main.js", instead, (path) => {
      if (!(path in files)) throw new Error(`no ${path}`);
      return files[path];
    }),
  )((/** @type {unknown} */ value) => said.push(value));
  return said;
};

test("modules become one script, each once, in the order of their needs", () => {
  const said = run({
    "main.js":
      'import { a, b as c } from "./x.js";\nimport {\n  d,\n} from "./y.js";\nsay(a + c() + d);',
    "x.js":
      'import { d } from "./y.js";\nsay("x");\nexport const a = d + 1;\nexport function b() { return 10; }\nconst hidden = 3;',
    "y.js": 'say("y");\nexport const d = 100;\nconst hidden = 4;',
  });
  assert.deepEqual(said, ["y", "x", 211]);
});

test("a module may be taken by another's place", () => {
  assert.deepEqual(
    run(
      { "main.js": 'import { a } from "./x.js";\nsay(a);', "z.js": "export const a = 5;" },
      { "./x.js": "./z.js" },
    ),
    [5],
  );
});

test("what cannot be inlined is refused, not inlined wrongly", () => {
  assert.throws(() => run({ "main.js": 'import x from "./x.js";' }), /cannot inline "import x/);
  assert.throws(() => run({ "main.js": "export default 1;" }), /cannot inline "export default/);
  assert.throws(() => run({ "main.js": "const u = import.meta.url;" }), /needs to be a module/);
  assert.throws(
    () =>
      run({
        "main.js": 'import { a } from "./x.js";',
        "x.js": 'import { b } from "./main.js";\nexport const a = b;',
      }),
    /import each other/,
  );
});

/** @param {string} text */
const asModule = (text) => `data:text/javascript,${encodeURIComponent(text)}`;

test("of two modules the later one takes what both need from the first", async () => {
  /** @type {Record<string, string>} */
  const files = {
    "page/main.js": 'import { a, count } from "./x.js";\ncount();\nglobalThis.twoFirst = a;',
    "page/later.js":
      'import { a, count } from "./x.js";\nimport { own } from "./y.js";\nexport const both = [a, own, count()];',
    "page/x.js":
      "let counted = 0;\nexport const a = import.meta.url.length > 0;\nexport const count = () => (counted += 1);",
    "page/y.js": 'import { unshared } from "./z.js";\nexport const own = unshared + 1;',
    "page/z.js": "export const unshared = 4;",
  };
  const { first, later } = bundleInTwo("page/main.js", "page/later.js", (path) => files[path]);
  assert.doesNotMatch(first, /unshared/);
  assert.match(later, /from "\.\/main\.js";$/m);
  const there = asModule(first);
  await import(there);
  assert.equal(/** @type {any} */ (globalThis).twoFirst, true);
  // The same instance: what the first one counted is counted on.
  const { both } = await import(asModule(later.replace('"./main.js"', JSON.stringify(there))));
  assert.deepEqual(both, [true, 5, 2]);
});
