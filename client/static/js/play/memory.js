// What this browser remembers between games: the settings, the player's own bests, and the seat of a running game.

const SETTINGS = "inkrush-play";
const BESTS = "inkrush-bests";
const SEAT = "inkrush-seat";

/** @typedef {{ name: string, mode: string, alphabet: string }} Settings */

/** @returns {Partial<Settings>} */
export function settings() {
  return read(localStorage, SETTINGS) ?? {};
}

/** @param {Settings} chosen */
export function keepSettings(chosen) {
  write(localStorage, SETTINGS, chosen);
}

/**
 * Note a score.
 *
 * @param {string} alphabet
 * @param {number} score
 * @returns {number} the best one before it, 0 if there was none
 */
export function beat(alphabet, score) {
  const bests = read(localStorage, BESTS) ?? {};
  const before = Number(bests[alphabet]) || 0;
  if (score > before) write(localStorage, BESTS, { ...bests, [alphabet]: score });
  return before;
}

/** @returns {(Settings & { token: string }) | null} the game that a reload of the page interrupted */
export function seat() {
  return read(sessionStorage, SEAT);
}

/** @param {Settings} chosen @param {string} token */
export function keepSeat(chosen, token) {
  write(sessionStorage, SEAT, { ...chosen, token });
}

export function leaveSeat() {
  try {
    sessionStorage.removeItem(SEAT);
  } catch {
    // Nothing was kept then.
  }
}

/** Forget everything, as if nobody had ever played here. */
export function forget() {
  try {
    for (const key of [SETTINGS, BESTS]) localStorage.removeItem(key);
  } catch {
    // Nothing was kept then.
  }
  leaveSeat();
}

/** @param {Storage} storage @param {string} key */
function read(storage, key) {
  try {
    const kept = JSON.parse(storage.getItem(key) ?? "null");
    return kept && typeof kept === "object" ? kept : null;
  } catch {
    return null;
  }
}

/** @param {Storage} storage @param {string} key @param {unknown} value */
function write(storage, key, value) {
  try {
    storage.setItem(key, JSON.stringify(value));
  } catch {
    // Storage may be full or forbidden; the game goes on without a memory.
  }
}
