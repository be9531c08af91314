// What kind of file somebody chose, by how it begins. Its type follows from its name, and may be missing or wrong: photos
// of iPhones often come without one, and pictures from the web under the name of another format. Pure.

/** @typedef {"jpeg" | "png" | "gif" | "bmp" | "tiff" | "webp" | "heic" | "avif" | "pdf"} Kind */

export const ENOUGH_BYTES = 64;

/** The kinds of a file that begins with a box `ftyp` (ISO/IEC 14496-12), by the brands that it names. */
const BRANDS = /** @type {const} */ ([
  ["avif", ["avif", "avis"]],
  ["heic", ["heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"]],
]);

/**
 * @param {Uint8Array} bytes the first `ENOUGH_BYTES` of a file, or all of it
 * @returns {Kind | null} null if it is none of these
 */
export function findKind(bytes) {
  const text = String.fromCharCode(...bytes.subarray(0, ENOUGH_BYTES));
  if (text.startsWith("\xff\xd8\xff")) return "jpeg";
  if (text.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (text.startsWith("GIF8")) return "gif";
  if (text.startsWith("BM")) return "bmp";
  if (text.startsWith("II*\0") || text.startsWith("MM\0*")) return "tiff";
  if (text.startsWith("RIFF") && text.slice(8, 12) === "WEBP") return "webp";
  if (text.startsWith("%PDF-")) return "pdf";
  return text.slice(4, 8) === "ftyp" ? findByBrands(text, bytes[3] + 256 * bytes[2]) : null;
}

/** @param {string} text @param {number} end of the box @returns {Kind | null} */
function findByBrands(text, end) {
  // The main brand, four bytes with its version, and the brands that the file is also of.
  const brands = [text.slice(8, 12), ...(text.slice(16, end).match(/[^]{4}/g) ?? [])];
  for (const [kind, names] of BRANDS) if (brands.some((brand) => names.some((name) => name === brand))) return kind;
  return null;
}
