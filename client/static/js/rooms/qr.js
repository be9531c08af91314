// QR codes, drawn as one path. Dark on light in both themes, because many cameras read no others.

import { correction, generate } from "lean-qr";
import { t } from "../parts/messages.js";

const BORDER = 3; // modules; with the light frame around it, the four that the standard asks for
const SVG = "http://www.w3.org/2000/svg";

/** @param {string} text @returns {SVGSVGElement} */
export function makeQr(text) {
  const code = generate(text, { minCorrectionLevel: correction.M });
  let d = "";
  for (let y = 0; y < code.size; y++) {
    for (let x = 0; x < code.size; x++) if (code.get(x, y)) d += `M${x} ${y}h1v1h-1z`;
  }
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  const side = code.size + 2 * BORDER;
  svg.setAttribute("viewBox", `${-BORDER} ${-BORDER} ${side} ${side}`);
  svg.setAttribute("class", "qr");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", t("room.qr"));
  svg.setAttribute("shape-rendering", "crispEdges");
  path.setAttribute("d", d);
  svg.append(path);
  return svg;
}
