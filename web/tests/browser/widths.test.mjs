// @ts-check
// At no width does a screen scroll sideways, with the longest of everything in its rows.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open, serve, settled, shot } from "./browser.mjs";
import { historyOf } from "./fixtures.mjs";

const WIDTHS = [320, 480, 600, 761, 800, 900, 901, 1000, 1080, 1081, 1200, 1260, 1261, 1300, 1400];
const LONG =
  "codec/decode_a_document_of_many_pages_with_figures/progressive_and_compressed/4096_kilobytes";
const NAMES = [LONG, "codec/drifts", "net/signed", "net/other", "db/read", "db/write", "db/scan"];
/** @type {Record<string, string>} */
const RECORDED = { "codec/drifts": "inconclusive", "db/read": "regressed" };

/** Runs in which benchmarks drifted, one was accepted to be worse, and CI said otherwise of some. */
function crowdedRows() {
  /** @type {Record<string, (run: number) => number>} */
  const levels = {
    [LONG]: (run) => (run < 18 ? 1_000_000 : 1_500_000),
    "codec/drifts": (run) => (run < 20 ? 1_000_000 : 1_500_000),
    "net/signed": (run) => (run < 15 ? 1000 : run < 29 ? 1500 : 2600),
    "db/write": (run) => (run < 29 ? 1000 : 1600),
  };
  const level = (/** @type {string} */ name, /** @type {number} */ run) =>
    levels[name]?.(run) ?? 1000;
  const runs = historyOf({ runs: 30, names: NAMES, level, samples: true })
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const accepted = { reason: "it checks the signature now", source: "commit abc1234" };
  const verdicts = NAMES.map((id) =>
    id === "net/signed"
      ? { id, metric: "wall_time", verdict: "regressed", change: 0.75, accepted }
      : { id, metric: "wall_time", verdict: RECORDED[id] ?? "unchanged" },
  );
  const judged = { core: "0.0.9", policy: {}, baseline: "history", runs: ["run-1"], verdicts };
  runs[29].judgement = judged;
  return runs.map((run) => JSON.stringify(run)).join("\n");
}

/** @type {Awaited<ReturnType<typeof launch>>} */
let browser;
/** @type {Awaited<ReturnType<typeof serve>>} */
let server;

before(async () => {
  browser = await launch();
  server = await serve({ "rows.jsonl": crowdedRows() });
});
after(async () => {
  await browser?.close();
  server?.close();
});

/** @type {[string, string, (page: import("playwright-core").Page) => Promise<unknown>][]} */
const SCREENS = [
  [
    "overview",
    "#/?show=all&open=db/write",
    async (page) => {
      await page.locator(".tag", { hasText: "drifted" }).first().waitFor();
      // What the file of settings accepts is not in a history: the longest that can be said instead.
      const tag = page.locator(".tag", { hasText: "accepted" }).first();
      await tag.evaluate((element) => (element.textContent = "worse than accepted"));
      await page.locator(".tag", { hasText: "CI: inconclusive" }).first().waitFor();
      await page.locator(".since").first().waitFor();
      await page.waitForSelector(".why-panel");
    },
  ],
  ["series", `#/b/${LONG}?table=1`, (page) => page.waitForSelector(".point-table tbody tr")],
  ["compare", "#/c/run-2..run-29?open=db/write", (page) => page.waitForSelector(".why-panel")],
  [
    "what-if",
    "#/?min=5&show=all",
    (page) => page.locator(".backtest", { hasText: "With these settings" }).waitFor(),
  ],
];

for (const [name, address, ready] of SCREENS) {
  test(`${name}: fits every width`, async () => {
    const { page, errors } = await open(browser.context, { width: WIDTHS[0] });
    await page.goto(`${server.origin}/?data=rows.jsonl${address}`);
    await settled(page);
    await ready(page);
    const tooWide = [];
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      const over = await page.evaluate(() => {
        const { scrollWidth, clientWidth } = document.documentElement;
        return scrollWidth - clientWidth;
      });
      if (over > 0) tooWide.push(`${width}: ${over} px`);
      if ([600, 800, 901, 1081, 1261].includes(width)) await shot(page, `${name}-${width}`);
    }
    assert.deepEqual(tooWide, []);
    assert.deepEqual(errors, []);
    await page.close();
  });
}
