// Characters that look the same on their own, and what that means for a hit. Pure.

/** As in recognition/alphabets.py; a test compares the two. */
const LOOK_ALIKES = ["0Oo", "1Il", "9q", "Cc", "Jj", "Kk", "Mm", "Pp", "Ss", "Uu", "Vv", "Ww", "Xx", "Yy", "Zz"];

/** @typedef {{ outcome: string | null, target: string | null, label: string | null }} Reading */

/**
 * @param {Reading} reading
 * @returns {"same" | "alike" | "close" | null} how a hit was read: as its target, as a look-alike of it, or as another
 *   character that was only a little more likely; null if it was no hit
 */
export function compareHit({ outcome, target, label }) {
  if (outcome !== "hit" || target === null || label === null) return null;
  if (label === target) return "same";
  return LOOK_ALIKES.some((group) => group.includes(label) && group.includes(target)) ? "alike" : "close";
}
