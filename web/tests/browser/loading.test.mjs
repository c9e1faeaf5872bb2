// @ts-check
// Where data come from, and what is shown when they are not as they should be.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { after, before, test } from "node:test";
import { launch, open, serve, settled, shot } from "./browser.mjs";
import { golden, historyOf, judged, SAMPLE, STEPPED } from "./fixtures.mjs";

const FORMATS = new URL("../../../core/tests/data/formats/", import.meta.url);
/** @type {Awaited<ReturnType<typeof launch>>} */
let browser;
/** @type {Awaited<ReturnType<typeof serve>>} */
let server;
const names = (/** @type {number} */ count) =>
  Array.from({ length: count }, (_, i) => `g${i % 50}/b${i}`);

before(async () => {
  browser = await launch();
  server = await serve({
    "x/stepped.jsonl": STEPPED,
    "x/gone.jsonl": (response) => {
      response.writeHead(404, "Not Found");
      response.end();
    },
  });
});
after(async () => {
  await browser?.close();
  server?.close();
});

/** @param {import("playwright-core").Page} page @param {string} name @param {string | Buffer} content */
async function choose(page, name, content) {
  await chooseAll(page, [[name, content]]);
}

/** @param {import("playwright-core").Page} page @param {[string, string | Buffer][]} files */
async function chooseAll(page, files) {
  const chooser = page.waitForEvent("filechooser");
  await page
    .getByRole("button", { name: /^Open (files|another file)?…|^Open…/ })
    .first()
    .click();
  await (
    await chooser
  ).setFiles(
    files.map(([name, content]) => ({
      name,
      mimeType: "application/json",
      buffer: Buffer.from(content),
    })),
  );
}

/** Keeps back what the page asks for, until the function that is given back is called.
 * @param {import("playwright-core").Page} page @param {RegExp} what */
async function hold(page, what) {
  /** @type {() => void} */
  let release = () => {};
  const released = new Promise((resolve) => (release = () => resolve(undefined)));
  await page.route(what, async (route) => {
    await released;
    await route.continue();
  });
  return release;
}

test("with nothing given, the page says what it is for, asks no other server, and opens its sample", async () => {
  const { page, errors, requests } = await open(browser.context);
  await page.goto(server.origin);
  await page.getByRole("heading", { level: 1, name: /slower/ }).waitFor();
  await shot(page, "start-light");
  await page.getByRole("button", { name: "Try sample data" }).click();
  await settled(page);
  assert.match((await page.locator("h1").textContent()) ?? "", /2 benchmarks regressed/);
  assert.ok(
    requests.every((url) => url.startsWith(server.origin) || url.startsWith("data:")),
    requests.join("\n"),
  );
  assert.deepEqual(errors, []);
  await page.close();
});

test("the history beside the page is opened by itself", async () => {
  const beside = await serve({ "history.jsonl": STEPPED });
  const { page, errors } = await open(browser.context);
  await page.goto(beside.origin);
  await settled(page);
  assert.match((await page.locator(".source").textContent()) ?? "", /history\.jsonl\s· 30 runs/);
  assert.deepEqual(errors, []);
  await page.close();
  beside.close();
});

test("a served history is followed: when it changes, it is read anew", async () => {
  let version = "1";
  /** @type {(() => void)[]} */
  const waiting = [];
  const json =
    (/** @type {unknown} */ value) =>
    (/** @type {import("node:http").ServerResponse} */ response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify(value));
    };
  let data = golden("history.jsonl");
  const live = await serve({
    "data/index.json": (response) =>
      json({
        settings: { policy: { threshold: "90%" } },
        files: [{ name: "history.jsonl", url: "data/history.jsonl" }],
        version,
      })(response),
    "data/history.jsonl": (response) => response.end(data),
    "data/changes": (response) => void waiting.push(() => json({ version })(response)),
  });
  const { page } = await open(browser.context);
  await page.goto(live.origin);
  await settled(page);
  assert.match((await page.locator(".source").textContent()) ?? "", /6 runs/);
  assert.match((await page.locator(".what-if summary").textContent()) ?? "", /threshold 90 %/);
  data += golden("newest.jsonl");
  version = "2";
  while (waiting.length === 0) await page.evaluate(() => new Promise(requestAnimationFrame));
  waiting.splice(0).forEach((answer) => answer());
  await page.locator(".source", { hasText: "7 runs" }).waitFor();
  await page.close();
  live.close();
});

