// @ts-check
// The three views: what they show, their keys, and their addresses.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open, serve, settled, shot } from "./browser.mjs";
import { golden, historyOf, accepted, judged, SAMPLE, STEPPED, TWO_METRICS } from "./fixtures.mjs";

/** The commit of the twelfth run. */
const STEPPED_COMMIT = JSON.parse(STEPPED.split("\n")[11]).commit.id;
/** Some runs before the step were of changed files: change points do not count them. */
const DIRTY = STEPPED.trim()
  .split("\n")
  .map((line, run) => {
    const parsed = JSON.parse(line);
    if ([3, 9, 10, 15].includes(run)) parsed.commit.dirty = true;
    return JSON.stringify(parsed);
  })
  .join("\n");
/** @type {Awaited<ReturnType<typeof launch>>} */
let browser;
/** @type {Awaited<ReturnType<typeof serve>>} */
let server;

before(async () => {
  browser = await launch();
  const machines = historyOf({
    runs: 24,
    names: ["a/x", "a/y"],
    level: (_, run) => (run % 2 ? 2000 : 1000),
    machine: (run) => (run % 2 ? "slow-box" : "fast-box"),
  });
  server = await serve({
    "stepped.jsonl": STEPPED,
    "machines.jsonl": machines,
    "sample.jsonl": SAMPLE,
    "golden.jsonl": golden("history.jsonl") + golden("newest.jsonl"),
    "noted/history.jsonl": STEPPED,
    "noted/annotations.json": JSON.stringify({
      format: "driftline-annotations/1",
      annotations: [
        {
          benchmark: "parse/json",
          metric: "wall_time",
          run: "run-20",
          text: "the parser was rewritten",
          time: "2026-01-02T00:00:00Z",
        },
        { commit: STEPPED_COMMIT, text: "v1.2.0" },
        { benchmark: "parse/json", text: 7 },
      ],
    }),
    "dirty.jsonl": DIRTY,
    "tall.jsonl": historyOf({
      runs: 8,
      rounds: 1,
      names: Array.from({ length: 60 }, (_, i) => `b${i}`),
      level: () => 1000,
    }),
    "two-metrics.jsonl": TWO_METRICS,
    "agrees.jsonl": judged(true),
    "accepted.jsonl": accepted("<i>checks</i> the signature"),
    "differs.jsonl": judged(false),
    "changes.csv": golden("history.csv"),
    "many.jsonl": historyOf({
      runs: 12,
      rounds: 1,
      names: Array.from({ length: 12 }, (_, i) => `m/s${i}`),
      level: () => 1000,
    }),
    "long.csv": `benchmark,value,run\n${Array.from({ length: 20_000 }, (_, i) => `long,${100 + (i % 17) + (i > 12_000 ? 60 : 0)},r${String(i).padStart(6, "0")}`).join("\n")}\n`,
  });
});
after(async () => {
  await browser?.close();
  server?.close();
});

/** @param {string} file @param {string} [hash] @param {Parameters<typeof open>[1]} [options] */
async function at(file, hash = "", options = {}) {
  const tab = await open(browser.context, options);
  await tab.page.goto(`${server.origin}/?data=${file}${hash}`);
  await settled(tab.page);
  return tab;
}

/** @param {import("playwright-core").Page} page */
const hash = (page) => page.evaluate(() => decodeURIComponent(location.hash));

test("the overview answers in its first lines, and hides nothing without a count that is a link", async () => {
  const { page, errors } = await at("stepped.jsonl");
  assert.equal(await page.locator("h1").textContent(), "▲ 1 benchmark regressed");
  assert.match((await page.locator(".context").textContent()) ?? "", /change 29 by A\. Tester/);
  const first = page.locator(".row").first();
  assert.match((await first.textContent()) ?? "", /▲ regressedwrite1\.60 µs\+\d+\.\d %/);
  assert.match(
    (await page.locator(".row", { hasText: "json" }).textContent()) ?? "",
    /drifted.*▲ \+50\.\d % since/s,
  );
  assert.match(
    (await page.locator(".rows-foot").textContent()) ?? "",
    /2 of 6 benchmarks shown — not shown: 4 unchanged/,
  );
  await page.getByRole("link", { name: "4 unchanged" }).click();
  assert.equal(await page.locator(".row.unchanged").count(), 5);
  assert.match(await hash(page), /show=unchanged/);
  await page.locator(".verdict-bar").getByRole("link", { name: /all/ }).click();
  assert.equal(await page.locator(".row").count(), 6);
  await page.goBack();
  assert.equal(await page.locator(".row").count(), 5);
  await page.locator("#search").fill("net");
  await page.locator(".rows-foot", { hasText: "of 6 benchmarks shown" }).waitFor();
  assert.equal(await page.locator(".row").count(), 2);
  assert.deepEqual(errors, []);
  await page.close();
});

