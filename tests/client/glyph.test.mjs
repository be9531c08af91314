import assert from "node:assert/strict";
import test from "node:test";

import { findGlyph } from "../../client/static/js/parts/glyph.js";

test("the character itself is found in a text, and not the same letter in a word", () => {
  assert.equal(findGlyph("This looks like lowercase g.", "g"), 26);
  assert.equal(findGlyph("Could this be uppercase I?", "I"), 24);
  assert.equal(findGlyph("小文字のgに見えます", "g"), 4);
  assert.equal(findGlyph("chiffre 9", "9"), 8);
  assert.equal(findGlyph("à côté", "t"), -1);
  assert.equal(findGlyph("No idea yet", "7"), -1);
});
