// Made by `python -m game.play.protocol --types`. A test compares; do not edit.

/**
 * Start a game, or resume an interrupted game with the token ``resume``.
 *
 * Without a ``name``, the player gets a generated one, which stays the same as long as their cookie. In practice,
 * ``characters`` asks for these only; the alphabet is then the smallest one that has them all.
 * With ``countdown``, the first prompt is shown at once, and the clock starts 3 seconds later.
 * With ``room``, take a seat there, or come back to it; mode and alphabet are then the room's. A duel without
 * ``room`` makes one.
 */
export interface Join {
  type: "join";
  mode?: string;
  alphabet?: string;
  name?: string | null;
  resume?: string | null;
  room?: string | null;
  characters?: string | null;
  countdown?: boolean;
}

/**
 * Send more points of a stroke. A stroke number higher than the newest one starts a new stroke.
 *
 * ``up`` says that the pen was lifted after these points. A client that has sent all points already may send it
 * with no points, for the newest stroke.
 */
export interface Ink {
  type: "ink";
  round: number;
  stroke: number;
  points: number[];
  up?: boolean;
}

/**
 * Take the newest stroke back.
 */
export interface Undo {
  type: "undo";
  round: number;
}

/**
 * Take all strokes back.
 */
export interface Clear {
  type: "clear";
  round: number;
}

/**
 * Give the round up.
 */
export interface Skip {
  type: "skip";
  round: number;
}

/**
 * End the game now. The open round is dropped, and the game counts as it stands.
 *
 * A game that waits in a room for its start is left as it is.
 */
export interface Finish {
  type: "finish";
}

/**
 * Show that the client is still there; ``nonce`` comes back in the pong.
 */
export interface Ping {
  type: "ping";
  nonce?: number;
}

/**
 * Watch a room without a seat. Whoever shows the ``host_token`` of a class is its host.
 */
export interface Watch {
  type: "watch";
  room: string;
  host_token?: string | null;
}

/**
 * Start the countdown. Only the host may.
 */
export interface Start {
  type: "start";
}

/**
 * Let nobody new take a seat, or let them again. Only the host may.
 */
export interface Lock {
  type: "lock";
  on?: boolean;
}

/**
 * Put a player out of the room; they cannot come back. Only the host may.
 */
export interface Remove {
  type: "remove";
  seat: number;
}

/**
 * Show a generated name instead of the one that a player chose, or that one again. Only the host may.
 */
export interface Hide {
  type: "hide";
  seat: number;
  on?: boolean;
}

/**
 * Make the next room, once this one is over. Everybody may; all are told its code.
 */
export interface Rematch {
  type: "rematch";
}

/**
 * The first answer to a join: the whole game as it stands. ``token`` resumes it, once.
 *
 * ``starts_in_ms`` is how long the countdown still runs, in which moves are refused; null without one. In a room,
 * there is no ``prompt`` before the start. Whoever comes too late to play gets no ``seat``, and an empty ``game``
 * and ``token``.
 */
export interface Welcome {
  type: "welcome";
  protocol?: number;
  game: string;
  token: string;
  mode: string;
  alphabet: string;
  duration_ms: number | null;
  remaining_ms: number | null;
  score: number;
  combo: number;
  best_combo: number;
  hits: number;
  prompt: RunningRound | null;
  rounds: FinishedRound[];
  model: string;
  starts_in_ms?: number | null;
  room?: string | null;
  seat?: number | null;
}

/**
 * The round being played; ``strokes`` is its drawing so far, each stroke as flat points.
 */
export interface RunningRound {
  round: number;
  target: string;
  remaining_ms: number | null;
  strokes: number[][];
}

/**
 * A round that is stored, under ``id``; ``label`` is what the model saw, null if nothing was drawn.
 */
export interface FinishedRound {
  round: number;
  id: string;
  target: string;
  outcome: "hit" | "skip" | "timeout";
  label: string | null;
  confidence: number | null;
  points: number;
  duration_ms: number;
}

