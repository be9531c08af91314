// What the page says while the server does not answer. It stands where the tools are, which are of no use meanwhile.

import { find } from "../parts/dom.js";
import { t } from "../parts/messages.js";
import { SEAT_SECONDS } from "../parts/tuning.js";

/**
 * @param {HTMLElement} game
 * @param {(text: string) => void} announce
 */
export function createNotice(game, announce) {
  const notice = find(".play-offline", HTMLElement, game);
  let timer = 0;
  let lostAt = 0; // 0 while the connection stands

  /** @param {string} text */
  function show(text) {
    notice.hidden = false;
    notice.textContent = text;
  }

  function hide() {
    clearInterval(timer);
    lostAt = 0;
    notice.hidden = true;
  }

  return {
    get isShown() {
      return !notice.hidden;
    },
    hide,
    /** @param {string} text why the game waits, while its clock stands still */
    showPause(text) {
      hide();
      show(text);
      announce(text);
    },
    /** @param {boolean} hasClock Say that the connection is lost, and how long the server still waits. */
    showLoss(hasClock) {
      if (lostAt) return; // another try has failed
      hide();
      lostAt = performance.now();
      const count = () => {
        const seconds = SEAT_SECONDS - Math.floor((performance.now() - lostAt) / 1000);
        if (seconds > 0) show(t(hasClock ? "game.lost_clock" : "game.lost", { seconds }));
        else show(t("game.lost_over"));
      };
      count();
      timer = setInterval(count, 1000);
      announce(t(hasClock ? "game.lost_clock" : "game.lost", { seconds: SEAT_SECONDS }));
    },
  };
}
