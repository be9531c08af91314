// How people come into a room: its code, the address to type, a QR code, and buttons to copy and to share the link.

import { copyText } from "../parts/clipboard.js";
import { find, setText } from "../parts/dom.js";
import { t } from "../parts/messages.js";
import { makeQr } from "../parts/qr.js";
import { spellCode } from "./codes.js";

const LOCAL = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** @param {string} code @returns {string} */
function makeLink(code) {
  return `${location.origin}/room/${code}`;
}

/**
 * @param {HTMLElement} element
 * @param {(text: string) => void} announce
 */
export function createInvitation(element, announce) {
  const copy = find(".invitation-copy", HTMLButtonElement, element);
  const share = find(".invitation-share", HTMLButtonElement, element);
  let shown = "";

  /** @param {string} text */
  function say(text) {
    setText(".invitation-note", text, element);
    announce(text);
  }

  copy.addEventListener("click", async () => {
    const isCopied = await copyText(makeLink(shown));
    say(isCopied ? t("room.copied") : t("room.not_copied", { link: makeLink(shown) }));
  });
  share.hidden = !navigator.share;
  share.addEventListener("click", () => {
    navigator.share({ title: t("room.share_title"), url: makeLink(shown) }).catch(() => {}); // it was canceled
  });

  return {
    /** @param {string} room its code */
    show(room) {
      if (room === shown) return;
      shown = room;
      setText("[data-testid=code]", room, element);
      setText(".invitation-spelled", spellCode(room), element);
      setText(".invitation-address", `${location.host}/room`, element);
      setText(".invitation-note", LOCAL.has(location.hostname) ? t("room.only_here") : "", element);
      find(".invitation-qr", HTMLElement, element).replaceChildren(makeQr(makeLink(room), t("room.qr")));
    },
  };
}
