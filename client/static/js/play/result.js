// The result of a game: the figures, what changed against earlier games, where the player stands, and every drawing.

import { getTitle } from "../parts/alphabets.js";
import { countUp } from "../parts/count-up.js";
import { find, make, setText } from "../parts/dom.js";
import { formatNumber, formatPercent } from "../parts/format.js";
import { makeHowTo } from "../parts/how-to.js";
import { lockInput } from "../parts/lock.js";
import { t } from "../parts/messages.js";
import { LEAST_RANKED_HITS } from "../parts/tuning.js";
import { explainUnranked } from "../parts/unranked.js";
import { createCard } from "./card.js";
import { describeRank } from "./describe.js";
import { loadBest, saveScore } from "./memory.js";
import { listMissed } from "./misses.js";
import { createRoundList } from "./round-list.js";
import { loadStandings } from "./standings.js";

/** @typedef {import("../parts/geometry.js").Stroke[]} Strokes */
/** @typedef {Omit<import("../../../types/protocol").Over, "type">} Over */
/**
 * @typedef {object} Finished a game to show
 * @property {Over} over
 * @property {string} mode
 * @property {string} alphabet
 * @property {Map<number, Strokes>} strokesByRound the drawings that this page has
 * @property {string[]} [known] the characters of which this game has shown enough drawings to know them
 * @property {string} [title] in place of the usual one
 * @property {string} [reason] why the game ended early
 * @property {boolean} [isUnfinished] whether the server may not have ended it yet: then it has no rank and no card
 * @property {boolean} [isOld] whether it was shown before: then nothing is counted up, and no best is new
 */

const MOST_HELP = 2; // characters at a time

/**
 * @param {number} score
 * @param {number} best before it, 0 if there is none
 * @param {boolean} isBest whether the score is better, and counts
 * @param {string} mode
 * @returns {string}
 */
function describeChange(score, best, isBest, mode) {
  if (!score) return "";
  if (!best) return isBest ? t(mode === "daily" ? "result.first_daily" : "result.first") : "";
  const points = Math.abs(score - best);
  const values = { points, count: points, best };
  if (isBest) return t("result.new_best", values);
  return points ? t("result.short_of_best", values) : t("result.equals_best");
}

/** @param {HTMLElement} play */
export function createResult(play) {
  const section = find(".result", HTMLElement, play);
  const list = createRoundList(find(".result-rounds", HTMLElement, section));
  const standings = find(".result-standings", HTMLElement, section);
  const card = createCard(section);
  const help = find(".result-help", HTMLElement, section);
  const count = find(".result-count", HTMLElement, section);
  /** @type {Finished | null} */
  let current = null;

  /** @param {Finished} finished */
  async function showStandings({ over, mode, alphabet, isOld }) {
    const rows = await loadStandings(mode, alphabet, over.game).catch(() => []);
    if (current?.over.game !== over.game) return;
    // The player's best may be from another browser.
    const best = Math.max(...rows.map(({ score }) => score));
    if (best > loadBest(mode, alphabet)) {
      saveScore(mode, alphabet, best);
      setText(".result-best", formatNumber(best), section);
      if (!isOld) setText(".result-change", describeChange(over.score, best, false, mode), section);
      section.dataset.best = "false";
    }
    standings.replaceChildren(
      ...rows.map(({ period, rank, words, link }) =>
        make(
          "li",
          { "data-period": period },
          make("a", { href: link }, make("span", {}, t(`result.period_${period}`)), " ", make("b", {}, rank)),
          " ",
          make("span", { class: "result-gap" }, words),
        ),
      ),
    );
  }

  /**
   * Remember the score, and say how it compares with the best before it.
   *
   * @param {Finished} finished
   */
  function compareWithBest({ over, mode, alphabet, isOld }) {
    const best = loadBest(mode, alphabet);
    // A game with few hits is honest, though it is not ranked.
    const mayCount = !over.unranked || over.hits < LEAST_RANKED_HITS;
    const isBest = !isOld && mayCount && over.score > best;
    if (isBest) saveScore(mode, alphabet, over.score);
    section.dataset.best = String(isBest);
    return isOld ? "" : describeChange(over.score, best, isBest, mode);
  }

  /** @param {Over} over Show how others write what the player has missed often. */
  async function showHelp({ game, rounds }) {
    help.replaceChildren();
    const howTos = await Promise.all(
      listMissed(rounds)
        .slice(0, MOST_HELP)
        .map((character) => makeHowTo(character).catch(() => "")),
    );
    if (current?.over.game === game) help.replaceChildren(...howTos);
  }

  /** @param {Finished} finished */
  function showRank(finished) {
    const { over, mode, alphabet, isUnfinished } = finished;
    const isScored = mode !== "practice";
    if (isScored && over.hits && !isUnfinished) card.show(over.game, mode === "daily");
    else card.hide();
    const rank = mode === "daily" ? null : over.rank; // that of a daily stands among the standings
    setText(".result-rank", isScored ? describeRank({ ...over, rank }, getTitle(alphabet)) : "", section);
    setText(".result-unranked", over.score ? explainUnranked(over) : "", section);
    standings.replaceChildren();
    if (isScored && over.score && !over.unranked && !isUnfinished) showStandings(finished);
  }

  return {
    /** @param {Finished} finished */
    show(finished) {
      const { over, mode, alphabet, strokesByRound, known = [], title, reason, isOld } = finished;
      const isScored = mode !== "practice";
      current = finished;
      if (!isOld) lockInput();
      play.dataset.scored = String(isScored);
      play.dataset.rounds = String(over.rounds.length);
      setText(".result-again", t(mode === "daily" ? "daily.sprint" : "result.again"), section);
      setText(".result-title", title ?? t(isScored ? "result.time_up" : "result.practice_over"), section);
      setText(".result-reason", reason ?? "", section);
      setText("[data-testid=result-score]", formatNumber(over.score), section);
      if (isOld) count.textContent = formatNumber(over.score);
      else countUp(count, over.score);
      setText(".result-change", isScored ? compareWithBest(finished) : "", section);
      showRank(finished);
      setText(".result-known", known.length ? t("result.known", { characters: known.join(", ") }) : "", section);
      setText(".result-hits", t("result.hits_of", { hits: over.hits, rounds: over.rounds.length }), section);
      setText(".result-accuracy", formatPercent(over.accuracy), section);
      setText(".result-combo", formatNumber(over.best_combo), section);
      setText(".result-best", formatNumber(loadBest(mode, alphabet)), section);
      const board = new URLSearchParams({ mode: isScored ? mode : "sprint", alphabet });
      find(".result-leaders", HTMLAnchorElement, section).href = `/leaderboard?${board}#you`;
      showHelp(over);
      list.show(over.game, over.rounds, alphabet, strokesByRound);
    },
    /**
     * Show what the server has of the game that is shown: it may have ended it later than this page left it.
     *
     * @param {Over} over
     * @param {Map<number, Strokes>} strokesByRound
     */
    update(over, strokesByRound) {
      if (!current || over.game !== current.over.game) return;
      const isLonger = over.rounds.length > current.over.rounds.length;
      const updated = { ...current, over, strokesByRound, isUnfinished: false };
      if (isLonger) this.show({ ...updated, isOld: true });
      else showRank(updated);
    },
    focus: () => section.focus({ preventScroll: true }),
    /** @returns {string} the id of the game that is shown */
    get game() {
      return current?.over.game ?? "";
    },
  };
}
