// The elements of a room's players on a page, by seat.

/**
 * Remove the elements of players who are no longer in the room.
 *
 * @param {Map<number, HTMLElement>} elements by seat
 * @param {{ seat: number }[]} players who are in the room
 * @returns {boolean} whether there were any
 */
export function removeLeavers(elements, players) {
  const seats = new Set(players.map(({ seat }) => seat));
  const left = [...elements].filter(([seat]) => !seats.has(seat));
  for (const [seat, element] of left) {
    element.remove();
    elements.delete(seat);
  }
  return left.length > 0;
}
