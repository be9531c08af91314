// A pen for people who use no pointer: the arrow keys move it on a grid, and Space or Enter puts it down and lifts it.

import { make } from "./dom.js";
import { t } from "./messages.js";

/** @typedef {ReturnType<typeof import("./ink-pad.js").createInkPad>} InkPad */

const STEPS = 8; // from one side of the grid to the other
const POINTS = 6; // that the pen leaves on each step, so that the painted line follows it closely
const MARGIN = 0.1; // between the grid and the sides of the pad, as a share of the pad

/** @type {Record<string, [right: number, down: number]>} the keys at the corners of a number pad move it diagonally */
const MOVES = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  Home: [-1, -1],
  PageUp: [1, -1],
  End: [-1, 1],
  PageDown: [1, 1],
};

/**
 * @param {HTMLCanvasElement} canvas
 * @param {InkPad} pad on this canvas
 */
export function createKeyPen(canvas, pad) {
  const cursor = make("span");
  const hint = make("p", { class: "key-pen-hint" }, t("key_pen.hint"));
  const overlay = make("div", { class: "key-pen", "data-testid": "key-pen", "aria-hidden": true, hidden: true }, cursor, hint);
  const announcement = make("p", { class: "visually-hidden", role: "status" });
  canvas.after(overlay, announcement);
  let [column, row] = [STEPS / 2, STEPS / 2];

  const toShare = (/** @type {number} */ step) => MARGIN + ((1 - 2 * MARGIN) * step) / STEPS;

  /** @param {string} words what has just happened, if the place alone does not tell */
  function show(words = "") {
    overlay.hidden = false;
    overlay.dataset.down = String(pad.pen.isDown);
    cursor.style.left = `${100 * toShare(column)}%`; // the paper is the same in both directions of writing
    cursor.style.top = `${100 * toShare(row)}%`;
    const place = t("key_pen.place", { column: column + 1, row: row + 1 });
    announcement.textContent = words ? `${words} ${place}` : place;
  }

  /** @param {[number, number]} move */
  function step([right, down]) {
    const [fromColumn, fromRow] = [column, row];
    column = Math.min(STEPS, Math.max(0, column + right));
    row = Math.min(STEPS, Math.max(0, row + down));
    for (let i = 1; i <= POINTS; i += 1) {
      const at = (/** @type {number} */ from, /** @type {number} */ to) => toShare(from + ((to - from) * i) / POINTS);
      pad.pen.moveTo(at(fromColumn, column), at(fromRow, row));
    }
    show();
  }

  function toggle() {
    if (pad.pen.isDown) pad.pen.lift();
    else pad.pen.press(toShare(column), toShare(row));
    show(t(pad.pen.isDown ? "key_pen.down" : "key_pen.up"));
  }

  function putAway() {
    if (overlay.hidden) return;
    pad.pen.lift();
    overlay.hidden = true;
  }

  canvas.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const isToggle = !overlay.hidden && (event.key === " " || event.key === "Enter");
    if (!MOVES[event.key] && !isToggle) return;
    event.preventDefault();
    if (MOVES[event.key]) step(MOVES[event.key]);
    else if (!event.repeat) toggle();
  });
  canvas.addEventListener("pointerdown", putAway, { capture: true }); // before the pad begins its stroke
  canvas.addEventListener("blur", putAway);

  return {
    /** Show the pen, ready to be put down. Otherwise it appears when it is moved. */
    show: () => show(t("key_pen.hint")),
    /** Show that another drawing has begun, with the pen up. */
    refresh() {
      if (!overlay.hidden) overlay.dataset.down = String(pad.pen.isDown);
    },
  };
}