test("?data= loads another file, and says so when it is not there or may not be read", async () => {
  const { page } = await open(browser.context);
  await page.goto(`${server.origin}/?data=x/stepped.jsonl`);
  await settled(page);
  assert.match((await page.locator("h1").textContent()) ?? "", /regressed/);
  await page.goto(`${server.origin}/?data=x/gone.jsonl`);
  assert.match(
    (await page.getByRole("alert").textContent()) ?? "",
    /answered 404 Not Found.*Is the address right/s,
  );
  // Another origin that does not allow it: as the policy of the page allows https alone, give it one that fails.
  await page.goto(`${server.origin}/?data=https://127.0.0.1:9/history.jsonl`);
  assert.match(
    (await page.getByRole("alert").textContent()) ?? "",
    /could not be fetched.*Access-Control-Allow-Origin/s,
  );
  await shot(page, "cross-origin-light");
  await page.close();
});

test("files may be dropped, several at once, compressed, and pasted", async () => {
  const { page, errors } = await open(browser.context);
  await page.goto(server.origin);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.evaluate(
    ([a, b]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([a], "baseline.jsonl"));
      transfer.items.add(new File([b], "candidate.jsonl"));
      window.dispatchEvent(
        new DragEvent("drop", { dataTransfer: transfer, cancelable: true, bubbles: true }),
      );
    },
    [golden("baseline.jsonl"), golden("candidate.jsonl")],
  );
  await settled(page);
  assert.match(
    (await page.locator(".source").textContent()) ?? "",
    /baseline\.jsonl \+ candidate\.jsonl\s· 2 runs/,
  );
  assert.ok((await page.locator(".chip.regressed").textContent())?.includes("regressed"));
  await page.reload();
  await choose(page, "history.jsonl.gz", gzipSync(STEPPED));
  await settled(page);
  assert.match((await page.locator(".source").textContent()) ?? "", /30 runs/);
  await page.reload();
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.evaluate((text) => {
    const transfer = new DataTransfer();
    transfer.setData("text", text);
    document.body.dispatchEvent(
      new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true }),
    );
  }, "benchmark,value,run\na,1,r1\na,2,r2\n");
  await settled(page);
  assert.match((await page.locator(".source").textContent()) ?? "", /pasted text\s· 2 runs/);
  await page.evaluate((text) => {
    const transfer = new DataTransfer();
    transfer.setData("text/plain", text);
    document.body.dispatchEvent(
      new DragEvent("drop", { dataTransfer: transfer, cancelable: true, bubbles: true }),
    );
  }, "benchmark,value,run\na,3,r3\n");
  await page.locator(".source", { hasText: "3 runs" }).waitFor();
  assert.deepEqual(errors, []);
  await page.close();
});

test("criterion's folder is compared with what it was before, and two files of pytest with each other", async () => {
  const { page, errors } = await open(browser.context);
  await page.goto(server.origin);
  const folder = mkdtempSync(join(tmpdir(), "driftline-criterion-"));
  const target = join(folder, "criterion");
  cpSync(fileURLToPath(new URL("criterion/tree", FORMATS)), target, { recursive: true });
  // criterion keeps the run before as "base": there it was a little different.
  for (const name of readdirSync(target, { recursive: true, encoding: "utf8" })) {
    if (name.endsWith("/main"))
      cpSync(join(target, name), join(target, name, "../base"), { recursive: true });
  }
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Open criterion’s folder…" }).click();
  await (await chooser).setFiles(target);
  await settled(page);
  assert.match((await page.locator(".source").textContent()) ?? "", /criterion\s· 2 runs/);
  await page.goto(`${server.origin}/#/?show=all`);
  await page.reload();
  const [first, second] = readdirSync(new URL("pytest-benchmark/", FORMATS)).filter((name) =>
    name.endsWith(".json"),
  );
  const read = (/** @type {string} */ name) =>
    readFileSync(new URL(`pytest-benchmark/${name}`, FORMATS));
  await chooseAll(page, [
    [first, read(first)],
    [second ?? first, read(second ?? first)],
  ]);
  await settled(page);
  assert.ok((await page.locator(".row").count()) > 0);
  rmSync(folder, { recursive: true });
  assert.deepEqual(errors, []);
  await page.close();
});

