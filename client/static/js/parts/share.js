// Shares a finished game: its card as text, its picture, or the link to its page. Each function returns what to tell the
// player. It is empty if the system has shown a dialog of its own.

import { copyText } from "./clipboard.js";
import { t } from "./messages.js";
import { saveFile } from "./save.js";

/** @param {string} game its id @returns {string} the address of its page */
export function getGameLink(game) {
  return `${location.origin}/games/${game}`;
}

/** @param {string} card the card of the game @param {string} link to its page */
export async function shareText(card, link) {
  const text = `${card}\n${link}`;
  return "share" in navigator ? offer({ text }) : copy(text, t("share.copied"));
}

/** @param {string} link */
export function copyLink(link) {
  return copy(link, t("share.link_copied"));
}

/**
 * Offer the picture to the apps of the system. Where that is not possible, save it and copy the link.
 *
 * @param {string} game its id
 */
export async function sharePicture(game) {
  const link = getGameLink(game);
  const response = await fetch(`/games/${game}.png`).catch(() => null);
  if (!response?.ok) return t("share.no_picture");
  const file = new File([await response.blob()], "inkrush.png", { type: "image/png" });
  if (navigator.canShare?.({ files: [file] })) return offer({ files: [file], text: link });
  saveFile(file, file.name);
  return copy(link, t("share.saved"));
}

/** @param {ShareData} data */
async function offer(data) {
  try {
    await navigator.share(data);
  } catch (error) {
    const isCanceled = error instanceof DOMException && error.name === "AbortError";
    if (!isCanceled) return t("share.failed");
  }
  return "";
}

/** @param {string} text @param {string} done what to say then */
async function copy(text, done) {
  return (await copyText(text)) ? done : t("share.not_copied", { link: text });
}
