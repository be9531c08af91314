// The picture that was chosen, with a box drawn around each of its characters.

import { find, make } from "../parts/dom.js";
import { getSquareAround } from "../parts/geometry.js";

/** @typedef {import("../../../types/api").Uploaded} Uploaded */
/**
 * @typedef {object} Picture
 * @property {(file: File) => void} show
 * @property {(uploaded: Uploaded) => void} mark draw the boxes
 * @property {(index: number | null) => void} highlight make one box stand out, or none
 * @property {(box: [number, number, number, number], uploaded: Uploaded) => HTMLCanvasElement} crop
 * @property {(listener: (index: number) => void) => void} onPick called when a box is clicked
 */

const CROP_SIDE = 144; // pixels
const CROP_MARGIN = 0.12;

/**
 * @param {HTMLElement} figure
 * @returns {Picture}
 */
export function createPicture(figure) {
  const image = find("img", HTMLImageElement, figure);
  const boxes = find(".picture-boxes", HTMLElement, figure);
  const unsupported = find(".picture-unsupported", HTMLElement, figure);
  let address = "";
  /** @type {(index: number) => void} */
  let pick = () => {};

  image.addEventListener("error", () => {
    image.hidden = true;
    unsupported.hidden = !address;
  });
  image.addEventListener("load", () => {
    image.hidden = false;
    unsupported.hidden = true;
  });

  return {
    show(file) {
      if (address) URL.revokeObjectURL(address);
      address = URL.createObjectURL(file);
      boxes.replaceChildren();
      image.src = address;
    },
    mark({ width, height, characters }) {
      boxes.replaceChildren(
        ...characters.map(({ box: [x, y, w, h], sure }, i) => {
          const box = make("span", { class: "picture-box", "data-sure": String(sure) }, make("span", {}, String(i + 1)));
          box.style.left = `${(100 * x) / width}%`;
          box.style.top = `${(100 * y) / height}%`;
          box.style.width = `${(100 * w) / width}%`;
          box.style.height = `${(100 * h) / height}%`;
          box.addEventListener("click", () => pick(i));
          return box;
        }),
      );
      boxes.dataset.many = String(characters.length > 1);
    },
    highlight(index) {
      [...boxes.children].forEach((box, i) => box.classList.toggle("is-highlighted", i === index));
    },
    crop(box, { width, height }) {
      const canvas = make("canvas", { width: CROP_SIDE, height: CROP_SIDE, "aria-hidden": "true" });
      const paint = () => {
        // The browser may have decoded the picture at a different size than the server measured.
        const [scaleX, scaleY] = [image.naturalWidth / width, image.naturalHeight / height];
        const { left, top, side } = getSquareAround(box, CROP_MARGIN);
        const source = /** @type {const} */ ([left * scaleX, top * scaleY, side * scaleX, side * scaleY]);
        canvas.getContext("2d")?.drawImage(image, ...source, 0, 0, CROP_SIDE, CROP_SIDE);
      };
      image.decode().then(paint, () => canvas.remove());
      return canvas;
    },
    onPick(listener) {
      pick = listener;
    },
  };
}
