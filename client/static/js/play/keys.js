// The keys of the play page.

/** @typedef {import("./send-queue.js").Action} Action */

const ACTIONS = /** @type {Record<string, Action>} */ ({ z: "undo", x: "clear", s: "skip", " ": "skip" });

/**
 * @param {() => string | undefined} getState of the page
 * @param {{ act: (action: Action) => void, playAgain: () => void, start: () => void }} actions
 */
export function listenToKeys(getState, { act, playAgain, start }) {
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.metaKey || event.repeat || event.target instanceof HTMLInputElement) return;
    const state = getState();
    const isOnControl = event.target instanceof Element && event.target.closest("button, a, summary") !== null;
    const action = ACTIONS[event.key.toLowerCase()];
    if (state === "playing" && action && !(isOnControl && event.key === " ") && (!event.ctrlKey || action === "undo")) {
      event.preventDefault();
      act(action);
    } else if (state === "result" && event.key === "Enter" && !isOnControl) {
      event.preventDefault();
      playAgain();
    } else if (state === "form" && event.key === "Enter" && event.target === document.body) {
      start();
    }
  });
}