test("rows are sorted by what one asks for, and groups fold", async () => {
  const { page } = await at("stepped.jsonl", "#/?show=all");
  const ids = () =>
    page
      .locator(".row")
      .evaluateAll((rows) => rows.map((row) => /** @type {HTMLElement} */ (row).dataset.id));
  assert.equal((await ids())[0], "db/write");
  await page.getByRole("button", { name: "Benchmark" }).click();
  assert.deepEqual(await ids(), [
    "db/read",
    "db/write",
    "net/get",
    "net/post",
    "parse/json",
    "parse/xml",
  ]);
  assert.equal(await page.locator("th[aria-sort=ascending]").textContent(), "Benchmark ↑");
  await page.getByRole("button", { name: /Last shift/ }).click();
  assert.equal((await ids())[0], "parse/json");
  await page.getByRole("button", { name: "Benchmark" }).click();
  await page
    .getByRole("button", { name: /▾ db\// })
    .or(page.locator(".group button", { hasText: "db/" }))
    .first()
    .click();
  assert.equal((await ids()).length, 4);
  await page.close();
});

test("why: the sentence, the drawings, the figures, and Markdown to copy", async () => {
  const { page, errors } = await at("sample.jsonl");
  await page.getByRole("button", { name: "Why: parse/expr_eval" }).click();
  const panel = page.locator(".why-panel");
  assert.match(
    (await panel.locator(".sentence").textContent()) ?? "",
    /exceeds the threshold of 20 %/,
  );
  assert.match(
    (await panel.getByRole("img", { name: /^Change \+52/ }).getAttribute("aria-label")) ?? "",
    /99 % interval.*thresholds −16\.7 % and \+20\.0 %/,
  );
  await panel.getByRole("img", { name: /baseline: 30 launches.*candidate: 3 launches/ }).waitFor();
  assert.equal(await panel.locator("circle.launch.candidate").count(), 3);
  assert.ok(
    (await panel.locator("path.values").count()) >= 6,
    "single values of the newest runs, by round",
  );
  assert.match(
    (await panel.locator(".facts").textContent()) ?? "",
    /noise floor±.*Benjamini–Hochberg.*environmentsame machine/s,
  );
  assert.match(await hash(page), /open=parse\/expr_eval/);
  await browser.context.grantPermissions(["clipboard-read", "clipboard-write"], {
    origin: server.origin,
  });
  await panel.getByRole("button", { name: "Copy as Markdown" }).click();
  await page.locator("#live", { hasText: "Copied" }).waitFor({ state: "attached" });
  assert.match(
    await page.evaluate(() => navigator.clipboard.readText()),
    /<details open><summary>▲ parse\/expr\\?_eval: regressed/,
  );
  await shot(page, "why-light");
  assert.deepEqual(errors, []);
  await page.close();
});

test("the page's verdicts are those of the golden comparison", async () => {
  const { page } = await at("golden.jsonl", "#/?show=all");
  /** @type {any} */
  const expected = JSON.parse(golden("history_comparison.json"));
  for (const row of expected.benchmarks) {
    const shown = await page.locator(`.row[data-id="${row.id}"]`).textContent();
    assert.ok(shown?.includes(row.verdict), `${row.id}: ${row.verdict} in ${shown}`);
  }
  assert.equal(await page.locator(".row").count(), expected.benchmarks.length);
  await page.close();
});

test("what if: the core judges anew, and the history tells what that would have cost", async () => {
  const { page, errors } = await at("sample.jsonl");
  await page.locator(".what-if summary").click();
  await page.locator("#what-threshold").focus();
  for (let i = 0; i < 60; i += 1) await page.keyboard.press("ArrowRight");
  await page.locator("h1", { hasText: "Nothing regressed" }).waitFor();
  assert.match(await hash(page), /min=200/);
  await page
    .locator(".backtest", {
      hasText: /With these settings the last \d+ runs would have raised \d+ false alarms? in/,
    })
    .waitFor();
  await shot(page, "what-if-light");
  await page.getByRole("button", { name: "As usual" }).click();
  await page.locator("h1", { hasText: "2 benchmarks regressed" }).waitFor();
  assert.doesNotMatch(await hash(page), /min=/);
  assert.deepEqual(errors, []);
  await page.close();
});

test("a series: its chart, its change points with their commits, its summary in words", async () => {
  const { page, errors } = await at("stepped.jsonl", "#/b/parse/json");
  await page.waitForSelector(".uplot canvas");
  assert.match(
    (await page.locator(".figure").getAttribute("aria-label")) ?? "",
    /parse\/json: 1\.5\d µs in the newest of 30 runs, rose by 50\.\d % at \w+, 9 runs since; 1 change point in all/,
  );
  assert.match((await page.locator(".shifts").textContent()) ?? "", /▲ \+50\.\d %.*→ 1\.5\d µs/s);
  assert.equal(await page.locator(".rail button.shift").count(), 1);
  await page.locator(".rail button.shift").click();
  assert.match(
    (await page.locator(".pinned").textContent()) ?? "",
    /change 20.*to previous\+\d+\.\d %/s,
  );
  const compare = page.locator(".pinned").getByRole("link", { name: "Compare with previous" });
  await compare.click();
  await page.locator(".compare-view .row").first().waitFor();
  assert.match(
    (await page.locator(".compare-head .context").textContent()) ?? "",
    /change 20.*against.*change 19/s,
  );
  await page.goBack();
  await page.waitForSelector(".uplot canvas");
  assert.deepEqual(errors, []);
  await page.close();
});

test("zooming is written into the address, and Back and links lead to the same picture", async () => {
  const { page, errors } = await at("stepped.jsonl", "#/b/parse/json");
  const over = page.locator(".u-over");
  const box = /** @type {{x: number, y: number, width: number, height: number}} */ (
    await over.boundingBox()
  );
  await page.mouse.move(box.x + box.width * 0.5, box.y + 50);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.8, box.y + 60, { steps: 4 });
  await page.mouse.up();
  await page.waitForFunction(() => location.hash.includes("from="));
  const zoomed = await page.evaluate(() => location.hash);
  await page.reload();
  await settled(page);
  await page.waitForSelector(".uplot canvas");
  assert.equal(await page.evaluate(() => location.hash), zoomed);
  const width = await page
    .locator(".strip .window")
    .evaluate((element) => parseFloat(/** @type {HTMLElement} */ (element).style.width));
  assert.ok(width > 20 && width < 45, `the strip shows a third: ${width} %`);
  await page.keyboard.press("0");
  await page.waitForFunction(() => !location.hash.includes("from="));
  await page.keyboard.press("y");
  await page.waitForFunction(() => location.hash.includes("y=zero"));
  await page.getByRole("button", { name: "date" }).click();
  await page.waitForFunction(() => location.hash.includes("x=date"));
  // The wheel alone scrolls the page; with Ctrl it zooms.
  await page.mouse.move(box.x + box.width / 2, box.y + 80);
  await page.mouse.wheel(0, 100);
  assert.doesNotMatch(await page.evaluate(() => location.hash), /from=/);
  await page.mouse.move(box.x + box.width / 2, (await over.boundingBox())?.y ?? 0 + 80);
  await page.keyboard.down("Control");
  await page.mouse.wheel(0, -300);
  await page.keyboard.up("Control");
  await page.waitForFunction(() => location.hash.includes("from="));
  assert.deepEqual(errors, []);
  await page.close();
});

test("every key does what the help says", async () => {
  const { page, errors } = await at("stepped.jsonl");
  const focused = () =>
    page.evaluate(
      () =>
        /** @type {HTMLElement | null} */ (document.activeElement?.closest("tr"))?.dataset.id ?? "",
    );
  await page.keyboard.press("j");
  assert.equal(await focused(), "db/write");
  await page.keyboard.press("j");
  assert.equal(await focused(), "parse/json");
  await page.keyboard.press("k");
  assert.equal(await focused(), "db/write");
  await page.keyboard.press("e");
  await page.waitForSelector(".why-panel");
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => !document.querySelector(".why-panel"));
  await page.keyboard.press("?");
  await page.getByRole("heading", { name: "Help" }).waitFor();
  await shot(page, "help-light");
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => !document.querySelector("dialog"));
  await page.keyboard.press("/");
  await page.keyboard.type("json?jk");
  assert.equal(await page.locator("#search").inputValue(), "json?jk");
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => !location.hash.includes("q="));
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".series .uplot");
  assert.match(await hash(page), /#\/b\/parse\/json/);
  assert.equal(await page.evaluate(() => document.activeElement?.id), "main");
  await page.keyboard.press("[");
  await page.locator("#live", { hasText: /change point/ }).waitFor({ state: "attached" });
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("c");
  await page.locator("#live", { hasText: /Marked/ }).waitFor({ state: "attached" });
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".pinned:not([hidden])");
  await page.keyboard.press("w");
  await page.waitForFunction(() => location.hash.includes("from="));
  const before = await hash(page);
  await page.keyboard.press("d");
  await page.waitForFunction((old) => decodeURIComponent(location.hash) !== old, before);
  await page.keyboard.press("s");
  await page.keyboard.press("t");
  await page.waitForSelector(".point-table:not([hidden]) table");
  await page.keyboard.press("ArrowUp");
  await page.waitForFunction(() => location.hash.includes("/b/db/write"));
  await page.waitForSelector(".series .uplot");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("c");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("c");
  await page.waitForFunction(() => location.hash.startsWith("#/c/"));
  await page.keyboard.press("Escape");
  await page.waitForFunction(
    () => location.hash.startsWith("#/") && !location.hash.startsWith("#/c"),
  );
  assert.deepEqual(errors, []);
  await page.close();
});

