// A canvas to write on with a finger, a pen or a mouse.
//
// Every screen has the same square, 0-1023 both ways. What is kept are the points as they came; only the line on the
// screen is smoothed.

import { getStroke } from "perfect-freehand";

/** @typedef {[x: number, y: number, t: number]} Point in the square, and ms since the first point */
/** @typedef {Point[]} Stroke */
/**
 * @typedef {object} Listeners
 * @property {(stroke: number, points: Point[]) => void} [onInk] new points of a stroke, [x, y, ms since the last point]
 * @property {(stroke: number) => void} [onStrokeEnd]
 * @property {(strokes: Stroke[]) => void} [onChange] after a stroke, an undo, a clear or a load
 */

const SQUARE = 1023;
const LINE = 26; // width of the line in the square's units
const SMOOTHING = { size: LINE, thinning: 0.25, smoothing: 0.6, streamline: 0.25, simulatePressure: true };

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Listeners} listeners
 */
export function createInkPad(canvas, { onInk, onStrokeEnd, onChange }) {
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  /** @type {Stroke[]} */
  let strokes = [];
  /** @type {(Path2D | null)[]} finished strokes' outlines */
  let outlines = [];
  let pointer = /** @type {number | null} */ (null);
  let penSeen = false;
  let enabled = true;
  let began = 0; // of the first point, in the clock of events
  let latest = 0; // ms of the newest point since then
  let frame = 0;

  /** @param {PointerEvent} event @param {DOMRect} box @returns {Point | null} */
  function pointOf(event, box) {
    const x = toSquare((event.clientX - box.left) / box.width);
    const y = toSquare((event.clientY - box.top) / box.height);
    const last = strokes.at(-1)?.at(-1);
    if (last && last[0] === x && last[1] === y) return null;
    return [x, y, Math.max(latest, Math.round(event.timeStamp - began))];
  }

  /** @param {PointerEvent[]} events */
  function add(events) {
    const box = canvas.getBoundingClientRect();
    const stroke = /** @type {Stroke} */ (strokes.at(-1));
    /** @type {Point[]} */
    const fresh = [];
    for (const event of events) {
      const point = pointOf(event, box);
      if (!point) continue;
      fresh.push([point[0], point[1], point[2] - latest]);
      latest = point[2];
      stroke.push(point);
    }
    if (fresh.length) onInk?.(strokes.length - 1, fresh);
    paintSoon();
  }

  /** @param {PointerEvent} event */
  function down(event) {
    if (event.pointerType === "pen") penSeen = true;
    // Where there is a pen, a touch is the hand that holds it.
    const palm = penSeen && event.pointerType === "touch";
    if (!enabled || pointer !== null || palm || event.button !== 0) return;
    event.preventDefault();
    pointer = event.pointerId;
    canvas.setPointerCapture(pointer);
    if (!strokes.length) {
      began = event.timeStamp;
      latest = 0;
    }
    strokes.push([]);
    outlines.push(null);
    add([event]);
    // A point at the very end of the stroke before is dropped as a repeat; a stroke has one point at least.
    const stroke = /** @type {Stroke} */ (strokes.at(-1));
    if (!stroke.length) {
      const [x, y] = /** @type {Point} */ (strokes.at(-2)?.at(-1));
      const t = Math.max(latest, Math.round(event.timeStamp - began));
      stroke.push([x, y, t]);
      onInk?.(strokes.length - 1, [[x, y, t - latest]]);
      latest = t;
    }
  }

  /** @param {PointerEvent} event */
  function move(event) {
    if (event.pointerId !== pointer) return;
    const coalesced = event.getCoalescedEvents?.() ?? [];
    add(coalesced.length ? coalesced : [event]);
  }

  /** @param {PointerEvent} event */
  function up(event) {
    if (event.pointerId === pointer) endStroke();
  }

  function endStroke() {
    if (pointer === null) return;
    if (canvas.hasPointerCapture(pointer)) canvas.releasePointerCapture(pointer);
    pointer = null;
    outlines[strokes.length - 1] = outlineOf(/** @type {Stroke} */ (strokes.at(-1)), true);
    paintSoon();
    onStrokeEnd?.(strokes.length - 1);
    onChange?.(strokes);
  }

  function paintSoon() {
    frame ||= requestAnimationFrame(paint);
  }

  function paint() {
    frame = 0;
    const side = Math.round(canvas.clientWidth * devicePixelRatio);
    if (!side) return;
    if (canvas.width !== side || canvas.height !== side) canvas.width = canvas.height = side;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, side, side);
    context.scale(side / (SQUARE + 1), side / (SQUARE + 1));
    context.fillStyle = getComputedStyle(canvas).color;
    strokes.forEach((stroke, number) => context.fill(outlines[number] ?? outlineOf(stroke, false)));
  }

  const sized = new ResizeObserver(paintSoon);
  sized.observe(canvas);
  const listening = new AbortController();
  const on = { signal: listening.signal };
  canvas.addEventListener("pointerdown", down, on);
  canvas.addEventListener("pointermove", move, on);
  canvas.addEventListener("pointerup", up, on);
  canvas.addEventListener("pointercancel", up, on);
  canvas.addEventListener("lostpointercapture", up, on);
  canvas.addEventListener("contextmenu", (event) => event.preventDefault(), on);
  // iOS would take a stroke for a scroll or a magnifying glass even where touch-action forbids it.
  canvas.addEventListener("touchstart", (event) => event.preventDefault(), { ...on, passive: false });
  document.addEventListener("themechange", paintSoon, on);

  /** @param {Stroke[]} next */
  function become(next) {
    pointer = null;
    strokes = next;
    outlines = next.map((stroke) => outlineOf(stroke, true));
    latest = next.at(-1)?.at(-1)?.[2] ?? 0;
    began = performance.now() - latest;
    paintSoon();
    onChange?.(strokes);
  }

  return {
    get strokes() {
      return strokes;
    },
    get drawing() {
      return pointer !== null;
    },
    /** Take back the newest stroke. */
    undo() {
      if (strokes.length) become(strokes.slice(0, -1));
    },
    /** Take back everything. */
    clear() {
      become([]);
    },
    /** @param {Stroke[]} given */
    load(given) {
      become(given.filter((stroke) => stroke.length));
    },
    /** @param {boolean} on whether new strokes may begin; one that is being drawn ends */
    setEnabled(on) {
      enabled = on;
      if (!on) endStroke();
    },
    destroy() {
      listening.abort();
      sized.disconnect();
      cancelAnimationFrame(frame);
    },
  };
}

/** @param {number} share of the side */
function toSquare(share) {
  return Math.min(SQUARE, Math.max(0, Math.round(share * SQUARE)));
}

/** @param {Stroke} stroke @param {boolean} last whether the pen has been lifted */
function outlineOf(stroke, last) {
  const path = new Path2D();
  const outline = getStroke(stroke.map(([x, y]) => [x, y]), { ...SMOOTHING, last });
  // Through the middles between the outline's points, so that a fast hand leaves curves and no corners.
  outline.forEach(([x, y], i) => {
    const [nextX, nextY] = outline[(i + 1) % outline.length];
    if (i) path.quadraticCurveTo(x, y, (x + nextX) / 2, (y + nextY) / 2);
    else path.moveTo((x + nextX) / 2, (y + nextY) / 2);
  });
  path.closePath();
  return path;
}
