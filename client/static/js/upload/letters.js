// The text of a picture on the page, letter by letter: one stop for the Tab key, arrow keys within.

import { make } from "../parts/dom.js";
import { nameCharacter } from "../parts/format.js";
import { t } from "../parts/messages.js";
import { countShown, findByKey, isHidden, listPieces } from "./text.js";

/** @typedef {import("./reading.js").Mark} Mark */
/** @typedef {import("./text.js").Letters} Letters */
/**
 * @typedef {object} Actions what a person does with the letter that is chosen
 * @property {(index: number) => void} choose
 * @property {(character: string) => void} type
 * @property {(step: 1 | -1) => void} remove leave it out and go on in this direction
 * @property {() => void} toggleSpace
 * @property {() => void} undo take back the last change
 * @property {() => void} open go to its candidates
 */

/**
 * @param {HTMLElement} list
 * @param {Actions} actions
 */
export function createLetters(list, actions) {
  /** @type {HTMLElement[]} */
  let options = [];
  /** @type {Letters} */
  let letters = [];
  let current = 0;

  /** @param {EventTarget | null} target */
  function findOption(target) {
    return options.findIndex((option) => target instanceof Node && option.contains(target));
  }

  list.addEventListener("focusin", ({ target }) => {
    const index = findOption(target);
    if (index < 0) return;
    scrollTo(options[index]);
    actions.choose(index);
  });

  /** Scroll a long text to a letter, and not the page: the letter may have been tapped in the picture. @param {HTMLElement} option */
  function scrollTo(option) {
    if (list.scrollHeight <= list.clientHeight) return;
    const [inner, outer] = [option.getBoundingClientRect(), list.getBoundingClientRect()];
    if (inner.top < outer.top || inner.bottom > outer.bottom) list.scrollTop += inner.top - outer.top - list.clientHeight / 2;
  }

  list.addEventListener("click", ({ target }) => options[findOption(target)]?.focus());
  list.addEventListener("keydown", (event) => {
    if (event.key === "z" && (event.ctrlKey || event.metaKey)) {
      actions.undo();
      event.preventDefault();
    }
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const next = findByKey(letters, current, event.key);
    if (next !== null) options[next]?.focus();
    else if (event.key === "Delete") actions.remove(1);
    else if (event.key === "Backspace") actions.remove(-1);
    else if (event.key === "Enter") actions.open();
    else if (event.key === " ") actions.toggleSpace();
    else if ([...event.key].length === 1) actions.type(event.key);
    else return;
    event.preventDefault();
  });

  /** @param {number} index */
  function describe(index) {
    const { label, isLeftOut } = letters[index];
    const values = { character: nameCharacter(label), ...countShown(letters, index) };
    if (isLeftOut) return t("picture.letter_out", values);
    return t(options[index].dataset.sure === "true" ? "picture.letter" : "picture.letter_unsure", values);
  }

  function setTabStop() {
    if (letters[current] && isHidden(letters[current])) current = letters.findIndex((letter) => !isHidden(letter));
    options.forEach((option, i) => {
      option.tabIndex = i === current ? 0 : -1;
    });
  }

  return {
    /**
     * Show a new text.
     *
     * @param {Letters} newLetters
     * @param {Mark[]} marks where they were read
     */
    show(newLetters, marks) {
      current = 0;
      list.replaceChildren();
      options = marks.map(() => make("span", { role: "option", "aria-selected": "false" }));
      list.dataset.size = newLetters.length > 60 ? "small" : newLetters.length > 12 ? "medium" : "large";
      this.update(newLetters, marks);
    },
    /** @param {Letters} newLetters the same letters after a change @param {Mark[]} marks */
    update(newLetters, marks) {
      letters = newLetters;
      listPieces(letters).forEach(({ gap, label }, i) => {
        const option = options[i];
        // Letters that are left out are no text on the page, so that they are not copied with it.
        option.textContent = label;
        option.dataset.out = letters[i].isLeftOut ? letters[i].label : "";
        option.hidden = isHidden(letters[i]);
        option.dataset.sure = String(marks[i].isSure);
        option.setAttribute("aria-label", describe(i));
        if (option.previousSibling instanceof Text) option.previousSibling.data = gap;
        else list.append(gap, option);
      });
      setTabStop();
    },
    /** @param {number | null} index of the letter that is chosen */
    select(index) {
      current = index ?? 0;
      options.forEach((option, i) => option.setAttribute("aria-selected", String(i === index)));
      setTabStop();
    },
    /** Go on from a letter. @param {number} index @param {string} key as keyboard events name it */
    go(index, key) {
      const next = findByKey(letters, index, key);
      if (next !== null && next !== index) this.focus(next);
    },
    /**
     * @param {number} index
     * @param {boolean} [staysInPlace] whether the page is not scrolled to it
     * @returns {boolean} whether it is in the text, so that it could be focused
     */
    focus(index, staysInPlace = false) {
      options[index]?.focus({ preventScroll: staysInPlace });
      return options[index] === document.activeElement;
    },
    clear() {
      options = [];
      letters = [];
      list.replaceChildren();
    },
  };
}
