// @ts-check
// The page in one file, from the disk, where there are neither modules nor fetch nor a network.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { after, before, test } from "node:test";
import { DIST, launch, open, settled, shot } from "./browser.mjs";
import { golden, SAMPLE } from "./fixtures.mjs";

/** @type {Awaited<ReturnType<typeof launch>>} */
let browser;
const folder = mkdtempSync(join(tmpdir(), "driftline-report-"));

before(async () => {
  browser = await launch();
});
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

/**
 * A report with these files in it, as the command line writes it.
 * @param {string} name @param {Record<string, string>} files @param {unknown} [settings]
 * @param {unknown} [annotations]
 */
function report(name, files, settings = {}, annotations = undefined) {
  const mark = '<script type="application/json" id="driftline-data"></script>';
  const html = readFileSync(join(DIST, "report.html"), "utf8");
  assert.equal(html.split(mark).length, 2, "one place for the data");
  const data = JSON.stringify({
    settings,
    annotations,
    files: Object.entries(files).map(([file, text]) => ({
      name: file,
      base64: gzipSync(text).toString("base64"),
    })),
  });
  const path = join(folder, name);
  writeFileSync(
    path,
    html.replace(mark, () => mark.replace("></", () => `>${data}</`)),
  );
  return pathToFileURL(path).href;
}

test("a report opens from the disk, asks for nothing, and judges as the page does", async () => {
  const { page, errors, requests } = await open(browser.context);
  const address = report("report.html", { "history.jsonl": SAMPLE });
  await page.goto(address);
  await settled(page);
  assert.equal(await page.locator("h1").textContent(), "▲ 2 benchmarks regressed");
  await page.locator("a.row-link", { hasText: "regex_match" }).click();
  await page.waitForSelector(".uplot canvas");
  await page.goBack();
  await page.getByRole("button", { name: "Why: parse/expr_eval" }).click();
  await page.waitForSelector(".dot-strip");
  assert.deepEqual(
    requests.filter((url) => !url.startsWith("blob:") && !url.startsWith("data:")),
    [address],
  );
  assert.deepEqual(errors, []);
  await shot(page, "report-light");
  await page.close();
});

test("a report carries the notes on runs", async () => {
  const { page, errors } = await open(browser.context);
  const { id } = JSON.parse(SAMPLE.split("\n")[3]);
  const notes = {
    format: "driftline-annotations/1",
    annotations: [{ run: id, text: "v2.0", time: "2026-01-02T00:00:00Z" }],
  };
  await page.goto(report("noted.html", { "history.jsonl": SAMPLE }, {}, notes));
  await settled(page);
  await page.locator("a.row-link", { hasText: "regex_match" }).click();
  await page.getByRole("button", { name: "Note: v2.0" }).waitFor();
  assert.deepEqual(errors, []);
  await page.close();
});

test("the verdicts in a report are those of the golden comparison, with the project's settings", async () => {
  const files = { "history.jsonl": golden("history.jsonl") + golden("newest.jsonl") };
  const { page } = await open(browser.context);
  await page.goto(`${report("golden.html", files)}#/?show=all`);
  await settled(page);
  for (const row of JSON.parse(golden("history_comparison.json")).benchmarks) {
    assert.ok(
      (await page.locator(`.row[data-id="${row.id}"]`).textContent())?.includes(row.verdict),
      row.id,
    );
  }
  await page.goto(report("policy.html", files, { policy: { threshold: "1000%" } }));
  await settled(page);
  assert.match((await page.locator("h1").textContent()) ?? "", /Nothing regressed/);
  await page.close();
});

test("a report without data is the page, and opens files", async () => {
  const { page, errors } = await open(browser.context);
  await page.goto(pathToFileURL(join(DIST, "report.html")).href);
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Open files…" }).click();
  await (
    await chooser
  ).setFiles({ name: "sample.jsonl", mimeType: "application/json", buffer: Buffer.from(SAMPLE) });
  await settled(page);
  assert.equal(await page.locator(".row").count(), 3);
  assert.deepEqual(errors, []);
  await page.close();
});

test("a report reads what harnesses write, too", async () => {
  const { page, errors } = await open(browser.context);
  await page.goto(report("mixed.html", { "history.jsonl": SAMPLE }));
  await settled(page);
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Open…" }).click();
  const csv = Buffer.from("benchmark,value,run\nnew/one,1,r1\nnew/one,2,r2\n");
  await (await chooser).setFiles({ name: "more.csv", mimeType: "text/csv", buffer: csv });
  await page.locator(".source", { hasText: "more.csv" }).waitFor();
  assert.deepEqual(errors, []);
  await page.close();
});

test("a browser that cannot unpack says so, and which can", async () => {
  const { page } = await open(browser.context);
  await page.addInitScript(() => {
    delete (/** @type {any} */ (globalThis).DecompressionStream);
  });
  // The worker has its own: there it is taken away by its source.
  const address = report("old.html", { "history.jsonl": SAMPLE });
  const path = new URL(address);
  const html = readFileSync(path, "utf8").replace(
    /(<script type="text\/plain" id="driftline-worker">)/,
    "$1delete globalThis.DecompressionStream;",
  );
  writeFileSync(path, html);
  await page.goto(address);
  await page
    .getByRole("alert")
    .filter({ hasText: /cannot unpack gzip .* use Chrome 80, Firefox 113, Safari 16\.4 or newer/ })
    .first()
    .waitFor();
  await page.close();
});
