// @ts-check
// No screen has an accessibility violation that axe-core finds, light or dark, wide or narrow; and no
// screen scrolls sideways. Leaves the screenshots of all screens.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { launch, open, serve, settled, shot } from "./browser.mjs";
import { CROWDED, SAMPLE, STEPPED } from "./fixtures.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** @type {Awaited<ReturnType<typeof launch>>} */
let browser;
/** @type {Awaited<ReturnType<typeof serve>>} */
let server;

before(async () => {
  browser = await launch();
  server = await serve({
    "sample.jsonl": SAMPLE,
    "stepped.jsonl": STEPPED,
    "crowded.jsonl": CROWDED,
    "bad.jsonl": "no",
  });
});
after(async () => {
  await browser?.close();
  server?.close();
});

/** @param {import("playwright-core").Page} page */
async function violations(page) {
  // The page's own policy forbids a script element: evaluated, it is none.
  await page.evaluate(AXE);
  const { violations: found } = await page.evaluate(() =>
    /** @type {any} */ (globalThis).axe.run(document, { resultTypes: ["violations"] }),
  );
  return found.map(
    (/** @type {any} */ one) =>
      `${one.id}: ${one.help}\n  ${one.nodes
        .slice(0, 3)
        .map(
          (/** @type {any} */ node) => `${node.html.slice(0, 160)} ${node.any[0]?.message ?? ""}`,
        )
        .join("\n  ")}`,
  );
}

/** @type {[string, string, (page: import("playwright-core").Page) => Promise<unknown>][]} */
const SCREENS = [
  ["empty", "/", (page) => page.getByRole("heading", { level: 1 }).waitFor()],
  ["overview", "/?data=sample.jsonl", settled],
  ["overview-all", "/?data=stepped.jsonl#/?show=all", settled],
  [
    "why-open",
    "/?data=sample.jsonl#/?open=parse/expr_eval",
    async (page) => {
      await settled(page);
      await page.waitForSelector(".dot-strip");
    },
  ],
  [
    "what-if-open",
    "/?data=sample.jsonl#/?min=5",
    async (page) => {
      await settled(page);
      await page.locator(".backtest", { hasText: "With these settings" }).waitFor();
    },
  ],
  ["crowded", "/?data=crowded.jsonl#/?show=all", settled],
  ["series", "/?data=stepped.jsonl#/b/parse/json", (page) => page.waitForSelector(".uplot canvas")],
  [
    "series-pinned",
    "/?data=stepped.jsonl#/b/parse/json?table=1",
    async (page) => {
      await page.waitForSelector(".point-table tbody tr");
      await page.locator(".rail button.shift").click();
      await page.waitForSelector(".pinned:not([hidden])");
    },
  ],
  [
    "missing",
    "/?data=stepped.jsonl#/b/parse/jsn",
    (page) => page.waitForSelector(".card:not([hidden])"),
  ],
  [
    "compare",
    "/?data=stepped.jsonl#/c/run-2..run-25?open=parse/json",
    (page) => page.waitForSelector(".why-panel"),
  ],
  ["problem", "/?data=bad.jsonl", (page) => page.waitForSelector(".problem")],
  [
    "help",
    "/?data=sample.jsonl",
    async (page) => {
      await settled(page);
      await page.keyboard.press("?");
      await page.waitForSelector("dialog.help");
    },
  ],
];

test("a planted violation is found", async () => {
  const { page } = await open(browser.context);
  await page.goto(server.origin);
  await page.evaluate(() =>
    document.querySelector("main")?.append(document.createElement("button")),
  );
  assert.match((await violations(page)).join("\n"), /button-name/);
  await page.close();
});

for (const [name, address, ready] of SCREENS) {
  test(`${name}: no violation, nothing cut off`, async () => {
    for (const [look, options] of /** @type {[string, Parameters<typeof open>[1]][]} */ ([
      ["light", {}],
      ["dark", { dark: true }],
      ["narrow-light", { width: 390, height: 844 }],
      ["narrow-dark", { width: 390, height: 844, dark: true }],
    ])) {
      const { page, errors } = await open(browser.context, options);
      await page.goto(server.origin + address);
      await ready(page);
      assert.deepEqual(await violations(page), [], `${name} ${look}`);
      assert.ok(
        await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
        `${name} ${look} scrolls sideways`,
      );
      assert.deepEqual(errors, [], `${name} ${look}`);
      await shot(page, `${name}-${look}`);
      await page.close();
    }
  });
}

test("print leaves what was found and drops what one would click", async () => {
  const { page } = await open(browser.context);
  await page.goto(`${server.origin}/?data=sample.jsonl#/?open=parse/expr_eval`);
  await settled(page);
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator("#header").isVisible(), false);
  assert.equal(await page.locator(".row").first().isVisible(), true);
  assert.equal(await page.locator("button.why").first().isVisible(), false);
  await shot(page, "print");
  await page.close();
});

test("the theme can be chosen, and is kept", async () => {
  const { page } = await open(browser.context);
  await page.goto(`${server.origin}/?data=sample.jsonl`);
  await settled(page);
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await background();
  await page.getByRole("button", { name: "Light or dark" }).click();
  const dark = await background();
  assert.notEqual(dark, light);
  await page.reload();
  await settled(page);
  assert.equal(await background(), dark);
  await page.evaluate(() => localStorage.removeItem("driftline-theme"));
  await page.close();
});

test("paper is white, whatever the theme", async () => {
  const { page } = await open(browser.context, { dark: true });
  await page.goto(`${server.origin}/?data=sample.jsonl`);
  await settled(page);
  const card = () =>
    page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue("--card"));
  assert.notEqual((await card()).trim(), "#ffffff");
  await page.emulateMedia({ media: "print" });
  assert.equal((await card()).trim(), "#ffffff");
  await page.close();
});

test("until one chooses, the theme follows the system's", async () => {
  const { page } = await open(browser.context);
  await page.goto(`${server.origin}/?data=sample.jsonl`);
  await settled(page);
  const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
  assert.equal(await theme(), "light");
  await page.emulateMedia({ colorScheme: "dark" });
  await page.waitForFunction(() => document.documentElement.dataset.theme === "dark");
  await page.close();
});

test("in the crowded head nothing is broken within a word, nor lies over something else", async () => {
  const { page } = await open(browser.context);
  await page.goto(`${server.origin}/?data=crowded.jsonl`);
  await settled(page);
  const { height, boxes } = await page.evaluate(() => ({
    height: document.querySelector(".bar")?.clientHeight ?? 0,
    boxes: [...document.querySelectorAll(".brand, .source > *, .picker, #search, .tools")].map(
      (part) => {
        const { left, right, top, bottom } = part.getBoundingClientRect();
        return { left, right, top, bottom, text: part.textContent?.slice(0, 30) };
      },
    ),
  }));
  assert.ok(height < 100, `the head is two lines: ${height} px`);
  assert.ok(boxes.length >= 7);
  boxes.forEach((a, i) => {
    for (const b of boxes.slice(i + 1)) {
      const apart =
        a.right <= b.left + 1 || b.right <= a.left + 1 || a.bottom <= b.top || b.bottom <= a.top;
      assert.ok(apart, `${a.text} lies over ${b.text}`);
    }
  });
  await page.close();
});