test("the table of a series is paged, and the same as the chart", async () => {
  const { page } = await at("changes.csv", "#/b/stepped?table=1");
  await page.waitForSelector(".point-table tbody tr");
  assert.equal(await page.locator(".point-table tbody tr").count(), 50);
  assert.match(
    (await page.locator(".point-table caption").textContent()) ?? "",
    /Runs 150 to 101 of 150/,
  );
  await page.getByRole("button", { name: "Older" }).click();
  assert.match(
    (await page.locator(".point-table caption").textContent()) ?? "",
    /Runs 100 to 51 of 150/,
  );
  assert.ok((await page.locator(".point-table").textContent())?.includes("▲"));
  await page.close();
});

test("several series lie over each other, many beside each other", async () => {
  const { page, errors } = await at("many.jsonl", "#/b/m/s0");
  await page.getByLabel("Add a benchmark").selectOption("m/s3");
  await page.locator(".controls .chip", { hasText: "m/s3" }).waitFor();
  assert.match(await hash(page), /also=m\/s3/);
  assert.equal(
    await page.getByRole("button", { name: "relative" }).getAttribute("aria-pressed"),
    "true",
  );
  await page.goto(
    `${server.origin}/?data=many.jsonl#/b/m/s0?${Array.from({ length: 9 }, (_, i) => `also=m/s${i + 1}`).join("&")}`,
  );
  await page.reload();
  await settled(page);
  await page.waitForFunction(() => document.querySelectorAll(".multiple svg").length === 10);
  assert.deepEqual(errors, []);
  await page.close();
});

