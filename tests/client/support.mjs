// What several tests need: repeatable random numbers, the texts of a language, and the names of vendored modules.

import { readFileSync } from "node:fs";
import { register } from "node:module";

import { setMessages } from "../../client/static/js/parts/messages.js";

export const STATIC = new URL("../../client/static/", import.meta.url);

/**
 * Numbers from 0 to 1 that are the same in every run (mulberry32).
 *
 * @param {number} seed
 * @returns {() => number}
 */
export function makeRandom(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** @param {string} code of the language whose texts the modules are to use */
export function useLanguage(code) {
  setMessages(code, JSON.parse(readFileSync(new URL(`../../client/messages/${code}.json`, import.meta.url), "utf8")));
}

/**
 * Run a test with many random drawings of 1 to 5 strokes, of very different sizes and places.
 *
 * @param {(strokes: [number, number, number][][], random: () => number) => void} check
 */
export function checkDrawings(check) {
  for (let seed = 1; seed <= 300; seed += 1) {
    const random = makeRandom(seed);
    const size = 10 ** (8 * random() - 4);
    const [left, top] = [1e4 * (random() - 0.5), 1e4 * (random() - 0.5)];
    let t = 0;
    const strokes = Array.from({ length: 1 + Math.floor(5 * random()) }, () =>
      Array.from({ length: 1 + Math.floor(30 * random()) }, () => {
        t += Math.floor(40 * random());
        return /** @type {[number, number, number]} */ ([left + size * random(), top + size * random(), t]);
      }),
    );
    check(strokes, random);
  }
}

/** Resolve the bare names of vendored modules as the server does when it joins the modules of a page. */
export function useVendored() {
  /** @type {{ module?: string, file: string }[]} */
  const manifest = JSON.parse(readFileSync(new URL("vendor/manifest.json", STATIC), "utf8"));
  const imports = manifest.map(({ module, file }) => [module, new URL(file, STATIC).href]);
  const source = `
    const imports = new Map(${JSON.stringify(imports)});
    export const resolve = (name, context, next) => next(imports.get(name) ?? name, context);
  `;
  register(`data:text/javascript,${encodeURIComponent(source)}`);
}
