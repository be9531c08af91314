// What a person has set for all pages: sound, shortcuts, the hand that draws, movement. The settings are attributes of the
// page's root, so that style sheets see them. A script in templates/layout.html puts them there before the first paint.

const KEY = "inkrush-settings";
const USUAL = { sound: "on", shortcuts: "on", hand: "right", motion: "full" };

/** @typedef {keyof typeof USUAL} Name */

/** @param {Name} name @returns {string} */
export function getSetting(name) {
  return document.documentElement.dataset[name] ?? USUAL[name];
}

/** @param {Name} name @param {string} value Scripts that follow the settings hear a "settingchange". */
export function setSetting(name, value) {
  document.documentElement.dataset[name] = value;
  try {
    const stored = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    localStorage.setItem(KEY, JSON.stringify({ ...stored, [name]: value }));
  } catch {
    // Storage may be full or forbidden; then the choice holds for this page only.
  }
  document.dispatchEvent(new Event("settingchange"));
}

/** @returns {boolean} whether to move as little as possible: the system or the person asks for it */
export function isMotionReduced() {
  return getSetting("motion") === "reduced";
}

/** @returns {boolean} whether single keys such as S may act wherever the focus is (WCAG 2.2, 2.1.4) */
export function hasShortcuts() {
  return getSetting("shortcuts") === "on" && document.querySelector("dialog[open]") === null;
}
