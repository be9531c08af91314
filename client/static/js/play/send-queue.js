// Sends the player's moves in order, no faster than the server accepts them. Pure, except for the clock and the timer,
// which are passed in.

// Ink is sent at once when the pen is lifted or set down again, because the server waits to see whether it goes on.
// Otherwise it is sent when the pen rests or enough ink has come together.
/** How long a pen stands still that rests: a little longer than a frame, because points come once a frame. */
export const REST_MS = 20;
/** The longest time that ink waits for more while the pen moves. */
export const BATCH_MS = 100;

// The server accepts 40 messages at once and 25 a second after that, and takes more for an attack.
const AT_ONCE = 20;
const PER_MS = 20 / 1_000;
// The server answers ink. If it is silent, the network stands still, and all that was sent arrives at once when it goes
// on.
const MOST_UNANSWERED = 20;
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
  let firstAt = 0; // when the newest waiting ink began to wait
  let lastAt = 0; // when it got its last point
  /** @type {Pick<Ink, "round" | "stroke"> | null} the newest stroke of which the server has points */
  let sentStroke = null;
  let sentAt = -Infinity;
  let unanswered = 0;
  let tokens = AT_ONCE; // messages that may be sent at once
  let filledAt = time.now();
  let timerAt = Infinity;

  /** @returns {number} when the first of the waiting moves may be sent */
  function getDue() {
    const now = time.now();
    tokens = Math.min(AT_ONCE, tokens + (now - filledAt) * PER_MS);
    filledAt = now;
    const allowedAt = unanswered < MOST_UNANSWERED ? now + Math.max(0, 1 - tokens) / PER_MS : sentAt + UNANSWERED_INTERVAL_MS;
    const [move] = waiting;
    const isGrowing = waiting.length === 1 && move.type === "ink" && !move.up && !isNextStroke(move);
    return isGrowing ? Math.max(allowedAt, Math.min(lastAt + REST_MS, firstAt + BATCH_MS)) : allowedAt;
  }

  /** @param {Ink} ink @returns {boolean} whether the server has an earlier stroke of the round, and none of this one */
  function isNextStroke({ round, stroke }) {
    return sentStroke?.round === round && sentStroke.stroke !== stroke;
  }

  function flush() {
    while (waiting.length) {
      const due = getDue();
      if (due > time.now()) return startTimer(due);
      const move = /** @type {Move} */ (waiting.shift());
      tokens -= 1;
      unanswered += 1;
      sentAt = time.now();
      sentStroke = move.type === "ink" ? move : null;
      send(move);
    }
  }

  /** @param {number} due */
  function startTimer(due) {
    if (due >= timerAt) return; // the one that runs will look again
    timerAt = due;
    time.startTimer(() => {
      if (timerAt === due) timerAt = Infinity;
      flush();
    }, due - time.now());
  }

  /** @param {Pick<Ink, "round" | "stroke">} ink @returns {Ink | null} the last waiting move, if it is open for more */
  function getOpenInk({ round, stroke }) {
    const last = waiting.at(-1);
    return last?.type === "ink" && last.round === round && last.stroke === stroke && !last.up ? last : null;
  }

  /** Drop what waits of the newest stroke. @returns {boolean} whether the server has none of it */
  function dropStroke() {
    const newest = waiting.at(-1);
    if (newest?.type !== "ink") return false;
    while (waiting.at(-1)?.type === "ink" && /** @type {Ink} */ (waiting.at(-1)).stroke === newest.stroke) waiting.pop();
    return sentStroke?.round !== newest.round || sentStroke.stroke !== newest.stroke;
  }

  return {
    /**
     * @param {number} round
     * @param {number} stroke
     * @param {[x: number, y: number, dt: number][]} points dt is ms since the last point
     * @param {boolean} [isUp] whether the pen was lifted after these points
     */
    addInk(round, stroke, points, isUp = false) {
      const now = time.now();
      for (const [x, y, dt] of points) {
        let ink = getOpenInk({ round, stroke });
        if (!ink || ink.points.length >= 3 * POINTS_PER_MESSAGE) {
          ink = { type: "ink", round, stroke, points: [] };
          waiting.push(ink);
          firstAt = now;
        }
        ink.points.push(x, y, Math.min(dt, LONGEST_PAUSE_MS));
        lastAt = now;
      }
      if (isUp) {
        const ink = getOpenInk({ round, stroke });
        if (ink) ink.up = true;
        else waiting.push({ type: "ink", round, stroke, points: [], up: true });
      }
      flush();
    },
    /** @param {Action} type @param {number} round */
    addAction(type, round) {
      // A clear makes every waiting move pointless, except a skip.
      if (type === "clear") waiting = waiting.filter((move) => move.type === "skip");
      if (type !== "undo" || !dropStroke()) waiting.push({ type, round });
      flush();
    },
    /** Note that something has arrived from the server. */
    noteAnswer() {
      unanswered = 0;
      flush();
    },
    /** Drop the waiting moves: their round is over, or the server has just sent its state. */
    empty() {
      waiting = [];
      sentStroke = null;
    },
  };
}
