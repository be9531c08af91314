// The picture that is shown, with a box around each of its marks.

import { find, make } from "../parts/dom.js";
import { makeSvg } from "../parts/svg.js";
import { getSquareAround } from "../parts/geometry.js";
import { cut, decode } from "./bitmap.js";
import { findBox } from "./boxes.js";

/** @typedef {import("./boxes.js").Box} Box */
/** @typedef {import("./reading.js").Reading} Reading */

const CROP_SIDE = 144; // pixels
const CROP_MARGIN = 0.25;
const CUTOUT_MARGIN = 0.15; // as the server cuts
const REACH = 24; // CSS pixels that a tap may be beside a box

/** @param {HTMLElement} figure */
export function createPicture(figure) {
  const image = find("img", HTMLImageElement, figure);
  const boxes = find(".picture-boxes", HTMLElement, figure);
  const unsupported = find(".picture-unsupported", HTMLElement, figure);
  /** @type {Reading | null} */
  let read = null;
  /** @type {(index: number) => void} */
  let pick = () => {};

  boxes.addEventListener("click", ({ clientX, clientY }) => {
    if (!read) return;
    const frame = boxes.getBoundingClientRect();
    const scale = read.width / frame.width;
    const [x, y] = [(clientX - frame.left) * scale, (clientY - frame.top) * scale];
    const index = findBox(read.marks.map(({ box }) => box), x, y, REACH * scale);
    if (index !== null) pick(index);
  });

  return {
    /** @param {string | null} address of what the browser can show */
    show(address) {
      this.unmark();
      image.hidden = address === null;
      unsupported.hidden = address !== null;
      if (address === null) image.removeAttribute("src");
      else if (image.src !== address) image.src = address;
    },
    /** Draw a thin line around the page, if it is only a part of the picture. @param {Reading} reading */
    outline({ width, height, page }) {
      if (!page) return;
      const points = page.map(([x, y]) => `${x},${y}`).join(" ");
      const svg = makeSvg("svg", { class: "picture-page", viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" });
      svg.setAttribute("preserveAspectRatio", "none");
      svg.append(makeSvg("polygon", { points }), makeSvg("polygon", { points }));
      boxes.before(svg);
    },
    /** Draw the boxes. @param {Reading} reading */
    mark(reading) {
      read = reading;
      const { width, height, marks } = reading;
      boxes.replaceChildren(
        ...marks.map(({ box: [x, y, w, h] }) => {
          const box = make("span", { class: "picture-box" }, make("span"));
          box.style.left = `${(100 * x) / width}%`;
          box.style.top = `${(100 * y) / height}%`;
          box.style.width = `${(100 * w) / width}%`;
          box.style.height = `${(100 * h) / height}%`;
          return box;
        }),
      );
      marks.forEach((_, index) => this.update(index));
    },
    /** Show what a mark is now. @param {number} index */
    update(index) {
      if (!read) return;
      const box = /** @type {HTMLElement} */ (boxes.children[index]);
      const { label, isLeftOut, isSign } = read.letters[index];
      box.dataset.sure = String(read.marks[index].isSure);
      box.dataset.out = String(isLeftOut);
      box.dataset.sign = String(isSign && isLeftOut);
      find("span", HTMLElement, box).textContent = isLeftOut ? "" : label;
    },
    unmark() {
      read = null;
      boxes.parentElement?.querySelector(".picture-page")?.remove();
      boxes.replaceChildren();
    },
    /** Make one box stand out. @param {number} index */
    highlight(index) {
      [...boxes.children].forEach((box, i) => box.classList.toggle("is-highlighted", i === index));
    },
    /**
     * Paint a mark and what is around it.
     *
     * @param {HTMLCanvasElement} canvas
     * @param {number} index
     */
    paintCrop(canvas, index) {
      if (!read) return;
      const { width, height, marks } = read;
      const { left, top, side } = getSquareAround(marks[index].box, CROP_MARGIN);
      canvas.width = canvas.height = CROP_SIDE;
      const paint = () => {
        // The browser may have decoded the picture at a different size than the server measured.
        const [scaleX, scaleY] = [image.naturalWidth / width, image.naturalHeight / height];
        const source = /** @type {const} */ ([left * scaleX, top * scaleY, side * scaleX, side * scaleY]);
        canvas.getContext("2d")?.drawImage(image, ...source, 0, 0, CROP_SIDE, CROP_SIDE);
      };
      image.decode().then(paint, () => {});
    },
    /**
     * @param {number} index of a mark
     * @returns {Promise<Blob | null>} the mark with a margin, cut from the picture
     */
    async cutOut(index) {
      if (!read) return null;
      const { width, height, marks } = read;
      const [x, y, w, h] = marks[index].box;
      const margin = CUTOUT_MARGIN * Math.max(w, h);
      const [left, top] = [Math.max(0, x - margin), Math.max(0, y - margin)];
      const [right, bottom] = [Math.min(width, x + w + margin), Math.min(height, y + h + margin)];
      // Meanwhile another picture may be shown.
      const bitmap = await decode(image.src);
      if (!bitmap) return null;
      const [scaleX, scaleY] = [bitmap.naturalWidth / width, bitmap.naturalHeight / height];
      /** @param {Box} box */
      const toArea = ([x, y, w, h]) => ({ left: x * scaleX, top: y * scaleY, width: w * scaleX, height: h * scaleY });
      const others = marks.filter((_, i) => i !== index).map(({ box }) => toArea(box));
      return cut(bitmap, toArea([left, top, right - left, bottom - top]), toArea(marks[index].box), others);
    },
    /** @param {(index: number) => void} listener called when a box is tapped */
    onPick(listener) {
      pick = listener;
    },
  };
}