test("20,000 points are drawn by columns", async () => {
  const { page, errors } = await at("long.csv", "#/b/long");
  await page.waitForSelector(".uplot canvas");
  const drawn = await page.locator(".uplot canvas").evaluate((canvas) => {
    const c = /** @type {HTMLCanvasElement} */ (canvas);
    const { data } = /** @type {CanvasRenderingContext2D} */ (c.getContext("2d")).getImageData(
      0,
      0,
      c.width,
      c.height,
    );
    let painted = 0;
    for (let i = 3; i < data.length; i += 4) if (data[i] > 0) painted += 1;
    return painted;
  });
  assert.ok(drawn > 10_000, `${drawn} pixels`);
  await shot(page, "long-light");
  assert.deepEqual(errors, []);
  await page.close();
});

test("a link to a benchmark that is gone leads to similar ones", async () => {
  const { page } = await at("stepped.jsonl", "#/b/parse/jsn");
  assert.match(
    (await page.locator(".series .card").textContent()) ?? "",
    /not in this file.*renamed.*parse\/json/s,
  );
  await page.getByRole("link", { name: "parse/json" }).click();
  await page.waitForSelector(".uplot canvas");
  await page.close();
});

test("machines are not mixed unless one asks for it, and then it is said", async () => {
  const { page } = await at("machines.jsonl", "#/b/a/x");
  assert.match(
    (await page.locator(".figure").getAttribute("aria-label")) ?? "",
    /newest of 12 runs/,
  );
  await page.locator('select[aria-label="machine"]').selectOption("*");
  await page.locator("#notices", { hasText: "Several machines" }).waitFor();
  await page.waitForFunction(() =>
    document.querySelector(".figure")?.getAttribute("aria-label")?.includes("24 runs"),
  );
  await page.close();
});

