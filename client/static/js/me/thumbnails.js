// Small pictures of stored drawings.

import { make } from "../parts/dom.js";
import { toStrokes } from "../parts/drawing.js";
import { fitToSquare, WHOLE_SQUARE } from "../parts/geometry.js";
import { paintStrokes } from "../parts/paint.js";

const LINE = 48; // width of the line, where 1,024 is the width of the canvas

/** @type {WeakMap<Element, number[][][]>} */
const drawings = new WeakMap();

// A canvas has no pixels before it is on the page, and the wrong ones when its size changes.
const observer = new ResizeObserver((entries) => entries.forEach(({ target }) => paint(target)));

/** @param {number[][][]} drawing as it is stored @returns {HTMLCanvasElement} */
export function makeThumbnail(drawing) {
  const canvas = make("canvas", { class: "thumbnail", "aria-hidden": true });
  drawings.set(canvas, fitToSquare(toStrokes(drawing)));
  observer.observe(canvas);
  return canvas;
}

/** @param {Element} canvas */
function paint(canvas) {
  const strokes = drawings.get(canvas);
  if (strokes && canvas instanceof HTMLCanvasElement) paintStrokes(canvas, strokes, LINE, WHOLE_SQUARE);
}

document.addEventListener("themechange", () => document.querySelectorAll(".thumbnail").forEach(paint));
