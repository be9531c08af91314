// The files that people choose: what is sent of each, and which are none that could be read.

import { formatMegabytes } from "../parts/format.js";
import { t } from "../parts/messages.js";
import { encode } from "./bitmap.js";

// The server refuses larger files. It may do so before it has read the body; then the browser only reports a broken
// connection, so the reason is given here.
const MAX_BYTES = 16 * 1024 * 1024;
const PNG_TYPES = ["image/png", "image/gif", "image/bmp", "image/tiff", "image/webp"];
/** What the server reads. A file without a type may be one of them. */
const READ_TYPES = [...PNG_TYPES, "image/jpeg", ""];

/** Kinds of files that are no pictures, with the message about them. @type {[RegExp, string][]} */
const OTHER_TYPES = [
  [/^application\/pdf$/, "picture.pdf"],
  [/^application\/(x-)?zip(-compressed)?$/, "picture.archive"],
  [/^application\/(msword|vnd\.(ms-|openxmlformats-|oasis\.opendocument))/, "picture.document"],
  [/^video\//, "picture.video"],
];

/**
 * @param {File} file
 * @returns {string | null} why it is certain that it cannot be read, if so
 */
export function findFault({ type }) {
  if (!type || type.startsWith("image/")) return null;
  return t(OTHER_TYPES.find(([pattern]) => pattern.test(type))?.[1] ?? "picture.no_picture");
}

/** @param {File} file @returns {boolean} whether nothing in it can be transparent, so that it may be written as JPEG */
export function isPhoto({ type }) {
  return !PNG_TYPES.includes(type);
}

/**
 * @param {File} file
 * @param {import("./bitmap.js").Bitmap | null} bitmap null if the browser cannot show it
 * @returns {Promise<Blob>} what to send: the file itself if the server reads it as it is
 */
export async function prepare(file, bitmap) {
  // A folder, or a file that was moved since it was chosen.
  await file.slice(0, 1).arrayBuffer().catch(() => {
    throw new Error(t("picture.no_file"));
  });
  const isSmall = file.size <= MAX_BYTES;
  if (isSmall && (!bitmap || READ_TYPES.includes(file.type))) return file;
  if (bitmap) return encode(bitmap, 0, isPhoto(file));
  throw new Error(t("picture.too_large", { size: formatMegabytes(file.size), limit: formatMegabytes(MAX_BYTES) }));
}
