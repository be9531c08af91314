// Shows how a character is written, stroke by stroke, with the tip of a red pencil. People who want less motion see the
// whole character, with a dot where each stroke begins.

import { getDuration, getStrokesAt } from "./drawing.js";
import { paintStrokes } from "./paint.js";
import { isMotionReduced } from "./settings.js";

/** @typedef {import("./geometry.js").Stroke} Stroke */

const SIDES_PER_MS = 0.0009; // speed of the pencil, where 1 is the side of the canvas
const LIFT_MS = 250; // between two strokes
const REST_MS = 900; // before it is shown again
const TIP = 0.025; // radius of the dot, where 1 is the side of the canvas

/**
 * Pure.
 *
 * @param {number[][][]} strokes of [x, y, …]
 * @param {number} speed in their unit per ms
 * @returns {Stroke[]} the same, drawn at a steady speed
 */
export function paceStrokes(strokes, speed) {
  let t = 0;
  return strokes.map((stroke, number) => {
    if (number) t += LIFT_MS;
    return stroke.map(([x, y], i) => {
      const [fromX, fromY] = stroke[Math.max(0, i - 1)];
      t += Math.hypot(x - fromX, y - fromY) / speed;
      return [x, y, t];
    });
  });
}

/**
 * @param {HTMLCanvasElement} canvas painted in its own CSS color, with the tip in its accent color
 * @param {number} width of the line, where 1,024 is the width of the canvas
 * @param {import("./geometry.js").Area} view the part of the square that the canvas shows
 */
export function createTrace(canvas, width, view) {
  let frame = 0;
  /** @type {Stroke[]} */
  let strokes = [];

  /** @param {Stroke[]} shown @param {Stroke[]} dotted each gets a dot at its last point */
  function paint(shown, dotted) {
    paintStrokes(canvas, shown, width, view);
    const context = canvas.getContext("2d");
    if (!context) return;
    context.fillStyle = getComputedStyle(canvas).accentColor;
    for (const stroke of dotted) {
      const [x, y] = stroke[stroke.length - 1];
      context.beginPath();
      context.arc(x, y, TIP * view.side, 0, 2 * Math.PI);
      context.fill();
    }
  }

  /** @param {number} startedAt */
  function step(startedAt) {
    const ms = performance.now() - startedAt;
    const end = getDuration(strokes);
    const shown = getStrokesAt(strokes, ms);
    paint(shown, ms < end ? shown.slice(-1) : []);
    frame = requestAnimationFrame(() => step(ms > end + REST_MS ? performance.now() : startedAt));
  }

  function stop() {
    cancelAnimationFrame(frame);
    frame = 0;
  }

  return {
    stop,
    /** @param {number[][][]} drawing strokes of [x, y, …] in the square; they are shown again and again */
    start(drawing) {
      stop();
      strokes = paceStrokes(drawing, SIDES_PER_MS * view.side);
      if (isMotionReduced()) paint(strokes, strokes.map((stroke) => stroke.slice(0, 1)));
      else step(performance.now());
    },
    clear() {
      stop();
      paint([], []);
    },
  };
}
