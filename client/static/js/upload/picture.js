// The picture as it was chosen, with a box drawn around each character that was found.

import { find, make } from "../parts/page.js";

/**
 * @typedef {object} Picture
 * @property {(file: File) => void} show
 * @property {(reading: import("./page.js").Reading) => void} mark
 * @property {(place: number | null) => void} point make one box stand out, or none
 * @property {(box: [number, number, number, number], reading: import("./page.js").Reading) => HTMLCanvasElement} crop
 * @property {(listener: (place: number) => void) => void} onPick called when a box is clicked
 */

const CROP_SIDE = 144;
const CROP_MARGIN = 0.12;

/**
 * @param {HTMLElement} figure
 * @returns {Picture}
 */
export function createPicture(figure) {
  const image = find("img", HTMLImageElement, figure);
  const boxes = find(".picture-boxes", HTMLElement, figure);
  const unseen = find(".picture-unseen", HTMLElement, figure);
  let address = "";
  /** @type {(place: number) => void} */
  let picked = () => {};

  image.addEventListener("error", () => {
    image.hidden = true;
    unseen.hidden = !address;
  });
  image.addEventListener("load", () => {
    image.hidden = false;
    unseen.hidden = true;
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
        ...characters.map(({ box: [x, y, w, h], sure }, place) => {
          const box = make("span", { class: "picture-box", "data-sure": String(sure) }, make("span", {}, String(place + 1)));
          box.style.left = `${(100 * x) / width}%`;
          box.style.top = `${(100 * y) / height}%`;
          box.style.width = `${(100 * w) / width}%`;
          box.style.height = `${(100 * h) / height}%`;
          box.addEventListener("click", () => picked(place));
          return box;
        }),
      );
      boxes.dataset.many = String(characters.length > 1);
    },
    point(place) {
      [...boxes.children].forEach((box, at) => box.classList.toggle("is-pointed", at === place));
    },
    crop([x, y, w, h], { width, height }) {
      const canvas = make("canvas", { width: CROP_SIDE, height: CROP_SIDE, "aria-hidden": "true" });
      const paint = () => {
        // The browser may have decoded the picture at another size than the server measured.
        const [across, down] = [image.naturalWidth / width, image.naturalHeight / height];
        const side = Math.max(w, h) * (1 + 2 * CROP_MARGIN);
        const [left, top] = [x + w / 2 - side / 2, y + h / 2 - side / 2];
        canvas
          .getContext("2d")
          ?.drawImage(image, left * across, top * down, side * across, side * down, 0, 0, CROP_SIDE, CROP_SIDE);
      };
      image.decode().then(paint, () => canvas.remove());
      return canvas;
    },
    onPick(listener) {
      picked = listener;
    },
  };
}
