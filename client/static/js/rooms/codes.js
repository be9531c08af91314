// The codes of rooms, as people read and type them. Pure.

/** @param {string} text @returns {string} as the server writes it: uppercase, without spaces and hyphens */
export function normalizeCode(text) {
  return text.replace(/[\s\-.]+/g, "").toUpperCase();
}

/** @param {string} path such as "/room/cdf-hj" @returns {string} the code in it, empty if there is none */
export function readPath(path) {
  try {
    return normalizeCode(decodeURIComponent(path.split("/")[2] ?? ""));
  } catch {
    return "";
  }
}

/** @param {string} code @returns {string} so that a screen reader spells it */
export function spellCode(code) {
  return [...code].join(" ");
}
