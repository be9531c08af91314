// "Is that right?": yes, or no and what it really was. Used for a drawing and for each character of a picture.

import { charactersOf, spoken } from "./alphabets.js";
import { copyOf, find, make, sentence } from "./page.js";

let made = 0;

/**
 * @typedef {object} Verdict
 * @property {HTMLElement} element to be put on the page
 * @property {(label: string | null, alphabet: string) => void} ask start afresh with the model's answer, or hide for null
 * @property {() => void} confirm as the button "yes" does; nothing when there is nothing to answer
 * @property {() => void} correct as the button "no" does; nothing when there is nothing to answer
 */

/**
 * @param {(label: string) => Promise<{ label: string, verdict: string }>} send tells the server what it was
 * @param {() => void} [onBegin] the person has begun to judge: a newer answer would pull the question from under them
 * @returns {Verdict}
 */
export function createVerdict(send, onBegin = () => {}) {
  const element = copyOf("verdict");
  const question = find(".verdict-question", HTMLElement, element);
  const correction = find(".verdict-correction", HTMLFormElement, element);
  const characters = find(".verdict-characters", HTMLElement, element);
  const entry = find(".verdict-entry", HTMLInputElement, element);
  const thanks = find(".verdict-thanks", HTMLElement, element);
  const thanksText = find(".verdict-thanks-text", HTMLElement, element);
  const problem = find(".verdict-problem", HTMLElement, element);
  const group = `verdict-${++made}`;

  /** @type {string | null} the model's answer */
  let read = null;
  let alphabet = "any";
  let listed = "";
  let sending = false;
  let settled = false;
  let asked = 0;

  /** @param {"question" | "correction" | "thanks"} step */
  function go(step) {
    question.hidden = step !== "question";
    correction.hidden = step !== "correction";
    thanks.hidden = step !== "thanks";
    problem.hidden = true;
  }

  /** @param {string} label */
  async function settle(label) {
    if (sending) return;
    onBegin();
    const asking = asked;
    sending = true;
    element.setAttribute("aria-busy", "true");
    try {
      const kept = await send(label);
      if (asking !== asked) return;
      settled = true;
      const focused = element.contains(document.activeElement);
      go("thanks");
      // What had the focus is hidden now; without this it would fall back to the top of the page.
      if (focused) thanks.focus({ preventScroll: true });
      thanksText.textContent =
        kept.verdict === "confirmed"
          ? `Thank you. It is kept as ${spoken(kept.label)}.`
          : `Thank you. It is kept as ${spoken(kept.label)}, and the next model can learn from it.`;
    } catch (error) {
      if (asking !== asked) return;
      problem.textContent = sentence(error);
      problem.hidden = false;
    } finally {
      sending = false;
      element.removeAttribute("aria-busy");
    }
  }

  /** List the alphabet's characters as one radio group: one stop for Tab, arrows within. */
  function list() {
    if (listed === alphabet) return;
    listed = alphabet;
    characters.replaceChildren(
      ...charactersOf(alphabet).map((character) =>
        make(
          "label",
          { class: "verdict-character" },
          make("input", { type: "radio", name: group, value: character, "aria-label": spoken(character) }),
          make("span", { "aria-hidden": "true" }, character),
        ),
      ),
    );
  }

  function correct() {
    if (read === null || sending || question.hidden) return;
    onBegin();
    change();
  }

  function change() {
    list();
    entry.value = "";
    pick("");
    go("correction");
    // A finger picks from the list: focusing the field would raise a keyboard over it.
    if (matchMedia("(pointer: fine)").matches) entry.focus();
    correction.scrollIntoView({ block: "nearest" });
  }

  function back() {
    go(settled ? "thanks" : "question");
    find("button", HTMLButtonElement, settled ? thanks : question).focus();
  }

  /** @param {string} character */
  function pick(character) {
    for (const radio of characters.querySelectorAll("input")) radio.checked = radio.value === character;
  }

  find("[data-testid=yes]", HTMLButtonElement, element).addEventListener("click", confirm);
  find("[data-testid=no]", HTMLButtonElement, element).addEventListener("click", correct);
  find(".verdict-change", HTMLButtonElement, element).addEventListener("click", change);
  find(".verdict-back", HTMLButtonElement, element).addEventListener("click", back);
  correction.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    back();
  });
  characters.addEventListener("change", (event) => {
    if (event.target instanceof HTMLInputElement) entry.value = event.target.value;
    problem.hidden = true;
  });
  entry.addEventListener("input", () => {
    // The newest character typed replaces the one before it.
    entry.value = [...entry.value.trim()].at(-1) ?? "";
    pick(entry.value);
    problem.hidden = true;
  });
  correction.addEventListener("submit", (event) => {
    event.preventDefault();
    if (entry.value) settle(entry.value);
    else {
      problem.textContent = "Pick the character it should have been, or type it.";
      problem.hidden = false;
    }
  });

  function confirm() {
    if (read !== null && !question.hidden) settle(read);
  }

  return {
    element,
    confirm,
    correct,
    ask(label, newAlphabet) {
      asked += 1;
      settled = false;
      read = label;
      alphabet = newAlphabet;
      go("question");
      element.hidden = label === null;
    },
  };
}
