// The files that people choose: what is sent of each, and which are none that could be read.

import { formatMegabytes } from "../parts/format.js";
import { t } from "../parts/messages.js";
import { encode } from "./bitmap.js";
import { ENOUGH_BYTES, findKind } from "./kinds.js";

/** @typedef {import("./kinds.js").Kind} Kind */

// The server refuses larger files. It may do so before it has read the body; then the browser only reports a broken
// connection, so the reason is given here.
const MAX_BYTES = 16 * 1024 * 1024;
/** Kinds that the server reads as they are, when the browser can show them too. */
const READ_KINDS = ["jpeg", "png", "gif", "bmp", "tiff", "webp"];

const UNKNOWN_TYPE = "application/octet-stream"; // what systems say of a file that they do not know

/** Kinds of files that are no pictures, with the message about them. @type {[RegExp, string][]} */
const OTHER_TYPES = [
  [/^application\/pdf$/, "picture.pdf"],
  [/^application\/(x-)?zip(-compressed)?$/, "picture.archive"],
  [/^application\/(msword|vnd\.(ms-|openxmlformats-|oasis\.opendocument))/, "picture.document"],
  [/^video\//, "picture.video"],
];

/**
 * @param {File} file
 * @returns {Promise<Kind | null>} null if it is none that is known. The browser may be able to show it all the same.
 * @throws {Error} that tells the person why it cannot be read, if that is certain
 */
export async function checkFile(file) {
  const head = await file.slice(0, ENOUGH_BYTES).arrayBuffer().catch(() => {
    throw new Error(t("picture.no_file")); // a folder, or a file that was moved since it was chosen
  });
  const kind = findKind(new Uint8Array(head));
  if (kind === "pdf") throw new Error(t("picture.pdf"));
  const { type } = file;
  if (!kind && type && !type.startsWith("image/") && type !== UNKNOWN_TYPE) {
    throw new Error(t(OTHER_TYPES.find(([pattern]) => pattern.test(type))?.[1] ?? "picture.no_picture"));
  }
  return kind;
}

/**
 * @param {File} file
 * @param {Kind | null} kind
 * @param {import("./bitmap.js").Bitmap | null} bitmap null if the browser cannot show it
 * @returns {Promise<Blob>} what to send: the file itself if the server reads it as it is
 */
export async function prepare(file, kind, bitmap) {
  const isSmall = file.size <= MAX_BYTES;
  // The server knows formats that the browser does not, and the other way around.
  if (isSmall && (!bitmap || (kind !== null && READ_KINDS.includes(kind)))) return file;
  if (bitmap) return encode(bitmap, 0);
  throw new Error(t("picture.too_large", { size: formatMegabytes(file.size), limit: formatMegabytes(MAX_BYTES) }));
}
