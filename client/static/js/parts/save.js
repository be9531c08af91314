// Saves files on the device.

import { make } from "./dom.js";

const TEXT_NAME = "inkrush.txt";
const KEPT_MS = 10_000; // the browser reads the file meanwhile

/** @param {Blob} content @param {string} name */
export function saveFile(content, name) {
  const link = make("a", { href: URL.createObjectURL(content), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS);
}

/** @param {string} text without a line break at its end */
export function saveText(text) {
  saveFile(new Blob([text, "\n"], { type: "text/plain" }), TEXT_NAME);
}
