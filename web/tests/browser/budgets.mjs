// @ts-check
// How long the page takes, measured in the system's Chromium, beside what it may take. Nothing fails: a
// time depends on what else the machine does.
//
//   node budgets.mjs [HISTORY.jsonl]

import { readFileSync } from "node:fs";
import { launch, open, serve } from "./browser.mjs";
import { historyOf, STEPPED } from "./fixtures.mjs";

const measured = (
  /** @type {string} */ what,
  /** @type {number} */ figure,
  /** @type {number} */ budget,
  /** @type {string} */ unit,
) => {
  console.log(
    `${figure <= budget ? "  ok" : "OVER"}  ${what.padEnd(64)} ${figure.toFixed(0).padStart(6)} ${unit}  (budget ${budget} ${unit})`,
  );
};

/** A history of about so many bytes. @param {number} bytes */
const historyOfSize = (bytes) => {
  const names = Array.from({ length: 16 }, (_, i) => `group${i % 4}/benchmark_${i}`);
  const one = historyOf({ runs: 4, names, level: () => 1000 }).length / 4;
  return historyOf({
    runs: Math.round(bytes / one),
    names,
    level: (name, run) => (name.endsWith("_3") && run > bytes / one / 2 ? 1500 : 1000),
  });
};
/** @type {Record<string, string | Buffer>} */
const data = {
  "small.jsonl": STEPPED,
  "1.jsonl": historyOfSize(1e6),
  "5.jsonl": historyOfSize(5e6),
  "50.jsonl": historyOfSize(50e6),
  "long.csv": `benchmark,value,run\n${Array.from({ length: 100_000 }, (_, i) => `long,${100 + ((i * 7919) % 17)},r${String(i).padStart(6, "0")}`).join("\n")}\n`,
};
const given = process.argv[2];
if (given) data["given.jsonl"] = readFileSync(given);
const server = await serve(data);
const { context, close } = await launch();

/** The time until rows are there, from when the file has arrived in a page that is loaded. @param {string} file */
async function firstRows(file) {
  const { page } = await open(context);
  page.setDefaultTimeout(240_000);
  await page.goto(`${server.origin}/?data=small.jsonl`);
  await page.waitForSelector(".row");
  const time = await page.evaluate(async (name) => {
    const blob = await (await fetch(name)).blob();
    /** @type {number[]} */
    const long = [];
    new PerformanceObserver((list) =>
      list.getEntries().forEach((entry) => long.push(entry.duration)),
    ).observe({ type: "longtask" });
    const transfer = new DataTransfer();
    transfer.items.add(new File([blob], name));
    const runs = () => document.querySelector(".source")?.textContent;
    const before = runs();
    const start = performance.now();
    window.dispatchEvent(
      new DragEvent("drop", { dataTransfer: transfer, cancelable: true, bubbles: true }),
    );
    while (
      runs() === before ||
      document.documentElement.dataset.phase !== "ready" ||
      !document.querySelector(".row .c-interval svg")
    )
      await new Promise((resolve) => setTimeout(resolve, 5));
    const rows = performance.now() - start;
    await new Promise((resolve) => setTimeout(resolve, 500));
    return { rows, blocked: Math.max(0, ...long) };
  }, file);
  await page.close();
  return time;
}

measured("first rows of a history of 1 MB", (await firstRows("1.jsonl")).rows, 500, "ms");
measured("first rows of a history of 5 MB", (await firstRows("5.jsonl")).rows, 1500, "ms");
if (given) measured(`first rows of ${given}`, (await firstRows("given.jsonl")).rows, 1500, "ms");
const large = await firstRows("50.jsonl");
measured("longest block of the page while 50 MB are loaded", large.blocked, 100, "ms");
measured("(first rows of these 50 MB)", large.rows, 30_000, "ms");

const { page } = await open(context);
page.setDefaultTimeout(240_000);
await page.goto(`${server.origin}/?data=long.csv#/b/long`);
await page.waitForSelector(".uplot canvas");
await page.waitForTimeout(1500);
const cdp = await context.newCDPSession(page);
// The processor's time of the page's own thread, which other programs do not lengthen.
await cdp.send("Performance.enable", { timeDomain: "threadTicks" });
const busy = async () =>
  ((await cdp.send("Performance.getMetrics")).metrics.find(({ name }) => name === "TaskDuration")
    ?.value ?? 0) * 1000;
/** @type {{frame: number, busy: number}[]} */
const frames = [];
for (const key of "wwwwddddaaaassssddddwwwwwwaaaaddddssssss") {
  const before = await busy();
  const frame = await page.evaluate(async (name) => {
    const last = await new Promise(requestAnimationFrame);
    document.body.dispatchEvent(
      new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true }),
    );
    // A frame lasts from one call to the next; what a key sets off is done in between.
    return (await new Promise(requestAnimationFrame)) - last;
  }, key);
  frames.push({ frame, busy: (await busy()) - before });
}
const worst = (/** @type {"frame" | "busy"} */ what) =>
  Math.max(...frames.map((frame) => frame[what]));
measured("the page's work for a frame, 100,000 points", worst("busy"), 50, "ms");
measured("longest frame, zooming and panning 100,000 points", worst("frame"), 50, "ms");
const long = frames.filter(({ frame }) => frame > 50).length;
measured(`frames over 50 ms of ${frames.length}`, long, 0, "  ");
await close();
server.close();
process.exit(0);