/** @type {[string, string, string | Buffer, RegExp][]} */
const BAD = [
  ["no JSON", "notes.json", "Dear diary,\nit was slow.", /notes\.json/],
  ["cut off", "torn.jsonl", STEPPED.slice(0, 700), /torn\.jsonl/],
  ["another schema", "other.json", '{"kind":"cats","cats":[1,2,3]}', /other\.json/],
  [
    "a newer format",
    "newer.jsonl",
    STEPPED.split("\n")[0].replace("driftline-run/1", "driftline-run/99"),
    /99|newer/,
  ],
  ["empty", "empty.json", "", /empty/],
  ["bytes", "image.png", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3, 255]), /image\.png/],
  ["markup", "<img src=x onerror=alert(1)>.json", "<script>alert(1)</script>", /<img src=x/],
];

test("a bad file is told with its beginning, and what was there stays", async () => {
  const { page, errors } = await open(browser.context);
  let dialogs = 0;
  page.on("dialog", (dialog) => {
    dialogs += 1;
    void dialog.dismiss();
  });
  await page.goto(`${server.origin}/?data=x/stepped.jsonl`);
  await settled(page);
  const headline = await page.locator("h1").textContent();
  for (const [what, name, content, expected] of BAD) {
    await choose(page, name, content);
    const alert = page.getByRole("alert").filter({ hasText: name.slice(0, 20) });
    await alert.waitFor({ timeout: 10_000 }).catch(() => assert.fail(`${what}: no message`));
    assert.match((await alert.textContent()) ?? "", expected, what);
    assert.equal(await page.locator("h1").textContent(), headline, what);
    if (what === "no JSON") {
      assert.match((await alert.locator("pre").textContent()) ?? "", /Dear diary/);
      await shot(page, "bad-file-light");
    }
    await alert.getByRole("button", { name: "Dismiss" }).click();
  }
  assert.equal(dialogs, 0);
  assert.deepEqual(errors, []);
  await page.close();
});

test("damaged lines are noted in a fold, and the rest works", async () => {
  const { page } = await open(browser.context);
  await page.goto(server.origin);
  const lines = STEPPED.trim().split("\n");
  lines[3] = lines[3].slice(0, 100);
  await choose(page, "partial.jsonl", `${lines.join("\n")}\n`);
  await settled(page);
  assert.match(
    (await page.locator("#notices details").textContent()) ?? "",
    /note.*partial\.jsonl/s,
  );
  assert.match((await page.locator(".source").textContent()) ?? "", /29 runs/);
  await page.close();
});

test("one run is shown without a verdict, and a file without benchmarks says so", async () => {
  const { page, errors } = await open(browser.context);
  await page.goto(server.origin);
  await choose(page, "one.jsonl", `${STEPPED.split("\n")[0]}\n`);
  await settled(page);
  assert.match((await page.locator("main").textContent()) ?? "", /No verdicts/);
  assert.equal(await page.locator(".row .verdict", { hasText: "not judged" }).count(), 6);
  await shot(page, "one-run-light");
  await page.reload();
  await choose(
    page,
    "none.jsonl",
    `${JSON.stringify({ ...JSON.parse(STEPPED.split("\n")[0]), measurements: [] })}\n`,
  );
  await page.waitForSelector(".nothing, [role=alert]");
  assert.deepEqual(errors, []);
  await page.close();
});

