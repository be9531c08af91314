// The page "Your data": deletes everything, after asking twice.

import "../common/page.js";
import { deleteJSON, describeError } from "../api.js";
import { find } from "../parts/dom.js";
import { t } from "../parts/messages.js";
import { forgetEverything } from "../play/memory.js";

/** @typedef {"idle" | "asked" | "sure" | "deleting" | "deleted"} State */

const controls = find(".privacy-controls", HTMLElement);
const done = find(".privacy-done", HTMLElement);
const problem = find(".privacy-problem", HTMLElement);

/** @param {State} state */
function show(state) {
  controls.dataset.state = state;
  // The question replaces the button that was pressed, so the focus moves to it.
  const button = controls.querySelector(`[data-for="${state}"] button`);
  if (button instanceof HTMLElement) button.focus();
}

async function deleteEverything() {
  problem.textContent = "";
  show("deleting");
  try {
    /** @type {import("../../../types/api").DeletedMe} */
    const { rounds, games } = await deleteJSON("/api/me");
    forgetEverything();
    done.textContent =
      rounds || games
        ? t("deletion.done", {
            drawings: t("deletion.drawings", { count: rounds }),
            games: t("deletion.games", { count: games }),
          })
        : t("deletion.nothing");
    show("deleted");
    done.focus();
  } catch (error) {
    problem.textContent = describeError(error);
    show("idle");
  }
}

find(".privacy-ask", HTMLElement).addEventListener("click", () => {
  problem.textContent = "";
  show("asked");
});
find(".privacy-go-on", HTMLElement).addEventListener("click", () => show("sure"));
find(".privacy-delete", HTMLElement).addEventListener("click", deleteEverything);
for (const cancel of controls.querySelectorAll(".privacy-cancel")) cancel.addEventListener("click", () => show("idle"));
