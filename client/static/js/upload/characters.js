// One row for each character of a picture: what was found, what was read, and whether that is right.

import { postJSON } from "../api.js";
import { spoken } from "../parts/alphabets.js";
import { copyOf, find, percent } from "../parts/page.js";
import { createVerdict } from "../parts/verdict.js";

/**
 * @param {HTMLElement} list
 * @param {import("./page.js").Reading} reading
 * @param {import("./picture.js").Picture} picture
 * @param {string} alphabet
 */
export function showCharacters(list, reading, picture, alphabet) {
  const rows = reading.characters.map((character, place) => {
    const row = copyOf("character");
    find(".character-number", HTMLElement, row).textContent = String(place + 1);
    find(".character-label", HTMLElement, row).textContent = character.label;
    find(".character-name", HTMLElement, row).textContent = spoken(character.label);
    row.dataset.sure = String(character.sure);
    find(".character-doubt", HTMLElement, row).hidden = character.sure;
    find(".character-share", HTMLElement, row).textContent = percent(character.confidence);
    find(".character-crop", HTMLElement, row).append(picture.crop(character.box, reading));
    find("img", HTMLImageElement, row).src = character.image;

    const verdict = createVerdict((label) => postJSON(`/api/rounds/${character.round}/feedback`, { label }));
    verdict.ask(character.label, alphabet);
    row.append(verdict.element);

    for (const event of ["pointerenter", "focusin"]) row.addEventListener(event, () => picture.point(place));
    for (const event of ["pointerleave", "focusout"]) row.addEventListener(event, () => picture.point(null));
    return row;
  });
  list.replaceChildren(...rows);
  list.dataset.many = String(rows.length > 1);
  picture.onPick((place) => {
    rows[place].scrollIntoView({ block: "nearest" });
    find("button", HTMLButtonElement, rows[place]).focus({ preventScroll: true });
  });
}
