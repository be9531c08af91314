// The pictures of one visit, as a list of thumbnails with their texts. It is there as soon as there are two.

import { copyText } from "../parts/clipboard.js";
import { find, make } from "../parts/dom.js";
import { t } from "../parts/messages.js";
import { saveFile } from "../parts/save.js";
import { composeText } from "./text.js";

/** @typedef {import("./page.js").Picture} Picture */

const FILE_NAME = "inkrush.txt";

/**
 * @param {HTMLElement} shelf
 * @param {object} actions
 * @param {(picture: Picture) => void} actions.show
 * @param {() => void} actions.retry read the pictures that could not be read
 * @param {() => void} actions.clear
 */
export function createShelf(shelf, { show, retry, clear }) {
  const list = find("ol", HTMLOListElement, shelf);
  const status = find("[data-testid=shelf-status]", HTMLElement, shelf);
  const copied = find("[data-testid=copied-all]", HTMLElement, shelf);
  const again = find("[data-testid=retry]", HTMLButtonElement, shelf);
  /** @type {Map<Picture, HTMLElement>} */
  const items = new Map();

  const composeAll = () => [...items.keys()].map(composeTextOf).filter(Boolean).join("\n\n");
  again.addEventListener("click", retry);
  find("[data-testid=clear]", HTMLButtonElement, shelf).addEventListener("click", clear);
  find("[data-testid=copy-all]", HTMLButtonElement, shelf).addEventListener("click", async () => {
    copied.textContent = t((await copyText(composeAll())) ? "picture.copied" : "picture.not_copied");
  });
  find("[data-testid=save-all]", HTMLButtonElement, shelf).addEventListener("click", () => {
    saveFile(new Blob([composeAll(), "\n"], { type: "text/plain" }), FILE_NAME);
  });

  /** @param {Picture} picture */
  function makeItem(picture) {
    const button = make(
      "button",
      { type: "button", class: "shelf-picture", "data-testid": "shelf-picture" },
      make("span", { class: "shelf-thumbnail" }),
      make("span", { class: "shelf-name" }, picture.file.name),
      make("span", { class: "shelf-text" }),
    );
    button.addEventListener("click", () => show(picture));
    return make("li", {}, button);
  }

  return {
    /**
     * @param {Picture[]} pictures
     * @param {Picture | null} shown
     * @param {string} pause why nothing is read now, "" if there is no such reason
     */
    update(pictures, shown, pause) {
      for (const picture of pictures) if (!items.has(picture)) items.set(picture, makeItem(picture));
      for (const picture of items.keys()) if (!pictures.includes(picture)) items.delete(picture);
      if (list.children.length !== items.size) list.replaceChildren(...items.values());
      shelf.hidden = pictures.length < 2;
      if (shelf.hidden) return;
      for (const [picture, item] of items) {
        const button = find("button", HTMLButtonElement, item);
        button.dataset.state = picture.state;
        button.setAttribute("aria-current", String(picture === shown));
        const { thumbnail } = picture;
        if (thumbnail) find(".shelf-thumbnail", HTMLElement, item).replaceChildren(thumbnail);
        find(".shelf-text", HTMLElement, item).textContent = describePicture(picture);
      }
      again.hidden = !pictures.some(canRetry);
      status.textContent = pause || describeProgress(pictures);
      copied.textContent = "";
    },
  };
}

/** @param {Picture} picture @returns {boolean} whether it was not read, and may be if it is sent again */
export function canRetry({ isFit, state }) {
  return isFit && (state === "refused" || state === "stopped");
}

/** @param {Picture} picture */
function composeTextOf({ reading }) {
  return reading ? composeText(reading.letters) : "";
}

/** @param {Picture} picture @returns {string} its text, or why it has none */
function describePicture(picture) {
  const key = { held: "waiting", read: "blank" }[/** @type {string} */ (picture.state)] ?? picture.state;
  return composeTextOf(picture) || t(`picture.state_${key}`);
}

/** @param {Picture[]} pictures */
function describeProgress(pictures) {
  const reading = pictures.findIndex(({ state }) => state === "reading");
  if (reading >= 0) return t("picture.reading_of", { number: reading + 1, total: pictures.length });
  const number = pictures.filter(({ state }) => state === "read").length;
  return t("picture.all_read", { number, total: pictures.length });
}
