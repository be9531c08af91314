// The result: the text of a picture, which can be corrected letter by letter. What is corrected is sent to the server.

import { describeError, isOffline } from "../api.js";
import { copyText } from "../parts/clipboard.js";
import { find } from "../parts/dom.js";
import { nameCharacter } from "../parts/format.js";
import { t } from "../parts/messages.js";
import { saveText } from "../parts/save.js";
import { createCorrections } from "./corrections.js";
import { createLetters } from "./letters.js";
import { createPanel } from "./panel.js";
import { saveMark } from "./rounds.js";
import { createSigns } from "./signs.js";
import { composeText, countShown, isHidden, leaveOut, restore, setLabel, toggleSpace } from "./text.js";

/** @typedef {import("./reading.js").Mark} Mark */
/** @typedef {import("./reading.js").Reading} Reading */
/** @typedef {import("./text.js").Letters} Letters */

const LEARNED = /^[0-9A-Za-z]$/; // what the model tells apart

/** @param {import("./text.js").Letter} letter @returns {boolean} whether the server stores it */
function isStored({ isLeftOut, label }) {
  return !isLeftOut && LEARNED.test(label);
}

/**
 * @param {HTMLElement} section
 * @param {ReturnType<typeof import("./picture.js").createPicture>} picture
 * @param {() => void} onChange the text has changed
 */
