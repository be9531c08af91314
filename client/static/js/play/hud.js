// Shows a running game: the target, the clock, the score, the live guess and the stamp of a hit.

import { find, make } from "../parts/dom.js";
import { formatPercent, nameCharacter } from "../parts/format.js";

/** @typedef {import("../../../types/protocol").Welcome} Welcome */
/** @typedef {import("../../../types/protocol").Verdict} Verdict */
/** @typedef {import("../../../types/protocol").Guess} Guess */

const HURRY_MS = 10_000;
const STAMP_MS = 1_100;

/** @param {HTMLElement} play */
export function createHud(play) {
  const clock = find(".play-clock span", HTMLElement, play);
  const time = find("[data-testid=time]", HTMLElement, play);
  const score = find("[data-testid=score]", HTMLElement, play);
  const combo = find("[data-testid=combo]", HTMLElement, play);
  const target = find("[data-testid=target]", HTMLElement, play);
  const targetWords = find(".play-target-words", HTMLElement, play);
  const guess = find("[data-testid=guess]", HTMLElement, play);
  const stamp = find(".play-stamp", HTMLElement, play);
  const announcement = find(".play-announcement", HTMLElement, play);

  let fullMs = 60_000; // the time that a full clock bar stands for
  /** @type {number | null} when the time is up, by the page's clock; only for display, since the server decides */
  let endsAt = null;
  let stampTimer = 0;

  function tick() {
    requestAnimationFrame(tick);
    if (endsAt === null || play.dataset.state !== "playing") return;
    const left = Math.max(0, endsAt - performance.now());
    const seconds = String(Math.ceil(left / 1000));
    if (time.textContent !== seconds) time.textContent = seconds;
    clock.style.scale = `${Math.min(1, left / fullMs)} 1`;
    play.dataset.hurry = String(left < HURRY_MS);
  }
  tick();

  /** @param {number | null} remaining ms; null if the game has no clock */
  function setClock(remaining) {
    endsAt = remaining === null ? null : performance.now() + remaining;
    if (remaining !== null) fullMs = Math.max(fullMs, remaining);
    play.dataset.clock = String(remaining !== null);
  }

  /** Let the clock show what it shows, until it is set again. */
  function stopClock() {
    endsAt = null;
  }

  /** @param {{ score: number, combo: number }} game */
  function showScore(game) {
    score.textContent = String(game.score);
    combo.textContent = String(game.combo);
  }

  /** @param {string} character empty for none */
  function showTarget(character) {
    target.textContent = character;
    targetWords.textContent = /\d/.test(character) ? `digit ${character}` : nameCharacter(character);
    showGuess([]);
  }

  /** @param {Guess["candidates"]} candidates best first; none hides the guess */
  function showGuess(candidates) {
    const [label, share] = candidates[0] ?? ["", 0];
    guess.replaceChildren(...(label ? ["I see ", make("b", {}, label), ` ${formatPercent(share)}`] : []));
    guess.dataset.right = String(label !== "" && label === target.textContent);
  }

  return {
    /** @param {Pick<Welcome, "duration_ms" | "remaining_ms" | "score" | "combo">} game */
    startGame(game) {
      fullMs = game.duration_ms ?? fullMs;
      setClock(game.remaining_ms);
      showScore(game);
      showTarget("");
      announcement.textContent = "";
    },
    setClock,
    stopClock,
    /** @param {string} text said by screen readers, once: reconnecting may take several attempts */
    announce(text) {
      if (announcement.textContent !== text) announcement.textContent = text;
    },
    showScore,
    showTarget,
    showGuess,
    /** @param {Pick<Verdict, "outcome" | "target" | "points" | "bonus_ms">} verdict */
    showVerdict(verdict) {
      const isHit = verdict.outcome === "hit";
      const bonus = isHit && verdict.bonus_ms > 0 ? `+${verdict.bonus_ms / 1000} s` : "";
      const points = isHit && verdict.points ? `+${verdict.points}` : "";
      announcement.textContent = isHit ? `I read ${nameCharacter(verdict.target)}. ${points} ${bonus}` : "";
      stamp.dataset.outcome = verdict.outcome;
      stamp.replaceChildren(
        ...[verdict.target, points, bonus].filter(Boolean).map((text) => make("span", {}, text)),
      );
      stamp.classList.remove("is-new");
      void stamp.offsetWidth; // restarts the animation
      stamp.classList.add("is-new");
      clearTimeout(stampTimer);
      stampTimer = setTimeout(() => stamp.classList.remove("is-new"), STAMP_MS);
    },
  };
}
