// The drawings of a room after its game, by player. A host may hide single drawings.

import { getJSON } from "../api.js";
import { find, make } from "../parts/dom.js";
import { toStrokes } from "../parts/drawing.js";
import { nameCharacter } from "../parts/format.js";
import { t } from "../parts/messages.js";
import { paceStrokes } from "../parts/trace.js";
import { createWriter } from "./writer.js";

/** @typedef {import("../../../types/api").RoomDrawings["drawings"][number]} RoomDrawing */
/** @typedef {import("./ranking.js").Ranked} Ranked */

const TRIES = 4;
const TRY_MS = 1_500;
const PACE = 1; // of the pen on the podium, in units of the square per ms

/**
 * @param {string} room its code
 * @returns {Promise<RoomDrawing[]>} its best drawings, none if the server does not answer
 */
export async function loadDrawings(room) {
  for (let tries = 0; tries < TRIES; tries++) {
    if (tries) await new Promise((resolve) => setTimeout(resolve, TRY_MS));
    const answer = await getJSON(`/api/rooms/${encodeURIComponent(room)}/drawings`).catch(() => null);
    if (answer) return answer.drawings;
  }
  return [];
}

/**
 * @param {HTMLElement} gallery
 * @param {{ canHide: boolean }} options
 */
export function createGallery(gallery, { canHide }) {
  const writer = createWriter();
  new ResizeObserver(writer.repaint).observe(gallery);

  /** @param {RoomDrawing} drawing */
  function makeDrawing({ target, outcome, drawing }) {
    const canvas = make("canvas", { role: "img", "aria-label": nameCharacter(target) });
    const item = make("li", { class: "gallery-drawing", "data-testid": "gallery-drawing", "data-outcome": outcome }, canvas);
    item.append(make("span", { class: "gallery-target", "aria-hidden": true }, target));
    if (canHide) item.append(makeHide(item, target));
    paintLater.push(() => writer.show(canvas, toStrokes(drawing)));
    return item;
  }

  /** @param {HTMLElement} item @param {string} target */
  function makeHide(item, target) {
    const button = make("button", { type: "button", class: "gallery-hide", "aria-pressed": false });
    const show = () => {
      const isHidden = item.dataset.hidden === "true";
      button.setAttribute("aria-pressed", String(isHidden));
      button.setAttribute("aria-label", t("room.hide_drawing", { character: nameCharacter(target) }));
      button.title = t(isHidden ? "room.show_drawing_again" : "room.hide_this_drawing");
    };
    button.addEventListener("click", () => {
      item.dataset.hidden = String(item.dataset.hidden !== "true");
      show();
    });
    show();
    return button;
  }

  /** @type {(() => void)[]} what is painted once the canvases have a size */
  let paintLater = [];

  return {
    /**
     * @param {Ranked[]} players in the order in which to show them
     * @param {RoomDrawing[]} drawings
     */
    show(players, drawings) {
      writer.clear();
      paintLater = [];
      const groups = players.flatMap(({ seat, name }) => {
        const own = drawings.filter((drawing) => drawing.seat === seat);
        if (!own.length) return [];
        const list = make("ul", { class: "gallery-drawings" }, ...own.map(makeDrawing));
        return [make("section", { class: "gallery-player" }, make("h3", {}, name), list)];
      });
      gallery.replaceChildren(...groups);
      paintLater.forEach((paint) => paint());
    },
    /** @param {HTMLElement} podium whose canvases show the best drawing of each player @param {RoomDrawing[]} drawings */
    fillPodium(podium, drawings) {
      for (const step of podium.querySelectorAll(".podium-step")) {
        const canvas = find("canvas", HTMLCanvasElement, step);
        const best = drawings.find(({ seat, outcome }) => String(seat) === canvas.dataset.seat && outcome === "hit");
        if (best && canvas.dataset.drawn !== "true") writer.write(canvas, paceStrokes(toStrokes(best.drawing), PACE));
        canvas.dataset.drawn = String(best !== undefined);
      }
    },
    clear() {
      writer.clear();
      gallery.replaceChildren();
    },
  };
}
