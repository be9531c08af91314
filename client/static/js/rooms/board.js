// The live board of a room: a card for each player, with their score and the ink of their last drawing. Cards keep their
// places, so that the board can be read while it changes.

import { find, make, setText } from "../parts/dom.js";
import { formatNumber, formatOrdinal } from "../parts/format.js";
import { unflattenStroke } from "../parts/geometry.js";
import { t } from "../parts/messages.js";
import { rankPlayers } from "./ranking.js";
import { removeLeavers } from "./seats.js";
import { createWriter } from "./writer.js";

/** @typedef {import("../../../types/protocol").RoomPlayer} RoomPlayer */
/** @typedef {import("../../../types/protocol").Rival} Rival */

const WORDS = 3; // height of the words below a drawing, in rem
const GAP = 0.6; // between two cards, in rem
const LEAST = 4.5; // side of the smallest drawing, in rem: smaller ones would say nothing, so the page scrolls
const MOST = 15; // side of the largest drawing, in rem
const EDGE = 1; // left free below the board, in rem
const LEADERS = 3;

/**
 * Pure.
 *
 * @param {number} count of cards
 * @param {number} width of the board, in rem
 * @param {number} height of the board, in rem
 * @returns {number} the side of the largest drawings with which all cards fit, in rem
 */
export function fitCards(count, width, height) {
  let best = LEAST;
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const side = Math.min((width + GAP) / columns - GAP, (height + GAP) / rows - GAP - WORDS, MOST);
    best = Math.max(best, side);
  }
  return best;
}

/**
 * @param {HTMLElement} board
 * @param {(seat: number) => void} [onPick] called when a name is pressed; without it, names are no buttons
 */
export function createBoard(board, onPick) {
  const writer = createWriter();
  /** @type {Map<number, HTMLElement>} by seat */
  const cards = new Map();
  /** @type {RoomPlayer[]} */
  let players = [];

  function layOut() {
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const height = Math.max(board.clientHeight, innerHeight - board.getBoundingClientRect().top - EDGE * rem);
    const side = fitCards(Math.max(1, cards.size), board.clientWidth / rem, height / rem);
    // Half a pixel less, so that rounding never breaks a row.
    board.style.setProperty("--side", `${Math.floor(side * rem * 2 - 1) / 2}px`);
    writer.repaint();
  }
  new ResizeObserver(layOut).observe(board);

  /** @param {RoomPlayer} player */
  function makeCard({ seat }) {
    const name = onPick ? make("button", { type: "button", class: "board-name" }) : make("span", { class: "board-name" });
    name.addEventListener("click", () => onPick?.(seat));
    return make(
      "li",
      { class: "board-card", "data-testid": "board-card", "data-seat": seat },
      make("canvas", { "aria-hidden": true }),
      make("span", { class: "board-target", "aria-hidden": true }),
      name,
      make("span", { class: "board-figures" }, make("b", { class: "board-score" }), make("span", { class: "board-combo" })),
      make("span", { class: "board-rank" }),
    );
  }

  function show() {
    const ranked = rankPlayers(players);
    for (const { seat, name, score, combo, rank, connected } of ranked) {
      const card = cards.get(seat);
      if (!card) continue;
      setText(".board-name", name, card);
      setText(".board-score", formatNumber(score), card);
      setText(".board-combo", combo > 1 ? t("room.combo", { combo }) : "", card);
      const isLeader = rank <= LEADERS && score > 0;
      setText(".board-rank", isLeader ? formatOrdinal(rank) : "", card);
      card.dataset.leader = String(isLeader && rank === 1);
      card.dataset.away = String(!connected);
    }
  }

  return {
    /** @param {RoomPlayer[]} next */
    update(next) {
      let isChanged = removeLeavers(cards, next);
      for (const player of next) {
        if (cards.has(player.seat)) continue;
        const card = makeCard(player);
        cards.set(player.seat, card);
        board.append(card);
        isChanged = true;
      }
      players = next;
      show();
      if (isChanged) layOut();
    },
    /** @param {Rival} rival */
    note({ seat, score, hits, combo, outcome, target, strokes }) {
      players = players.map((player) => (player.seat === seat ? { ...player, score, hits, combo } : player));
      show();
      const card = cards.get(seat);
      if (!card || !strokes?.length) return;
      card.dataset.outcome = outcome;
      setText(".board-target", target, card);
      writer.write(find("canvas", HTMLCanvasElement, card), strokes.map(unflattenStroke));
    },
    clear() {
      cards.clear();
      writer.clear();
      players = [];
      board.replaceChildren();
    },
  };
}
