// Pictures as the browser has decoded them: turned, reduced, and written in a format that the server reads.

import { make } from "../parts/dom.js";

/** @typedef {HTMLImageElement} Bitmap a decoded picture, upright as its camera was held */

const MOST_SIDE = 3000; // pixels; the server needs 2,048 to read a page
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
export async function encode(bitmap, turns, isPhoto) {
  const { naturalWidth, naturalHeight } = bitmap;
  const scale = Math.min(1, MOST_SIDE / Math.max(naturalWidth, naturalHeight));
  const [width, height] = [Math.round(naturalWidth * scale) || 1, Math.round(naturalHeight * scale) || 1];
  const canvas = make("canvas", turns % 2 ? { width: height, height: width } : { width, height });
  const context = canvas.getContext("2d");
  context?.translate(canvas.width / 2, canvas.height / 2);
  context?.rotate((turns * Math.PI) / 2);
  context?.drawImage(bitmap, -width / 2, -height / 2, width, height);
  return new Promise((resolve, reject) => {
    const take = (/** @type {Blob | null} */ blob) => (blob ? resolve(blob) : reject(new Error()));
    canvas.toBlob(take, isPhoto ? "image/jpeg" : "image/png", QUALITY);
  });
}
