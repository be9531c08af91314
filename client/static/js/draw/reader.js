// Reads a drawing while it grows: one request at a time, and only the newest answer counts. Pure but for the request
// and the timer, which are handed in.

/** @typedef {import("../../../types/api").Recognized} Recognized */
/** @typedef {number[][][]} Strokes of [x, y, t in ms] */
/**
 * @typedef {object} Answer
 * @property {Strokes} strokes the drawing that was read; there may be a newer one on the pad
 * @property {string} alphabet
 * @property {Recognized} recognized
 */

// Often enough to feel live, and rare enough that a slow hand does not cost the server dozens of readings.
const PAUSE_MS = 120;

/**
 * @param {(strokes: Strokes, alphabet: string) => Promise<Recognized>} recognize
 * @param {{ onAnswer: (answer: Answer) => void, onError: (error: unknown) => void }} listeners
 * @param {{ start: (run: () => void, ms: number) => number, stop: (timer: number) => void }} [timers]
 */
export function createReader(
  recognize,
  { onAnswer, onError },
  timers = { start: (run, ms) => window.setTimeout(run, ms), stop: (timer) => window.clearTimeout(timer) },
) {
  /** @type {{ strokes: Strokes, alphabet: string } | null} */
  let waiting = null;
  let isBusy = false;
  let timer = 0;
  let drawing = 0; // how many drawings were forgotten before this one: an answer about one of those does not count

  async function readNext() {
    timer = 0;
    if (isBusy || waiting === null) return;
    const { strokes, alphabet } = waiting;
    const asked = drawing;
    waiting = null;
    isBusy = true;
    try {
      const recognized = await recognize(strokes, alphabet);
      if (asked === drawing) onAnswer({ strokes, alphabet, recognized });
    } catch (error) {
      if (asked === drawing) onError(error);
    } finally {
      isBusy = false;
      if (waiting) schedule();
    }
  }

  function schedule() {
    timer ||= timers.start(readNext, PAUSE_MS);
  }

  return {
    /**
     * Have a drawing read as it is now. A drawing that still waits for its turn is dropped for it.
     *
     * @param {Strokes} strokes
     * @param {string} alphabet
     */
    read(strokes, alphabet) {
      waiting = { strokes: structuredClone(strokes), alphabet };
      if (!isBusy) schedule();
    },
    /** Forget the drawing: an answer that is still on its way does not count any more. */
    forget() {
      drawing += 1;
      waiting = null;
      timers.stop(timer);
      timer = 0;
    },
  };
}
