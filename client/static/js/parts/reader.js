// Reads a drawing while it grows: one request at a time, and only the newest answer counts. Pure, except for the
// request and the timer, which are passed in.

/** @typedef {import("../../../types/api").Recognized} Recognized */
/** @typedef {number[][][]} Strokes of [x, y, t in ms] */
/**
 * @typedef {object} Answer
 * @property {Strokes} strokes the drawing that was read; there may be a newer one on the pad
 * @property {string} alphabet
 * @property {Recognized} recognized
 */

// Often enough to feel live, but not so often that one slow drawing costs the server dozens of requests.
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
  let drawingNumber = 0; // grows when a drawing is forgotten: answers about earlier drawings do not count

  async function readNext() {
    timer = 0;
    if (isBusy || waiting === null) return;
    const { strokes, alphabet } = waiting;
    const requestedNumber = drawingNumber;
    waiting = null;
    isBusy = true;
    try {
      const recognized = await recognize(strokes, alphabet);
      if (requestedNumber === drawingNumber) onAnswer({ strokes, alphabet, recognized });
    } catch (error) {
      if (requestedNumber === drawingNumber) onError(error);
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
     * Read a drawing as it is now. It replaces a drawing that is still waiting to be read.
     *
     * @param {Strokes} strokes
     * @param {string} alphabet
     */
    read(strokes, alphabet) {
      waiting = { strokes: structuredClone(strokes), alphabet };
      if (!isBusy) schedule();
    },
    /** Forget the drawing: an answer that is still on its way no longer counts. */
    forget() {
      drawingNumber += 1;
      waiting = null;
      timers.stop(timer);
      timer = 0;
    },
  };
}
