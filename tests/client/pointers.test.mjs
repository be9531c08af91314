import assert from "node:assert/strict";
import test from "node:test";

import { createPointers, PALM_MS, PEN_AWAY_MS } from "../../client/static/js/parts/pointers.js";
import { makeRandom } from "./support.mjs";

/** Pointer events, each 10 ms after the one before, and the steps that they lead to. */
function createHand() {
  const pointers = createPointers();
  let now = 10_000;
  /** @type {(kind: "press" | "move" | "lift" | "cancel") => (type: string, id: number, more?: object) => string} */
  const make = (kind) => (pointerType, pointerId, more) => {
    now += 10;
    const base = { pointerId, pointerType, button: 0, buttons: 1, isPrimary: false, timeStamp: now };
    return pointers[kind]({ ...base, ...more }).join(" ");
  };
  const wait = (/** @type {number} */ ms) => (now += ms);
  return { press: make("press"), move: make("move"), lift: make("lift"), cancel: make("cancel"), wait, pointers };
}

const HOVER = { buttons: 0, button: -1 };

for (const type of ["pen", "touch", "mouse"]) {
  test(`a ${type} on its own draws stroke after stroke`, () => {
    const { press, move, lift } = createHand();
    for (let i = 0; i < 3; i += 1) {
      assert.equal(press(type, 7, { isPrimary: true }), "start");
      assert.equal(move(type, 7), "extend");
      assert.equal(lift(type, 7), "end");
      assert.equal(lift(type, 7), "", "lostpointercapture follows pointerup");
      assert.equal(move(type, 7, HOVER), "");
    }
  });
}

test("a palm that came first is taken back as soon as the pen touches, and draws no more", () => {
  const { press, move, lift } = createHand();
  assert.equal(press("touch", 1, { isPrimary: true }), "start");
  assert.equal(move("touch", 1), "extend");
  assert.equal(press("pen", 2), "takeBack start");
  assert.equal(move("touch", 1), "");
  assert.equal(move("pen", 2), "extend");
  assert.equal(lift("pen", 2), "end");
  assert.equal(move("touch", 1), "", "the palm still rests");
  assert.equal(press("pen", 2), "start", "only once");
  assert.equal(lift("touch", 1), "");
  assert.equal(move("pen", 2), "extend");
});

test("a pen that hovers takes the palm back, and the palms that land then draw nothing", () => {
  const { press, move } = createHand();
  press("touch", 1, { isPrimary: true });
  assert.equal(move("pen", 2, HOVER), "takeBack");
  assert.equal(press("touch", 3), "");
  assert.equal(move("touch", 3), "");
  assert.equal(press("pen", 2), "start");
  assert.equal(press("touch", 4), "", "during the stroke");
  assert.equal(move("pen", 2), "extend");
});

test("of two palms, both are gone when the pen comes", () => {
  const { press, lift } = createHand();
  press("touch", 1, { isPrimary: true });
  assert.equal(lift("touch", 1), "end");
  assert.equal(press("touch", 2, { isPrimary: true }), "start");
  assert.equal(press("touch", 3), "");
  assert.equal(press("pen", 4), "takeBack takeBack start");
});

test("a finger's stroke from long before the pen stays", () => {
  const { press, lift, wait } = createHand();
  press("touch", 1, { isPrimary: true });
  lift("touch", 1);
  wait(PALM_MS);
  assert.equal(press("pen", 2), "start");
});

test("what is on the pad after another drawing was loaded is not the palm's", () => {
  const { press, lift, pointers } = createHand();
  press("touch", 1, { isPrimary: true });
  lift("touch", 1);
  pointers.release();
  assert.equal(press("pen", 2), "start");
});

test("a finger works again after the pen was put away, even with the same number", () => {
  const { press, lift, move, wait } = createHand();
  press("pen", 5);
  lift("pen", 5);
  wait(PEN_AWAY_MS / 2);
  assert.equal(move("pen", 5, HOVER), "");
  wait(PEN_AWAY_MS / 2);
  assert.equal(press("touch", 6, { isPrimary: true }), "");
  assert.equal(lift("touch", 6), "");
  wait(PEN_AWAY_MS);
  assert.equal(press("touch", 6, { isPrimary: true }), "start");
  assert.equal(move("touch", 6), "extend");
});

test("a second finger draws nothing, also when the first has left", () => {
  const { press, move, lift } = createHand();
  press("touch", 1, { isPrimary: true });
  assert.equal(press("touch", 2), "");
  assert.equal(move("touch", 2), "");
  assert.equal(move("touch", 1), "extend");
  assert.equal(lift("touch", 1), "end");
  assert.equal(move("touch", 2), "");
  assert.equal(lift("touch", 2), "");
});

test("a cancelled pointer takes its own stroke back, and no other", () => {
  const { press, move, cancel, lift } = createHand();
  for (const type of ["touch", "pen"]) {
    press(type, 1, { isPrimary: true });
    press("touch", 2);
    assert.equal(cancel("touch", 2), "");
    assert.equal(move(type, 1), "extend");
    assert.equal(cancel(type, 1), "takeBack");
    assert.equal(lift(type, 1), "", "lostpointercapture follows");
  }
});

test("a pointer whose end was never reported does not block the next", () => {
  const { press } = createHand();
  press("touch", 1, { isPrimary: true });
  assert.equal(press("touch", 2, { isPrimary: true }), "end start");
  assert.equal(press("touch", 2, { isPrimary: true }), "end start");
  assert.equal(press("pen", 3), "takeBack takeBack takeBack start", "three palms");
  assert.equal(press("pen", 4), "end start");
});

test("only the main button of a mouse draws, and a pen's other end erases", () => {
  const { press, move } = createHand();
  assert.equal(press("mouse", 1, { button: 2, buttons: 2 }), "");
  assert.equal(press("mouse", 1, { button: 1, buttons: 4 }), "");
  assert.equal(press("pen", 2, { button: 2, buttons: 2 }), "", "the button on its barrel");
  assert.equal(press("mouse", 1), "start");
  assert.equal(move("mouse", 1, { buttons: 3 }), "extend");
  assert.equal(move("mouse", 1, { buttons: 2 }), "end", "released while the other is held");
  assert.equal(press("pen", 2, { button: 5, buttons: 32 }), "erase");
  assert.equal(move("pen", 2, { buttons: 32 }), "");
});

test("in any order of events, one pointer draws at a time, and only what was begun is extended, ended or taken back", () => {
  for (let seed = 1; seed <= 300; seed += 1) {
    const random = makeRandom(seed);
    const hand = createHand();
    const drawn = [];
    let isDrawing = false;
    for (let i = 0; i < 200; i += 1) {
      const type = ["pen", "touch", "mouse"][Math.floor(3 * random())];
      const kind = /** @type {const} */ (["press", "move", "lift", "cancel", "move"])[Math.floor(5 * random())];
      const more = { isPrimary: random() < 0.5, button: random() < 0.8 ? 0 : 2, buttons: Math.floor(4 * random()) };
      if (random() < 0.1) hand.wait(3_000 * random());
      for (const step of hand[kind](type, Math.floor(4 * random()), more).split(" ")) {
        if (step === "start") drawn.push(type);
        assert.ok(step !== "start" || !isDrawing, "no stroke begins in another");
        assert.ok(!["extend", "end"].includes(step) || isDrawing, `${step} of nothing`);
        if (step === "takeBack") assert.ok(drawn.pop(), "there is a stroke to take back");
        if (step) isDrawing = step === "start" || step === "extend";
      }
    }
  }
});
