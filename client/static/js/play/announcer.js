// What screen readers say during a game: how a round ended, the guess once it stays, and the last seconds.

import { nameCharacter } from "../parts/format.js";
import { t } from "../parts/messages.js";
import { SKIP_COST_MS } from "../parts/tuning.js";
import { describePraise } from "./stamp.js";

/** @typedef {import("./game-view.js").Ending} Ending */

const SETTLED_MS = 1_500; // a guess that stays this long is said; most change or are hits before

/** @param {HTMLElement} element a live region */
export function createAnnouncer(element) {
  let guess = "";
  let timer = 0;

  /** @param {string} text said once: reconnecting may take several attempts */
  function announce(text) {
    if (element.textContent !== text) element.textContent = text;
  }

  /** @param {Ending} hit */
  function describeHit(hit) {
    const name = nameCharacter(hit.target);
    const texts = [t("game.read", { character: name }), hit.points ? `+${hit.points}` : "", describePraise(hit, name)];
    return texts.filter(Boolean).join(" ");
  }

  return {
    announce,
    /** @param {Ending} verdict @param {boolean} hasClock */
    announceVerdict(verdict, hasClock) {
      // Emptied first, because two skips in a row read the same.
      element.textContent = "";
      const skipped = hasClock ? t("game.skipped_cost", { seconds: SKIP_COST_MS / 1000 }) : t("game.skipped");
      if (verdict.outcome === "hit") announce(describeHit(verdict));
      else if (verdict.outcome === "skip") announce(skipped);
    },
    /** @param {string} label what the model sees now; empty for nothing */
    noteGuess(label) {
      if (label === guess) return;
      guess = label;
      clearTimeout(timer);
      if (label) timer = setTimeout(() => announce(t("game.settled", { character: nameCharacter(label) })), SETTLED_MS);
    },
    /** @param {number} seconds on the clock, of which few are left */
    announceTime: (seconds) => announce(t("game.seconds_left", { count: seconds })),
    reset() {
      clearTimeout(timer);
      guess = "";
      element.textContent = "";
    },
  };
}
