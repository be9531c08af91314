// What this browser remembers between games: the settings, the player's best scores, the last result, a game that was
// interrupted, whether the player has been taught, and which characters they often miss.

const SETTINGS = "inkrush-play";
const BESTS = "inkrush-bests";
const LAST = "inkrush-last";
const TAUGHT = "inkrush-taught";
const MISSES = "inkrush-misses";
const INTERRUPTED = "inkrush-seat";
const ROUND = "inkrush-round";

const getLocal = () => localStorage;
const getSession = () => sessionStorage;

/** @typedef {{ name: string, mode: string, alphabet: string, characters?: string }} Settings characters: of a practice */

/** @returns {Partial<Settings>} of the last game */
export function loadSettings() {
  return load(getLocal, SETTINGS) ?? {};
}

/** @param {Settings} settings */
export function saveSettings({ name, mode, alphabet }) {
  save(getLocal, SETTINGS, { name, mode, alphabet });
}

/**
 * @param {string} mode
 * @param {string} alphabet
 * @returns {number} the best score so far, 0 if there is none
 */
export function loadBest(mode, alphabet) {
  return Number(load(getLocal, BESTS)?.[nameBoard(mode, alphabet)]) || 0;
}

/**
 * Remember a score if it is the best so far.
 *
 * @param {string} mode
 * @param {string} alphabet
 * @param {number} score
 */
export function saveScore(mode, alphabet, score) {
  if (score <= loadBest(mode, alphabet)) return;
  save(getLocal, BESTS, { ...load(getLocal, BESTS), [nameBoard(mode, alphabet)]: score });
}

/** @param {string} mode @param {string} alphabet @returns {string} the bests of sprints stand under the alphabet alone */
function nameBoard(mode, alphabet) {
  return mode === "sprint" ? alphabet : `${mode} ${alphabet}`;
}

/** @typedef {{ game: string, mode: string, alphabet: string, score: number }} LastResult */

/** @returns {LastResult | null} the last finished game */
export function loadLast() {
  const last = load(getLocal, LAST);
  return typeof last?.game === "string" ? last : null;
}

/** @param {LastResult} last */
export function saveLast({ game, mode, alphabet, score }) {
  save(getLocal, LAST, { game, mode, alphabet, score });
}

/** @returns {boolean} whether the player knows how to play: they had the warm-up, or have played before */
export function loadTaught() {
  return load(getLocal, TAUGHT) !== null || load(getLocal, SETTINGS) !== null;
}

export function saveTaught() {
  save(getLocal, TAUGHT, {});
}

/** @returns {Record<string, number>} misses by character */
export function loadMisses() {
  const entries = Object.entries(load(getLocal, MISSES) ?? {});
  return Object.fromEntries(entries.filter(([, count]) => typeof count === "number"));
}

/** @param {Record<string, number>} misses by character */
export function saveMisses(misses) {
  save(getLocal, MISSES, misses);
}

/** @typedef {Settings & { token: string, game: string }} Interrupted */

/** @returns {Interrupted | null} the game that a reload of the page interrupted */
export function loadInterrupted() {
  return load(getSession, INTERRUPTED);
}

/** @param {Settings} settings @param {string} token that resumes the game @param {string} game its id */
export function saveInterrupted(settings, token, game) {
  save(getSession, INTERRUPTED, { ...settings, token, game });
}

export function forgetInterrupted() {
  remove(getSession, [INTERRUPTED]);
}

/** Forget how games went, because this browser is another player's now. */
export function forgetScores() {
  remove(getLocal, [BESTS, LAST, MISSES]);
  forgetInterrupted();
}

/** @typedef {{ game: string, round: number, remainingMs: number }} RoundStart */

/** @returns {RoundStart | null} what the clock showed when the newest round of a race began */
export function loadRoundStart() {
  return load(getSession, ROUND);
}

/** @param {RoundStart} start */
export function saveRoundStart(start) {
  save(getSession, ROUND, start);
}

/** Forget everything, as if nobody had ever played here. */
export function forgetEverything() {
  remove(getLocal, [SETTINGS, BESTS, LAST, TAUGHT, MISSES]);
  remove(getSession, [INTERRUPTED, ROUND]);
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
