// What is drawn in a room, and for how long.

import { getTitle } from "../parts/alphabets.js";
import { formatNumber } from "../parts/format.js";
import { t } from "../parts/messages.js";

const MINUTE_MS = 60_000;

/**
 * @param {{ alphabet: string, duration_ms: number }} room
 * @returns {string} such as "Digits, 60 seconds." or "Lowercase, 2 minutes."
 */
export function describeRules({ alphabet, duration_ms }) {
  const minutes = duration_ms / MINUTE_MS;
  const values = { alphabet: getTitle(alphabet), seconds: formatNumber(duration_ms / 1000), count: minutes };
  return t(minutes > 1 && Number.isInteger(minutes) ? "room.rules_minutes" : "room.rules", values);
}
