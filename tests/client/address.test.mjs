import assert from "node:assert/strict";
import test from "node:test";

import { readPlace, settle, writePlace } from "../../client/static/js/leaderboard/address.js";

const ALPHABETS = ["digits", "upper", "any"];

test("an address without a query shows the digits of this week", () => {
  assert.deepEqual(readPlace("", ALPHABETS), { mode: "sprint", alphabet: "digits", period: "week", game: null });
});

test("an address leads back to the place it was written for", () => {
  for (const alphabet of ALPHABETS) {
    for (const period of ["day", "week", "all"]) {
      for (const game of [null, "0191-game", "a&period=day#x ÿ"]) {
        for (const mode of ["sprint", "daily", "extra", "keys"]) {
          const place = settle({ mode, alphabet, period, game });
          assert.deepEqual(readPlace(writePlace(place), ALPHABETS), place);
        }
      }
    }
  }
});

test("what an address names wrongly is shown as by default", () => {
  const place = readPlace("?mode=chess&alphabet=runes&period=century&game=", ALPHABETS);
  assert.deepEqual(place, { mode: "sprint", alphabet: "digits", period: "week", game: null });
  assert.equal(readPlace("?alphabet=constructor&period=all", ALPHABETS).period, "all");
});

test("a daily has only its day", () => {
  assert.equal(readPlace("?mode=daily&period=week", ALPHABETS).period, "day");
});
