// Reads a drawing while it grows: one question to the server at a time, and only the newest answer counts.

import { postJSON } from "../api.js";

/**
 * @typedef {import("../parts/candidates.js").Candidate} Candidate
 * @typedef {number[][][]} Strokes strokes of [x, y, t_ms]
 * @typedef {object} Reading
 * @property {string | null} round
 * @property {string} label
 * @property {number} confidence
 * @property {Candidate[]} candidates
 * @property {string} image data URI of the 28×28 picture the model saw
 * @property {string} model
 *
 * @typedef {object} Answer
 * @property {Strokes} strokes the drawing that was read, which may be older than the one on the pad
 * @property {string} alphabet
 * @property {Reading} reading
 */

// Often enough to feel live, seldom enough that a slow hand does not cost the server dozens of readings.
const PAUSE_MS = 120;

/**
 * @param {(answer: Answer) => void} onAnswer
 * @param {(error: unknown) => void} onProblem
 */
export function createReader(onAnswer, onProblem) {
  /** @type {{ strokes: Strokes, alphabet: string } | null} */
  let waiting = null;
  let running = false;
  let timer = 0;
  let generation = 0;

  async function next() {
    timer = 0;
    if (running || waiting === null) return;
    const question = waiting;
    const asked = generation;
    waiting = null;
    running = true;
    try {
      const reading = await recognize(question.strokes, question.alphabet, false);
      if (asked === generation) onAnswer({ ...question, reading });
    } catch (error) {
      if (asked === generation) onProblem(error);
    } finally {
      running = false;
      if (waiting) schedule();
    }
  }

  function schedule() {
    if (!timer) timer = window.setTimeout(next, PAUSE_MS);
  }

  return {
    /**
     * @param {Strokes} strokes
     * @param {string} alphabet
     */
    ask(strokes, alphabet) {
      waiting = { strokes: structuredClone(strokes), alphabet };
      if (!running) schedule();
    },
    /** Forget what was asked: an answer still under way is not shown any more. */
    forget() {
      generation += 1;
      waiting = null;
      clearTimeout(timer);
      timer = 0;
    },
  };
}

/**
 * @param {Strokes} strokes
 * @param {string} alphabet
 * @param {boolean} store whether the server keeps the drawing, which gives it a round that can be judged
 * @returns {Promise<Reading>}
 */
export function recognize(strokes, alphabet, store) {
  return postJSON("/api/recognize", { strokes, alphabet, store });
}
