// The result: the text of a picture, which can be corrected letter by letter. What is corrected is sent to the server.

import { describeError, sendLabel } from "../api.js";
import { copyText } from "../parts/clipboard.js";
import { find } from "../parts/dom.js";
import { nameCharacter } from "../parts/format.js";
import { t } from "../parts/messages.js";
import { createCorrections } from "./corrections.js";
import { createLetters } from "./letters.js";
import { createPanel } from "./panel.js";
import { composeText, leaveOut, parseText, setLabel, toggleSpace } from "./text.js";

/** @typedef {import("../../../types/api").Uploaded} Uploaded */
/** @typedef {import("./text.js").Letters} Letters */

const LEARNED = /^[0-9A-Za-z]$/; // what the model tells apart

/**
 * @param {HTMLElement} section
 * @param {ReturnType<typeof import("./picture.js").createPicture>} picture
 */
export function createEditor(section, picture) {
  const copy = find("[data-testid=copy]", HTMLButtonElement, section);
  const copied = find("[data-testid=copied]", HTMLElement, section);
  /** @type {Uploaded["characters"]} */
  let characters = [];
  /** @type {Letters} */
  let text = [];
  /** @type {number | null} the letter that is chosen */
  let chosen = null;

  const corrections = createCorrections(sendLabel, {
    onSaved({ label, verdict }, round) {
      if (chosen === null || characters[chosen]?.round !== round) return;
      const key = verdict === "confirmed" ? "answer.confirmed" : "answer.corrected";
      panel.tell(t(key, { character: nameCharacter(label) }));
    },
    onProblem: (error) => panel.showProblem(describeError(error)),
  });

  const letters = createLetters(find("[data-testid=text]", HTMLElement, section), {
    choose,
    type(character) {
      if (chosen === null) return;
      take(character);
      move(1);
    },
    remove(step) {
      if (chosen === null) return;
      change(leaveOut(text, chosen, true));
      move(step);
    },
    toggleSpace: toggleChosenSpace,
    open: () => panel.focus(),
  });

  const panel = createPanel(find(".letter", HTMLElement, section), {
    take,
    toggleOut() {
      if (chosen !== null) change(leaveOut(text, chosen, !text[chosen].isLeftOut));
    },
    toggleSpace: toggleChosenSpace,
    close: () => letters.focus(chosen ?? 0),
  });

  function toggleChosenSpace() {
    if (chosen) change(toggleSpace(text, chosen)); // before the first letter there is nothing to part
  }

  /** @param {number} index */
  function choose(index) {
    if (chosen === index) return;
    chosen = index;
    panel.open(characters[index]);
    picture.paintCrop(panel.crop, index);
    picture.highlight(index);
    letters.select(index);
    update();
  }

  /** @param {number} step */
  function move(step) {
    const next = (chosen ?? 0) + step;
    if (next in text) letters.focus(next);
  }

  /** @param {string} label */
  function take(label) {
    if (chosen === null) return;
    letters.setSure(chosen, true);
    change(setLabel(text, chosen, label));
    const { round } = characters[chosen];
    if (round && LEARNED.test(label)) corrections.add(round, label);
    else panel.tell(t("picture.only_in_text"));
  }

  /** @param {Letters} next */
  function change(next) {
    if (chosen === null) return;
    text = next;
    letters.update(text);
    picture.setTag(chosen, text[chosen].isLeftOut ? "" : text[chosen].label);
    copied.textContent = "";
    update();
  }

  function update() {
    if (chosen === null) return;
    const { label, isLeftOut } = text[chosen];
    const values = { character: nameCharacter(label), number: chosen + 1, total: text.length };
    panel.update(text[chosen], t(isLeftOut ? "picture.letter_out" : "picture.letter", values), chosen === 0);
  }

  copy.addEventListener("click", async () => {
    const isCopied = await copyText(composeText(text));
    copied.textContent = t(isCopied ? "picture.copied" : "picture.not_copied");
  });
  picture.onPick((index) => letters.focus(index));

  return {
    /** @param {Uploaded} uploaded with at least one character */
    show(uploaded) {
      characters = uploaded.characters;
      text = parseText(uploaded.text);
      chosen = null;
      copied.textContent = "";
      panel.close();
      letters.show(text, characters.map(({ sure }) => sure));
      if (characters.length === 1) choose(0);
    },
    clear() {
      characters = [];
      text = [];
      chosen = null;
      panel.close();
      letters.clear();
    },
  };
}
