// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import * as format from "../../page/format.js";

test("quantities have three digits and the unit that suits them", () => {
  /** @type {[number, string, string][]} */
  const cases = [
    [1234.5, "ns", "1.23 µs"],
    [999.9, "ns", "1.00 µs"],
    [0, "ns", "0 ns"],
    [0.25, "ns", "250 ps"],
    [12_345_678, "instructions", "12.3 M instructions"],
    [2.5e9, "ns", "2.50 s"],
    [1e308, "ns", "1.00e+299 s"],
    [-1234, "B", "−1234 B"],
    [9999.9, "B", "10.0 k B"],
    [42, "", "42.0"],
  ];
  for (const [value, unit, expected] of cases) assert.equal(format.quantity(value, unit), expected);
  assert.equal(format.quantity(Number.NaN, "ns"), "—");
  assert.equal(format.quantity(null, "ns"), "—");
  assert.equal(format.quantity(Infinity, "ns"), "∞");
});

test("changes carry their sign and never say minus nothing", () => {
  assert.equal(format.percent(0.0412), "+4.1 %");
  assert.equal(format.percent(-0.04), "−4.0 %");
  assert.equal(format.percent(-0.0001), "0.0 %");
  assert.equal(format.percent(2), "+200 %");
  assert.equal(format.percent(1e9), "+1.00e+11 %");
  assert.equal(format.percent(null), "—");
  assert.equal(format.percentInterval([0.032, 0.05]), "[+3.2, +5.0] %");
  assert.equal(format.percentInterval(null), "");
  assert.equal(format.share(0.07), "7 %");
});

test("probabilities are told by how rare they are", () => {
  assert.equal(format.probability(1e-9), "fewer than 1 in a million cases");
  assert.equal(format.probability(0.0004), "1 in 2,500 cases");
  assert.equal(format.probability(0.05), "5 % of cases");
});

test("time is told in UTC and by its distance", () => {
  assert.equal(format.dateTime("2026-11-24T18:00:27Z"), "2026-11-24 18:00");
  assert.equal(format.dateTime("yesterday"), "");
  const now = Date.parse("2026-11-24T18:00:00Z");
  assert.equal(format.ago("2026-11-01T18:00:00Z", now), "23 days ago");
  assert.equal(format.ago("2026-11-24T17:00:00Z", now), "60 minutes ago");
  assert.equal(format.ago("2026-11-25T17:00:00Z", now), "just now");
  assert.equal(format.ago(null, now), "");
});

test("long names lose their middle, and no character is split", () => {
  assert.equal(format.shortened("short", 10), "short");
  const long = format.shortened("x".repeat(10_000), 20);
  assert.equal(Array.from(long).length, 20);
  const faces = format.shortened("😀".repeat(100), 9);
  assert.equal(faces, `${"😀".repeat(5)}…${"😀".repeat(3)}`);
});
