// A finished game in a dialog.

import { closeByPressBeside, find } from "../parts/dom.js";
import { createGameSheet } from "./game-sheet.js";

/** @param {() => void} onClose */
export function createGameDialog(onClose) {
  const dialog = find("dialog.game", HTMLDialogElement);
  const sheet = createGameSheet(dialog);

  closeByPressBeside(dialog);
  find(".dialog-close", HTMLButtonElement, dialog).addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    sheet.close();
    onClose();
  });

  return {
    /** @param {string} game its id */
    open(game) {
      if (!dialog.open) dialog.showModal();
      sheet.open(game);
    },
    close() {
      if (dialog.open) dialog.close();
    },
  };
}
