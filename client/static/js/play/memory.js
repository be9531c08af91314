// What this browser remembers between games: the settings, the player's best scores, and a game that was interrupted.

const SETTINGS = "inkrush-play";
const BESTS = "inkrush-bests";
const INTERRUPTED = "inkrush-seat";

const getLocal = () => localStorage;
const getSession = () => sessionStorage;

/** @typedef {{ name: string, mode: string, alphabet: string }} Settings */

/** @returns {Partial<Settings>} of the last game */
export function loadSettings() {
  return load(getLocal, SETTINGS) ?? {};
}

/** @param {Settings} settings */
export function saveSettings(settings) {
  save(getLocal, SETTINGS, settings);
}

/**
 * @param {string} alphabet
 * @returns {number} the best score so far, 0 if there is none
 */
export function loadBest(alphabet) {
  return Number(load(getLocal, BESTS)?.[alphabet]) || 0;
}

/**
 * Remember a score if it is the best so far.
 *
 * @param {string} alphabet
 * @param {number} score
 */
export function saveScore(alphabet, score) {
  if (score > loadBest(alphabet)) save(getLocal, BESTS, { ...load(getLocal, BESTS), [alphabet]: score });
}

/** @returns {(Settings & { token: string }) | null} the game that a reload of the page interrupted */
export function loadInterrupted() {
  return load(getSession, INTERRUPTED);
}

/** @param {Settings} settings @param {string} token that resumes the game */
export function saveInterrupted(settings, token) {
  save(getSession, INTERRUPTED, { ...settings, token });
}

export function forgetInterrupted() {
  remove(getSession, [INTERRUPTED]);
}

/** Forget everything, as if nobody had ever played here. */
export function forgetEverything() {
  remove(getLocal, [SETTINGS, BESTS]);
  forgetInterrupted();
}

// Storage may be full or forbidden; then the game goes on without it. Where it is forbidden, even the name localStorage
// throws, so storage is passed as a function.

/** @param {() => Storage} getStorage @param {string} key */
function load(getStorage, key) {
  try {
    const value = JSON.parse(getStorage().getItem(key) ?? "null");
    return value && typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}

/** @param {() => Storage} getStorage @param {string} key @param {unknown} value */
function save(getStorage, key, value) {
  try {
    getStorage().setItem(key, JSON.stringify(value));
  } catch {
    // See above.
  }
}

/** @param {() => Storage} getStorage @param {string[]} keys */
function remove(getStorage, keys) {
  try {
    for (const key of keys) getStorage().removeItem(key);
  } catch {
    // See above.
  }
}
