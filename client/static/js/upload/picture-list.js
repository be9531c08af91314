// The pictures of one visit, as a list of thumbnails with their texts. It is there as soon as there are two.

import { copyText } from "../parts/clipboard.js";
import { find, make } from "../parts/dom.js";
import { t } from "../parts/messages.js";
import { saveText } from "../parts/save.js";
import { canRetry } from "./states.js";
import { composeText } from "./text.js";

/** @typedef {import("./pictures.js").Picture} Picture */

/**
 * @param {HTMLElement} section
 * @param {object} actions
 * @param {(picture: Picture) => void} actions.show
 * @param {() => void} actions.retry read the pictures that could not be read
 * @param {() => void} actions.clear
 */
export function createPictureList(section, { show, retry, clear }) {
  const list = find("ol", HTMLOListElement, section);
  const copied = find("[data-testid=copied-all]", HTMLElement, section);
  const again = find("[data-testid=retry]", HTMLButtonElement, section);
  /** @type {Map<Picture, HTMLElement>} */
  const items = new Map();

  const composeAll = () => [...items.keys()].map(composeTextOf).filter(Boolean).join("\n\n");
  again.addEventListener("click", retry);
  find("[data-testid=clear]", HTMLButtonElement, section).addEventListener("click", clear);
  find("[data-testid=copy-all]", HTMLButtonElement, section).addEventListener("click", async () => {
    copied.textContent = t((await copyText(composeAll())) ? "picture.copied" : "picture.not_copied");
  });
  find("[data-testid=save-all]", HTMLButtonElement, section).addEventListener("click", () => saveText(composeAll()));

  /** @param {Picture} picture */
  function makeItem(picture) {
    const button = make(
      "button",
      { type: "button", class: "listed-picture", "data-testid": "listed-picture" },
      make("span", { class: "listed-thumbnail" }),
      make("span", { class: "listed-name" }, picture.file.name),
      make("span", { class: "listed-text" }),
    );
    button.addEventListener("click", () => show(picture));
    return make("li", {}, button);
  }

  return {
    /**
     * @param {Picture[]} pictures
     * @param {Picture | null} shown
     */
    update(pictures, shown) {
      for (const picture of pictures) if (!items.has(picture)) items.set(picture, makeItem(picture));
      for (const picture of items.keys()) if (!pictures.includes(picture)) items.delete(picture);
      if (list.children.length !== items.size) list.replaceChildren(...items.values());
      section.hidden = pictures.length < 2;
      if (section.hidden) return;
      for (const [picture, item] of items) {
        const button = find("button", HTMLButtonElement, item);
        button.dataset.state = picture.state;
        button.setAttribute("aria-current", String(picture === shown));
        const { thumbnail } = picture;
        if (thumbnail) find(".listed-thumbnail", HTMLElement, item).replaceChildren(thumbnail);
        find(".listed-text", HTMLElement, item).textContent = describePicture(picture);
      }
      again.hidden = !pictures.some(canRetry);
      copied.textContent = "";
    },
  };
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
