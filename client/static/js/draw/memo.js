// After a label: says that the drawing will help to read its player, and offers to forget it.

import { deleteJSON, describeError } from "../api.js";
import { make } from "../parts/dom.js";
import { nameCharacter } from "../parts/format.js";
import { t } from "../parts/messages.js";

/** @typedef {import("../../../types/api").FeedbackTaken} FeedbackTaken */

export function createMemo() {
  const words = make("p", { class: "memo-words", role: "status", tabindex: -1 });
  const forget = make("button", { type: "button", class: "button button-quiet", "data-testid": "forget" }, t("drawing.forget"));
  const link = make("a", { href: "/me/hand", "data-testid": "learned" }, t("drawing.see_learned"));
  const element = make("div", { class: "memo", "data-testid": "memo", hidden: true }, words, link, forget);
  let round = "";

  async function forgetRound() {
    const asked = round;
    forget.disabled = true;
    try {
      await deleteJSON(`/api/me/hand/rounds/${asked}`);
      if (asked !== round) return;
      words.textContent = t("drawing.forgotten");
      words.focus({ preventScroll: true }); // the button that had it goes
      forget.hidden = true;
    } catch (error) {
      if (asked === round) words.textContent = describeError(error);
    } finally {
      forget.disabled = false;
    }
  }

  forget.addEventListener("click", forgetRound);

  return {
    element,
    /** @param {FeedbackTaken} taken */
    show({ round: id, label, remembered: isRemembered }) {
      round = id;
      element.hidden = !isRemembered;
      forget.hidden = false;
      words.textContent = isRemembered ? t("drawing.remembered", { character: nameCharacter(label) }) : "";
    },
  };
}
