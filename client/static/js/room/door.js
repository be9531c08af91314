// What people see of a room before they join it: who is there, and the form to join.

import { getJSON } from "../api.js";
import { find, make, setText } from "../parts/dom.js";
import { t } from "../parts/messages.js";
import { loadSettings } from "../play/memory.js";
import { describeRules } from "../rooms/rules.js";

/** @typedef {import("../../../types/protocol").RoomSnapshot} RoomSnapshot */

const LOOK_MS = 3_000;

/** @param {string} code @returns {Promise<RoomSnapshot>} */
export function loadRoom(code) {
  return getJSON(`/api/rooms/${encodeURIComponent(code)}`);
}

/** @param {RoomSnapshot["players"]} players @param {(player: RoomSnapshot["players"][number]) => string[]} describe */
export function makePeople(players, describe = () => []) {
  return players.map((player) =>
    make(
      "li",
      { class: "room-person", "data-seat": player.seat, "data-away": !player.connected },
      make("span", { class: "room-person-name" }, player.name),
      ...describe(player).map((text) => make("span", { class: "room-mark" }, text)),
    ),
  );
}

/**
 * @param {HTMLElement} page
 * @param {(name: string) => void} onJoin
 */
export function createDoor(page, onJoin) {
  const form = find(".room-join", HTMLFormElement, page);
  const name = find("[data-testid=name]", HTMLInputElement, form);
  const problem = find(".room-name-problem", HTMLElement, form);
  let timer = 0;
  let shown = "";

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    problem.hidden = true;
    onJoin(name.value.trim());
  });
  name.value = loadSettings().name ?? "";

  /** @param {RoomSnapshot} room */
  function show(room) {
    const { kind, state, players } = room;
    const isLate = state === "running" || state === "over";
    const [host] = players;
    const isInvited = kind === "duel" && host && !isLate;
    setText(".room-door-title", isInvited ? t("room.invited", { name: host.name }) : t(`room.door_${kind}`), page);
    setText(".room-door-rules", isLate ? t(`room.late_${state}`) : describeRules(room), page);
    find(".room-name", HTMLElement, form).hidden = room.names !== "own" || isLate;
    find(".room-generated", HTMLElement, form).hidden = room.names === "own" || isLate;
    setText("[data-testid=join]", t(isLate ? "room.watch" : "room.join"), form);
    setText(".room-door-heading", t(isLate ? "room.who_plays" : "room.who_waits", { count: players.length }), page);
    find(".room-door-heading", HTMLElement, page).hidden = !players.length;
    find("[data-testid=door-people]", HTMLElement, page).replaceChildren(...makePeople(players));
  }

  return {
    /**
     * @param {RoomSnapshot} room
     * @param {(room: RoomSnapshot) => void} onChange hears how the room stands, again and again
     */
    open(room, onChange) {
      shown = room.room;
      show(room);
      clearInterval(timer);
      timer = setInterval(async () => {
        const next = document.hidden ? null : await loadRoom(shown).catch(() => null);
        if (!next || !timer || next.room !== shown) return;
        show(next);
        onChange(next);
      }, LOOK_MS);
    },
    /** @param {string} text why the name is refused */
    refuse(text) {
      problem.textContent = text;
      problem.hidden = false;
      name.focus();
      name.select();
    },
    close() {
      clearInterval(timer);
      timer = 0;
    },
  };
}