test("any two runs are compared, with what differs in their environments", async () => {
  const { page, errors } = await at("stepped.jsonl", "#/c/run-2..run-25");
  await page.locator(".compare-view .row").first().waitFor();
  assert.match(
    (await page.locator(".environment").textContent()) ?? "",
    /Same machine, toolchain rustc 1\.94\.0 → rustc 1\.95\.0/,
  );
  assert.match((await page.locator(".row").first().textContent()) ?? "", /regressedparse\/json/);
  await shot(page, "compare-light");
  await page.locator(".group-summary summary").click();
  assert.match(
    (await page.locator(".group-summary table").textContent()) ?? "",
    /db2.*net2.*parse2\+25\.\d %\+\d+\.\d % json/s,
  );
  await page.getByRole("button", { name: "Swap baseline and candidate" }).click();
  await page.locator(".row", { hasText: /improvedparse\/json/ }).waitFor();
  await browser.context.grantPermissions(["clipboard-read", "clipboard-write"], {
    origin: server.origin,
  });
  await page.getByRole("button", { name: "Copy as CSV" }).click();
  await page.locator("#live", { hasText: "Copied" }).waitFor({ state: "attached" });
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^benchmark,.*\n/);
  await page.goto(`${server.origin}/?data=stepped.jsonl#/c/nothing..run-25`);
  await page.locator(".compare-head", { hasText: "Not in this file: nothing" }).waitFor();
  await page.goto(`${server.origin}/?data=machines.jsonl#/c/run-0..run-1`);
  await page.reload();
  await page.locator(".environment.stripe", { hasText: "Different machines" }).waitFor();
  assert.deepEqual(errors, []);
  await page.close();
});

test("the page says whether it agrees with what CI recorded, and marks where it does not", async () => {
  const { page: same } = await at("agrees.jsonl");
  await same
    .locator(".agreement", { hasText: "✓ Agrees with what CI recorded (core 0.0.9)" })
    .waitFor();
  assert.equal(await same.locator(".tag.differs").count(), 0);
  await same.close();
  const { page } = await at("differs.jsonl");
  await page
    .locator(".agreement", { hasText: "CI (core 0.0.9) decided otherwise for 1 benchmark" })
    .waitFor();
  assert.equal(await page.locator(".row", { hasText: "CI: unchanged" }).count(), 1);
  await shot(page, "differs-from-ci-light");
  await page.close();
});

test("notes beside the history are shown on their runs", async () => {
  const { page, errors } = await at("noted/history.jsonl", "#/b/parse/json");
  await page.getByRole("button", { name: "Note: the parser was rewritten" }).click();
  await page.locator(".notes", { hasText: "the parser was rewritten" }).waitFor();
  assert.equal(await page.locator(".notes .tag", { hasText: "draft" }).count(), 0);
  assert.deepEqual(errors, []);
  await page.close();
});

