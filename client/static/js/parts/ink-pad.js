// A canvas to write on with a finger, a pen, a mouse or the keyboard.
//
// Points are stored as they come, in the same square on every screen. Only the line on the screen is smoothed.

import { getDuration } from "./drawing.js";
import { clipToSquare, toPlace } from "./geometry.js";
import { createPadPainter } from "./pad-painter.js";
import { createPointers } from "./pointers.js";

/** @typedef {import("./geometry.js").Point} Point its time is in ms since the first point */
/** @typedef {import("./geometry.js").Stroke} Stroke */
/** @typedef {import("./geometry.js").Place} Place */
/** @typedef {import("./pointers.js").Step} Step */
/**
 * @typedef {object} Listeners
 * @property {(stroke: number, points: Point[], isUp: boolean) => void} [onInk] new points of a stroke, [x, y, ms since
 *   the last point], and whether the pen was lifted after them; there may be none then
 * @property {() => void} [onUndo] the newest stroke was removed: by `undo`, the eraser of a pen, or because it was a palm
 * @property {() => void} [onClear] all strokes were removed by `clear`
 * @property {(strokes: Stroke[]) => void} [onChange] after a stroke, an undo, a clear or a load
 */

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Listeners} listeners
 */
export function createInkPad(canvas, { onInk, onUndo, onClear, onChange }) {
  const pointers = createPointers();
  const painter = createPadPainter(canvas);
  /** @type {Stroke[]} */
  let strokes = [];
  /** @type {Stroke[][]} drawings that were cleared and can come back, the newest last */
  let cleared = [];
  let isDrawing = false; // the newest stroke
  let isEnabled = true;
  let startedAt = 0; // event.timeStamp of the first point
  let latest = 0; // time of the newest point, in ms since the first
  /** @type {Place} where the pen was last, perhaps outside the square */
  let place = [0, 0];
  let box = /** @type {DOMRect | null} */ (null); // of the canvas on the screen, while a stroke is drawn

  /** @param {MouseEvent} event @returns {Place} */
  function locate({ clientX, clientY }) {
    box ??= canvas.getBoundingClientRect();
    return toPlace((clientX - box.left) / box.width, (clientY - box.top) / box.height);
  }

  /**
   * @param {Place} start
   * @param {number} timeStamp as events have it
   */
  function startStroke(start, timeStamp) {
    if (!strokes.length) {
      startedAt = timeStamp;
      latest = 0;
    }
    isDrawing = true;
    strokes = [...strokes, []];
    place = start;
    addPoints([[start, timeStamp]]);
  }

  /**
   * @param {[Place, number][]} places with their times, as events have them
   * @param {Place[]} [predicted]
   */
  function addPoints(places, predicted = []) {
    const stroke = /** @type {Stroke} */ (strokes.at(-1));
    /** @type {Point[]} */
    const added = [];
    for (const [next, timeStamp] of places) {
      const t = Math.max(latest, Math.round(timeStamp - startedAt));
      // Outside the square there are no points. The stroke goes on where it comes back.
      for (const [x, y] of clipToSquare(place, next) ?? []) {
        const point = /** @type {Point} */ ([Math.round(x), Math.round(y), t]);
        const last = stroke.at(-1);
        if (last && last[0] === point[0] && last[1] === point[1]) continue;
        added.push([point[0], point[1], t - latest]);
        latest = t;
        stroke.push(point);
      }
      place = next;
    }
    painter.extend(stroke, predicted);
    if (added.length) onInk?.(strokes.length - 1, added, false);
  }

  function endStroke() {
    if (!isDrawing) return;
    isDrawing = false;
    box = null;
    if (!strokes.at(-1)?.length) strokes = strokes.slice(0, -1); // all of it was outside the square
    else onInk?.(strokes.length - 1, [], true);
    painter.show(strokes);
    onChange?.(strokes);
  }

  /** @param {Stroke[]} next of which none is being drawn */
  function replaceStrokes(next) {
    pointers.release();
    showStrokes(next);
  }

  /** @param {Stroke[]} next */
  function showStrokes(next) {
    isDrawing = false;
    box = null;
    strokes = next;
    latest = getDuration(next);
    startedAt = performance.now() - latest;
    painter.show(strokes);
  }

  /** Remove the newest stroke. */
  function removeStroke() {
    showStrokes(strokes.slice(0, -1));
    onUndo?.();
    onChange?.(strokes);
  }

  /** Remove the newest stroke. On an empty pad, bring back what was cleared. */
  function undo() {
    pointers.release();
    if (strokes.length) return removeStroke();
    const drawing = cleared.pop();
    if (!drawing) return;
    showStrokes(drawing);
    let before = 0;
    drawing.forEach((stroke, number) => {
      /** @type {Point[]} */
      const points = [];
      for (const [x, y, t] of stroke) {
        points.push([x, y, Math.max(0, t - before)]);
        before = t;
      }
      onInk?.(number, points, true);
    });
    onChange?.(strokes);
  }

  /** @param {Step} step @param {PointerEvent} event */
  function take(step, event) {
    switch (step) {
      case "start":
        event.preventDefault();
        capture(event);
        box = null;
        return startStroke(locate(event), event.timeStamp);
      case "extend":
        return extendStroke(event);
      case "end":
        return endStroke();
      case "takeBack":
        return removeStroke();
      case "erase":
        if (strokes.length) removeStroke();
    }
  }

  /** @param {PointerEvent} event */
  function extendStroke(event) {
    const coalesced = event.getCoalescedEvents?.() ?? [];
    const events = coalesced.length ? coalesced : [event];
    addPoints(
      events.map((each) => [locate(each), each.timeStamp]),
      (event.getPredictedEvents?.() ?? []).map(locate),
    );
  }

  /** @param {PointerEvent} event */
  function capture({ pointerId }) {
    try {
      canvas.setPointerCapture(pointerId);
    } catch {
      // The pointer is gone already. Its stroke is a dot.
    }
  }

  /** @param {"press" | "move" | "lift" | "cancel"} kind @returns {(event: PointerEvent) => void} */
  function listenTo(kind) {
    return (event) => {
      if (!isEnabled) return;
      for (const step of pointers[kind](event)) take(step, event);
    };
  }

  const forgetBox = () => {
    box = null;
  };

  canvas.addEventListener("pointerdown", listenTo("press"));
  canvas.addEventListener("pointermove", listenTo("move"));
  canvas.addEventListener("pointerup", listenTo("lift"));
  canvas.addEventListener("lostpointercapture", listenTo("lift"));
  canvas.addEventListener("pointercancel", listenTo("cancel"));
  canvas.addEventListener("contextmenu", (event) => event.preventDefault());
  // Despite touch-action, iOS would scroll the page or open its magnifying glass.
  canvas.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
  addEventListener("scroll", forgetBox, { capture: true, passive: true });
  addEventListener("resize", forgetBox);

  return {
    get strokes() {
      return strokes;
    },
    /** Whether `undo` has something to remove or to bring back. */
    get canUndo() {
      return strokes.length > 0 || cleared.length > 0;
    },
    undo,
    /** Remove every stroke. `undo` brings them back. */
    clear() {
      if (!strokes.length) return;
      cleared.push(strokes);
      replaceStrokes([]);
      onClear?.();
      onChange?.(strokes);
    },
    /** Begin with another drawing. `undo` brings nothing back from before. @param {Stroke[]} [stored] */
    load(stored = []) {
      cleared = [];
      replaceStrokes(stored.filter((stroke) => stroke.length));
      onChange?.(strokes);
    },
    /** @param {boolean} on whether new strokes may begin; false also ends the current stroke */
    setEnabled(on) {
      isEnabled = on;
      if (on) return;
      pointers.release();
      endStroke();
    },
    /** A pen that is moved by something else than a pointer, such as keys. Places are shares of the pad, 0 to 1. */
    pen: {
      /** Whether a stroke is being drawn, by this pen or a pointer. */
      get isDown() {
        return isDrawing;
      },
      /** @param {number} x @param {number} y */
      press(x, y) {
        if (!isEnabled) return;
        pointers.release();
        endStroke();
        startStroke(toPlace(x, y), performance.now());
      },
      /** @param {number} x @param {number} y */
      moveTo(x, y) {
        if (isDrawing) addPoints([[toPlace(x, y), performance.now()]]);
      },
      lift: endStroke,
    },
  };
}
