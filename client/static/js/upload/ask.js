// Asks before a text that somebody has corrected is read again.

import { find } from "../parts/dom.js";

/**
 * @param {HTMLDialogElement} dialog
 * @returns {(reading: import("./reading.js").Reading | null) => Promise<boolean>} whether a reading may be replaced.
 *   Nothing is asked if nobody has corrected it.
 */
export function createQuestion(dialog) {
  find("[data-testid=ask-yes]", HTMLButtonElement, dialog).addEventListener("click", () => dialog.close("yes"));
  find("[data-testid=ask-no]", HTMLButtonElement, dialog).addEventListener("click", () => dialog.close(""));

  return async (reading) => {
    if (!reading?.changes.length) return true;
    if (dialog.open) return false; // it was pressed twice quickly
    dialog.returnValue = "";
    dialog.showModal();
    await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
    return dialog.returnValue === "yes";
  };
}
