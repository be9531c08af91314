// Sends what the characters really are, one after the other, however fast they are typed. Pure, except for the request
// and the timer, which are passed in.

const PAUSE_MS = 2000; // after the server said that it was too much at once

/** @typedef {Pick<import("../../../types/api").FeedbackTaken, "label" | "verdict">} Taken */
/**
 * @typedef {object} Listeners
 * @property {(taken: Taken, round: string) => void} onSaved
 * @property {(error: unknown) => void} onProblem
 */

/**
 * @param {(round: string, label: string) => Promise<Taken>} send
 * @param {Listeners} listeners
 * @param {(run: () => void, ms: number) => void} [wait]
 */
export function createCorrections(send, { onSaved, onProblem }, wait = (run, ms) => window.setTimeout(run, ms)) {
  /** @type {Map<string, string>} the labels that are not stored yet, by round */
  const waiting = new Map();
  let isBusy = false;

  async function sendNext() {
    const [next] = waiting;
    if (isBusy || !next) return;
    const [round, label] = next;
    isBusy = true;
    try {
      const taken = await send(round, label);
      // Meanwhile the person may have chosen another label.
      if (waiting.get(round) === label) {
        waiting.delete(round);
        onSaved(taken, round);
      }
      isBusy = false;
      sendNext();
    } catch (error) {
      const { status = 0 } = /** @type {{ status?: number }} */ (error);
      if (status === 429) {
        wait(() => {
          isBusy = false;
          sendNext();
        }, PAUSE_MS);
        return;
      }
      isBusy = false;
      onProblem(error);
      // The server would refuse the same label again. After a lost connection, the next correction tries again.
      if (status < 400 || status >= 500) return;
      if (waiting.get(round) === label) waiting.delete(round);
      sendNext();
    }
  }

  return {
    /** @param {string} round its id @param {string} label */
    add(round, label) {
      waiting.delete(round); // so that it goes to the end
      waiting.set(round, label);
      sendNext();
    },
  };
}
