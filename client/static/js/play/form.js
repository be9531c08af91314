// The form before a game: the player's name, the alphabet and the mode.

import { find, make } from "../parts/dom.js";
import { loadBest, loadSettings, saveSettings } from "./memory.js";

/** @typedef {import("./memory.js").Settings} Settings */

const HINTS = /** @type {Record<string, string>} */ ({
  sprint: "60 seconds. Each skip costs 3.",
  practice: "No clock, no score. Stop whenever you like.",
});

/**
 * @param {HTMLElement} play
 * @param {(settings: Settings) => void} onStart
 */
export function createForm(play, onStart) {
  const form = find(".play-form", HTMLFormElement, play);
  const hint = find(".play-mode-hint", HTMLElement, form);
  const problem = find(".play-problem", HTMLElement, form);

  /** @returns {Settings} */
  function getSettings() {
    const fields = new FormData(form);
    return {
      name: String(fields.get("name")),
      mode: String(fields.get("mode")),
      alphabet: String(fields.get("alphabet")),
    };
  }

  function showHint() {
    const { mode, alphabet } = getSettings();
    const best = mode === "sprint" ? loadBest(alphabet) : 0;
    hint.replaceChildren(`${HINTS[mode]} `, best ? make("b", {}, `Your best: ${best}.`) : "");
  }

  /** @param {Partial<Settings>} settings */
  function fill(settings) {
    for (const [name, value] of Object.entries(settings)) {
      const field = form.elements.namedItem(name);
      if (field instanceof HTMLInputElement || field instanceof RadioNodeList) field.value = value;
    }
    showHint();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const settings = getSettings();
    saveSettings(settings);
    onStart(settings);
  });
  form.addEventListener("change", showHint);
  // The address may hold settings, so that they can be shared as a link.
  fill({ ...loadSettings(), ...Object.fromEntries(new URLSearchParams(location.search)) });

  return {
    submit: () => form.requestSubmit(),
    focus: () => find("[data-testid=start]", HTMLButtonElement, form).focus(),
    /** @param {string} text why no game could start; empty to hide it */
    showProblem(text) {
      problem.textContent = text;
      problem.hidden = !text;
      problem.scrollIntoView({ block: "nearest" }); // it is below the screen of a phone
    },
  };
}
