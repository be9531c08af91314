// The host tokens of the classes that were opened in this browser. A link to keep has its token in the fragment, which
// browsers do not send to the server. It leaves the address bar at once, since that is on the big screen.

import { copyText } from "../parts/clipboard.js";
import { t } from "../parts/messages.js";

const KEY = "inkrush-classes";
const KEPT_MS = 31 * 24 * 60 * 60 * 1000; // the server deletes a room after 30 days

/** @typedef {{ token: string, alphabet: string, at: number }} HostedClass at: when it was opened, ms since 1970 */

/** @returns {Record<string, HostedClass>} by code */
export function loadClasses() {
  try {
    const classes = Object.entries(JSON.parse(localStorage.getItem(KEY) ?? "{}"));
    return Object.fromEntries(classes.filter(([, { at }]) => Date.now() - at < KEPT_MS));
  } catch {
    return {};
  }
}

/** @param {Record<string, HostedClass>} classes @returns {boolean} whether they will still be there after a reload */
function saveClasses(classes) {
  try {
    localStorage.setItem(KEY, JSON.stringify(classes));
    return true;
  } catch {
    return false;
  }
}

/**
 * @param {string} code
 * @param {string} token
 * @param {string} alphabet
 * @returns {boolean} whether it is kept
 */
export function saveClass(code, token, alphabet) {
  const classes = loadClasses();
  const at = classes[code]?.at ?? Date.now();
  return saveClasses({ ...classes, [code]: { token, alphabet, at } });
}

/** @param {string} code */
export function forgetClass(code) {
  const { [code]: _, ...others } = loadClasses();
  saveClasses(others);
}

/** @param {string} code @returns {string} the token, from the address or from this browser; empty if neither has it */
export function findToken(code) {
  const fromAddress =
    new URLSearchParams(location.hash.slice(1)).get("host_token") ?? new URLSearchParams(location.search).get("host_token");
  const known = loadClasses()[code];
  if (!fromAddress) return known?.token ?? "";
  if (saveClass(code, fromAddress, known?.alphabet ?? "")) history.replaceState(null, "", location.pathname);
  return fromAddress;
}

/**
 * Copy the link that opens the report on any device.
 *
 * @param {string} code
 * @param {string} token
 * @returns {Promise<string>} what to tell the host
 */
export async function copyReportLink(code, token) {
  const link = `${location.origin}/class/${code}/report#host_token=${encodeURIComponent(token)}`;
  return t((await copyText(link)) ? "class.link_copied" : "class.link_not_copied");
}
