// The form before a game: the player's name, the alphabet and the mode.

import { find, setText } from "../parts/dom.js";
import { t } from "../parts/messages.js";
import { describeDaily, findTry, loadDaily } from "./daily.js";
import { createGhostChoice } from "./ghost-choice.js";
import { loadBest, loadSettings, saveSettings } from "./memory.js";

const START = "#start";

/** @typedef {import("./memory.js").Settings} Settings */
/** @typedef {import("./daily.js").MyDaily} MyDaily */

/**
 * @param {HTMLElement} play
 * @param {(settings: Settings) => void} onStart
 */
export function createForm(play, onStart) {
  const form = find(".play-form", HTMLFormElement, play);
  const hint = find(".play-mode-hint", HTMLElement, form);
  const problem = find(".play-problem", HTMLElement, form);
  const ghosts = createGhostChoice(form);

  const address = Object.fromEntries(new URLSearchParams(location.search));
  let characters = address.characters ?? ""; // of a practice; chosen by a link, until the player chooses otherwise

  /** @returns {Settings} */
  function getSettings() {
    const fields = new FormData(form);
    return {
      name: String(fields.get("name")),
      mode: String(fields.get("mode")),
      alphabet: String(fields.get("alphabet")),
      characters: characters || undefined,
    };
  }

  /** @type {MyDaily | null} once it was asked for */
  let daily = null;

  function showHint() {
    const { mode, alphabet } = getSettings();
    const best = mode === "sprint" ? loadBest(mode, alphabet) : 0;
    const isLimited = mode === "practice" && characters !== "";
    const rules = isLimited ? t("play.only", { characters: [...characters].join(" ") }) : t(`play.hint_${mode}`);
    const words = [rules, best ? t("play.your_best", { points: best }) : ""];
    hint.textContent = mode === "daily" && daily ? describeDaily(daily, alphabet) : words.join(" ").trim();
    const isPlayed = mode === "daily" && daily !== null && findTry(daily, alphabet) !== undefined;
    setText(".start-ready", t(isPlayed ? "daily.see_result" : "play.start"), form);
  }

  async function refresh() {
    showHint();
    const { mode, alphabet } = getSettings();
    await ghosts.refresh(mode, alphabet);
    if (mode !== "daily") return;
    daily = await loadDaily().catch(() => null);
    showHint();
  }

  /** @param {Partial<Settings>} settings */
  function fill(settings) {
    for (const [name, value] of Object.entries(settings)) {
      const field = form.elements.namedItem(name);
      if (field instanceof RadioNodeList) choose(field, value);
      else if (field instanceof HTMLInputElement) field.value = value;
    }
  }

  /** @param {RadioNodeList} radios @param {string} value is ignored if there is no such choice */
  function choose(radios, value) {
    if ([...radios].some((radio) => radio instanceof HTMLInputElement && radio.value === value)) radios.value = value;
  }

  /** @returns {boolean} whether the player has changed the form before this module was there */
  function isTouched() {
    return [...form.elements].some(
      (field) =>
        field instanceof HTMLInputElement && (field.checked !== field.defaultChecked || field.value !== field.defaultValue),
    );
  }

  function start() {
    const settings = getSettings();
    onStart(settings); // before they are saved, because it asks whether somebody has played here before
    saveSettings(settings);
  }

  // The address may hold settings, so that they can be shared as a link.
  if (!isTouched()) fill({ ...loadSettings(), ...address });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    form.dataset.waiting = "false"; // the form's own script has just set it
    start();
  });
  form.addEventListener("change", ({ target }) => {
    if (target instanceof HTMLInputElement && target.type === "radio") characters = "";
    refresh();
  });

  return {
    submit: () => form.requestSubmit(),
    focus: () => find("[data-testid=start]", HTMLButtonElement, form).focus(),
    refresh,
    fill,
    ghosts,
    /** @param {string} alphabet @returns {string | null} the id of today's daily, if the player has begun it */
    findDaily: (alphabet) => (daily && findTry(daily, alphabet)?.game) ?? null,
    /**
     * Start at once if the player pressed Start before this module was there (see the form's own script), or followed
     * a link that starts a practice. Other games need a press: a link could use up the daily.
     */
    startIfWaiting() {
      const isLink = location.hash === START && getSettings().mode === "practice";
      const isWaiting = form.dataset.waiting === "true" || isLink;
      if (isLink) history.replaceState(null, "", location.pathname + location.search); // a reload shows the form
      form.dataset.waiting = "false";
      if (isWaiting) start();
      return isWaiting;
    },
    /** @param {string} text why no game could start; empty to hide it */
    showProblem(text) {
      problem.textContent = text;
      problem.hidden = !text;
      problem.scrollIntoView({ block: "nearest" }); // it is below the screen of a phone
    },
  };
}