test("what CI accepted is shown as accepted, with the reason", async () => {
  const { page, errors } = await at("accepted.jsonl");
  const tags = page.locator(".tag", { hasText: /^accepted$/ });
  await tags.first().waitFor();
  assert.equal(await page.locator("h1").textContent(), "▲ 1 benchmark regressed, as accepted");
  const count = await tags.count();
  await page.getByRole("link", { name: `${count} accepted` }).click();
  await page.waitForFunction(() => location.hash.includes("show=accepted"));
  assert.equal(await tags.count(), count);
  assert.equal(await page.locator(".verdict.regressed").count(), count);
  await page
    .getByRole("button", { name: /^Why: / })
    .first()
    .click();
  await page.getByText("<i>checks</i> the signature (commit abc1234)", { exact: true }).waitFor();
  await shot(page, "accepted");
  assert.deepEqual(errors, []);
  await page.close();
});

test("notes are drafts in this browser until they are exported", async () => {
  const { page, errors } = await at("stepped.jsonl", "#/b/parse/json");
  await page.locator(".rail button.shift").click();
  await page.getByLabel("Note on this run").fill("<b>new parser</b>");
  await page.getByRole("button", { name: "Add note" }).click();
  await page.locator(".notes", { hasText: "<b>new parser</b>" }).waitFor();
  await page.reload();
  await settled(page);
  await page.locator(".rail .flag").waitFor();
  await page.locator(".rail button.shift").click();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export annotations.json" }).click();
  assert.equal((await download).suggestedFilename(), "annotations.json");
  await page.getByRole("button", { name: "Remove note" }).click();
  await page.waitForFunction(() => !document.querySelector(".rail .flag"));
  assert.deepEqual(errors, []);
  await page.close();
});

test("a note on a commit alone, such as a release, stands on every series", async () => {
  const { page, errors } = await at("noted/history.jsonl", "#/b/net/get");
  await page.locator(".rail .flag").click();
  await page.locator(".pinned .notes", { hasText: "v1.2.0" }).waitFor();
  assert.match((await page.locator(".pinned h2").textContent()) ?? "", /Run /);
  assert.match((await page.locator(".pinned").textContent()) ?? "", /change 11/);
  assert.equal(await page.locator(".rail .flag").count(), 1);
  assert.deepEqual(errors, []);
  await page.close();
});

test("what is drawn is what is compared: the newest value of the overview is that of the chart and the table", async () => {
  const { page } = await at("stepped.jsonl", "#/b/parse/json?table=1");
  await page.waitForSelector(".point-table tbody tr");
  const shown = (await page.locator(".series-now b").textContent()) ?? "";
  const cells = await page
    .locator(".point-table tbody tr")
    .first()
    .locator("td.number")
    .allTextContents();
  assert.equal(cells[0], shown);
  assert.ok(
    ((await page.locator(".figure").getAttribute("aria-label")) ?? "").includes(
      `${shown} in the newest`,
    ),
  );
  assert.match(
    (await page.locator(".caption").textContent()) ?? "",
    /Each dot is a run: what is compared/,
  );
  await page.close();
});

test("change points stand on their runs though some runs were left out", async () => {
  const { page } = await at("dirty.jsonl", "#/b/parse/json?table=1");
  await page.waitForSelector(".point-table tbody tr");
  assert.match(
    (await page.locator(".rail button.shift").getAttribute("title")) ?? "",
    /since fa8cfb8/,
  );
  const places = await page.evaluate(() =>
    [".rail button.shift", ".rail .range"].map((what) => {
      const { dataset } = /** @type {HTMLElement} */ (document.querySelector(what));
      return [Number(dataset.from), Number(dataset.to)];
    }),
  );
  assert.deepEqual(places[0], [20, 20]);
  assert.ok(
    places[1][0] <= 20 && places[1][0] >= 17 && places[1][1] >= 20 && places[1][1] <= 23,
    `${places}`,
  );
  await page.close();
});

