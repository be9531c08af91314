// Whom to race, on the form before a game: nobody, the player's best, the best of today, or the game of a link.

import { ApiError, getJSON } from "../api.js";
import { find, make } from "../parts/dom.js";
import { formatNumber } from "../parts/format.js";
import { t } from "../parts/messages.js";
import { canRace } from "../parts/race.js";
import { loadBest } from "./memory.js";
import { loadGame } from "./stored-game.js";

/** @typedef {import("../../../types/api").Leaderboard} Leaderboard */
/** @typedef {import("../../../types/api").FinishedGame} FinishedGame */
/** @typedef {{ game: string, label: string, score: number }} Rival */

const MODE = "sprint"; // the mode of every race

/** @param {Pick<FinishedGame, "player" | "has_own_name">} finished @returns {string} what to call it in a race */
export function nameGhost({ player, has_own_name }) {
  return has_own_name ? player : t("ghost.unnamed");
}

/** @param {HTMLFormElement} form */
export function createGhostChoice(form) {
  const choices = make("fieldset", { class: "choices ghost-choice", "data-testid": "ghost-choice", hidden: true });
  find(".play-start", HTMLElement, form).after(choices);

  /** @type {{ alphabet: string, rival: Rival } | null} the game of the link */
  let linked = null;
  let shown = ""; // the alphabet
  let chosen = ""; // the id of a game

  /** @param {string} alphabet @returns {Promise<Rival[]>} */
  async function findRivals(alphabet) {
    /** @type {Rival[]} */
    const rivals = linked?.alphabet === alphabet ? [linked.rival] : [];
    if (!loadBest(MODE, alphabet)) return rivals; // they do not know the game yet
    const query = new URLSearchParams({ mode: MODE, alphabet, limit: "1" });
    /** @type {Leaderboard[]} */
    const [ever, today] = await Promise.all(
      ["all", "day"].map((period) => getJSON(`/api/leaderboard?${query}&period=${period}`)),
    );
    const best = ever.you && { game: ever.you.game, label: t("ghost.your_best"), score: ever.you.score };
    const [first] = today.entries;
    const days = first && { game: first.game, label: t("ghost.days_best"), score: first.score };
    for (const rival of [best, days]) {
      if (rival && !rivals.some(({ game }) => game === rival.game)) rivals.push(rival);
    }
    return rivals;
  }

  /** @param {string} text @param {string} game @param {string} testid */
  function makeChoice(text, game, testid) {
    const input = make("input", { type: "radio", name: "ghost", value: game, "data-testid": testid, autocomplete: "off" });
    input.checked = game === chosen;
    return make("label", { class: "choice" }, input, make("span", {}, text));
  }

  /** @param {Rival[]} rivals */
  function show(rivals) {
    if (!rivals.some(({ game }) => game === chosen)) chosen = "";
    choices.replaceChildren(
      make("legend", { class: "visually-hidden" }, t("ghost.against")),
      make("span", { class: "ghost-against", "aria-hidden": true }, t("ghost.against")),
      makeChoice(t("ghost.nobody"), "", "ghost-nobody"),
      ...rivals.map(({ game, label, score }, i) => makeChoice(`${label}: ${formatNumber(score)}`, game, `ghost-${i}`)),
    );
    choices.hidden = !rivals.length;
  }

  choices.addEventListener("change", () => {
    const input = choices.querySelector("input:checked");
    chosen = input instanceof HTMLInputElement ? input.value : "";
  });

  return {
    /**
     * Show whom the player may race with these settings.
     *
     * @param {string} mode
     * @param {string} alphabet
     */
    async refresh(mode, alphabet) {
      if (mode !== MODE) {
        shown = "";
        choices.hidden = true;
        return;
      }
      shown = alphabet;
      const rivals = await findRivals(alphabet).catch(() => []);
      if (shown === alphabet) show(rivals);
    },
    /** @returns {{ game: string, label: string } | null} whom the player has chosen */
    get() {
      const text = choices.hidden ? null : choices.querySelector("input:checked + span")?.textContent;
      return chosen && text ? { game: chosen, label: text.slice(0, text.lastIndexOf(":")) } : null;
    },
    /**
     * Offer the game of a link, and choose it.
     *
     * @param {string} game its id
     * @returns {Promise<FinishedGame>}
     * @throws {ApiError} if there is no such game, or nobody can race it
     */
    async link(game) {
      const finished = await loadGame(game);
      const reason = finished.withheld === "daily" ? "daily_first" : "cannot_race";
      if (!canRace(finished)) throw new ApiError(reason, t(`ghost.${reason}`), 0);
      linked = { alphabet: finished.alphabet, rival: { game, label: nameGhost(finished), score: finished.score } };
      chosen = game;
      return finished;
    },
  };
}
