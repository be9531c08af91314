// The end of a room: a podium of three with their best drawings, and everybody else in a list.

import { make } from "../parts/dom.js";
import { formatNumber, formatOrdinal } from "../parts/format.js";
import { t } from "../parts/messages.js";

/** @typedef {import("./ranking.js").Ranked} Ranked */

const STEPS = 3;

/**
 * @param {HTMLElement} element
 * @param {Ranked[]} ranked best first
 * @param {number | null} you the seat of this player
 */
export function showPodium(element, ranked, you) {
  const shown = JSON.stringify([you, ranked.map(({ seat, name, score }) => [seat, name, score])]);
  if (element.firstChild && element.dataset.shown === shown) return;
  const isFirst = !element.firstChild;
  element.dataset.shown = shown;
  element.dataset.still = String(!isFirst); // it rises once
  const steps = ranked.slice(0, STEPS).map((player, place) =>
    make(
      "li",
      { class: "podium-step", "data-testid": "podium-step", "data-place": place + 1, "data-you": player.seat === you },
      make("canvas", { class: "podium-drawing", "data-seat": player.seat, "aria-hidden": true }),
      make("span", { class: "podium-name" }, player.name),
      make("span", { class: "podium-score" }, t("room.points", { count: player.score })),
      make("span", { class: "podium-block" }, make("b", {}, formatOrdinal(player.rank))),
    ),
  );
  const others = ranked.slice(STEPS).map((player) =>
    make(
      "li",
      { "data-you": player.seat === you },
      make("span", { class: "podium-rank" }, formatOrdinal(player.rank)),
      make("span", { class: "podium-name" }, player.name),
      make("b", {}, formatNumber(player.score)),
    ),
  );
  const podium = make("ol", { class: "podium", "data-testid": "podium" }, ...steps);
  element.replaceChildren(podium);
  if (others.length) element.append(make("ol", { class: "podium-others", start: STEPS + 1 }, ...others));
}
