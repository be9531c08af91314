// The form that opens a class, and the list of those that were opened in this browser.

import { describeError, postJSON } from "../api.js";
import { getTitle } from "../parts/alphabets.js";
import { find, make } from "../parts/dom.js";
import { formatDate } from "../parts/format.js";
import { t } from "../parts/messages.js";
import { loadClasses } from "./tokens.js";

/** @typedef {import("../../../types/api").OpenedRoom} OpenedRoom */

/**
 * @param {HTMLElement} page
 * @param {(opened: OpenedRoom, alphabet: string) => void} onOpened
 */
export function createForm(page, onOpened) {
  const form = find(".class-form", HTMLFormElement, page);
  const button = find("[data-testid=open]", HTMLButtonElement, form);
  const problem = find(".class-form-problem", HTMLElement, form);
  const hint = find(".class-names-hint", HTMLElement, form);

  function showHint() {
    hint.textContent = t(`class.names_hint_${new FormData(form).get("names")}`);
  }

  async function open() {
    const fields = new FormData(form);
    const alphabet = String(fields.get("alphabet"));
    button.disabled = true;
    problem.hidden = true;
    try {
      const body = { alphabet, duration_s: Number(fields.get("seconds")), names: fields.get("names") };
      onOpened(await postJSON("/api/rooms", body), alphabet);
    } catch (error) {
      problem.textContent = describeError(error);
      problem.hidden = false;
    } finally {
      button.disabled = false;
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    open();
  });
  form.addEventListener("change", showHint);
  showHint();

  return {
    showEarlier() {
      const classes = Object.entries(loadClasses()).sort(([, a], [, b]) => b.at - a.at);
      find(".class-earlier", HTMLElement, page).hidden = !classes.length;
      find(".class-reports", HTMLElement, page).replaceChildren(
        ...classes.map(([code, { alphabet, at }]) => {
          const when = formatDate(at, { dateStyle: "medium", timeStyle: "short" });
          const words = [when, alphabet ? getTitle(alphabet) : ""].filter(Boolean).join(" · ");
          return make("li", {}, make("a", { href: `/class/${code}/report` }, make("b", { dir: "ltr" }, code), ` ${words}`));
        }),
      );
    },
  };
}
