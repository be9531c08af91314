// Replays the drawings of a game on one canvas, one after the other, each stroke at the speed it was drawn.

import { getDuration, getStrokesAt } from "../parts/drawing.js";
import { getView } from "../parts/geometry.js";
import { PAD_LINE } from "../parts/pad-painter.js";
import { paintStrokes } from "../parts/paint.js";

const REST_MS = 900; // how long a finished drawing stays before the next one begins
const FINISHED_MS = 50; // by then the last frame of a drawing has surely been painted

/** @typedef {import("../parts/geometry.js").Stroke[]} Strokes */
/**
 * @typedef {object} Listeners
 * @property {(index: number) => void} onShow another drawing is on the canvas now
 * @property {(isFinished: boolean) => void} onFinished whether all ink of the drawing is there
 * @property {(isPlaying: boolean) => void} onPlaying
 */

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Listeners} listeners
 */
export function createReplay(canvas, { onShow, onFinished, onPlaying }) {
  /** @type {Strokes[]} */
  let drawings = [];
  let current = 0;
  let frame = 0;
  let isPlaying = false;

  /** @param {number} index */
  function show(index) {
    current = index;
    onShow(index);
    paintStrokes(canvas, drawings[index], PAD_LINE);
  }

  /** @param {number} index of the first drawing to play; the later ones follow */
  function play(index) {
    stop();
    show(index);
    isPlaying = true;
    onPlaying(true);
    onFinished(false);
    const strokes = drawings[index];
    const duration = getDuration(strokes);
    const view = getView(strokes);
    const startedAt = performance.now();
    const step = (/** @type {number} */ now) => {
      const ms = now - startedAt;
      if (ms < duration + FINISHED_MS) paintStrokes(canvas, getStrokesAt(strokes, ms), PAD_LINE, view);
      else onFinished(true);
      if (ms < duration + REST_MS) frame = requestAnimationFrame(step);
      else if (index + 1 < drawings.length) play(index + 1);
      else stop();
    };
    frame = requestAnimationFrame(step);
  }

  function stop() {
    cancelAnimationFrame(frame);
    isPlaying = false;
    onPlaying(false);
    onFinished(true);
  }

  return {
    show,
    play,
    stop,
    /** @param {Strokes[]} next the drawings of another game */
    load(next) {
      stop();
      drawings = next;
      current = 0;
    },
    /** Stop and show the whole drawing, or play on from it. At the last drawing, start over. */
    toggle() {
      if (isPlaying) {
        stop();
        show(current);
      } else play(current + 1 < drawings.length ? current : 0);
    },
    /** Paint the whole current drawing again. */
    repaint() {
      if (drawings.length) show(current);
    },
  };
}
