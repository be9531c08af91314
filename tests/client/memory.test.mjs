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
  assert.equal(memory.loadBest("digits"), 0);
  assert.equal(memory.loadInterrupted(), null);
});

test("settings and an interrupted game are remembered", () => {
  memory.saveSettings(ADA);
  memory.saveInterrupted(ADA, "token");
  assert.deepEqual(memory.loadSettings(), ADA);
  assert.deepEqual(memory.loadInterrupted(), { ...ADA, token: "token" });
  memory.forgetInterrupted();
  assert.equal(memory.loadInterrupted(), null);
  assert.deepEqual(memory.loadSettings(), ADA);
});

test("the best score of each alphabet is remembered", () => {
  memory.saveScore("digits", 500);
  memory.saveScore("digits", 400);
  memory.saveScore("upper", 100);
  assert.equal(memory.loadBest("digits"), 500);
  assert.equal(memory.loadBest("upper"), 100);
  memory.saveScore("digits", 600);
  assert.equal(memory.loadBest("digits"), 600);
});

test("forgetting leaves nothing", () => {
  memory.saveSettings(ADA);
  memory.saveScore("digits", 500);
  memory.saveInterrupted(ADA, "token");
  memory.forgetEverything();
  assert.deepEqual(memory.loadSettings(), {});
  assert.equal(memory.loadBest("digits"), 0);
  assert.equal(memory.loadInterrupted(), null);
});

test("what somebody else wrote there is ignored", () => {
  for (const text of ["{", "7", '"text"', "null", "undefined"]) {
    for (const key of ["inkrush-play", "inkrush-bests"]) localStorage.setItem(key, text);
    sessionStorage.setItem("inkrush-seat", text);
    assert.deepEqual(memory.loadSettings(), {}, text);
    assert.equal(memory.loadBest("digits"), 0, text);
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
    memory.saveScore("digits", 500);
    memory.saveInterrupted(ADA, "token");
    assert.deepEqual(memory.loadSettings(), {});
    assert.equal(memory.loadBest("digits"), 0);
    assert.equal(memory.loadInterrupted(), null);
    memory.forgetEverything();
  }
});
