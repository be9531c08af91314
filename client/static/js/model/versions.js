// Which versions of the model were in service, and since when.

import { copyTemplate, find, setText } from "../parts/dom.js";

/** @typedef {import("../../../types/api").ModelUse} ModelUse */

const TIME = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });

/**
 * @param {HTMLElement} list
 * @param {ModelUse[]} history newest first
 */
export function showVersions(list, history) {
  list.replaceChildren(...history.map(makeItem));
}

/** @param {ModelUse} use */
function makeItem({ version, at, event, why, report }) {
  const item = copyTemplate("version");
  const time = find(".version-at", HTMLTimeElement, item);
  time.dateTime = at;
  time.textContent = TIME.format(new Date(at));
  setText(".version-name", event === "promoted" ? version : `back to ${version}`, item);
  setText(".version-reason", why, item);
  const link = find(".version-report", HTMLAnchorElement, item);
  link.hidden = !report;
  if (report) {
    link.href = report;
    link.setAttribute("aria-label", `Report on ${version}`);
  }
  return item;
}
