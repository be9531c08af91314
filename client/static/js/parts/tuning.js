// The numbers of game/rules/tuning.py that pages speak of or count with. A test compares the two.

export const SKIP_COST_MS = 3_000;
export const LEAST_RANKED_HITS = 5;
export const SEAT_SECONDS = 15;
