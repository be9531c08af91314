// Who is where in a room. Pure.

/** @typedef {import("../../../types/protocol").RoomPlayer} RoomPlayer */
/** @typedef {RoomPlayer & { rank: number }} Ranked */

/**
 * @param {RoomPlayer[]} players
 * @returns {Ranked[]} best first. Equal scores share a rank, and keep their order.
 */
export function rankPlayers(players) {
  const sorted = [...players].sort((a, b) => b.score - a.score || a.seat - b.seat);
  return sorted.map((player) => ({ ...player, rank: 1 + sorted.findIndex(({ score }) => score === player.score) }));
}

/**
 * @param {Ranked[]} ranked
 * @param {number | null} seat
 * @param {number} count
 * @returns {Set<number>} the seats of so many others who are closest to this one
 */
export function findNear(ranked, seat, count) {
  const place = ranked.findIndex((player) => player.seat === seat);
  const others = ranked.map((player, i) => ({ seat: player.seat, distance: Math.abs(i - Math.max(0, place)) }));
  const near = others.filter((other) => other.seat !== seat).sort((a, b) => a.distance - b.distance);
  return new Set(near.slice(0, count).map((other) => other.seat));
}

/**
 * @param {{ seat: number }[]} before
 * @param {RoomPlayer[]} after
 * @returns {RoomPlayer[]} who has joined meanwhile
 */
export function findNewcomers(before, after) {
  const seats = new Set(before.map(({ seat }) => seat));
  return after.filter(({ seat }) => !seats.has(seat));
}
