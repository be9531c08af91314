// Goes from one of several pictures to the next, and says how far they are read.

import { find } from "../parts/dom.js";
import { t } from "../parts/messages.js";
import { describeProgress } from "./states.js";

/** @typedef {import("./pictures.js").Picture} Picture */

/**
 * @param {HTMLElement} bar
 * @param {(picture: Picture) => void} show
 */
export function createSteps(bar, show) {
  const place = find(".step-place", HTMLElement, bar);
  const status = find(".list-status", HTMLElement, bar);
  /** @type {Picture[]} */
  let pictures = [];
  let index = 0;
  const buttons = /** @type {const} */ (["previous", "next"]).map((name) =>
    find(`[data-testid=${name}]`, HTMLButtonElement, bar),
  );
  buttons.forEach((button, i) => {
    button.addEventListener("click", () => {
      const picture = pictures[index + getStep(i)];
      if (picture) show(picture);
    });
  });

  return {
    /**
     * @param {Picture[]} newPictures
     * @param {Picture | null} shown
     * @param {string} pause why nothing is read now, "" if there is no such reason
     */
    update(newPictures, shown, pause) {
      pictures = newPictures;
      bar.hidden = pictures.length < 2 || !shown;
      if (!shown) return;
      index = pictures.indexOf(shown);
      place.textContent = t("picture.place", { number: index + 1, total: pictures.length });
      const text = pause || describeProgress(pictures);
      if (status.textContent !== text) status.textContent = text;
      // Not disabled: a button that has the focus would lose it.
      buttons.forEach((button, i) => button.setAttribute("aria-disabled", String(!pictures[index + getStep(i)])));
    },
  };
}

/** @param {number} button @returns {number} */
function getStep(button) {
  return button ? 1 : -1;
}
