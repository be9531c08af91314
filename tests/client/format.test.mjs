import assert from "node:assert/strict";
import test from "node:test";

import * as format from "../../client/static/js/parts/format.js";
import { explainUnranked } from "../../client/static/js/parts/unranked.js";
import { useLanguage } from "./support.mjs";

test.beforeEach(() => useLanguage("en"));

test("only certainty reads as 100%, and only impossibility as 0%", () => {
  assert.equal(format.formatPercent(1), "100%");
  assert.equal(format.formatPercent(0.9999), ">99%");
  assert.equal(format.formatPercent(0.994), "99%");
  assert.equal(format.formatPercent(0.5), "50%");
  assert.equal(format.formatPercent(0.0001), "<1%");
  assert.equal(format.formatPercent(0), "0%");
  for (let i = 1; i < 1000; i += 1) {
    assert.ok(!["0%", "100%"].includes(format.formatPercent(i / 1000)), String(i));
  }
});

test("precise percentages have one decimal", () => {
  assert.equal(format.formatPrecisePercent(0.832), "83.2%");
  assert.equal(format.formatPrecisePercent(1), "100.0%");
});

test("numbers are written as the language does", () => {
  assert.equal(format.formatNumber(1234567), "1,234,567");
  assert.equal(format.formatDecimal(83.2, 2), "83.20");
  useLanguage("de");
  assert.equal(format.formatNumber(1234567), "1.234.567");
  assert.match(format.formatPercent(0.0001), /^<1\s%$/);
  assert.match(format.formatSeconds(1449), /^1,4\ss$/);
  useLanguage("fr");
  assert.match(format.formatMegabytes(17 * 1024 * 1024), /^17\sMo$/);
  assert.deepEqual([1, 2].map(format.formatOrdinal), ["1er", "2e"]);
  useLanguage("ja");
  assert.equal(format.formatDate("2026-11-26T12:00:00Z", { dateStyle: "long", timeZone: "UTC" }), "2026年11月26日");
});

test("ordinals end as they are spoken", () => {
  const ordinals = [1, 2, 3, 4, 11, 12, 13, 21, 22, 23, 101, 111].map(format.formatOrdinal);
  const expected = ["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd", "23rd", "101st", "111th"];
  assert.deepEqual(ordinals, expected);
});

test("a file just over a limit does not read as the limit", () => {
  const limit = 16 * 1024 * 1024;
  assert.equal(format.formatMegabytes(limit), "16 MB");
  assert.equal(format.formatMegabytes(limit + 1), "17 MB");
});

test("times are in seconds with one decimal", () => {
  assert.equal(format.formatSeconds(1449), "1.4 s");
  assert.equal(format.formatSeconds(0), "0.0 s");
});

test("all 62 characters have different names", () => {
  const characters = [..."0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"];
  const names = characters.map((character) => format.nameCharacter(character).toLowerCase());
  assert.equal(new Set(names).size, 62);
  assert.equal(format.nameCharacter("S"), "uppercase S");
  assert.equal(format.nameCharacter("s"), "lowercase s");
  assert.equal(format.nameCharacter("7"), "7");
});

test("a game that is not ranked says why, and others say nothing", () => {
  const game = { hits: 3, unranked: "5 hits are needed.", unranked_code: "too_few_hits" };
  const explained = "This game isn't on the leaderboard: 5 hits are needed, and this game has 3. I saved it all the same.";
  assert.equal(explainUnranked(game), explained);
  const rainy = { ...game, unranked: "it rained.", unranked_code: "rain" };
  assert.equal(explainUnranked(rainy), "This game isn't on the leaderboard: it rained. I saved it all the same.");
  assert.equal(explainUnranked({ hits: 9, unranked: null }), "");
});
