// The marks that were taken for signs, as a list of small images beside the text. Each can be chosen.

import { find, make } from "../parts/dom.js";
import { t } from "../parts/messages.js";
import { isHidden } from "./text.js";

/**
 * @param {HTMLDetailsElement} details
 * @param {(index: number) => void} choose
 */
export function createSigns(details, choose) {
  const summary = find("summary", HTMLElement, details);
  const list = find("ul", HTMLElement, details);

  return {
    /** @param {import("./reading.js").Reading} reading */
    show({ marks, letters }) {
      const indices = letters.flatMap((letter, i) => (isHidden(letter) ? [i] : []));
      const total = indices.length;
      details.hidden = total === 0;
      summary.textContent = t("picture.signs", { count: total });
      list.replaceChildren(
        ...indices.map((index, i) => {
          const image = make("img", { class: "seen", src: marks[index].image, alt: "", width: 28, height: 28 });
          const name = t("picture.sign_of", { number: i + 1, total });
          const button = make("button", { type: "button", class: "sign", "aria-label": name, "data-testid": "sign" }, image);
          button.dataset.index = String(index);
          button.addEventListener("click", () => choose(index));
          return make("li", {}, button);
        }),
      );
    },
    /** @param {number} index of a sign */
    focus(index) {
      const button = list.querySelector(`[data-index="${index}"]`);
      if (details.open && button instanceof HTMLElement) button.focus();
      else summary.focus();
    },
    clear() {
      details.hidden = true;
      details.open = false;
    },
  };
}
