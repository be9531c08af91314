// Paints the strokes on a pad: in each frame, only the part where ink is new.

import { PAD_AREA, SQUARE_SIDE } from "./geometry.js";
import { makeLine } from "./line.js";
import { prepareCanvas } from "./paint.js";

/** @typedef {import("./geometry.js").Stroke} Stroke */
/** @typedef {import("./geometry.js").Place} Place */

/** Width of the line, where 1,024 is the width of the pad. */
export const PAD_LINE = 26;

const WIDTH = (PAD_LINE * PAD_AREA.side) / SQUARE_SIDE;
const UNSETTLED_POINTS = 16; // the line may still change at so many of its newest points when more points come

/** @param {HTMLCanvasElement} canvas */
export function createPadPainter(canvas) {
  /** @type {Stroke[]} the finished ones */
  let strokes = [];
  /** @type {WeakMap<Stroke, Path2D>} of finished strokes */
  const lines = new WeakMap();
  /** @type {Stroke | null} the stroke that is being drawn */
  let live = null;
  let livePainted = 0; // points of it on the canvas
  /** @type {Place[]} where the pen will probably be in a moment */
  let predicted = [];
  /** @type {Place[]} what was predicted when the canvas was painted last */
  let predictedBefore = [];
  let isPainted = false; // whether only the live stroke has changed since then
  let frame = 0;

  function paint() {
    frame = 0;
    const context = isPainted ? canvas.getContext("2d") : prepareCanvas(canvas, PAD_AREA);
    if (!context) return;
    if (isPainted) clipToNew(context);
    else context.fillStyle = getComputedStyle(canvas).color;
    for (const stroke of strokes) context.fill(getLine(stroke));
    if (live) context.fill(makeLine([...live, ...predicted], WIDTH, false));
    if (isPainted) context.restore();
    isPainted = true;
    livePainted = live?.length ?? 0;
    predictedBefore = predicted;
    predicted = [];
    if (predictedBefore.length) paintSoon(); // the pen may stop here
  }

  /** @param {CanvasRenderingContext2D} context of which only the part around the newest points is cleared and painted */
  function clipToNew(context) {
    const newest = live?.slice(Math.max(0, livePainted - UNSETTLED_POINTS)) ?? [];
    const points = [...newest, ...predicted, ...predictedBefore];
    // On whole pixels, so that no pixel is cleared or painted in part.
    const scale = canvas.width / PAD_AREA.side;
    const [left, top] = [0, 1].map((axis) => {
      const first = Math.min(...points.map((point) => point[axis])) - WIDTH - PAD_AREA.left;
      return Math.floor(first * scale) / scale + PAD_AREA.left;
    });
    const [width, height] = [left, top].map((border, axis) => {
      const last = Math.max(...points.map((point) => point[axis])) + WIDTH;
      return Math.ceil((last - border) * scale) / scale;
    });
    context.save();
    context.beginPath();
    context.rect(left, top, width, height);
    context.clip();
    context.clearRect(left, top, width, height);
  }

  /** @param {Stroke} stroke */
  function getLine(stroke) {
    const line = lines.get(stroke) ?? makeLine(stroke, WIDTH, true);
    lines.set(stroke, line);
    return line;
  }

  function paintSoon() {
    frame ||= requestAnimationFrame(paint);
  }

  function paintAll() {
    isPainted = false;
    paintSoon();
  }

  new ResizeObserver(paintAll).observe(canvas);
  document.addEventListener("themechange", paintAll);

  return {
    /** @param {Stroke[]} all strokes of the pad, which are all finished */
    show(all) {
      strokes = all;
      live = null;
      predicted = [];
      paintAll();
    },
    /**
     * @param {Stroke} stroke the newest one, which has grown
     * @param {Place[]} next where the pen will probably be in a moment; it is painted for one frame
     */
    extend(stroke, next) {
      live = stroke;
      predicted = next;
      paintSoon();
    },
  };
}
