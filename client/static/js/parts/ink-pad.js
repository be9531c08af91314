// A canvas to write on with a finger, a pen or a mouse.
//
// Points are stored as they come, in the same square on every screen. Only the line on the screen is smoothed.

import { toCoordinate } from "./geometry.js";
import { makeLine } from "./line.js";
import { prepareCanvas } from "./paint.js";

/** @typedef {import("./geometry.js").Point} Point its time is in ms since the first point */
/** @typedef {import("./geometry.js").Stroke} Stroke */
/**
 * @typedef {object} Listeners
 * @property {(stroke: number, points: Point[]) => void} [onInk] new points of a stroke, [x, y, ms since the last point]
 * @property {(strokes: Stroke[]) => void} [onChange] after a stroke, an undo, a clear or a load
 */

/** Width of the line, in units of the square. */
export const PAD_LINE = 26;

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Listeners} listeners
 */
export function createInkPad(canvas, { onInk, onChange }) {
  /** @type {Stroke[]} */
  let strokes = [];
  /** @type {(Path2D | null)[]} the lines of the finished strokes; null for the stroke being drawn */
  let lines = [];
  let pointer = /** @type {number | null} */ (null);
  let hasPen = false;
  let isEnabled = true;
  let startedAt = 0; // event.timeStamp of the first point
  let latest = 0; // time of the newest point, in ms since the first
  let frame = 0;

  /** @param {PointerEvent} event @param {DOMRect} box @returns {Point | null} */
  function toPoint(event, box) {
    const x = toCoordinate((event.clientX - box.left) / box.width);
    const y = toCoordinate((event.clientY - box.top) / box.height);
    const last = strokes.at(-1)?.at(-1);
    if (last && last[0] === x && last[1] === y) return null;
    return [x, y, Math.max(latest, Math.round(event.timeStamp - startedAt))];
  }

  /** @param {PointerEvent[]} events */
  function addPoints(events) {
    const box = canvas.getBoundingClientRect();
    const stroke = /** @type {Stroke} */ (strokes.at(-1));
    /** @type {Point[]} */
    const added = [];
    for (const event of events) {
      const point = toPoint(event, box);
      if (!point) continue;
      added.push([point[0], point[1], point[2] - latest]);
      latest = point[2];
      stroke.push(point);
    }
    if (added.length) onInk?.(strokes.length - 1, added);
    paintSoon();
  }

  /** @param {PointerEvent} event */
  function startStroke(event) {
    if (event.pointerType === "pen") hasPen = true;
    // If a pen is in use, a touch is the palm of the hand that holds it.
    const isPalm = hasPen && event.pointerType === "touch";
    if (!isEnabled || pointer !== null || isPalm || event.button !== 0) return;
    event.preventDefault();
    pointer = event.pointerId;
    canvas.setPointerCapture(pointer);
    if (!strokes.length) {
      startedAt = event.timeStamp;
      latest = 0;
    }
    strokes.push([]);
    lines.push(null);
    addPoints([event]);
    // A stroke that starts where the previous one ended has lost its point as a repeat, but it needs at least one.
    const stroke = /** @type {Stroke} */ (strokes.at(-1));
    if (!stroke.length) {
      const [x, y] = /** @type {Point} */ (strokes.at(-2)?.at(-1));
      const t = Math.max(latest, Math.round(event.timeStamp - startedAt));
      stroke.push([x, y, t]);
      onInk?.(strokes.length - 1, [[x, y, t - latest]]);
      latest = t;
    }
  }

  /** @param {PointerEvent} event */
  function continueStroke(event) {
    if (event.pointerId !== pointer) return;
    const coalesced = event.getCoalescedEvents?.() ?? [];
    addPoints(coalesced.length ? coalesced : [event]);
  }

  /** @param {PointerEvent} event */
  function liftPen(event) {
    if (event.pointerId === pointer) endStroke();
  }

  function endStroke() {
    if (pointer === null) return;
    if (canvas.hasPointerCapture(pointer)) canvas.releasePointerCapture(pointer);
    pointer = null;
    lines[strokes.length - 1] = makeLine(/** @type {Stroke} */ (strokes.at(-1)), PAD_LINE, true);
    paintSoon();
    onChange?.(strokes);
  }

  function paintSoon() {
    frame ||= requestAnimationFrame(paint);
  }

  function paint() {
    frame = 0;
    const context = prepareCanvas(canvas);
    if (!context) return;
    context.fillStyle = getComputedStyle(canvas).color;
    strokes.forEach((stroke, i) => context.fill(lines[i] ?? makeLine(stroke, PAD_LINE, false)));
  }

  new ResizeObserver(paintSoon).observe(canvas);
  canvas.addEventListener("pointerdown", startStroke);
  canvas.addEventListener("pointermove", continueStroke);
  canvas.addEventListener("pointerup", liftPen);
  canvas.addEventListener("pointercancel", liftPen);
  canvas.addEventListener("lostpointercapture", liftPen);
  canvas.addEventListener("contextmenu", (event) => event.preventDefault());
  // Despite touch-action, iOS would scroll the page or open its magnifying glass.
  canvas.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
  document.addEventListener("themechange", paintSoon);

  /** @param {Stroke[]} next */
  function replaceStrokes(next) {
    pointer = null;
    strokes = next;
    lines = next.map((stroke) => makeLine(stroke, PAD_LINE, true));
    latest = next.at(-1)?.at(-1)?.[2] ?? 0;
    startedAt = performance.now() - latest;
    paintSoon();
    onChange?.(strokes);
  }

  return {
    get strokes() {
      return strokes;
    },
    /** Remove the newest stroke. */
    undo() {
      if (strokes.length) replaceStrokes(strokes.slice(0, -1));
    },
    /** Remove every stroke. */
    clear() {
      replaceStrokes([]);
    },
    /** @param {Stroke[]} stored */
    load(stored) {
      replaceStrokes(stored.filter((stroke) => stroke.length));
    },
    /** @param {boolean} on whether new strokes may begin; false also ends the current stroke */
    setEnabled(on) {
      isEnabled = on;
      if (!on) endStroke();
    },
  };
}
