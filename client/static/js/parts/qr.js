// QR codes, drawn as one path.

import { correction, generate } from "lean-qr";

import { makeSvg } from "./svg.js";

const BORDER = 4; // modules, as the standard asks for

/**
 * @param {string} text
 * @param {string} label what the code is for
 * @returns {SVGSVGElement} in the current color, on nothing: it needs a light background
 */
export function makeQr(text, label) {
  const code = generate(text, { minCorrectionLevel: correction.M });
  let d = "";
  for (let y = 0; y < code.size; y++) {
    for (let x = 0; x < code.size; x++) if (code.get(x, y)) d += `M${x} ${y}h1v1h-1z`;
  }
  const side = code.size + 2 * BORDER;
  const viewBox = `${-BORDER} ${-BORDER} ${side} ${side}`;
  const attributes = { viewBox, class: "qr", role: "img", "aria-label": label, "shape-rendering": "crispEdges" };
  return makeSvg("svg", attributes, makeSvg("path", { d }));
}
