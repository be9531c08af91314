// A line over time, as SVG. Its words are HTML beside it, so that they grow with the text of the page.

import { make } from "../parts/dom.js";

const SVG = "http://www.w3.org/2000/svg";
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
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
  svg.setAttribute("preserveAspectRatio", "none"); // strokes keep their width, see the style sheet
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", `${title}: ${words}`);
  svg.append(
    makePath("chart-grid", [0, 0.5, 1].map((y) => `M0 ${y * HEIGHT}H${WIDTH}`).join("")),
    makePath("chart-line", `M${places.join("L")}`),
    makePath("chart-points", places.map((place) => `M${place}h0`).join("")), // dots, which are not stretched
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

/** @param {string} name @param {string} d */
function makePath(name, d) {
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("class", name);
  path.setAttribute("d", d);
  return path;
}
