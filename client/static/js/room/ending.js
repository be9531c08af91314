// The end of a room, as a player or a watcher sees it: the podium, one's own drawings, those of the others, the rematch.

import { find, setText } from "../parts/dom.js";
import { formatOrdinal } from "../parts/format.js";
import { lockInput } from "../parts/lock.js";
import { t } from "../parts/messages.js";
import { createRoundList } from "../play/round-list.js";
import { createGallery, loadDrawings } from "../rooms/gallery.js";
import { showPodium } from "../rooms/podium.js";
import { rankPlayers } from "../rooms/ranking.js";

/** @typedef {import("../../../types/protocol").RoomSnapshot} RoomSnapshot */
/** @typedef {import("../play/game.js").Played} Played */

const CLASS_SHOWN = 3; // players of a class whose drawings are shown here; the big screen shows all

/**
 * @param {HTMLElement} page
 * @param {() => void} onRematch
 */
export function createEnding(page, onRematch) {
  const result = find(".room-result", HTMLElement, page);
  const title = find(".room-result-title", HTMLElement, result);
  const podium = find(".room-podium", HTMLElement, result);
  const own = find(".room-own", HTMLElement, result);
  const others = find(".room-gallery-part", HTMLElement, result);
  const gallery = createGallery(find(".gallery", HTMLElement, result), { canHide: false });
  const rounds = createRoundList(find(".result-rounds", HTMLElement, result));
  const rematch = find("[data-testid=rematch]", HTMLButtonElement, result);
  let shown = ""; // the code of the room
  /** @type {import("../rooms/gallery.js").RoomDrawing[]} of that room */
  let drawings = [];

  rematch.addEventListener("click", onRematch);

  /** @param {RoomSnapshot} room @returns {string} */
  function describePlace({ players, you }) {
    const ranked = rankPlayers(players);
    const place = ranked.find(({ seat }) => seat === you);
    if (!place) return t("room.over");
    const isTied = ranked.filter(({ rank }) => rank === place.rank).length > 1;
    if (place.rank > 1 || ranked.length < 2) return t("room.you_are", { rank: formatOrdinal(place.rank) });
    return t(isTied ? "room.you_tied" : "room.you_won");
  }

  /** @param {RoomSnapshot} room */
  function showPlayers(room) {
    title.textContent = describePlace(room);
    showPodium(podium, rankPlayers(room.players), room.you);
    gallery.fillPodium(podium, drawings);
  }

  /** @param {RoomSnapshot} room */
  async function showDrawings(room) {
    const loaded = await loadDrawings(room.room);
    if (shown !== room.room) return;
    drawings = loaded;
    const ranked = rankPlayers(room.players);
    const shownPlayers = (room.kind === "class" ? ranked.slice(0, CLASS_SHOWN) : ranked).filter(({ seat }) => seat !== room.you);
    gallery.show(shownPlayers, drawings);
    gallery.fillPodium(podium, drawings);
    others.hidden = !drawings.some(({ seat }) => shownPlayers.some((player) => player.seat === seat));
  }

  return {
    /** @param {RoomSnapshot} room that is over @param {Played | null} played the game of this player */
    show(room, played) {
      if (shown === room.room) return showPlayers(room); // the last scores come a moment later
      shown = room.room;
      drawings = [];
      podium.replaceChildren();
      lockInput();
      const isDuel = room.kind === "duel";
      rematch.hidden = !isDuel;
      setText(".room-result-hint", isDuel ? "" : t("room.stay"), result);
      setText(".room-gallery-title", t(isDuel ? "room.their_drawings" : "room.best_drawings"), result);
      own.hidden = !played?.summary.rounds.length;
      if (played) rounds.show(played.game, played.summary.rounds, room.alphabet, played.strokesByRound);
      others.hidden = true;
      gallery.clear();
      showPlayers(room);
      showDrawings(room);
      title.focus({ preventScroll: true });
    },
    describePlace,
    forget() {
      shown = "";
    },
  };
}