/**
 * What to draw now.
 */
export interface Prompt {
  type: "prompt";
  round: number;
  target: string;
  remaining_ms: number | null;
}

/**
 * What the model sees in the first ``seen`` points, best first. It may be dropped in favor of a newer guess.
 *
 * ``likely`` is whether the best candidate is worth telling: pages say "No idea yet" if it is not. ``model`` is
 * the version that made it: the model may change while a game runs.
 */
export interface Guess {
  type: "guess";
  round: number;
  seen: number;
  candidates: [string, number][];
  model: string;
  likely?: boolean;
}

/**
 * How a round ended. It is already stored, under ``id``. ``model`` is the version that read ``label``.
 *
 * ``known`` is true if the player's hand has just come to know ``target``; else it is left out.
 */
export interface Verdict {
  type: "verdict";
  round: number;
  id: string;
  outcome: "hit" | "skip" | "timeout";
  target: string;
  label: string | null;
  confidence: number | null;
  model: string | null;
  points: number;
  combo: number;
  score: number;
  bonus_ms: number;
  remaining_ms: number | null;
  duration_ms: number;
  known?: boolean;
}

/**
 * The end of the game, with its rank among every player's best game; ``accuracy`` is hits per round, 0..1.
 *
 * The rank of a daily is that of its day. ``rank`` is null for a game that is on no leaderboard. ``unranked``
 * says why a game of a ranked mode is not, as the end of a sentence for people: it has less than five hits, for
 * example. ``unranked_code`` is the same for programs.
 */
export interface Over {
  type: "over";
  game: string;
  score: number;
  hits: number;
  rounds: FinishedRound[];
  accuracy: number;
  best_combo: number;
  rank: number | null;
  unranked?: string | null;
  unranked_code?: string | null;
}

/**
 * A room as it stands, sent on each change.
 *
 * ``you`` is the seat of the client, ``host`` whether the client is the host, and ``next`` the code of the room
 * of the rematch. During the countdown, ``starts_in_ms`` is the time until the first prompt, and ``target`` what
 * it will ask for; otherwise they are null.
 */
export interface RoomSnapshot {
  type: "room";
  room: string;
  kind: "class" | "duel";
  state: "countdown" | "over" | "running" | "waiting";
  alphabet: string;
  names: "generated" | "own";
  duration_ms: number;
  starts_in_ms: number | null;
  target: string | null;
  remaining_ms: number;
  locked: boolean;
  players: RoomPlayer[];
  you: number | null;
  host: boolean;
  next: string | null;
}

/**
 * A player of a room.
 *
 * ``over`` says whether their game has ended, ``hidden`` whether the host hides the name that they chose.
 */
export interface RoomPlayer {
  seat: number;
  name: string;
  connected: boolean;
  score: number;
  hits: number;
  combo: number;
  over: boolean;
  hidden: boolean;
}

/**
 * How a round of another player ended, and how they stand after it.
 *
 * ``strokes`` is their drawing, each stroke as flat points, with 64 points at most. In a duel all see it, in a
 * class those who watch.
 */
export interface Rival {
  type: "rival";
  seat: number;
  score: number;
  hits: number;
  combo: number;
  outcome: "hit" | "skip" | "timeout";
  target: string;
  strokes?: number[][] | null;
}

/**
 * The answer to a ping.
 */
export interface Pong {
  type: "pong";
  nonce: number;
}

/**
 * Something was refused. The game goes on, unless the connection is closed after this.
 *
 * ``game`` comes with ``already_played``: the daily that was begun before. It may still be running.
 */
export interface Error {
  type: "error";
  code: string;
  message: string;
  game?: string | null;
}

export type FromBrowser = Join | Ink | Undo | Clear | Skip | Finish | Ping | Watch | Start | Lock | Remove | Hide | Rematch;

export type FromServer = Welcome | Prompt | Guess | Verdict | Over | RoomSnapshot | Rival | Pong | Error;
