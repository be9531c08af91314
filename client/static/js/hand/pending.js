// What was asked for and can still be undone: it is done a little later, or when the page is left. Pure, except for
// the timer, which is passed in.

const UNDO_MS = 8_000;

/**
 * @param {{ start: (run: () => void, ms: number) => number, stop: (timer: number) => void }} [timers]
 */
export function createPending(
  timers = { start: (run, ms) => window.setTimeout(run, ms), stop: (timer) => window.clearTimeout(timer) },
) {
  /** @type {Map<string, { timer: number, act: () => void }>} */
  const waiting = new Map();

  /** @param {string} name @returns {(() => void) | undefined} what was waiting under this name */
  function take(name) {
    const entry = waiting.get(name);
    if (entry) timers.stop(entry.timer);
    waiting.delete(name);
    return entry?.act;
  }

  return {
    /** @param {string} name @param {() => void} act what to do unless it is undone */
    add(name, act) {
      take(name);
      waiting.set(name, { act, timer: timers.start(() => take(name)?.(), UNDO_MS) });
    },
    /** @param {string} name @returns {boolean} whether it was not too late */
    undo: (name) => Boolean(take(name)),
    /** Do everything that waits, now. */
    flush() {
      for (const name of [...waiting.keys()]) take(name)?.();
    },
  };
}
