// How others write a character: drawings from the gallery, the most usual way first, shown stroke by stroke.

import { getJSON } from "../api.js";
import { make } from "./dom.js";
import { toStrokes } from "./drawing.js";
import { nameCharacter } from "./format.js";
import { showWithGlyph } from "./glyph.js";
import { fitToSquare, WHOLE_SQUARE } from "./geometry.js";
import { t } from "./messages.js";
import { createTrace } from "./trace.js";

const LINE = 44; // width of the line, where 1,024 is the width of the canvas

/** @typedef {import("../../../types/api").Examples} Examples */

/**
 * @param {string} character
 * @param {number} [count] how many ways to show
 * @returns {Promise<HTMLElement>} a figure that moves while it is on the page
 * @throws {import("../api.js").ApiError} if the server does not answer
 */
export async function makeHowTo(character, count = 3) {
  const query = new URLSearchParams({ character, count: String(count) });
  /** @type {Examples} */
  const { drawings } = await getJSON(`/api/examples?${query}`);
  const caption = make("figcaption");
  showWithGlyph(caption, t("how_to.title", { character: nameCharacter(character) }), character);
  const canvases = drawings.map((drawing) => makeDrawing(fitToSquare(toStrokes(drawing))));
  return make(
    "figure",
    { class: "how-to", "data-testid": "how-to", "data-character": character },
    caption,
    make("div", { class: "how-to-drawings" }, ...canvases),
  );
}

/** @param {number[][][]} drawing in the square */
function makeDrawing(drawing) {
  const canvas = make("canvas", { "aria-hidden": true });
  const trace = createTrace(canvas, LINE, WHOLE_SQUARE);
  // It moves only while it is in sight.
  new IntersectionObserver(([{ isIntersecting }]) => (isIntersecting ? trace.start(drawing) : trace.stop())).observe(canvas);
  return canvas;
}
