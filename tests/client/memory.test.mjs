import assert from "node:assert/strict";
import test, { beforeEach } from "node:test";

import * as memory from "../../client/static/js/play/memory.js";

/** Storage as browsers have it, as far as it is used. */
class MapStorage {
  #items = new Map();
  getItem(/** @type {string} */ key) {
    return this.#items.get(key) ?? null;
  }
  setItem(/** @type {string} */ key, /** @type {string} */ value) {
    this.#items.set(key, String(value));
  }
  removeItem(/** @type {string} */ key) {
    this.#items.delete(key);
  }
}

const ADA = { name: "Ada", mode: "practice", alphabet: "lower" };

/** @param {PropertyDescriptor} descriptor of both storages */
function setStorage(descriptor) {
  for (const name of ["localStorage", "sessionStorage"]) {
    Object.defineProperty(globalThis, name, { configurable: true, ...descriptor });
  }
}

beforeEach(() => {
  for (const name of ["localStorage", "sessionStorage"]) {
    Object.defineProperty(globalThis, name, { configurable: true, writable: true, value: new MapStorage() });
  }
});

test("a new browser remembers nothing", () => {
  assert.deepEqual(memory.loadSettings(), {});
  assert.equal(memory.loadBest("sprint", "digits"), 0);
  assert.equal(memory.loadInterrupted(), null);
});

test("settings and an interrupted game are remembered", () => {
  memory.saveSettings(ADA);
  memory.saveInterrupted(ADA, "token", "game");
  assert.deepEqual(memory.loadSettings(), ADA);
  assert.deepEqual(memory.loadInterrupted(), { ...ADA, token: "token", game: "game" });
  memory.forgetInterrupted();
  assert.equal(memory.loadInterrupted(), null);
  assert.deepEqual(memory.loadSettings(), ADA);
});

test("the best score of each mode and alphabet is remembered", () => {
  memory.saveScore("sprint", "digits", 500);
  memory.saveScore("sprint", "digits", 400);
  memory.saveScore("sprint", "upper", 100);
  assert.equal(memory.loadBest("sprint", "digits"), 500);
  assert.equal(memory.loadBest("sprint", "upper"), 100);
  memory.saveScore("sprint", "digits", 600);
  memory.saveScore("daily", "digits", 50);
  assert.equal(memory.loadBest("sprint", "digits"), 600);
  assert.equal(memory.loadBest("daily", "digits"), 50);
});

test("the last result and the warm-up are remembered", () => {
  assert.deepEqual([memory.loadLast(), memory.loadTaught()], [null, false]);
  const last = { game: "id", mode: "sprint", alphabet: "digits", score: 7 };
  memory.saveLast(last);
  memory.saveTaught();
  assert.deepEqual([memory.loadLast(), memory.loadTaught()], [last, true]);
  memory.forgetEverything();
  assert.deepEqual([memory.loadLast(), memory.loadTaught()], [null, false]);
});

test("who has played before needs no warm-up", () => {
  memory.saveSettings(ADA);
  assert.equal(memory.loadTaught(), true);
});

test("forgetting leaves nothing", () => {
  memory.saveSettings(ADA);
  memory.saveScore("sprint", "digits", 500);
  memory.saveInterrupted(ADA, "token", "game");
  memory.forgetEverything();
  assert.deepEqual(memory.loadSettings(), {});
  assert.equal(memory.loadBest("sprint", "digits"), 0);
  assert.equal(memory.loadInterrupted(), null);
});

test("what somebody else wrote there is ignored", () => {
  for (const text of ["{", "7", '"text"', "null", "undefined"]) {
    for (const key of ["inkrush-play", "inkrush-bests"]) localStorage.setItem(key, text);
    sessionStorage.setItem("inkrush-seat", text);
    assert.deepEqual(memory.loadSettings(), {}, text);
    assert.equal(memory.loadBest("sprint", "digits"), 0, text);
    assert.equal(memory.loadInterrupted(), null, text);
  }
});

test("without storage nothing is remembered, and nothing breaks", () => {
  const full = {
    getItem: () => null,
    removeItem() {},
    setItem() {
      throw new DOMException("full", "QuotaExceededError");
    },
  };
  const forbid = () => {
    throw new DOMException("forbidden", "SecurityError");
  };
  for (const descriptor of [{ value: full }, { get: forbid }]) {
    setStorage(descriptor);
    memory.saveSettings(ADA);
    memory.saveScore("sprint", "digits", 500);
    memory.saveInterrupted(ADA, "token", "game");
    assert.deepEqual(memory.loadSettings(), {});
    assert.equal(memory.loadBest("sprint", "digits"), 0);
    assert.equal(memory.loadInterrupted(), null);
    memory.forgetEverything();
  }
});
