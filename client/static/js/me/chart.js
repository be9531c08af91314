// A line over time, as SVG. Its words are HTML beside it, so that they grow with the text of the page.

import { make } from "../parts/dom.js";
import { makeSvg } from "../parts/svg.js";

const WIDTH = 100;
const HEIGHT = 40;

/**
 * @typedef {object} Chart
 * @property {string} title
 * @property {string} words what the line says, for people who cannot see it
 * @property {{ x: number, y: number }[]} points x from 0, the oldest, to 1; y from 0, the bottom, to 1
 * @property {[string, string]} scale what the bottom and the top stand for
 * @property {[string, string]} ends what the start and the end stand for
 */

/** @param {Chart} chart @returns {HTMLElement} */
export function makeChart({ title, words, points, scale: [bottom, top], ends: [start, end] }) {
  const places = points.map(({ x, y }) => `${(x * WIDTH).toFixed(2)} ${((1 - y) * HEIGHT).toFixed(2)}`);
  const attributes = {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    preserveAspectRatio: "none", // strokes keep their width, see the style sheet
    role: "img",
    "aria-label": `${title}: ${words}`,
  };
  const grid = [0, 0.5, 1].map((y) => `M0 ${y * HEIGHT}H${WIDTH}`).join("");
  const dots = places.map((place) => `M${place}h0`).join(""); // they are not stretched
  const svg = makeSvg(
    "svg",
    attributes,
    makeSvg("path", { class: "chart-grid", d: grid }),
    makeSvg("path", { class: "chart-line", d: `M${places.join("L")}` }),
    makeSvg("path", { class: "chart-points", d: dots }),
  );
  return make(
    "figure",
    { class: "chart" },
    make("figcaption", {}, title),
    make("div", { class: "chart-scale", "aria-hidden": true }, make("span", {}, top), make("span", {}, bottom)),
    svg,
    make("div", { class: "chart-ends", "aria-hidden": true }, make("span", {}, start), make("span", {}, end)),
  );
}
