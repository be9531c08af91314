// The letter that is chosen: how it looks in the picture, five candidates of which one tap takes one, and a field to type.

import { find, make, setText } from "../parts/dom.js";
import { formatPercent, nameCharacter } from "../parts/format.js";

/** @typedef {import("./reading.js").Mark} Mark */
/** @typedef {import("./text.js").Letter} Letter */

const MOST_CHIPS = 5;

/**
 * @param {HTMLElement} panel
 * @param {object} actions
 * @param {(label: string) => void} actions.take a candidate was tapped, or a character was typed
 * @param {() => void} actions.toggleOut
 * @param {() => void} actions.toggleSpace
 * @param {() => void} actions.close go back to the text
 */
export function createPanel(panel, { take, toggleOut, toggleSpace, close }) {
  const chips = find(".letter-chips", HTMLElement, panel);
  const seen = find("img", HTMLImageElement, panel);
  const input = find(".feedback-input", HTMLInputElement, panel);
  const out = find("[data-testid=leave-out]", HTMLButtonElement, panel);
  const space = find("[data-testid=space]", HTMLButtonElement, panel);
  const status = find("[data-testid=letter-status]", HTMLElement, panel);
  const problem = find(".letter-problem", HTMLElement, panel);

  out.addEventListener("click", toggleOut);
  space.addEventListener("click", toggleSpace);
  input.addEventListener("input", (event) => {
    if (event instanceof InputEvent && event.isComposing) return;
    const typed = [...input.value.trim()].at(-1);
    input.value = "";
    if (typed) take(typed);
  });
  input.addEventListener("compositionend", () => input.dispatchEvent(new Event("input")));
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });

  /** @param {import("../../../types/api").Candidate} candidate */
  function makeChip({ label, probability }) {
    const chip = make(
      "button",
      { type: "button", class: "chip", "data-testid": "chip", "data-label": label },
      make("b", { "aria-hidden": "true" }, label),
      make("span", { class: "visually-hidden" }, nameCharacter(label)),
      make("small", {}, formatPercent(probability)),
    );
    chip.addEventListener("click", () => take(label));
    return chip;
  }

  return {
    crop: find("canvas", HTMLCanvasElement, panel),
    /** @param {Mark} mark to show */
    open({ image, candidates }) {
      panel.hidden = false;
      seen.src = image;
      status.textContent = "";
      problem.hidden = true;
      chips.replaceChildren(...candidates.slice(0, MOST_CHIPS).map(makeChip));
    },
    /**
     * @param {Letter} letter what the text says here
     * @param {string} place such as "lowercase a, 3 of 35", or that it is a sign
     * @param {boolean} isFirst whether nothing stands before it
     */
    update({ label, gap, isLeftOut, isSign }, place, isFirst) {
      setText(".letter-place", place, panel);
      for (const chip of chips.children) {
        const isTaken = !isLeftOut && chip.getAttribute("data-label") === label;
        chip.setAttribute("aria-pressed", String(isTaken));
      }
      out.setAttribute("aria-pressed", String(isLeftOut));
      space.hidden = isFirst || (isSign && isLeftOut);
      space.setAttribute("aria-pressed", String(gap === " "));
    },
    focus() {
      const pressed = chips.querySelector("[aria-pressed=true]") ?? chips.firstElementChild;
      if (pressed instanceof HTMLElement) pressed.focus();
    },
    /** @param {string} text */
    tell(text) {
      status.textContent = text;
      problem.hidden = true;
    },
    /** @param {string} text */
    showProblem(text) {
      status.textContent = "";
      problem.textContent = text;
      problem.hidden = false;
    },
    close() {
      panel.hidden = true;
    },
  };
}
