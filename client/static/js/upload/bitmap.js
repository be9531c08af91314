// Pictures as the browser has decoded them: turned, reduced, cut, and written in a format that the server reads.

import { make } from "../parts/dom.js";

/** @typedef {HTMLImageElement} Bitmap a decoded picture, upright as its camera was held */
/** @typedef {{ left: number, top: number, width: number, height: number }} Area in pixels of a bitmap */

const MOST_SIDE = 3000; // pixels; the server needs 2,048 to read a page
const CUTOUT_SIDE = 256; // as the server stores it
const THUMBNAIL_SIDE = 112;
const QUALITY = 0.92; // of JPEG

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
 * @param {boolean} isPhoto whether it is written as JPEG. A PNG keeps what is transparent.
 * @returns {Promise<Blob>}
 */
export function encode(bitmap, turns, isPhoto) {
  return write(paint(bitmap, turns, MOST_SIDE), isPhoto);
}

/** @param {Bitmap} bitmap @param {number} turns @returns {HTMLCanvasElement} */
export function makeThumbnail(bitmap, turns) {
  return paint(bitmap, turns, THUMBNAIL_SIDE);
}

/**
 * @param {Bitmap} bitmap
 * @param {Area} area
 * @returns {Promise<Blob>} the area, as a PNG
 */
export function cut(bitmap, { left, top, width, height }) {
  const scale = Math.min(1, CUTOUT_SIDE / Math.max(width, height));
  const canvas = make("canvas", { width: Math.ceil(width * scale), height: Math.ceil(height * scale) });
  canvas.getContext("2d")?.drawImage(bitmap, left, top, width, height, 0, 0, canvas.width, canvas.height);
  return write(canvas, false);
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

/** @param {HTMLCanvasElement} canvas @param {boolean} isPhoto @returns {Promise<Blob>} */
function write(canvas, isPhoto) {
  return new Promise((resolve, reject) => {
    const take = (/** @type {Blob | null} */ blob) => (blob ? resolve(blob) : reject(new Error()));
    canvas.toBlob(take, isPhoto ? "image/jpeg" : "image/png", QUALITY);
  });
}
