// @ts-check
// The page in the system's Chromium, served from dist/page, with what a test puts beside it.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

export const DIST = fileURLToPath(new URL("../../dist/page/", import.meta.url));
export const SHOTS = fileURLToPath(new URL("../../dist/screenshots/", import.meta.url));
export const GOLDEN = fileURLToPath(new URL("../../../core/tests/data/golden/", import.meta.url));

/** @type {Record<string, string>} */
const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".wasm": "application/wasm",
  ".json": "application/json",
  ".jsonl": "application/x-ndjson",
  ".csv": "text/csv",
};

/** Where Chromium is; null where there is none. */
export function chromiumPath() {
  const known = [
    process.env.CHROMIUM,
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
  ];
  return known.find((path) => path && existsSync(path)) ?? null;
}

/**
 * Serves the page, and `files` beside it: text, bytes, or a function that answers itself.
 * @param {Record<string, string | Buffer | ((response: import("node:http").ServerResponse) => void)>} files
 */
export async function serve(files = {}) {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://x").pathname);
    const own = files[path.slice(1)];
    if (typeof own === "function") return own(response);
    const name = path === "/" ? "/index.html" : path;
    const file = join(DIST, normalize(name));
    const type = TYPES[extname(name)] ?? "application/octet-stream";
    if (own !== undefined) {
      response.writeHead(200, { "content-type": type, "content-length": Buffer.byteLength(own) });
      return response.end(request.method === "HEAD" ? undefined : own);
    }
    if (!file.startsWith(DIST) || !existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404, { "content-type": "text/plain" });
      return response.end("not found");
    }
    response.writeHead(200, { "content-type": type });
    return response.end(request.method === "HEAD" ? undefined : readFileSync(file));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    origin: `http://127.0.0.1:${address.port}`,
    close: () => server.closeAllConnections() ?? server.close(),
  };
}

/** Starts Chromium with a profile of its own. */
export async function launch() {
  const executablePath = chromiumPath();
  if (!executablePath)
    throw new Error("Chromium is missing: apt-get install chromium, or set CHROMIUM to its path");
  const profile = mkdtempSync(join(tmpdir(), "driftline-page-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
    viewport: { width: 1280, height: 900 },
  });
  return {
    context,
    async close() {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

/**
 * A new tab that keeps what goes wrong in it.
 * @param {import("playwright-core").BrowserContext} context
 * @param {{width?: number, height?: number, dark?: boolean}} [options]
 */
export async function open(context, { width = 1280, height = 900, dark = false } = {}) {
  const page = await context.newPage();
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ colorScheme: dark ? "dark" : "light", reducedMotion: "reduce" });
  page.setDefaultTimeout(20_000);
  /** @type {string[]} */
  const errors = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" && !/404|Failed to load resource/.test(message.text()))
      errors.push(message.text());
  });
  /** @type {string[]} */
  const requests = [];
  page.on("request", (request) => requests.push(request.url()));
  return { page, errors, requests };
}

/** @param {import("playwright-core").Page} page @param {string} name */
export async function shot(page, name) {
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: join(SHOTS, `${name}.png`) });
}

/** Until the page holds verdicts, change points and levels. @param {import("playwright-core").Page} page */
export async function settled(page) {
  await page.waitForSelector('html[data-phase="ready"]');
  await page.waitForSelector("main h1");
  await page.waitForFunction(
    () =>
      !document.querySelector("main .row") ||
      document.querySelector("main svg.spark, main .c-spark .faint, main .figure, .compare-view"),
  );
}
