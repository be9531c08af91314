// The pictures of one visit, and how they look in the browser.

import { deleteJSON, isOffline } from "../api.js";
import { encode, makeThumbnail } from "./bitmap.js";

/**
 * @typedef {object} Picture
 * @property {File} file
 * @property {string} name by which the server knows it when it is read again
 * @property {number} attempt how often it was sent
 * @property {import("./kinds.js").Kind | null} kind
 * @property {boolean} isFit whether it may be a picture that can be read
 * @property {import("./queue.js").State} state
 * @property {unknown} error why it could not be read
 * @property {string} alphabet
 * @property {number | null} turn by how many quarters the person wants it turned; null: as the server finds best
 * @property {string | null} address of the picture as it was sent, null if the browser cannot show it
 * @property {string | null} turned address of the turned picture
 * @property {HTMLCanvasElement | null} thumbnail
 * @property {import("./reading.js").Reading | null} reading
 * @property {number} timer after the last turn
 */

/**
 * @param {File} file
 * @param {import("./kinds.js").Kind | null} kind
 * @param {string} alphabet
 * @param {unknown} error why it cannot be read, null if it may be one that can
 * @returns {Picture}
 */
export function makePicture(file, kind, alphabet, error) {
  return {
    file,
    name: makeName(),
    attempt: 0,
    kind,
    isFit: error === null,
    state: error === null ? "waiting" : "refused",
    error,
    alphabet,
    turn: null,
    address: error === null ? URL.createObjectURL(file) : null,
    turned: null,
    thumbnail: null,
    reading: null,
    timer: 0,
  };
}

/** @returns {string} a random name. crypto.randomUUID is missing at addresses that are not secure. */
function makeName() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {Picture} picture @param {"address" | "turned"} name @param {string | null} address */
export function setAddress(picture, name, address) {
  const before = picture[name];
  if (before?.startsWith("blob:")) URL.revokeObjectURL(before);
  picture[name] = address;
}

/**
 * Make what is shown of a turned picture.
 *
 * @param {Picture} picture
 * @param {import("./bitmap.js").Bitmap | null} bitmap of the picture as it was sent
 * @param {number} turn
 */
export async function turnPicture(picture, bitmap, turn) {
  if (!bitmap) return;
  picture.thumbnail = makeThumbnail(bitmap, turn);
  setAddress(picture, "turned", turn ? URL.createObjectURL(await encode(bitmap, turn)) : null);
}

/**
 * Delete what the server stored of a picture whose text nobody sees. If the server cannot be reached, try again when it
 * can, unless the picture was sent again by then.
 *
 * @param {Picture} picture
 */
export function dropRounds(picture) {
  if (!picture.attempt) return;
  picture.attempt += 1; // so that a reading on its way is outdated
  const { name, attempt } = picture;
  const drop = () =>
    deleteJSON(`/api/uploads/${name}?attempt=${attempt}`).catch((error) => {
      if (isOffline(error) && picture.attempt === attempt) window.addEventListener("online", drop, { once: true });
    });
  drop();
}
