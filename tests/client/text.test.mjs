// The text of a picture: it stays in step with its characters, whatever is corrected.

import assert from "node:assert/strict";
import test from "node:test";

import {
  composeText,
  findByKey,
  insertSign,
  leaveOut,
  listPieces,
  parseText,
  setLabel,
  toggleSpace,
} from "../../client/static/js/upload/text.js";
import { makeRandom } from "./support.mjs";

const PAGE = "BAD DOG\nHEN";

test("a text is the same after it was taken apart", () => {
  for (const text of ["7", PAGE, "a b\nc", "if x\n j 4"]) assert.equal(composeText(parseText(text)), text);
  assert.equal(parseText(PAGE).length, 9);
});

test("a correction changes one character, and nothing around it", () => {
  assert.equal(composeText(setLabel(parseText(PAGE), 3, "F")), "BAD FOG\nHEN");
  assert.equal(composeText(setLabel(parseText(PAGE), 6, "T")), "BAD DOG\nTEN");
});

test("a character that is left out leaves the gaps around it, and comes back with a new label", () => {
  let letters = leaveOut(parseText(PAGE), 3, true);
  assert.equal(composeText(letters), "BAD OG\nHEN");
  for (const i of [4, 5]) letters = leaveOut(letters, i, true);
  assert.equal(composeText(letters), "BAD\nHEN");
  assert.equal(composeText(setLabel(letters, 4, "o")), "BAD o\nHEN");
  assert.equal(composeText(leaveOut(parseText("a b"), 0, true)), "b");
});

test("a space is put before a character and taken away, and replaces a line break", () => {
  const letters = parseText(PAGE);
  assert.equal(composeText(toggleSpace(letters, 3)), "BADDOG\nHEN");
  assert.equal(composeText(toggleSpace(letters, 4)), "BAD D OG\nHEN");
  assert.equal(composeText(toggleSpace(letters, 6)), "BAD DOG HEN");
});

test("arrow keys lead through every line and column, and stop at the ends", () => {
  const letters = parseText(PAGE); // two lines: 0 to 5, and 6 to 8
  const go = (/** @type {number} */ from, /** @type {string} */ key) => findByKey(letters, from, key);
  assert.deepEqual([go(0, "ArrowRight"), go(8, "ArrowRight"), go(0, "ArrowLeft"), go(6, "ArrowLeft")], [1, 8, 0, 5]);
  assert.deepEqual([go(1, "ArrowDown"), go(5, "ArrowDown"), go(7, "ArrowUp")], [7, 8, 1]);
  assert.deepEqual([go(2, "ArrowUp"), go(7, "ArrowDown")], [0, 8]);
  assert.deepEqual([go(4, "Home"), go(4, "End"), go(7, "Home"), go(7, "End")], [0, 5, 6, 8]);
  assert.equal(go(1, "x"), null);
});

test("a sign is hidden until somebody says what it is, and changes no gap", () => {
  const text = "ab\ncd e";
  /** @type {[index: number, joinsNext: boolean, result: string][]} */
  const places = [
    [0, true, "#ab\ncd e"],
    [2, false, "ab#\ncd e"],
    [2, true, "ab\n#cd e"],
    [4, true, "ab\ncd #e"],
    [5, false, "ab\ncd e#"],
  ];
  for (const [index, joinsNext, result] of places) {
    const letters = insertSign(parseText(text), index, "x", joinsNext);
    assert.equal(composeText(letters), text);
    assert.equal(findByKey(letters, index === 0 ? 1 : 0, "End"), letters.findIndex(({ label }) => label === "b"));
    assert.equal(composeText(setLabel(letters, index, "#")), result);
  }
  const onlySign = insertSign([], 0, "x", true);
  assert.deepEqual([composeText(onlySign), composeText(setLabel(onlySign, 0, "("))], ["", "("]);
});

test("after any changes the text has each character that is not left out, in order", () => {
  for (let seed = 1; seed <= 200; seed += 1) {
    const random = makeRandom(seed);
    let letters = parseText("ab cd\ne f\ngh");
    for (let i = 0; i < 12; i += 1) {
      const index = Math.floor(letters.length * random());
      const kind = Math.floor(3 * random());
      if (kind === 0) letters = setLabel(letters, index, "XYZ,"[Math.floor(4 * random())]);
      else if (kind === 1) letters = leaveOut(letters, index, random() < 0.6);
      else letters = toggleSpace(letters, index);
    }
    const shown = letters.filter(({ isLeftOut }) => !isLeftOut).map(({ label }) => label);
    const text = composeText(letters);
    assert.equal(text.replace(/\s/g, ""), shown.join(""));
    assert.equal(text, text.trim());
    assert.equal(listPieces(letters).length, letters.length);
    if (shown.length === letters.length) assert.equal(composeText(parseText(text)), text);
  }
});
