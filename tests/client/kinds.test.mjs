// What kind of file somebody chose, by how it begins.

import assert from "node:assert/strict";
import { test } from "node:test";

import { findKind } from "../../client/static/js/upload/kinds.js";

/** @param {string} text one character a byte */
function makeBytes(text) {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** @param {string} main @param {string[]} others brands of the file */
function makeMedia(main, ...others) {
  const size = String.fromCharCode(16 + 4 * others.length);
  return makeBytes(`\0\0\0${size}ftyp${main}\0\0\0\0${others.join("")}\0\0\0\x20metaavif`);
}

for (const main of ["heic", "heix", "heim", "heis", "mif1"]) {
  test(`a file of the brand ${main} is a HEIC`, () => {
    assert.equal(findKind(makeMedia(main, "mif1", "heic")), "heic");
    assert.equal(findKind(makeMedia(main)), "heic");
  });
}

test("an AVIF is known by any of its brands, and not by what stands behind them", () => {
  assert.equal(findKind(makeMedia("avif", "mif1", "miaf")), "avif");
  assert.equal(findKind(makeMedia("mif1", "avif", "miaf")), "avif");
  assert.equal(findKind(makeMedia("isom", "mp42")), null);
});

test("other pictures and documents are known by their first bytes", () => {
  const heads = {
    jpeg: "\xff\xd8\xff\xe1", png: "\x89PNG\r\n\x1a\n", gif: "GIF89a", bmp: "BM", tiff: "MM\0*", webp: "RIFF\0\0\0\0WEBP",
    pdf: "%PDF-1.7",
  };
  for (const [kind, head] of Object.entries(heads)) assert.equal(findKind(makeBytes(head)), kind);
  assert.equal(findKind(makeBytes("RIFF\0\0\0\0WAVE")), null);
  assert.equal(findKind(makeBytes("<svg>")), null);
  assert.equal(findKind(makeBytes("")), null);
});
