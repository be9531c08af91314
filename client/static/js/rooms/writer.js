// Lets small drawings appear on their canvases as they were drawn, many at once. People who want less motion see them whole.

import { getDuration, getStrokesAt } from "../parts/drawing.js";
import { fitToSquare, WHOLE_SQUARE } from "../parts/geometry.js";
import { paintStrokes } from "../parts/paint.js";
import { isMotionReduced } from "../parts/settings.js";

const LINE = 52; // width of the line, where 1,024 is the width of the canvas
const WRITING_MS = 700;
const FRAME_MS = 40; // 25 images a second are enough, and leave room for 60 drawings

/** @typedef {import("../parts/geometry.js").Stroke} Stroke */

export function createWriter() {
  /** @type {Map<HTMLCanvasElement, Stroke[]>} all drawings, so that they can be painted again */
  const drawings = new Map();
  /** @type {Map<HTMLCanvasElement, number>} when each of those that appear now began */
  const writing = new Map();
  let isRunning = false;
  let paintedAt = 0;

  /** @param {HTMLCanvasElement} canvas @param {Stroke[]} strokes */
  function paint(canvas, strokes) {
    paintStrokes(canvas, strokes, LINE, WHOLE_SQUARE);
  }

  /** @param {number} now */
  function step(now) {
    if (now - paintedAt >= FRAME_MS) {
      paintedAt = now;
      for (const [canvas, startedAt] of writing) {
        const strokes = drawings.get(canvas) ?? [];
        const share = (now - startedAt) / WRITING_MS;
        if (share < 1) paint(canvas, getStrokesAt(strokes, share * getDuration(strokes)));
        else {
          paint(canvas, strokes);
          writing.delete(canvas);
        }
      }
    }
    isRunning = writing.size > 0;
    if (isRunning) requestAnimationFrame(step);
  }

  function repaint() {
    for (const [canvas, strokes] of drawings) {
      if (!canvas.isConnected) drawings.delete(canvas);
      else if (!writing.has(canvas)) paint(canvas, strokes);
    }
  }
  document.addEventListener("themechange", repaint);

  return {
    repaint,
    /** @param {HTMLCanvasElement} canvas @param {Stroke[]} strokes in the square; they are fitted into the canvas */
    show(canvas, strokes) {
      writing.delete(canvas);
      drawings.set(canvas, fitToSquare(strokes));
      paint(canvas, drawings.get(canvas) ?? []);
    },
    /** @param {HTMLCanvasElement} canvas @param {Stroke[]} strokes in the square; they are fitted into the canvas */
    write(canvas, strokes) {
      if (isMotionReduced()) return this.show(canvas, strokes);
      drawings.set(canvas, fitToSquare(strokes));
      writing.set(canvas, performance.now());
      if (!isRunning) requestAnimationFrame(step);
      isRunning = true;
    },
    clear() {
      drawings.clear();
      writing.clear();
    },
  };
}
