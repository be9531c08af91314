// Which versions of the model were in use, and since when.

import { copyOf, find } from "../parts/page.js";

/**
 * @typedef {object} Use
 * @property {string} version
 * @property {string} at
 * @property {"promoted" | "rolled back"} event
 * @property {string} why may be empty
 * @property {string | null} report its address
 */

const TIME = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });

/**
 * @param {HTMLElement} list
 * @param {Use[]} uses newest first
 */
export function showHistory(list, uses) {
  list.replaceChildren(...uses.map(shown));
}

/** @param {Use} use */
function shown({ version, at, event, why, report }) {
  const item = copyOf("use");
  const time = find(".use-at", HTMLTimeElement, item);
  time.dateTime = at;
  time.textContent = TIME.format(new Date(at));
  find(".use-version", HTMLElement, item).textContent = event === "promoted" ? version : `back to ${version}`;
  find(".use-why", HTMLElement, item).textContent = why;
  const link = find(".use-report", HTMLAnchorElement, item);
  link.hidden = !report;
  if (report) {
    link.href = report;
    link.setAttribute("aria-label", `Report on ${version}`);
  }
  return item;
}
