// The keys of the play page.

import { hasShortcuts } from "../parts/settings.js";

/** @typedef {import("./send-queue.js").Action} Action */

const ACTIONS = /** @type {Record<string, Action>} */ ({ z: "undo", x: "clear", s: "skip", " ": "skip" });

/**
 * @param {() => string | undefined} getState of the page
 * @param {object} actions
 * @param {(action: Action) => void} actions.act
 * @param {() => void} actions.playAgain
 * @param {() => void} actions.start
 * @param {() => void} actions.restart
 * @param {() => void} actions.quit
 * @param {() => void} actions.mute
 */
export function listenToKeys(getState, { act, playAgain, start, restart, quit, mute }) {
  const others = /** @type {Record<string, () => void>} */ ({ r: restart, q: quit, m: mute });

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey || event.metaKey || event.repeat) return;
    if (event.target instanceof HTMLInputElement) return;
    if (event.key.length === 1 && !event.ctrlKey && !hasShortcuts()) return;
    const state = getState();
    const isOnControl = event.target instanceof Element && event.target.closest("button, a, summary") !== null;
    const key = event.key.toLowerCase();
    const action = ACTIONS[key];
    if (state === "playing" && action && !(isOnControl && key === " ") && (!event.ctrlKey || action === "undo")) {
      event.preventDefault();
      act(action);
    } else if (state === "playing" && others[key] && !event.ctrlKey) {
      event.preventDefault();
      others[key]();
    } else if (state === "result" && key === "r" && !event.ctrlKey) {
      event.preventDefault();
      restart();
    } else if (state === "result" && event.key === "Enter" && !isOnControl) {
      event.preventDefault();
      playAgain();
    } else if (state === "form" && event.key === "Enter" && event.target === document.body) {
      start();
    }
  });
}
