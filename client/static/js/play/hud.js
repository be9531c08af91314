// Shows the figures of a running game: the target, the clock, the score and the live guess.

import { find, make } from "../parts/dom.js";
import { formatPercent, nameCharacter } from "../parts/format.js";
import { showWithGlyph } from "../parts/glyph.js";
import { t } from "../parts/messages.js";
import { createAnnouncer } from "./announcer.js";
import { isMilestone } from "./stamp.js";

/** @typedef {import("../../../types/protocol").Welcome} Welcome */
/** @typedef {import("../../../types/protocol").Guess} Guess */

const HURRY_MS = 10_000;

/**
 * @param {HTMLElement} play
 * @param {Pick<ReturnType<typeof import("./sounds.js").createSounds>, "play">} sounds
 */
export function createHud(play, sounds) {
  const clock = find(".play-clock span", HTMLElement, play);
  const time = find("[data-testid=time]", HTMLElement, play);
  const score = find("[data-testid=score]", HTMLElement, play);
  const combo = find("[data-testid=combo]", HTMLElement, play);
  const target = find("[data-testid=target]", HTMLElement, play);
  const targetWords = find(".play-target-words", HTMLElement, play);
  const guess = find("[data-testid=guess]", HTMLElement, play);
  const announcer = createAnnouncer(find(".play-announcement", HTMLElement, play));

  let fullMs = 60_000; // the time that a full clock bar stands for
  /** @type {number | null} when the time is up, by the page's clock; only for display, since the server decides */
  let endsAt = null;
  let shownThousandths = -1; // of the clock bar

  function tick() {
    requestAnimationFrame(tick);
    if (endsAt !== null && play.dataset.state === "playing") showTime(Math.max(0, endsAt - performance.now()));
  }
  tick();

  /** @param {number} left ms */
  function showTime(left) {
    const seconds = String(Math.ceil(left / 1000));
    const isHurry = left < HURRY_MS && fullMs > HURRY_MS;
    // Each change makes the browser paint, so there is none that nobody sees.
    const thousandths = Math.round(1000 * Math.min(1, left / fullMs));
    if (thousandths !== shownThousandths) clock.style.scale = `${thousandths / 1000} 1`;
    shownThousandths = thousandths;
    if (play.dataset.hurry !== String(isHurry)) {
      play.dataset.hurry = String(isHurry);
      if (isHurry && left > 0) announcer.announceTime(Number(seconds));
    }
    if (time.textContent === seconds) return;
    time.textContent = seconds;
    if (left > 0 && isHurry) sounds.play("tick");
  }

  /** @param {number | null} remaining ms; null if the game has no clock */
  function setClock(remaining) {
    endsAt = remaining === null ? null : performance.now() + remaining;
    if (remaining !== null) {
      fullMs = Math.max(fullMs, remaining);
      showTime(remaining);
    }
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
    const words = /\d/.test(character) ? t("game.digit", { character }) : nameCharacter(character);
    showWithGlyph(targetWords, words, character);
    showGuess([]);
  }

  /** @param {Guess["candidates"]} candidates best first; none hides the guess @param {boolean} [isLikely] */
  function showGuess(candidates, isLikely = true) {
    const [label, share] = candidates[0] ?? ["", 0];
    announcer.noteGuess(isLikely ? label : "");
    guess.dataset.right = String(label !== "" && isLikely && label === target.textContent);
    if (label && !isLikely) {
      guess.replaceChildren(t("game.no_idea"));
      return;
    }
    const [before, after] = t("game.guess", { character: "|", share: formatPercent(share) }).split("|");
    guess.replaceChildren(...(label ? [before, make("b", {}, label), after] : []));
  }

  return {
    /** @param {Pick<Welcome, "duration_ms" | "remaining_ms" | "score" | "combo">} game */
    startGame(game) {
      fullMs = game.duration_ms ?? fullMs;
      setClock(game.remaining_ms);
      showScore(game);
      showTarget("");
      announcer.reset();
      play.dataset.milestone = "false";
    },
    setClock,
    stopClock,
    announce: announcer.announce,
    showScore,
    showTarget,
    showGuess,
    /** @param {import("./game-view.js").Ending} verdict */
    announceVerdict(verdict) {
      announcer.announceVerdict(verdict, play.dataset.clock === "true");
      play.dataset.milestone = String(verdict.outcome === "hit" && isMilestone(verdict.combo));
    },
  };
}
