// The others in a race, beside one's own paper: their score, combo and last drawing. In a small window only the closest.

import { find, make, setText } from "../parts/dom.js";
import { formatNumber, formatOrdinal } from "../parts/format.js";
import { unflattenStroke } from "../parts/geometry.js";
import { t } from "../parts/messages.js";
import { findNear, rankPlayers } from "../rooms/ranking.js";
import { removeLeavers } from "../rooms/seats.js";
import { createWriter } from "../rooms/writer.js";

/** @typedef {import("../../../types/protocol").RoomSnapshot} RoomSnapshot */
/** @typedef {import("../../../types/protocol").RoomPlayer} RoomPlayer */
/** @typedef {import("../../../types/protocol").Rival} Rival */

const NEAR = 3;

/** @param {HTMLElement} game */
export function createRivals(game) {
  const place = make("p", { class: "rivals-place", "data-testid": "rivals-place" });
  const list = make("ol", { class: "rivals-list" });
  const rivals = make("section", { class: "rivals", "data-testid": "rivals", "aria-label": t("room.rivals") }, place, list);
  const writer = createWriter();
  game.append(rivals);
  new ResizeObserver(writer.repaint).observe(list);

  /** @type {Map<number, HTMLElement>} by seat */
  const items = new Map();
  /** @type {RoomPlayer[]} */
  let players = [];
  /** @type {number | null} */
  let you = null;
  let areAllShown = false;

  function makeItem(/** @type {number} */ seat) {
    return make(
      "li",
      { class: "rival", "data-testid": "rival", "data-seat": seat },
      make("canvas", { "aria-hidden": true }),
      make("span", { class: "rival-name" }),
      make("b", { class: "rival-score" }),
      make("span", { class: "rival-combo" }),
    );
  }

  function show() {
    const ranked = rankPlayers(players);
    const near = findNear(ranked, you, NEAR);
    const own = ranked.find(({ seat }) => seat === you);
    const hasBegun = ranked.some(({ score }) => score > 0); // before it, all are first
    place.textContent = own && hasBegun ? t("room.place_of", { rank: formatOrdinal(own.rank), players: ranked.length }) : "";
    for (const [order, { seat, name, score, combo, connected }] of ranked.entries()) {
      const isShown = seat !== you && (areAllShown || near.has(seat));
      if (!isShown) {
        items.get(seat)?.remove();
        items.delete(seat);
        continue;
      }
      const item = items.get(seat) ?? makeItem(seat);
      items.set(seat, item);
      if (!item.parentNode) list.append(item);
      setText(".rival-name", name, item);
      setText(".rival-score", formatNumber(score), item);
      setText(".rival-combo", combo > 1 ? t("room.combo", { combo }) : "", item);
      item.style.order = String(order);
      item.dataset.near = String(near.has(seat));
      item.dataset.away = String(!connected);
      item.dataset.ahead = String(own !== undefined && score > own.score);
    }
  }

  return {
    /** @param {RoomSnapshot} room */
    update(room) {
      removeLeavers(items, room.players);
      ({ players, you } = room);
      areAllShown = room.kind === "duel"; // of a class there are too many
      rivals.dataset.drawings = String(areAllShown);
      show();
    },
    /** @param {Rival} rival */
    note({ seat, score, hits, combo, outcome, strokes }) {
      players = players.map((player) => (player.seat === seat ? { ...player, score, hits, combo } : player));
      show();
      const item = items.get(seat);
      if (!item || !strokes?.length) return;
      item.dataset.outcome = outcome;
      writer.write(find("canvas", HTMLCanvasElement, item), strokes.map(unflattenStroke));
    },
    /** @param {number} score of this player, which no message from the room tells at once */
    noteOwn(score) {
      players = players.map((player) => (player.seat === you ? { ...player, score: Math.max(player.score, score) } : player));
      show();
    },
    clear() {
      writer.clear();
      items.clear();
      list.replaceChildren();
    },
  };
}
