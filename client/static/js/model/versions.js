// Which versions of the model were in service, and since when.

import { copyTemplate, find, setText } from "../parts/dom.js";
import { formatDate } from "../parts/format.js";
import { t } from "../parts/messages.js";

/** @typedef {import("../../../types/api").ModelUse} ModelUse */

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
  time.textContent = formatDate(at, { dateStyle: "medium", timeStyle: "short" });
  setText(".version-name", event === "promoted" ? version : t("card.back_to", { version }), item);
  setText(".version-reason", why, item);
  const link = find(".version-report", HTMLAnchorElement, item);
  link.hidden = !report;
  if (report) {
    link.href = report;
    link.setAttribute("aria-label", t("card.report_on", { version }));
  }
  return item;
}