test("the x axis may show the runs around change points alone", async () => {
  const { page, errors } = await at("stepped.jsonl", "#/b/parse/json");
  await page.getByRole("button", { name: "changes", exact: true }).click();
  await page
    .locator(".caption", { hasText: "Only the runs around change points are shown: 4 of 30." })
    .waitFor();
  assert.match(await hash(page), /x=changes/);
  await page.keyboard.press("t");
  await page.locator(".point-table caption", { hasText: "Runs 4 to 1 of 4" }).waitFor();
  await shot(page, "x-changes-light");
  assert.deepEqual(errors, []);
  await page.close();
});

test("a search while comparing searches the comparison", async () => {
  const { page } = await at("stepped.jsonl", "#/c/run-2..run-25");
  await page.locator(".compare-view .row").first().waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type("json");
  await page.locator(".rows-foot", { hasText: "1 of 6 benchmarks shown" }).waitFor();
  assert.match(await hash(page), /^#\/c\/run-2\.\.run-25\?.*q=json/);
  await page.close();
});

test("benchmarks over each other have colours that can be told apart", async () => {
  const { page } = await at("stepped.jsonl", "#/b/parse/json?also=db/write&also=net/get");
  await page.locator(".controls .chip .swatch").nth(2).waitFor();
  const hues = await page
    .locator(".controls .swatch")
    .evaluateAll((all) => all.map((one) => /** @type {HTMLElement} */ (one).style.color));
  assert.equal(new Set(hues).size, 3, hues.join());
  await page.close();
});

test("a run that is not there is told, and the newest is shown", async () => {
  const { page, errors } = await at("stepped.jsonl", "#/?run=nosuch");
  await page.locator("#notices", { hasText: "There is no run “nosuch” in this file" }).waitFor();
  assert.match((await page.locator(".context").textContent()) ?? "", /change 29/);
  await page.getByRole("button", { name: "All right" }).click();
  await page.waitForFunction(() => !location.hash.includes("run="));
  assert.equal(await page.locator("#notices .banner").count(), 0);
  assert.deepEqual(errors, []);
  await page.close();
});

test("where the rule is exact, the change itself is drawn, and bars stand in one column", async () => {
  const { page } = await at("two-metrics.jsonl", "#/?show=all");
  await page.locator(".row .metric").first().waitFor();
  const bars = await page
    .locator(".row svg.forest")
    .evaluateAll((all) =>
      all.map((one) => [
        Math.round(one.getBoundingClientRect().left),
        one.querySelectorAll("circle").length,
      ]),
    );
  assert.equal(new Set(bars.map(([left]) => left)).size, 1, JSON.stringify(bars));
  assert.ok(bars.every(([, dots]) => dots === 1));
  await page.close();
});

test("who comes back to the overview finds it as it was left: scrolled, and on the row", async () => {
  const { page, errors } = await at("tall.jsonl", "#/?show=all");
  const link = page.locator("a.row-link", { hasText: /^b57$/ });
  await link.scrollIntoViewIfNeeded();
  const before = await page.evaluate(() => scrollY);
  assert.ok(before > 300, `${before}`);
  await page.waitForFunction(() => new Promise((done) => requestAnimationFrame(() => done(true))));
  await link.click();
  await page.waitForSelector(".uplot canvas");
  assert.equal(await page.evaluate(() => scrollY), 0);
  await page.goBack();
  await page.waitForSelector(".row");
  await page.waitForFunction((top) => Math.abs(scrollY - top) < 5, before);
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), "b57");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".uplot canvas");
  await page.keyboard.press("Escape");
  await page.waitForFunction((top) => Math.abs(scrollY - top) < 5, before);
  assert.deepEqual(errors, []);
  await page.close();
});

test("what has the focus keeps it when it is drawn anew", async () => {
  const { page } = await at("stepped.jsonl");
  const why = page.getByRole("button", { name: "Why: db/write" });
  await why.focus();
  await page.keyboard.press("Enter");
  await page.waitForSelector(".why-panel");
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
  assert.equal(await focused(), "Why: db/write");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => !document.querySelector(".why-panel"));
  assert.equal(await focused(), "Why: db/write");
  await page.close();
});
