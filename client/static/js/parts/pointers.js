// Decides which pointer draws: a pen before a palm, one finger at a time, and only the main button of a mouse.
// Pure: pointer events in, steps for the pad out.

/**
 * @typedef {Pick<PointerEvent, "pointerId" | "pointerType" | "button" | "buttons" | "isPrimary" | "timeStamp">} Pointer
 *
 * @typedef {"start" | "extend" | "end" | "takeBack" | "erase"} Step what the pad does now: begin a stroke with this
 *   event, add the event to it, end it, remove the newest stroke because nobody meant to draw it, or undo as a player
 *   does
 */

/** While a pen was seen within this time, every touch is a palm. Nobody puts a pen away faster. */
export const PEN_AWAY_MS = 2_000;

/** A touch that ended this shortly before a pen comes was the hand that holds it. */
export const PALM_MS = 500;

const MAIN_BUTTON = 0;
const ERASER = 5;
const MAIN_BUTTON_HELD = 1;

export function createPointers() {
  /** @type {Pick<Pointer, "pointerId" | "pointerType"> | null} */
  let drawing = null;
  let penSeenAt = -Infinity;
  /** @type {number[]} when the newest strokes on the pad ended, as far as touches drew them, one after the other */
  let touchEnds = [];

  /** @param {Pointer} event @returns {Step[]} takes back what the hand drew while it brought the pen */
  function noticePen({ pointerType, timeStamp }) {
    if (pointerType !== "pen") return [];
    penSeenAt = timeStamp;
    const palms = touchEnds.filter((endedAt) => timeStamp - endedAt < PALM_MS).length;
    const isTouchDrawing = drawing?.pointerType === "touch";
    if (isTouchDrawing) drawing = null;
    touchEnds = [];
    return Array(palms + Number(isTouchDrawing)).fill("takeBack");
  }

  /** @param {Pointer} event whether the pointer that draws must be gone, though nothing has said so */
  function isReplacement({ pointerId, pointerType, isPrimary }) {
    if (drawing?.pointerId === pointerId) return true;
    // There is one pen, and a finger is only primary if no other finger is down.
    return drawing?.pointerType === pointerType && (pointerType === "pen" || isPrimary);
  }

  /** @param {Pick<Pointer, "pointerId" | "pointerType" | "timeStamp">} event @returns {Step[]} */
  function end({ pointerId, pointerType, timeStamp }) {
    if (drawing?.pointerId !== pointerId) return [];
    drawing = null;
    if (pointerType === "touch") touchEnds.push(timeStamp);
    return ["end"];
  }

  return {
    /** @param {Pointer} event pointerdown @returns {Step[]} */
    press(event) {
      const steps = noticePen(event);
      if (event.pointerType === "pen" && event.button === ERASER && !drawing) return [...steps, "erase"];
      const isPalm = event.pointerType === "touch" && event.timeStamp - penSeenAt < PEN_AWAY_MS;
      if (event.button !== MAIN_BUTTON || isPalm) return steps;
      if (drawing && !isReplacement(event)) return steps;
      if (drawing) steps.push(...end({ ...drawing, timeStamp: event.timeStamp }));
      if (event.pointerType !== "touch") touchEnds = [];
      drawing = { pointerId: event.pointerId, pointerType: event.pointerType };
      return [...steps, "start"];
    },
    /** @param {Pointer} event pointermove, also of a pen above the pad @returns {Step[]} */
    move(event) {
      const steps = noticePen(event);
      if (drawing?.pointerId !== event.pointerId) return steps;
      // There is no pointerup while another button of the mouse is held.
      const isReleased = event.pointerType === "mouse" && event.buttons !== 0 && !(event.buttons & MAIN_BUTTON_HELD);
      return isReleased ? end(event) : ["extend"];
    },
    /** @param {Pointer} event pointerup or lostpointercapture, which may come without it @returns {Step[]} */
    lift(event) {
      return [...noticePen(event), ...end(event)];
    },
    /** @param {Pointer} event pointercancel: the system has found out that it was no drawing @returns {Step[]} */
    cancel(event) {
      if (drawing?.pointerId !== event.pointerId) return [];
      drawing = null;
      return ["takeBack"];
    },
    /** Let go of the pointer that draws, and of all strokes: the pad shows another drawing. */
    release() {
      drawing = null;
      touchEnds = [];
    },
  };
}
