// The panel with the settings, which every page has (templates/parts/settings.html).

import { closeByPressBeside, find } from "../parts/dom.js";
import { getSetting, setSetting } from "../parts/settings.js";

/** @typedef {import("../parts/settings.js").Name} Name */

const panel = find("dialog.settings", HTMLDialogElement);
const boxes = panel.querySelectorAll("input");

for (const box of boxes) {
  box.addEventListener("change", () => {
    const value = box.checked ? box.value : (box.dataset.unchecked ?? "");
    setSetting(/** @type {Name} */ (box.name), value);
  });
}

for (const button of document.querySelectorAll(".settings-open")) {
  button.addEventListener("click", () => {
    for (const box of boxes) box.checked = getSetting(/** @type {Name} */ (box.name)) === box.value;
    panel.showModal();
  });
}

closeByPressBeside(panel);
