// Links that start a practice of some characters.

/** @param {string[]} characters @returns {string} */
export function getPracticeLink(characters) {
  return `/play?${new URLSearchParams({ mode: "practice", alphabet: "any", characters: characters.join("") })}#start`;
}
