// The keys of the draw page.

import { hasShortcuts } from "../parts/settings.js";

/**
 * @param {{ undo: () => void, clear: () => void, yes: () => void, no: () => void }} actions
 */
export function listenToKeys(actions) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || isTyping(event.target)) return;
    if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !hasShortcuts()) return;
    const act = event.ctrlKey || event.metaKey ? getControlAction(event) : !event.altKey && getAction(event);
    if (!act) return;
    event.preventDefault();
    act();
  });

  /** @param {KeyboardEvent} event */
  function getControlAction(event) {
    return event.key.toLowerCase() === "z" && !event.shiftKey ? actions.undo : undefined;
  }

  /** @param {KeyboardEvent} event */
  function getAction(event) {
    return {
      u: actions.undo,
      backspace: actions.undo,
      escape: actions.clear,
      delete: actions.clear,
      y: actions.yes,
      n: actions.no,
    }[event.key.toLowerCase()];
  }
}

/** @param {EventTarget | null} target */
function isTyping(target) {
  return target instanceof HTMLInputElement && target.type !== "radio";
}
