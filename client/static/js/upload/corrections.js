// Sends what the marks of pictures really are, one after the other, however fast they are typed. Pure, except for the
// request and the timer, which are passed in.

const PAUSE_MS = 2000; // after the server said that it was too much at once
const LOST_PAUSE_MS = 10_000; // after the server could not be reached

/**
 * @template Mark, Saved
 * @param {(mark: Mark, label: string | null) => Promise<Saved>} save a label, or null for a mark that is no character
 * @param {{ onSaved: (saved: Saved, mark: Mark) => void, onProblem: (error: unknown, mark: Mark) => void }} listeners
 * @param {(run: () => void, ms: number) => void} [wait]
 */
export function createCorrections(save, { onSaved, onProblem }, wait = (run, ms) => window.setTimeout(run, ms)) {
  /** @type {Map<Mark, string | null>} what is not stored yet */
  const waiting = new Map();
  let isBusy = false;
  let isRetryDue = false;

  async function sendNext() {
    const [next] = waiting;
    if (isBusy || !next) return;
    const [mark, label] = next;
    isBusy = true;
    try {
      const saved = await save(mark, label);
      // Meanwhile the person may have chosen another label.
      if (waiting.get(mark) === label) {
        waiting.delete(mark);
        onSaved(saved, mark);
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
      onProblem(error, mark);
      if (status === 0 && !isRetryDue) {
        isRetryDue = true;
        wait(() => {
          isRetryDue = false;
          sendNext();
        }, LOST_PAUSE_MS);
      }
      // The server would refuse the same label again. Anything else stays, and is sent again with the next correction.
      if (status < 400 || status >= 500) return;
      if (waiting.get(mark) === label) waiting.delete(mark);
      sendNext();
    }
  }

  return {
    /** @param {Mark} mark @param {string | null} label */
    add(mark, label) {
      waiting.delete(mark); // so that it goes to the end
      waiting.set(mark, label);
      sendNext();
    },
    /** Try again what a lost connection held up. */
    retry: sendNext,
    /** @returns {boolean} whether something is not stored yet */
    isWaiting() {
      return waiting.size > 0;
    },
  };
}
