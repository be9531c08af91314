// Where the players of a room wait for its start.

import { find, setText } from "../parts/dom.js";
import { t } from "../parts/messages.js";
import { createInvitation } from "../rooms/invitation.js";
import { describeRules } from "../rooms/rules.js";
import { makePeople } from "./door.js";

/** @typedef {import("../../../types/protocol").RoomSnapshot} RoomSnapshot */

const LEAST_PLAYERS = 2; // with whom a duel can start

/**
 * @param {HTMLElement} page
 * @param {object} listeners
 * @param {() => void} listeners.onStart
 * @param {() => void} listeners.onLeave
 * @param {(text: string) => void} listeners.announce
 */
export function createLobby(page, { onStart, onLeave, announce }) {
  const lobby = find(".room-lobby", HTMLElement, page);
  const title = find(".room-lobby-title", HTMLElement, lobby);
  const start = find(".room-start", HTMLButtonElement, lobby);
  const invitation = createInvitation(find(".invitation", HTMLElement, lobby), announce);
  start.addEventListener("click", onStart);
  find(".room-leave", HTMLButtonElement, lobby).addEventListener("click", onLeave);

  /** @param {RoomSnapshot} room @returns {string} */
  function describeStart({ kind, host, players }) {
    if (kind === "class") return t("room.teacher_starts");
    if (!host) return t("room.host_starts");
    return players.length < LEAST_PLAYERS ? t("room.wait_for_friend") : t("room.you_start");
  }

  return {
    /** @param {RoomSnapshot} room */
    show(room) {
      const { kind, host, players, you } = room;
      const isDuel = kind === "duel";
      const name = players.find(({ seat }) => seat === you)?.name ?? "";
      lobby.dataset.kind = kind;
      title.textContent = isDuel ? t("room.lobby_duel") : t("room.lobby_class", { name });
      setText(".room-lobby-hint", isDuel ? describeRules(room) : t("room.look_up"), lobby);
      if (isDuel) invitation.show(room.room);
      setText(".room-count", t("room.players", { count: players.length }), lobby);
      const people = makePeople(players, ({ seat, connected }) => [
        ...(seat === you ? [t("room.you")] : []),
        ...(connected ? [] : [t("room.away")]),
      ]);
      find(".room-people", HTMLElement, lobby).replaceChildren(...people);
      start.hidden = !host || !isDuel;
      start.disabled = players.length < LEAST_PLAYERS;
      setText(".room-start-hint", describeStart(room), lobby);
    },
    focus: () => title.focus({ preventScroll: true }),
  };
}
