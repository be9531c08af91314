// What each sound of the game is made of. Pure: js/play/sounds.js plays it.

/**
 * @typedef {object} Note
 * @property {number} at seconds from the start of the sound
 * @property {number} hertz its pitch
 * @property {number} seconds until it has faded
 * @property {number} volume 0 to 1
 * @property {OscillatorType} shape
 */

/** @typedef {"count" | "go" | "hit" | "milestone" | "miss" | "tick" | "end"} Sound */

const ROOT = 392; // G4
const SCALE = [0, 2, 4, 7, 9]; // a pentatonic scale, in semitones: any two of its notes sound well together

/** @param {number} step of the scale, from 0 @returns {number} hertz */
function getPitch(step) {
  const octave = Math.floor(step / SCALE.length);
  return ROOT * 2 ** (octave + SCALE[step % SCALE.length] / 12);
}

/** @param {number} at @param {number} hertz @param {number} seconds @param {number} volume @returns {Note} */
const pluck = (at, hertz, seconds, volume) => ({ at, hertz, seconds, volume, shape: "triangle" });

/**
 * @param {Sound} sound
 * @param {number} [combo] hits in a row: each one sounds a step higher, up to two octaves
 * @returns {Note[]}
 */
export function getNotes(sound, combo = 1) {
  const step = Math.min(Math.max(combo - 1, 0), 2 * SCALE.length);
  switch (sound) {
    case "count":
      return [pluck(0, getPitch(0), 0.12, 0.35)];
    case "go":
      return [pluck(0, getPitch(5), 0.3, 0.45)];
    case "hit":
      return [pluck(0, getPitch(step), 0.14, 0.4), pluck(0.06, getPitch(step + 2), 0.22, 0.35)];
    case "milestone":
      return [0, 2, 4, 5].map((rise, i) => pluck(0.07 * i, getPitch(step + rise), 0.3, 0.42));
    case "miss":
      return [{ at: 0, hertz: ROOT / 4, seconds: 0.16, volume: 0.4, shape: "sine" }];
    case "tick":
      return [{ at: 0, hertz: 2 * ROOT, seconds: 0.05, volume: 0.16, shape: "square" }];
    case "end":
      return [7, 4, 2, 0].map((from, i) => pluck(0.14 * i, getPitch(from), 0.5, 0.4));
  }
}