test("extreme values and hostile names are shown as what they are", async () => {
  const { page, errors } = await open(browser.context);
  let dialogs = 0;
  page.on("dialog", (dialog) => {
    dialogs += 1;
    void dialog.dismiss();
  });
  await page.goto(server.origin);
  const hostile = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(2)>",
    `"quotes' & <b>bold</b>`,
    "\u202Erighttoleft",
    "שלום/עולם",
    "😀/🚀",
    "x".repeat(10_000),
    "a/../b?c=d&e#f%2F",
    "huge",
    "tiny",
  ];
  const text = historyOf({
    runs: 12,
    names: hostile,
    level: (name) => (name === "huge" ? 1e300 : name === "tiny" ? 1e-300 : 1000),
  });
  await choose(page, "hostile.jsonl", text);
  await settled(page);
  await page.goto(`${page.url().split("#")[0]}#/?show=all`);
  assert.equal(await page.locator(".row").count(), hostile.length);
  assert.equal(await page.locator("main script, main img, main b b").count(), 0);
  assert.ok(
    await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
    "no sideways scrolling",
  );
  await shot(page, "hostile-light");
  for (const name of hostile) {
    await page.evaluate((id) => {
      const link = [...document.querySelectorAll("a.row-link")].find(
        (a) => /** @type {HTMLElement} */ (a.closest("tr"))?.dataset.id === id.slice(0, 300),
      );
      /** @type {HTMLElement} */ (link).click();
    }, name);
    await page.waitForSelector(".uplot");
    assert.equal(
      await page.locator(".series h1 bdi").textContent(),
      name.length > 300 ? await page.locator(".series h1 bdi").textContent() : name,
    );
    await page.goBack();
    await page.waitForSelector(".row");
  }
  assert.equal(dialogs, 0);
  assert.deepEqual(errors, []);
  await page.close();
});

