// The page of what was learned from a player: the drawings that are remembered, to be forgotten one by one, a character
// at a time, or all of them; and the switch.

import "../common/page.js";
import { deleteJSON, describeError, getJSON, putJSON } from "../api.js";
import { find, setText } from "../parts/dom.js";
import { nameCharacter } from "../parts/format.js";
import { t } from "../parts/messages.js";
import { makeCharacter, markCharacter, markDrawing, showCount } from "./characters.js";
import { createPending } from "./pending.js";

/** @typedef {import("../../../types/api").MyHand} MyHand */
/** @typedef {import("../../../types/api").Forgotten} Forgotten */
/** @typedef {import("../../../types/api").HandSwitch} HandSwitch */
/** @typedef {import("../../../types/api").HandCharacter} Character */
/** @typedef {import("../../../types/api").HandDrawing} Drawing */

const page = find(".hand", HTMLElement);
const list = find(".hand-characters", HTMLElement, page);
const onSwitch = find("[data-testid=switch]", HTMLInputElement, page);
const forget = find(".hand-forget", HTMLElement, page);
const said = find(".hand-said", HTMLElement, page);
const pending = createPending();

/** @type {Character[]} */
let characters = [];
let knownFrom = 0; // drawings of a character

async function load() {
  page.dataset.state = "loading";
  try {
    /** @type {MyHand} */
    const { on, waiting, known_from: least, characters: learned } = await getJSON("/api/me/hand");
    characters = learned;
    knownFrom = least;
    onSwitch.checked = on;
    page.dataset.on = String(on);
    setText(".hand-waiting", waiting ? t("learned.waiting", { count: waiting }) : "", page);
    list.replaceChildren(...characters.map(makeItem));
    showSummary();
  } catch (error) {
    setText(".hand-reason", describeError(error), page);
    page.dataset.state = "failed";
  }
}

/** @param {Character} learned */
function makeItem(learned) {
  const { character } = learned;
  const item = makeCharacter(learned, {
    onCharacter: () => toggleCharacter(item, character),
    onDrawing: (drawing, { round }) => toggleDrawing(drawing, character, round),
  });
  return item;
}

function showSummary() {
  const count = characters.reduce((sum, { drawings }) => sum + drawings.length, 0);
  const known = characters.filter(({ known: isKnown }) => isKnown).length;
  const words = [t("learned.drawings", { count }), known ? t("learned.known_count", { count: known }) : ""];
  setText(".hand-summary", words.filter(Boolean).join(" · "), page);
  page.dataset.state = count ? "filled" : "empty";
}

/** @param {HTMLElement} item @param {string} character @param {string} round */
function toggleDrawing(item, character, round) {
  const isForgotten = !pending.undo(round);
  markDrawing(item, isForgotten);
  say(isForgotten, character);
  if (!isForgotten) return;
  pending.add(round, async () => {
    if (!(await send(`/api/me/hand/rounds/${round}`))) return markDrawing(item, false);
    remove(character, (drawing) => drawing.round === round);
    drop(item);
  });
}

/** @param {HTMLElement} item @param {string} character */
function toggleCharacter(item, character) {
  const isForgotten = !pending.undo(character);
  markCharacter(item, isForgotten);
  say(isForgotten, character);
  if (!isForgotten) return;
  pending.add(character, async () => {
    if (!(await send(`/api/me/hand/${character}`))) return markCharacter(item, false);
    remove(character, () => true);
    drop(item);
  });
}

/** @param {boolean} isForgotten @param {string} character */
function say(isForgotten, character) {
  setText(".hand-problem", "", page);
  said.textContent = t(isForgotten ? "learned.forgotten" : "learned.kept", { character: nameCharacter(character) });
}

/** @param {string} path of what is to be forgotten @returns {Promise<boolean>} whether the server has done it */
async function send(path) {
  said.textContent = "";
  try {
    await deleteJSON(path);
    return true;
  } catch (error) {
    setText(".hand-problem", describeError(error), page);
    return false;
  }
}

/** @param {string} character @param {(drawing: Drawing) => boolean} isGone */
function remove(character, isGone) {
  characters = characters
    .map((learned) => {
      if (learned.character !== character) return learned;
      const drawings = learned.drawings.filter((drawing) => !isGone(drawing));
      return { character, drawings, known: drawings.length >= knownFrom };
    })
    .filter(({ drawings }) => drawings.length);
  showSummary();
}

/** Take an item off the page. If it has the focus, the one beside it gets it. @param {HTMLElement} item */
function drop(item) {
  const isLast = !item.nextElementSibling && !item.previousElementSibling;
  const whole = item.closest(".hand-character");
  if (isLast && whole instanceof HTMLElement && whole !== item) return drop(whole);
  const beside = item.nextElementSibling ?? item.previousElementSibling;
  const heir = beside?.querySelector("button") ?? find("#hand-drawings", HTMLElement, page);
  const hadFocus = item.contains(document.activeElement);
  item.remove();
  if (whole instanceof HTMLElement && whole !== item) {
    const count = whole.querySelectorAll(".hand-drawing").length;
    showCount(whole, count, count >= knownFrom);
  }
  if (hadFocus) heir.focus();
}

/** @param {"idle" | "asked"} step */
function showStep(step) {
  forget.dataset.step = step;
  find(`[data-for=${step}] button`, HTMLButtonElement, forget).focus();
}

async function forgetAll() {
  setText(".hand-problem", "", page);
  try {
    /** @type {Forgotten} */
    const { drawings } = await deleteJSON("/api/me/hand");
    said.textContent = t("learned.forgot_all", { count: drawings });
    said.focus();
    await load();
  } catch (error) {
    setText(".hand-problem", describeError(error), page);
  } finally {
    forget.dataset.step = "idle";
  }
}

async function switchHand() {
  const isOn = onSwitch.checked;
  setText(".hand-problem", "", page);
  try {
    await putJSON("/api/me/hand", /** @satisfies {HandSwitch} */ ({ on: isOn }));
    page.dataset.on = String(isOn);
  } catch (error) {
    onSwitch.checked = !isOn;
    setText(".hand-problem", describeError(error), page);
  }
}

onSwitch.addEventListener("change", switchHand);
find(".hand-ask", HTMLButtonElement, forget).addEventListener("click", () => showStep("asked"));
find(".hand-no", HTMLButtonElement, forget).addEventListener("click", () => showStep("idle"));
find(".hand-yes", HTMLButtonElement, forget).addEventListener("click", forgetAll);
find(".hand-retry", HTMLButtonElement, page).addEventListener("click", load);
addEventListener("pagehide", pending.flush);
load();
