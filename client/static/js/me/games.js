// Lists of the player's games, each with a link to its replay.

import { getTitle } from "../parts/alphabets.js";
import { make } from "../parts/dom.js";
import { formatDate } from "../parts/format.js";
import { hasMessage, t } from "../parts/messages.js";

/** @typedef {import("../../../types/api").MyGame} MyGame */

/** @param {MyGame[]} games @returns {HTMLElement[]} */
export function makeGames(games) {
  return games.map(({ game, mode, alphabet, score, hits, prompts, at }) => {
    const title = `${nameMode(mode)} · ${getTitle(alphabet)}`;
    const figure =
      mode === "practice" ? t("letters.of", { hits, rounds: prompts }) : t("letters.points", { count: score });
    return make(
      "li",
      {},
      make(
        "a",
        { class: "my-game", href: `/games/${encodeURIComponent(game)}` },
        make("span", { class: "my-game-title" }, title),
        " ",
        make("b", {}, figure),
        " ",
        make("time", { datetime: at }, formatDate(at, { day: "numeric", month: "short" })),
      ),
    );
  });
}

/** @param {string} mode */
function nameMode(mode) {
  return hasMessage(`modes.${mode}`) ? t(`modes.${mode}`) : mode;
}
