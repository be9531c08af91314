// Pictures as the browser has decoded them: turned, reduced, cut, and written in a format that the server reads.

import { make } from "../parts/dom.js";

/** @typedef {HTMLImageElement} Bitmap a decoded picture, upright as its camera was held */
/** @typedef {{ left: number, top: number, width: number, height: number }} Area in pixels of a bitmap */

const MOST_SIDE = 3000; // pixels; the server needs 2,048 to read a page
const CUTOUT_SIDE = 256; // as the server stores it
const THUMBNAIL_SIDE = 112;
const QUALITY = 0.92; // of JPEG
const LOSSLESS_PIXELS = 1_000_000; // up to which a PNG is small enough

/**
 * @param {string} address
 * @returns {Promise<Bitmap | null>} null if the browser cannot show it
 */
export async function decode(address) {
  const image = new Image();
  image.src = address;
  await image.decode().catch(() => {});
  return image.naturalWidth && image.naturalHeight ? image : null;
}

/**
 * @param {Bitmap} bitmap
 * @param {number} turns quarter turns to the right
 * @returns {Promise<Blob>} a JPEG if it is large. A PNG if it is small, or something in it is transparent.
 */
export function encode(bitmap, turns) {
  const canvas = paint(bitmap, turns, MOST_SIDE);
  const isLarge = canvas.width * canvas.height > LOSSLESS_PIXELS;
  return write(canvas, isLarge && isOpaque(paint(bitmap, 0, THUMBNAIL_SIDE)));
}

/** @param {HTMLCanvasElement} canvas a small one */
function isOpaque(canvas) {
  const pixels = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data;
  return pixels !== undefined && pixels.every((value, i) => i % 4 !== 3 || value === 255);
}

/** @param {Bitmap} bitmap @param {number} turns @returns {HTMLCanvasElement} */
export function makeThumbnail(bitmap, turns) {
  return paint(bitmap, turns, THUMBNAIL_SIDE);
}

/**
 * Cut one mark from a picture. Its neighbors are painted over, since all that is in the cutout is read as one character.
 *
 * @param {Bitmap} bitmap
 * @param {Area} area to cut
 * @param {Area} mark in it
 * @param {Area[]} others other marks
 * @returns {Promise<Blob>} a PNG
 */
export function cut(bitmap, area, mark, others) {
  const scale = Math.min(1, CUTOUT_SIDE / Math.max(area.width, area.height));
  const canvas = make("canvas", { width: Math.ceil(area.width * scale), height: Math.ceil(area.height * scale) });
  const context = canvas.getContext("2d");
  if (!context) return Promise.reject(new Error());
  context.scale(scale, scale);
  context.translate(-area.left, -area.top);
  const draw = (/** @type {Area} */ { left, top, width, height }) =>
    context.drawImage(bitmap, left, top, width, height, left, top, width, height);
  draw(area);
  context.fillStyle = getMedianColor(context.getImageData(0, 0, canvas.width, canvas.height).data);
  for (const { left, top, width, height } of others) {
    context.clearRect(left, top, width, height); // since paper may be transparent
    context.fillRect(left, top, width, height);
  }
  draw(mark);
  return write(canvas, false);
}

/** @param {Uint8ClampedArray} pixels RGBA @returns {string} the color of the paper: most of a cutout is paper */
function getMedianColor(pixels) {
  const [red, green, blue, alpha] = [0, 1, 2, 3].map((channel) => {
    const values = pixels.filter((_, i) => i % 4 === channel).sort();
    return values[values.length >> 1];
  });
  return `rgb(${red} ${green} ${blue} / ${alpha / 255})`;
}

/** @param {Bitmap} bitmap @param {number} turns @param {number} side the longest, in pixels */
function paint(bitmap, turns, side) {
  const { naturalWidth, naturalHeight } = bitmap;
  const scale = Math.min(1, side / Math.max(naturalWidth, naturalHeight));
  const [width, height] = [Math.round(naturalWidth * scale) || 1, Math.round(naturalHeight * scale) || 1];
  const canvas = make("canvas", turns % 2 ? { width: height, height: width } : { width, height });
  const context = canvas.getContext("2d");
  context?.translate(canvas.width / 2, canvas.height / 2);
  context?.rotate((turns * Math.PI) / 2);
  context?.drawImage(bitmap, -width / 2, -height / 2, width, height);
  return canvas;
}

/** @param {HTMLCanvasElement} canvas @param {boolean} isJpeg @returns {Promise<Blob>} */
function write(canvas, isJpeg) {
  return new Promise((resolve, reject) => {
    const take = (/** @type {Blob | null} */ blob) => (blob ? resolve(blob) : reject(new Error()));
    canvas.toBlob(take, isJpeg ? "image/jpeg" : "image/png", QUALITY);
  });
}
