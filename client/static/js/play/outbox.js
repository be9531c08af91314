// What the player does, in order and no faster than the server takes it. Pure but for the timer handed in.

/** Between two messages of ink: the server takes ten a second. */
export const INTERVAL_MS = 100;
const POINTS = 120; // a message of ink stays well under 8 KiB
const LONGEST_PAUSE_MS = 60_000;

/**
 * @typedef {object} Ink
 * @property {"ink"} type
 * @property {number} round
 * @property {number} stroke
 * @property {number[]} points x, y, ms since the last point, flat
 *
 * @typedef {Ink | { type: "undo" | "clear" | "skip", round: number }} Move
 */

/**
 * @param {(move: Move) => void} send
 * @param {{ now: () => number, later: (run: () => void, ms: number) => unknown }} [time]
 */
export function createOutbox(send, time = { now: () => performance.now(), later: (run, ms) => setTimeout(run, ms) }) {
  /** @type {Move[]} */
  let waiting = [];
  let sentInk = -Infinity;
  let planned = false;

  function flush() {
    while (waiting.length) {
      const ink = waiting[0].type === "ink";
      const wait = sentInk + INTERVAL_MS - time.now();
      if (ink && wait > 0) {
        if (!planned) time.later(onTime, wait);
        planned = true;
        return;
      }
      if (ink) sentInk = time.now();
      send(/** @type {Move} */ (waiting.shift()));
    }
  }

  function onTime() {
    planned = false;
    flush();
  }

  return {
    /**
     * @param {number} round
     * @param {number} stroke
     * @param {[number, number, number][]} points x, y and ms since the last point
     */
    ink(round, stroke, points) {
      for (const [x, y, dt] of points) {
        const last = waiting.at(-1);
        const fits = last?.type === "ink" && last.round === round && last.stroke === stroke;
        const flat = [x, y, Math.min(dt, LONGEST_PAUSE_MS)];
        if (fits && last.points.length < 3 * POINTS) last.points.push(...flat);
        else waiting.push({ type: "ink", round, stroke, points: flat });
      }
      flush();
    },
    /** @param {"undo" | "clear" | "skip"} type @param {number} round */
    move(type, round) {
      // What is about to be wiped away need not be sent at all.
      if (type === "clear") waiting = waiting.filter((move) => move.type === "skip");
      waiting.push({ type, round });
      flush();
    },
    /** Forget what waits: the round it was for is over, or the server has told how it stands. */
    forget() {
      waiting = [];
    },
  };
}
