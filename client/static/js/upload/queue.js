// Pictures are read one after the other. One that fails does not stop the others; a busy server and a lost connection
// are waited for. Pure, except for reading and waiting, which are passed in.

const OFFLINE_PAUSES = [2, 5, 10]; // seconds before the picture is sent again
const LONGEST_PAUSE = 120; // seconds; a person would not wait longer

/** @typedef {"waiting" | "held" | "reading" | "read" | "refused" | "stopped"} State */
/**
 * @typedef {object} Entry what the queue needs of a picture
 * @property {State} state "held": it is not its turn yet, because the person still changes something
 * @property {unknown} error why it could not be read
 */
/** @typedef {{ seconds: number, isOffline: boolean }} Pause */

/**
 * @template {Entry} Picture
 * @param {object} actions
 * @param {(picture: Picture, signal: AbortSignal) => Promise<void>} actions.read
 * @param {(picture: Picture) => void} [actions.onRefused] a picture could not be read
 * @param {(pause: Pause | null) => void} actions.onChange something has changed, or a pause has begun
 * @param {(seconds: number, signal: AbortSignal, isOffline: boolean) => Promise<void>} actions.wait
 */
export function createQueue({ read, onRefused, onChange, wait }) {
  /** @type {Picture[]} in the order of their turn */
  const waiting = [];
  /** @type {{ picture: Picture, stop: AbortController } | null} */
  let current = null;

  async function run() {
    if (current) return;
    for (let picture = waiting.shift(); picture; picture = waiting.shift()) {
      current = { picture, stop: new AbortController() };
      await readPatiently(picture, current.stop.signal);
    }
    current = null;
    onChange(null);
  }

  /** @param {Picture} picture @param {AbortSignal} signal */
  async function readPatiently(picture, signal) {
    picture.state = "reading";
    for (let tries = 0; ; tries += 1) {
      onChange(null);
      try {
        await read(picture, signal);
        if (!signal.aborted) picture.state = "read";
        return;
      } catch (error) {
        if (signal.aborted) return; // whoever stopped it has set its state
        const pause = getPause(error, tries);
        if (!pause) {
          picture.state = "refused";
          picture.error = error;
          onRefused?.(picture);
          return;
        }
        onChange(pause);
        await wait(pause.seconds, signal, pause.isOffline);
        if (signal.aborted) return;
      }
    }
  }

  /** Take a picture out of the queue. @param {Picture} picture @param {State} state that it gets */
  function take(picture, state) {
    const index = waiting.indexOf(picture);
    if (index >= 0) waiting.splice(index, 1);
    picture.state = state;
    picture.error = null;
    if (current?.picture === picture) current.stop.abort();
  }

  return {
    /** Read pictures after all others. @param {Picture[]} pictures */
    add(pictures) {
      for (const picture of pictures) take(picture, "waiting");
      waiting.push(...pictures);
      run();
      onChange(null);
    },
    /** Read a picture next. @param {Picture} picture */
    addFirst(picture) {
      take(picture, "waiting");
      waiting.unshift(picture);
      run();
      onChange(null);
    },
    /** Do not read a picture for now. @param {Picture} picture */
    hold(picture) {
      take(picture, "held");
      onChange(null);
    },
    /** Stop reading. */
    stop() {
      for (const picture of [...waiting]) take(picture, "stopped");
      if (current) take(current.picture, "stopped");
      onChange(null);
    },
  };
}

/**
 * @param {unknown} error
 * @param {number} tries how often the picture was sent again before
 * @returns {Pause | null} how long to wait before the picture is sent again, null if that would be no use
 */
function getPause(error, tries) {
  const { status, retryAfter } = /** @type {{ status?: number, retryAfter?: number | null }} */ (error);
  if (status === 429) {
    const seconds = retryAfter ?? OFFLINE_PAUSES[0];
    return seconds <= LONGEST_PAUSE ? { seconds, isOffline: false } : null;
  }
  if ((status === 0 || status === 503) && tries < OFFLINE_PAUSES.length) {
    return { seconds: OFFLINE_PAUSES[tries], isOffline: status === 0 };
  }
  return null;
}
