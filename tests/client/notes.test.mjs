import assert from "node:assert/strict";
import test from "node:test";

import { getNotes } from "../../client/static/js/play/notes.js";

const SOUNDS = /** @type {const} */ (["count", "go", "hit", "milestone", "miss", "tick", "end"]);

test("every sound is short, quiet enough, and can be heard", () => {
  for (const sound of SOUNDS) {
    for (const combo of [0, 1, 5, 12, 100]) {
      const notes = getNotes(sound, combo);
      assert.ok(notes.length > 0, sound);
      for (const { at, hertz, seconds, volume } of notes) {
        assert.ok(at + seconds <= 1, sound);
        assert.ok(hertz >= 80 && hertz <= 5000, `${sound}: ${hertz}`);
        assert.ok(volume > 0 && volume <= 0.5, sound);
      }
    }
  }
});

test("hits in a row sound higher and higher, and stay at the highest", () => {
  const pitches = Array.from({ length: 30 }, (_, combo) => getNotes("hit", combo + 1)[0].hertz);
  const rising = pitches.slice(0, 11);
  assert.deepEqual(rising, [...new Set(rising)].sort((a, b) => a - b));
  assert.equal(new Set(pitches.slice(10)).size, 1);
});