test("numbers that are none, or too large, are refused or shown, never drawn wrongly", async () => {
  const { page, errors } = await open(browser.context);
  await page.goto(server.origin);
  await choose(
    page,
    "numbers.csv",
    "benchmark,value,run\na,NaN,r1\na,1e308,r2\na,3,r3\nb,1,r1\nb,1e308,r2\nb,-1e308,r3\n",
  );
  await page.waitForSelector(".row, [role=alert]");
  assert.doesNotMatch((await page.locator("main").textContent()) ?? "", /NaN|undefined|\[object/);
  assert.deepEqual(errors, []);
  await page.close();
});

test("10,000 benchmarks are drawn a part at a time, and all are counted", async () => {
  const { page, errors } = await open(browser.context);
  await page.goto(server.origin);
  await choose(
    page,
    "many.jsonl",
    historyOf({ runs: 3, rounds: 1, names: names(10_000), level: () => 1000 }),
  );
  await settled(page);
  await page.goto(`${page.url().split("#")[0]}#/?show=all`);
  await page.locator(".rows-foot", { hasText: "10,000 benchmarks" }).waitFor();
  assert.ok((await page.locator(".row").count()) <= 900);
  await page.locator("#search").fill("b777 g27");
  await page.locator(".rows-foot", { hasText: /^\d of 10,000/ }).waitFor();
  assert.deepEqual(errors, []);
  await page.close();
});

test("without the core, values are shown and it is said that nothing is judged", async () => {
  const { page } = await open(browser.context);
  await page.route(/driftline_web_bg\.wasm/, (route) =>
    route.fulfill({ status: 404, body: "gone" }),
  );
  await page.goto(`${server.origin}/?data=x/stepped.jsonl`);
  await page.locator("[role=alert]", { hasText: "Analysis off" }).waitFor();
  await page.waitForSelector(".row");
  assert.equal(await page.locator(".row .verdict", { hasText: "not judged" }).count(), 6);
  await page.locator("a.row-link", { hasText: "json" }).click();
  await page.waitForSelector(".uplot canvas");
  await shot(page, "analysis-off-light");
  await page.goto(server.origin);
  await choose(page, "judged.jsonl", judged(false));
  await page
    .locator(".agreement", { hasText: "What CI recorded (core 0.0.9) cannot be checked" })
    .waitFor();
  assert.equal(
    await page
      .locator(".tag.differs", { hasText: /CI: (regressed|unchanged|inconclusive)/ })
      .count(),
    8,
  );
  await page.close();
});

test("values are shown while what judges is on its way, and where it cannot be had", async () => {
  const { page, errors } = await open(browser.context);
  const arrive = await hold(page, /driftline_web_analysis\.wasm/);
  await page.goto(`${server.origin}/?data=x/stepped.jsonl`);
  await page.locator(".row .verdict", { hasText: "judging" }).first().waitFor();
  assert.equal(await page.locator(".row .verdict", { hasText: "judging" }).count(), 6);
  assert.match((await page.locator(".row").first().textContent()) ?? "", /\d (ns|µs|ms)/);
  assert.equal(await page.locator(".verdict-bar").count(), 0);
  await shot(page, "judging-light");
  arrive();
  await settled(page);
  await page.getByRole("heading", { name: /regressed/ }).waitFor();
  assert.deepEqual(errors, []);
  await page.unroute(/driftline_web_analysis\.wasm/);

  await page.route(/driftline_web_analysis\.wasm/, (route) =>
    route.fulfill({ status: 404, body: "gone" }),
  );
  await page.reload();
  await page
    .locator(".banner", { hasText: "What judges could not be loaded: the server answered 404" })
    .waitFor();
  assert.equal(await page.locator(".row .verdict", { hasText: "not judged" }).count(), 6);
  await page.close();
});

test("the first rows do not wait for the other views, and where those cannot be had, that is said", async () => {
  const { page, errors, requests } = await open(browser.context);
  const arrive = await hold(page, /later\.js/);
  await page.goto(`${server.origin}/?data=x/stepped.jsonl`);
  await settled(page);
  await page.getByRole("button", { name: "Why: parse/json" }).click();
  await page.locator(".why-row", { hasText: "Loading…" }).waitFor();
  await page.locator("a.row-link", { hasText: "json" }).click();
  await page.locator("main[data-view=pending]", { hasText: "Loading…" }).waitFor();
  arrive();
  await page.waitForSelector(".uplot canvas");
  assert.equal(requests.filter((url) => url.includes("later.js")).length, 1);
  assert.deepEqual(errors, []);
  await page.unroute(/later\.js/);

  await page.route(/later\.js/, (route) => route.abort());
  // A link straight to a series.
  await page.reload();
  const alert = page.getByRole("alert").filter({ hasText: "could not be loaded" });
  await alert.waitFor();
  await shot(page, "view-missing-light");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Why: parse/json" }).click();
  await page.locator(".why-row", { hasText: "could not be loaded" }).waitFor();
  await page.unroute(/later\.js/);
  await alert.getByRole("button", { name: "Try again" }).click();
  await page.locator(".why-panel .sentence").waitFor();
  await page.locator("details.what-if").waitFor();
  await page.locator("a.row-link", { hasText: "json" }).click();
  await page.waitForSelector(".uplot canvas");
  await page.close();
});

test("loading can be cancelled, and what was there is kept", async () => {
  const proxy = await serve({
    "x/stepped.jsonl": STEPPED,
    "x/slow.jsonl": (response) => {
      response.writeHead(200, { "content-length": "1000000" });
      response.write(SAMPLE.slice(0, 5000));
    },
  });
  const { page, errors } = await open(browser.context);
  await page.goto(`${proxy.origin}/?data=x/slow.jsonl`);
  await page.locator(".loading", { hasText: /of 1.00 MB|of 1000 kB/ }).waitFor();
  await shot(page, "loading-light");
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("heading", { name: /slower/ }).waitFor();
  await page.goto(`${proxy.origin}/?data=x/stepped.jsonl`);
  await settled(page);
  await page.evaluate(() => {
    const transfer = new DataTransfer();
    transfer.setData("text", `${location.origin}/x/slow.jsonl`);
    document.body.dispatchEvent(
      new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true }),
    );
  });
  await page
    .locator("#notices .banner", { hasText: "Loading" })
    .getByRole("button", { name: "Cancel" })
    .click();
  await page.waitForSelector(".row");
  assert.match((await page.locator(".source").textContent()) ?? "", /30 runs/);
  assert.deepEqual(errors, []);
  await page.close();
  proxy.close();
});

