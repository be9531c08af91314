// "Is that right?": yes, or no and what it really is. Used for a drawing and for each character of a picture.

import { describeError } from "../api.js";
import { getCharacters } from "./alphabets.js";
import { copyTemplate, find, make, setChoice } from "./dom.js";
import { nameCharacter } from "./format.js";
import { t } from "./messages.js";

let groups = 0;

/** @typedef {import("../../../types/api").FeedbackTaken} FeedbackTaken */
/**
 * @typedef {object} Feedback
 * @property {HTMLElement} element to be put on the page
 * @property {(label: string | null, alphabet: string, others?: string[]) => void} ask ask about a new answer of the model;
 *   hide for null. After "no", one tap sends one of the others.
 * @property {() => void} confirm do what the button "yes" does; nothing if no question is open
 * @property {() => void} correct do what the button "no" does; nothing if no question is open
 */

/**
 * @param {(label: string) => Promise<Pick<FeedbackTaken, "label" | "verdict">>} send tells the server what it is
 * @param {() => void} [onBegin] called when the person begins to answer: a newer guess must not replace the question now
 * @returns {Feedback}
 */
export function createFeedback(send, onBegin = () => {}) {
  const element = copyTemplate("feedback");
  const question = find(".feedback-question", HTMLElement, element);
  const correction = find(".feedback-correction", HTMLFormElement, element);
  const best = find(".feedback-best", HTMLElement, element);
  const all = find(".feedback-all", HTMLDetailsElement, element);
  const characters = find(".feedback-characters", HTMLElement, element);
  const input = find(".feedback-input", HTMLInputElement, element);
  const thanks = find(".feedback-thanks", HTMLElement, element);
  const thanksText = find(".feedback-thanks-text", HTMLElement, element);
  const problem = find(".feedback-problem", HTMLElement, element);
  const group = `feedback-${++groups}`;

  /** @type {string | null} the model's answer */
  let guessed = null;
  let alphabet = "any";
  /** @type {string[]} what it probably is if the model's answer is wrong */
  let others = [];
  let listedAlphabet = "";
  let isSending = false;
  let isAnswered = false;
  let questions = 0; // how many were asked so far: answers to older questions are not shown

  /** @param {"question" | "correction" | "thanks"} step */
  function show(step) {
    question.hidden = step !== "question";
    correction.hidden = step !== "correction";
    thanks.hidden = step !== "thanks";
    problem.hidden = true;
  }

  /** @param {string} text */
  function showProblem(text) {
    problem.textContent = text;
    problem.hidden = false;
  }

  /** @param {string} label */
  async function answer(label) {
    if (isSending) return;
    onBegin();
    const number = questions;
    isSending = true;
    element.setAttribute("aria-busy", "true");
    try {
      const stored = await send(label);
      if (number !== questions) return;
      isAnswered = true;
      const hadFocus = element.contains(document.activeElement);
      show("thanks");
      // The focused element is hidden now. Without this, the focus would jump to the top of the page.
      if (hadFocus) thanks.focus({ preventScroll: true });
      const key = stored.verdict === "confirmed" ? "answer.confirmed" : "answer.corrected";
      thanksText.textContent = t(key, { character: nameCharacter(stored.label) });
    } catch (error) {
      if (number === questions) showProblem(describeError(error));
    } finally {
      isSending = false;
      element.removeAttribute("aria-busy");
    }
  }

  /** List the alphabet's characters as one radio group: one stop for the Tab key, arrow keys within. */
  function listCharacters() {
    if (listedAlphabet === alphabet) return;
    listedAlphabet = alphabet;
    characters.replaceChildren(
      ...getCharacters(alphabet).map((character) =>
        make(
          "label",
          { class: "feedback-character" },
          make("input", { type: "radio", name: group, value: character, "aria-label": nameCharacter(character) }),
          make("span", { "aria-hidden": "true" }, character),
        ),
      ),
    );
  }

  function listOthers() {
    best.hidden = others.length === 0;
    all.open = best.hidden;
    best.replaceChildren(
      ...others.map((label) => {
        const attributes = { type: "button", class: "chip", "data-testid": "chip", "aria-label": nameCharacter(label) };
        const chip = make("button", attributes, make("b", {}, label));
        chip.addEventListener("click", () => answer(label));
        return chip;
      }),
    );
  }

  function confirm() {
    if (guessed !== null && !question.hidden) answer(guessed);
  }

  function correct() {
    if (guessed === null || isSending || question.hidden) return;
    onBegin();
    openCorrection();
  }

  function openCorrection() {
    listCharacters();
    listOthers();
    input.value = "";
    setChoice(characters, "");
    show("correction");
    // On a touch screen people pick from the list: focusing the field would open a keyboard over it.
    if (matchMedia("(pointer: fine)").matches) input.focus();
    correction.scrollIntoView({ block: "nearest" });
  }

  function closeCorrection() {
    show(isAnswered ? "thanks" : "question");
    find("button", HTMLButtonElement, isAnswered ? thanks : question).focus();
  }

  find("[data-testid=yes]", HTMLButtonElement, element).addEventListener("click", confirm);
  find("[data-testid=no]", HTMLButtonElement, element).addEventListener("click", correct);
  find(".feedback-change", HTMLButtonElement, element).addEventListener("click", openCorrection);
  find(".feedback-back", HTMLButtonElement, element).addEventListener("click", closeCorrection);
  correction.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    closeCorrection();
  });
  characters.addEventListener("change", (event) => {
    if (event.target instanceof HTMLInputElement) input.value = event.target.value;
    problem.hidden = true;
  });
  input.addEventListener("input", () => {
    // A newly typed character replaces the one before it.
    input.value = [...input.value.trim()].at(-1) ?? "";
    setChoice(characters, input.value);
    problem.hidden = true;
  });
  correction.addEventListener("submit", (event) => {
    event.preventDefault();
    if (input.value) answer(input.value);
    else showProblem(t("answer.missing"));
  });

  return {
    element,
    confirm,
    correct,
    ask(label, newAlphabet, newOthers = []) {
      questions += 1;
      isAnswered = false;
      guessed = label;
      alphabet = newAlphabet;
      others = newOthers;
      show("question");
      element.hidden = label === null;
    },
  };
}
