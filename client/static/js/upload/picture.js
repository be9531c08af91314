// The picture that was chosen, with a box around each of its characters.

import { find, make } from "../parts/dom.js";
import { getSquareAround } from "../parts/geometry.js";
import { findBox } from "./text.js";

/** @typedef {import("../../../types/api").Uploaded} Uploaded */
/** @typedef {import("./bitmap.js").Bitmap} Bitmap */

const CROP_SIDE = 144; // pixels
const CROP_MARGIN = 0.25;
const REACH = 24; // CSS pixels that a tap may be beside a box

/** @param {HTMLElement} figure */
export function createPicture(figure) {
  const image = find("img", HTMLImageElement, figure);
  const boxes = find(".picture-boxes", HTMLElement, figure);
  const unsupported = find(".picture-unsupported", HTMLElement, figure);
  /** @type {Uploaded | null} */
  let read = null;
  /** @type {(index: number) => void} */
  let pick = () => {};

  boxes.addEventListener("click", ({ clientX, clientY }) => {
    if (!read) return;
    const frame = boxes.getBoundingClientRect();
    const scale = read.width / frame.width;
    const [x, y] = [(clientX - frame.left) * scale, (clientY - frame.top) * scale];
    const index = findBox(read.characters.map(({ box }) => box), x, y, REACH * scale);
    if (index !== null) pick(index);
  });

  return {
    /** @param {string | null} address of what the browser can show */
    show(address) {
      this.unmark();
      image.hidden = address === null;
      unsupported.hidden = address !== null;
      if (address === null) image.removeAttribute("src");
      else image.src = address;
    },
    /** Draw the boxes. @param {Uploaded} uploaded */
    mark(uploaded) {
      read = uploaded;
      const { width, height, characters } = uploaded;
      boxes.replaceChildren(
        ...characters.map(({ box: [x, y, w, h], label, sure }) => {
          const box = make("span", { class: "picture-box", "data-sure": String(sure) }, make("span", {}, label));
          box.style.left = `${(100 * x) / width}%`;
          box.style.top = `${(100 * y) / height}%`;
          box.style.width = `${(100 * w) / width}%`;
          box.style.height = `${(100 * h) / height}%`;
          return box;
        }),
      );
    },
    /** Show another label at a box, or none. @param {number} index @param {string} label */
    setTag(index, label) {
      const box = /** @type {HTMLElement} */ (boxes.children[index]);
      box.dataset.sure = "true";
      box.dataset.out = String(!label);
      find("span", HTMLElement, box).textContent = label;
    },
    unmark() {
      read = null;
      boxes.replaceChildren();
    },
    /** Make one box stand out. @param {number} index */
    highlight(index) {
      [...boxes.children].forEach((box, i) => box.classList.toggle("is-highlighted", i === index));
    },
    /**
     * Paint a character and what is around it.
     *
     * @param {HTMLCanvasElement} canvas
     * @param {number} index
     */
    paintCrop(canvas, index) {
      if (!read) return;
      const { width, height, characters } = read;
      const { left, top, side } = getSquareAround(characters[index].box, CROP_MARGIN);
      canvas.width = canvas.height = CROP_SIDE;
      const paint = () => {
        // The browser may have decoded the picture at a different size than the server measured.
        const [scaleX, scaleY] = [image.naturalWidth / width, image.naturalHeight / height];
        const source = /** @type {const} */ ([left * scaleX, top * scaleY, side * scaleX, side * scaleY]);
        canvas.getContext("2d")?.drawImage(image, ...source, 0, 0, CROP_SIDE, CROP_SIDE);
      };
      image.decode().then(paint, () => {});
    },
    /** @param {(index: number) => void} listener called when a box is tapped */
    onPick(listener) {
      pick = listener;
    },
  };
}
