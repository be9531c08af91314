// Carries the player to another device: shows a code there, and takes one from there.

import { describeError, postJSON } from "../api.js";
import { copyText } from "../parts/clipboard.js";
import { find, setText } from "../parts/dom.js";
import { t } from "../parts/messages.js";
import { makeQr } from "../parts/qr.js";
import { forgetScores } from "../play/memory.js";

/** @typedef {import("../../../types/api").LinkCode} LinkCode */
/** @typedef {import("../../../types/api").Claimed} Claimed */

/**
 * @param {HTMLElement} section
 * @param {() => number} countRounds how many rounds this device has of its own
 * @param {(words: string) => void} onClaimed
 */
export function createCarry(section, countRounds, onClaimed) {
  const ticket = find(".carry-ticket", HTMLElement, section);
  const make = find(".carry-make", HTMLButtonElement, section);
  const form = find(".carry-in", HTMLFormElement, section);
  const field = find("#carry-code", HTMLInputElement, form);
  const ask = find("dialog.ask", HTMLDialogElement);
  const yes = find(".ask-yes", HTMLButtonElement, ask);
  let link = "";
  let timer = 0;
  let asked = "";

  async function makeCode() {
    make.disabled = true;
    setText(".carry-problem", "", section);
    try {
      showCode(await postJSON("/api/me/link", {}));
    } catch (error) {
      setText(".carry-problem", describeError(error), section);
    } finally {
      make.disabled = false;
    }
  }

  /** @param {LinkCode} made */
  function showCode({ code, expires_at: expiresAt }) {
    link = `${location.origin}/me?${new URLSearchParams({ code })}`;
    setText(".carry-code", code, section);
    setText(".carry-copied", "", section);
    find(".carry-qr", HTMLElement, section).replaceChildren(makeQr(link, t("carry.qr")));
    ticket.hidden = false;
    make.textContent = t("carry.make_new");
    clearInterval(timer);
    const showTime = () => {
      const seconds = Math.max(0, Math.ceil((Date.parse(expiresAt) - Date.now()) / 1000));
      ticket.dataset.expired = String(seconds === 0);
      setText(".carry-expires", seconds ? t("carry.expires", { time: writeTime(seconds) }) : t("carry.expired"), section);
      if (!seconds) clearInterval(timer);
    };
    timer = setInterval(showTime, 1000);
    showTime();
  }

  async function copy() {
    setText(".carry-copied", (await copyText(link)) ? t("carry.copied") : link, section);
  }

  /** @param {string} code to be used, once the player says so */
  function askFirst(code) {
    asked = code;
    const rounds = countRounds();
    setText(".ask-words", rounds ? t("carry.leaves", { count: rounds }) : t("carry.nothing"), ask);
    find(".ask-instead", HTMLElement, ask).hidden = !rounds;
    setText(".ask-problem", "", ask);
    ask.showModal();
  }

  async function claim() {
    yes.disabled = true;
    setText(".ask-problem", "", ask);
    try {
      /** @type {Claimed} */
      const { rounds, left_behind: left } = await postJSON("/api/me/claim", { code: asked });
      forgetScores();
      field.value = "";
      ticket.hidden = true;
      ask.close();
      onClaimed([t("carry.done", { count: rounds }), left ? t("carry.left", { count: left }) : ""].join(" ").trim());
    } catch (error) {
      setText(".ask-problem", describeError(error), ask);
    } finally {
      yes.disabled = false;
    }
  }

  make.addEventListener("click", makeCode);
  find(".carry-copy", HTMLButtonElement, section).addEventListener("click", copy);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    askFirst(field.value);
  });
  find(".ask-no", HTMLButtonElement, ask).addEventListener("click", () => ask.close());
  yes.addEventListener("click", claim);

  return {
    /** Ask about the code in the address, once the page knows what this device has. */
    takeFromAddress() {
      const address = new URL(location.href);
      const code = address.searchParams.get("code");
      if (!code) return;
      address.searchParams.delete("code"); // so that neither a reload nor a bookmark asks again
      history.replaceState(null, "", address);
      field.value = code;
      askFirst(code);
    },
  };
}

/** @param {number} seconds @returns {string} such as "9:42" */
function writeTime(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
