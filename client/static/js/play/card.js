// The card of a game: a text that tells how it went, but not what was drawn. It can be shared, and so can a picture.

import { find, setText } from "../parts/dom.js";
import { copyLink, getGameLink, sharePicture, shareText } from "../parts/share.js";
import { drawSigns } from "../parts/signs.js";
import { describeNext, describeStreak, loadDaily } from "./daily.js";
import { loadScores } from "./stored-game.js";

/** @param {HTMLElement} section */
export function createCard(section) {
  const share = find(".result-share", HTMLElement, section);
  const card = find(".card", HTMLElement, section);
  let shown = ""; // the id of the game
  let text = "";

  /** @param {Promise<string>} saying what to tell the player */
  async function say(saying) {
    setText(".result-shared", "", section);
    setText(".result-shared", await saying, section);
  }

  find("[data-testid=share]", HTMLButtonElement, section).addEventListener("click", () =>
    say(shareText(text, getGameLink(shown))),
  );
  find("[data-testid=share-picture]", HTMLButtonElement, section).addEventListener("click", () => say(sharePicture(shown)));
  find("[data-testid=copy-link]", HTMLButtonElement, section).addEventListener("click", () => say(copyLink(getGameLink(shown))));

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
