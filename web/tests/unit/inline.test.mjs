// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { bundle } from "../../inline.mjs";

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

test("what becomes a module again may ask where it is", () => {
  const text = bundle("main.js", {}, () => "export const u = import.meta.url;", true);
  assert.match(text, /const u = import\.meta\.url;/);
});
