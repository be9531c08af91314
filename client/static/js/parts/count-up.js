// Counts a number up on the page. People who want less motion see it at once.

import { formatNumber } from "./format.js";
import { isMotionReduced } from "./settings.js";

const COUNT_MS = 900;

/**
 * @param {HTMLElement} element
 * @param {number} number
 */
export function countUp(element, number) {
  const startedAt = performance.now();
  const isStill = isMotionReduced();
  const step = () => {
    const share = isStill ? 1 : Math.min(1, (performance.now() - startedAt) / COUNT_MS);
    element.textContent = formatNumber(Math.round(number * (1 - (1 - share) ** 3)));
    if (share < 1 && element.isConnected) requestAnimationFrame(step);
  };
  step();
}
