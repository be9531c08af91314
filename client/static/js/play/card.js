// The card of a game: a text that tells how it went, but not what was drawn. It can be shared or copied.

import { find, make, setText } from "../parts/dom.js";
import { t } from "../parts/messages.js";
import { describeNext, describeStreak, loadDaily } from "./daily.js";
import { loadScores } from "./stored-game.js";

/** The signs of a card, as the page draws them: the letters of its own paper have no emoji. */
const SIGNS = /** @type {Record<string, string>} */ ({ "🟨": "fast", "🟧": "medium", "🟫": "slow", "❌": "miss" });

/**
 * @param {string} text of a card
 * @returns {(HTMLElement | string)[]} the same with drawn signs
 */
function drawSigns(text) {
  return Array.from(text, (sign) => (SIGNS[sign] ? make("i", { "data-sign": SIGNS[sign] }) : sign));
}

/** @param {HTMLElement} section */
export function createCard(section) {
  const share = find(".result-share", HTMLElement, section);
  const card = find(".result-card", HTMLElement, section);
  const button = find("[data-testid=share]", HTMLButtonElement, section);
  let shown = ""; // the id of the game
  let text = "";

  async function send() {
    const message = `${text}\n${location.origin}/play`;
    try {
      if (navigator.share) await navigator.share({ text: message });
      else {
        await navigator.clipboard.writeText(message);
        setText(".result-shared", t("result.copied"), section);
      }
    } catch (error) {
      const isCanceled = error instanceof DOMException && error.name === "AbortError";
      if (!isCanceled) setText(".result-shared", t("result.not_copied"), section);
    }
  }
  button.addEventListener("click", send);

  return {
    /**
     * Show the card of a game once the server has it. A daily also tells the streak, and when the next one comes.
     *
     * @param {string} game its id
     * @param {boolean} isDaily
     */
    async show(game, isDaily) {
      shown = game;
      share.hidden = true;
      setText(".result-shared", "", section);
      setText(".result-next", "", section);
      const [stored, daily] = await Promise.all([
        loadScores(game).catch(() => null),
        isDaily ? loadDaily().catch(() => null) : null,
      ]);
      if (shown !== game || !stored?.card) return;
      text = stored.card;
      card.replaceChildren(...drawSigns(text));
      if (daily) {
        const words = [describeStreak(daily), describeNext(daily)];
        setText(".result-next", words.filter(Boolean).join(" "), section);
      }
      share.hidden = false;
    },
    hide() {
      shown = "";
      share.hidden = true;
    },
  };
}
