// One row for each character of a picture: where it was, what was read, and whether that is right.

import { sendLabel } from "../api.js";
import { copyTemplate, find, setText } from "../parts/dom.js";
import { createFeedback } from "../parts/feedback.js";
import { formatPercent, nameCharacter } from "../parts/format.js";

/**
 * @param {HTMLElement} list
 * @param {import("../../../types/api").Uploaded} uploaded
 * @param {import("./picture.js").Picture} picture
 * @param {string} alphabet
 */
export function showRows(list, uploaded, picture, alphabet) {
  const rows = uploaded.characters.map((character, i) => {
    const row = copyTemplate("character");
    row.dataset.sure = String(character.sure);
    setText(".character-number", String(i + 1), row);
    setText(".character-label", character.label, row);
    setText(".character-name", nameCharacter(character.label), row);
    setText(".character-share", formatPercent(character.confidence), row);
    find(".character-doubt", HTMLElement, row).hidden = character.sure;
    find(".character-crop", HTMLElement, row).append(picture.crop(character.box, uploaded));
    find("img", HTMLImageElement, row).src = character.image;

    const feedback = createFeedback((label) => sendLabel(character.round, label));
    feedback.ask(character.label, alphabet);
    row.append(feedback.element);

    for (const event of ["pointerenter", "focusin"]) row.addEventListener(event, () => picture.highlight(i));
    for (const event of ["pointerleave", "focusout"]) row.addEventListener(event, () => picture.highlight(null));
    return row;
  });
  list.replaceChildren(...rows);
  list.dataset.many = String(rows.length > 1);
  picture.onPick((i) => {
    rows[i].scrollIntoView({ block: "nearest" });
    find("button", HTMLButtonElement, rows[i]).focus({ preventScroll: true });
  });
}
