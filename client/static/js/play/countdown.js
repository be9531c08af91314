// 3, 2, 1 on the paper before a game's clock runs. The first target is in sight meanwhile.

import { find, restartAnimation } from "../parts/dom.js";

/**
 * @param {HTMLElement} game
 * @param {{ onCount: (seconds: number) => void, onGo: () => void }} listeners onCount hears 3, 2 and 1
 */
export function createCountdown(game, { onCount, onGo }) {
  const display = find(".play-countdown", HTMLElement, game);
  let timer = 0;

  /** @param {number} endsAt on the page's clock */
  function count(endsAt) {
    const left = endsAt - performance.now();
    if (left <= 0) {
      stop();
      onGo();
      return;
    }
    const seconds = Math.ceil(left / 1000);
    display.textContent = String(seconds);
    restartAnimation(display);
    onCount(seconds);
    timer = setTimeout(count, left - 1000 * (seconds - 1), endsAt);
  }

  function stop() {
    clearTimeout(timer);
    display.hidden = true;
  }

  return {
    /** @param {number} ms until the clock runs */
    start(ms) {
      stop();
      display.hidden = false;
      count(performance.now() + ms);
    },
    stop,
  };
}