export function createEditor(section, picture, onChange) {
  const copy = find("[data-testid=copy]", HTMLButtonElement, section);
  const undo = find("[data-testid=undo]", HTMLButtonElement, section);
  const copied = find("[data-testid=copied]", HTMLElement, section);
  /** @type {Reading | null} */
  let reading = null;
  /** @type {number | null} the mark that is chosen */
  let chosen = null;

  const corrections = createCorrections((/** @type {Mark} */ mark, label) => saveMark(mark, label), {
    onSaved(saved, mark) {
      if (isChosen(mark)) panel.tell(t(`answer.${saved}`, { character: nameCharacter(mark.said) }));
    },
    onProblem(error, mark) {
      if (isChosen(mark)) panel.showProblem(isOffline(error) ? t("picture.saved_later") : describeError(error));
    },
  });
  window.addEventListener("online", corrections.retry);
  window.addEventListener("beforeunload", (event) => {
    if (corrections.isWaiting()) event.preventDefault();
  });

  const letters = createLetters(find("[data-testid=text]", HTMLElement, section), {
    choose,
    type(character) {
      take(character);
      move("ArrowRight");
    },
    remove(step) {
      setOut(true);
      move(step > 0 ? "ArrowRight" : "ArrowLeft");
    },
    toggleSpace: toggleChosenSpace,
    undo: undoLast,
    open: () => panel.focus(),
  });
  const signs = createSigns(find(".signs", HTMLDetailsElement, section), pick);
  const panel = createPanel(find(".letter", HTMLElement, section), {
    take,
    toggleOut() {
      if (reading && chosen !== null) setOut(!reading.letters[chosen].isLeftOut);
    },
    toggleSpace: toggleChosenSpace,
    close() {
      if (chosen !== null && !letters.focus(chosen)) signs.focus(chosen);
    },
  });

  /** @param {Mark} mark */
  function isChosen(mark) {
    return chosen !== null && reading?.marks[chosen] === mark;
  }

  function toggleChosenSpace() {
    if (!reading || !chosen) return; // before the first letter there is nothing to part
    note();
    change(toggleSpace(reading.letters, chosen));
  }

  /** Choose a mark that was tapped in the picture or among the signs. @param {number} index */
  function pick(index) {
    if (letters.focus(index, true)) return;
    choose(index);
    panel.focus();
  }

  /** @param {number} index */
  function choose(index) {
    if (!reading || chosen === index) return;
    chosen = index;
    panel.open(reading.marks[index]);
    picture.paintCrop(panel.crop, index);
    picture.highlight(index);
    letters.select(index);
    update();
  }

  /** @param {string} key */
  function move(key) {
    letters.go(chosen ?? 0, key);
  }

  /** @param {string} label */
  function take(label) {
    if (!reading || chosen === null) return;
    const isLearned = LEARNED.test(label);
    note();
    reading.marks[chosen].isSure = true;
    reading.marks[chosen].said = isLearned ? label : "";
    change(setLabel(reading.letters, chosen, label));
    save(isLearned ? label : null);
    if (!isLearned) panel.tell(t("picture.only_in_text"));
  }

  /** @param {boolean} isOut whether the chosen mark is no part of the text */
  function setOut(isOut) {
    if (!reading || chosen === null) return;
    note();
    change(leaveOut(reading.letters, chosen, isOut));
    save(isOut ? null : reading.marks[chosen].said);
    if (isOut) copied.textContent = t("picture.left_out", { character: nameCharacter(reading.letters[chosen].label) });
  }

  /** Remember what the chosen mark is, so that the next change can be undone. */
  function note() {
    if (!reading || chosen === null) return;
    const { isSure, said } = reading.marks[chosen];
    reading.changes.push({ index: chosen, letter: reading.letters[chosen], isSure, said });
  }

  function undoLast() {
    const last = reading?.changes.pop();
    if (!reading || !last) return;
    choose(last.index);
    const mark = reading.marks[last.index];
    const now = reading.letters[last.index];
    mark.isSure = last.isSure;
    change(restore(reading.letters, last.index, last.letter));
    if (!isStored(last.letter)) {
      mark.said = last.said;
      save(null);
    } else if (now.label !== last.letter.label || !isStored(now)) {
      // A label that the server has cannot be taken back, only replaced.
      mark.said = isStored(now) || last.said ? last.letter.label : "";
      save(mark.said);
    }
    copied.textContent = t("picture.undone");
    if (undo.hidden && !letters.focus(last.index)) panel.focus(); // the button that was pressed is gone
  }

  /** @param {string | null} label as `saveMark` takes it */
  function save(label) {
    if (!reading || chosen === null) return;
    const mark = reading.marks[chosen];
    // A sign is not stored, and a character that was deleted is not either.
    if (label !== null && !mark.cutout) mark.cutout = picture.cutOut(chosen);
    if (label !== null || mark.round) corrections.add(mark, label);
  }

  /** @param {Letters} next */
  function change(next) {
    if (!reading || chosen === null) return;
    reading.letters = next;
    letters.update(next, reading.marks);
    picture.update(chosen);
    signs.show(reading);
    copied.textContent = "";
    undo.hidden = !reading.changes.length;
    update();
    onChange();
  }

  function update() {
    if (!reading || chosen === null) return;
    const letter = reading.letters[chosen];
    const values = { character: nameCharacter(letter.label), ...countShown(reading.letters, chosen) };
    const key = isHidden(letter) ? "picture.sign" : letter.isLeftOut ? "picture.letter_out" : "picture.letter";
    panel.update(letter, t(key, values), chosen === 0);
  }

  copy.addEventListener("click", async () => {
    const isCopied = await copyText(composeText(reading?.letters ?? []));
    copied.textContent = t(isCopied ? "picture.copied" : "picture.not_copied");
  });
  find("[data-testid=save]", HTMLButtonElement, section).addEventListener("click", () => {
    saveText(composeText(reading?.letters ?? []));
  });
  undo.addEventListener("click", undoLast);
  picture.onPick(pick);

  return {
    /** @param {Reading} newReading with at least one mark */
    show(newReading) {
      reading = newReading;
      chosen = null;
      copied.textContent = "";
      undo.hidden = !reading.changes.length;
      panel.close();
      letters.show(reading.letters, reading.marks);
      signs.clear();
      signs.show(reading);
      if (reading.marks.length === 1) choose(0);
    },
    clear() {
      reading = null;
      chosen = null;
      panel.close();
      letters.clear();
      signs.clear();
    },
  };
}
