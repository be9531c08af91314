// What several tests need: repeatable random numbers, and the import map that pages use.

import { readFileSync } from "node:fs";
import { register } from "node:module";

export const STATIC = new URL("../../client/static/", import.meta.url);
const LAYOUT = new URL("../../client/templates/layout.html", import.meta.url);

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

/** Resolve bare module names as the browser does, with the import map of the pages. */
export function useImportMap() {
  const [, json] = /<script type="importmap">(.*?)<\/script>/s.exec(readFileSync(LAYOUT, "utf8")) ?? [];
  const imports = Object.entries(JSON.parse(json).imports).map(([name, path]) => [
    name,
    new URL(String(path).replace("/static/", ""), STATIC).href,
  ]);
  const source = `
    const imports = new Map(${JSON.stringify(imports)});
    export const resolve = (name, context, next) => next(imports.get(name) ?? name, context);
  `;
  register(`data:text/javascript,${encodeURIComponent(source)}`);
}
