// What is shown while playing: the target, the clock, the figures, the live guess and the stamp of a hit.

import { spoken } from "../parts/alphabets.js";
import { find, make, percent } from "../parts/page.js";

const HURRY_MS = 10_000;
const STAMP_MS = 1_100;

/** @param {HTMLElement} play */
export function createHud(play) {
  const clock = find(".play-clock span", HTMLElement, play);
  const time = find("[data-testid=time]", HTMLElement, play);
  const score = find("[data-testid=score]", HTMLElement, play);
  const combo = find("[data-testid=combo]", HTMLElement, play);
  const target = find("[data-testid=target]", HTMLElement, play);
  const words = find(".play-target-words", HTMLElement, play);
  const guess = find("[data-testid=guess]", HTMLElement, play);
  const stamp = find(".play-stamp", HTMLElement, play);
  const news = find(".play-news", HTMLElement, play);

  let whole = 60_000;
  /** @type {number | null} when the time is up, in the page's clock; the server alone decides, this only shows */
  let ends = null;
  let stamping = 0;

  function tick() {
    requestAnimationFrame(tick);
    if (ends === null || play.dataset.state !== "playing") return;
    const left = Math.max(0, ends - performance.now());
    const shown = String(Math.ceil(left / 1000));
    if (time.textContent !== shown) time.textContent = shown;
    clock.style.scale = `${Math.min(1, left / whole)} 1`;
    play.dataset.hurry = String(left < HURRY_MS);
  }
  tick();

  return {
    /** @param {{ duration_ms: number | null, remaining_ms: number | null, score: number, combo: number }} game */
    begin(game) {
      whole = game.duration_ms ?? whole;
      this.clock(game.remaining_ms);
      this.figures(game);
      target.textContent = "";
      words.textContent = "";
      news.textContent = "";
      this.guess(null);
    },
    /** @param {number | null} remaining ms */
    clock(remaining) {
      ends = remaining === null ? null : performance.now() + remaining;
      if (remaining !== null) whole = Math.max(whole, remaining);
      play.dataset.clock = String(remaining !== null);
    },
    /** @param {{ score: number, combo: number }} game */
    figures(game) {
      score.textContent = String(game.score);
      combo.textContent = String(game.combo);
    },
    /** @param {string} character */
    ask(character) {
      target.textContent = character;
      words.textContent = /\d/.test(character) ? `digit ${character}` : spoken(character);
      this.guess(null);
    },
    /** @param {[string, number][] | null} candidates */
    guess(candidates) {
      const [label, share] = candidates?.[0] ?? ["", 0];
      guess.replaceChildren(...(label ? ["I see ", make("b", {}, label), ` ${percent(share)}`] : []));
      guess.dataset.right = String(label !== "" && label === target.textContent);
    },
    /** @param {{ outcome: string, target: string, points: number, bonus_ms: number, combo: number }} verdict */
    judge(verdict) {
      const hit = verdict.outcome === "hit";
      const extra = hit && verdict.bonus_ms > 0 ? `+${verdict.bonus_ms / 1000} s` : "";
      const points = hit && verdict.points ? `+${verdict.points}` : "";
      news.textContent = hit ? `${spoken(verdict.target)} understood. ${points} ${extra}` : "";
      stamp.dataset.outcome = verdict.outcome;
      stamp.replaceChildren(
        ...[verdict.target, points, extra].filter(Boolean).map((text) => make("span", {}, text)),
      );
      stamp.classList.remove("is-new");
      void stamp.offsetWidth; // so that the animation begins anew
      stamp.classList.add("is-new");
      clearTimeout(stamping);
      stamping = setTimeout(() => stamp.classList.remove("is-new"), STAMP_MS);
    },
  };
}
