// Sends the player's moves in order, no faster than the server accepts them. Pure, except for the clock and the timer,
// which are passed in.

/** Time between two messages of ink: the server accepts ten a second. */
export const INK_INTERVAL_MS = 100;
// The server answers ink. If it is silent, the network stands still, and all that was sent arrives at once when it goes
// on. The server takes 40 messages at once, and takes more for an attack.
const MOST_UNANSWERED = 20; // messages of ink
const UNANSWERED_INTERVAL_MS = 2_000;
const POINTS_PER_MESSAGE = 120; // keeps a message of ink well under the server's limit of 8 KiB
const LONGEST_PAUSE_MS = 60_000; // a longer pause between two points tells the model nothing more

/** @typedef {import("../../../types/protocol").Ink} Ink */
/** @typedef {import("../../../types/protocol").Undo} Undo */
/** @typedef {import("../../../types/protocol").Clear} Clear */
/** @typedef {import("../../../types/protocol").Skip} Skip */
/** @typedef {Ink | Undo | Clear | Skip} Move */
/** @typedef {"undo" | "clear" | "skip"} Action */

/**
 * @param {(move: Move) => void} send
 * @param {{ now: () => number, startTimer: (run: () => void, ms: number) => unknown }} [time]
 */
export function createSendQueue(
  send,
  time = { now: () => performance.now(), startTimer: (run, ms) => setTimeout(run, ms) },
) {
  /** @type {Move[]} */
  let waiting = [];
  let inkSentAt = -Infinity;
  let isTimerRunning = false;
  let unanswered = 0; // messages of ink

  function flush() {
    while (waiting.length) {
      const isInk = waiting[0].type === "ink";
      const interval = unanswered < MOST_UNANSWERED ? INK_INTERVAL_MS : UNANSWERED_INTERVAL_MS;
      const wait = inkSentAt + interval - time.now();
      if (isInk && wait > 0) {
        if (!isTimerRunning) time.startTimer(onTimer, wait);
        isTimerRunning = true;
        return;
      }
      if (isInk) {
        inkSentAt = time.now();
        unanswered += 1;
      }
      send(/** @type {Move} */ (waiting.shift()));
    }
  }

  function onTimer() {
    isTimerRunning = false;
    flush();
  }

  return {
    /**
     * @param {number} round
     * @param {number} stroke
     * @param {[x: number, y: number, dt: number][]} points dt is ms since the last point
     */
    addInk(round, stroke, points) {
      for (const [x, y, dt] of points) {
        const last = waiting.at(-1);
        const isSameStroke = last?.type === "ink" && last.round === round && last.stroke === stroke;
        const flat = [x, y, Math.min(dt, LONGEST_PAUSE_MS)];
        if (isSameStroke && last.points.length < 3 * POINTS_PER_MESSAGE) last.points.push(...flat);
        else waiting.push({ type: "ink", round, stroke, points: flat });
      }
      flush();
    },
    /** @param {Action} type @param {number} round */
    addAction(type, round) {
      // A clear makes every waiting move pointless, except a skip.
      if (type === "clear") waiting = waiting.filter((move) => move.type === "skip");
      waiting.push({ type, round });
      flush();
    },
    /** Note that something has arrived from the server. */
    noteAnswer() {
      if (unanswered >= MOST_UNANSWERED) isTimerRunning = false; // the one that runs takes too long
      unanswered = 0;
      flush();
    },
    /** Drop the waiting moves: their round is over, or the server has just sent its state. */
    empty() {
      waiting = [];
    },
  };
}