test("what reads other formats is fetched for the first such file, and its absence is told", async () => {
  const { page, errors, requests } = await open(browser.context);
  const readers = () => requests.filter((url) => url.includes("driftline_web_formats")).length;
  await page.goto(`${server.origin}/?data=x/stepped.jsonl`);
  await settled(page);
  assert.equal(readers(), 0);
  await page.route(/driftline_web_formats_bg\.wasm/, (route) => route.abort());
  await choose(page, "a.csv", "benchmark,value,run\na,1,r1\n");
  const alert = page.getByRole("alert").filter({ hasText: "a.csv" });
  await alert.waitFor();
  assert.match((await alert.textContent()) ?? "", /What reads other formats could not be loaded/);
  await page.unroute(/driftline_web_formats_bg\.wasm/);
  await choose(page, "a.csv", "benchmark,value,run\na,1,r1\n");
  await page.locator(".source", { hasText: "31 runs" }).waitFor();
  assert.ok(readers() > 0);
  assert.deepEqual(errors, []);
  await page.close();
});

test("the start says which harnesses are read, as the core knows them", async () => {
  const { page } = await open(browser.context);
  await page.goto(server.origin);
  await page
    .locator(".start li", { hasText: /files of these harnesses.*pytest-benchmark/ })
    .waitFor();
  await page.close();
});

test("an http address of another server says what to do instead", async () => {
  const { page } = await open(browser.context);
  await page.goto(`${server.origin}/?data=http://127.0.0.1:9/history.jsonl`);
  assert.match(
    (await page.getByRole("alert").textContent()) ?? "",
    /cannot be read: from other servers this page takes https alone.*Give an https address/s,
  );
  await page.close();
});

test("a file without benchmarks is told, with what to do", async () => {
  const { page, errors } = await open(browser.context);
  await page.goto(server.origin);
  const run = JSON.parse(STEPPED.split("\n")[0]);
  await choose(page, "none.jsonl", `${JSON.stringify({ ...run, measurements: [] })}\n`);
  await page.locator(".nothing", { hasText: /holds no benchmark.*driftline run/s }).waitFor();
  assert.match((await page.locator("h1").textContent()) ?? "", /No benchmarks/);
  await shot(page, "no-benchmarks-light");
  assert.deepEqual(errors, []);
  await page.close();
});

test("a file of 200 MB is read while the page answers, and reading it can be cancelled", async () => {
  const { page, errors } = await open(browser.context);
  page.setDefaultTimeout(120_000);
  await page.goto(server.origin);
  const line = historyOf({
    runs: 1,
    names: names(200),
    level: () => 1000,
    samples: true,
  }).trim();
  const drop = () =>
    page.evaluate((text) => {
      const parts = [];
      for (let i = 0; i * text.length < 200e6; i += 1)
        parts.push(
          text.replace('"run-0"', `"run-${i}"`).replace('"order":1', `"order":${i + 1}`),
          "\n",
        );
      const transfer = new DataTransfer();
      transfer.items.add(new File(parts, "huge.jsonl"));
      window.dispatchEvent(
        new DragEvent("drop", { dataTransfer: transfer, cancelable: true, bubbles: true }),
      );
    }, line);
  await drop();
  await page
    .getByRole("status")
    .filter({ hasText: /huge\.jsonl.*200 MB/ })
    .waitFor();
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("heading", { level: 1, name: /slower/ }).waitFor();
  await drop();
  await settled(page);
  assert.match((await page.locator(".source").textContent()) ?? "", /huge\.jsonl\s· \d{3} runs/);
  assert.ok((await page.locator(".row").count()) > 0);
  assert.deepEqual(errors, []);
  await page.close();
});
