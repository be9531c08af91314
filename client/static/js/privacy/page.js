// The privacy page: deleting everything, asked twice.

import { deleteJSON } from "../api.js";
import { find, sentence } from "../parts/page.js";
import { forget } from "../play/memory.js";

/** @typedef {"idle" | "asked" | "sure" | "deleting" | "deleted"} State */

const yours = find(".privacy-yours", HTMLElement);
const done = find(".privacy-done", HTMLElement);
const problem = find(".privacy-problem", HTMLElement);

/** @param {State} state */
function show(state) {
  yours.dataset.state = state;
  // The question takes the place of the button that was pressed, and the focus with it.
  const button = yours.querySelector(`[data-for="${state}"] button`);
  if (button instanceof HTMLElement) button.focus();
}

/** @param {number} count @param {string} one @param {string} many */
function counted(count, one, many) {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}

async function deleteAll() {
  problem.textContent = "";
  show("deleting");
  try {
    /** @type {{ rounds: number, games: number }} */
    const { rounds, games } = await deleteJSON("/api/me");
    forget();
    const what = `${counted(rounds, "drawing", "drawings")} and ${counted(games, "game", "games")}`;
    done.textContent =
      rounds || games
        ? `Deleted: ${what}, with your name, your places on the boards and the cookie.`
        : "There was nothing of you here. The cookie is gone too.";
    show("deleted");
    done.focus();
  } catch (error) {
    problem.textContent = sentence(error);
    show("idle");
  }
}

find(".privacy-ask", HTMLElement).addEventListener("click", () => {
  problem.textContent = "";
  show("asked");
});
find(".privacy-go-on", HTMLElement).addEventListener("click", () => show("sure"));
find(".privacy-delete", HTMLElement).addEventListener("click", deleteAll);
for (const keep of yours.querySelectorAll(".privacy-keep")) keep.addEventListener("click", () => show("idle"));
