// The names of a class while it fills, and the dialog in which the host hides a name or removes a pupil.

import { closeByPressBeside, find, make, setText } from "../parts/dom.js";
import { t } from "../parts/messages.js";
import { removeLeavers } from "../rooms/seats.js";

/** @typedef {import("../../../types/protocol").RoomPlayer} RoomPlayer */
/** @typedef {import("../../../types/protocol").RoomSnapshot} RoomSnapshot */

/**
 * @param {HTMLElement} page
 * @param {(message: import("../../../types/protocol").FromBrowser) => void} send
 */
export function createPupils(page, send) {
  const list = find(".class-pupils", HTMLElement, page);
  const dialog = find("dialog.pupil", HTMLDialogElement);
  const hide = find("[data-testid=hide]", HTMLButtonElement, dialog);
  /** @type {Map<number, HTMLElement>} by seat */
  const items = new Map();
  /** @type {RoomSnapshot | null} */
  let room = null;
  let picked = 0; // a seat

  /** @param {number} seat */
  function makeItem(seat) {
    const button = make("button", { type: "button", class: "class-pupil", "data-testid": "pupil-name", "data-seat": seat });
    button.addEventListener("click", () => pick(seat));
    return make("li", {}, button);
  }

  /** @param {number} seat */
  function pick(seat) {
    const player = room?.players.find((other) => other.seat === seat);
    if (!player) return;
    picked = seat;
    setText("#pupil-name", player.name, dialog);
    find(".pupil-hiding", HTMLElement, dialog).hidden = room?.names !== "own";
    hide.textContent = t(player.hidden ? "class.show_name" : "class.hide");
    dialog.showModal();
  }

  hide.addEventListener("click", () => {
    const isHidden = room?.players.find(({ seat }) => seat === picked)?.hidden;
    send({ type: "hide", seat: picked, on: !isHidden });
    dialog.close();
  });
  find("[data-testid=remove]", HTMLButtonElement, dialog).addEventListener("click", () => {
    send({ type: "remove", seat: picked });
    dialog.close();
  });
  find("[data-testid=cancel]", HTMLButtonElement, dialog).addEventListener("click", () => dialog.close());
  closeByPressBeside(dialog);

  return {
    pick,
    /** @param {RoomSnapshot} next */
    update(next) {
      room = next;
      removeLeavers(items, next.players);
      for (const { seat, name, connected } of next.players) {
        const item = items.get(seat) ?? makeItem(seat);
        if (!items.has(seat)) list.append(item);
        items.set(seat, item);
        const button = find("button", HTMLButtonElement, item);
        button.textContent = name;
        button.title = t("class.pick");
        item.dataset.away = String(!connected);
        button.setAttribute("aria-label", connected ? name : `${name}, ${t("room.away")}`);
      }
      list.dataset.size = next.players.length > 40 ? "many" : next.players.length > 20 ? "some" : "few";
      if (dialog.open && !items.has(picked)) dialog.close();
    },
    clear() {
      items.clear();
      list.replaceChildren();
    },
  };
}
