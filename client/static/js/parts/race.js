// Which games can be raced as a ghost. Pure.

const RACED = ["sprint", "daily", "duel"]; // modes with points, and about as much time as the sprint that races them

/** @param {Pick<import("../../../types/api").FinishedGame, "mode" | "score" | "rounds">} game @returns {boolean} */
export function canRace({ mode, score, rounds }) {
  return RACED.includes(mode) && score > 0 && rounds.length > 0;
}
