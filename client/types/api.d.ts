// Made by `python -m game.api.schemas --types`. A test compares; do not edit.

/**
 * A drawing to recognize.
 */
export interface RecognizeRequest {
  strokes: number[][][];
  alphabet?: string;
  store?: boolean;
}

/**
 * What a drawing was recognized as.
 */
export interface Recognized {
  round: string | null;
  label: string;
  confidence: number;
  candidates: Candidate[];
  likely: boolean;
  model: string;
  image: string;
}

/**
 * A character and its probability.
 */
export interface Candidate {
  label: string;
  probability: number;
}

/**
 * A drawing whose recognition is to be explained.
 */
export interface ExplainRequest {
  strokes: number[][][];
  alphabet?: string;
  rival?: string | null;
}

/**
 * Why a drawing is recognized as it is.
 */
export interface Explained {
  best: Side;
  rival: Side;
  strokes: [number, number, number][][];
  model: string;
}

/**
 * One of the two characters that are compared.
 */
export interface Side {
  label: string;
  probability: number;
  examples: [number, number][][][];
}

/**
 * The characters found in a picture.
 */
export interface Uploaded {
  width: number;
  height: number;
  text: string;
  characters: UploadCharacter[];
  model: string;
  preview?: string | null;
  signs?: UploadSign[];
  turn?: number;
  frames?: number;
  page?: [[number, number], [number, number], [number, number], [number, number]] | null;
}

/**
 * A character found in a picture.
 */
export interface UploadCharacter {
  round: string | null;
  box: [number, number, number, number];
  label: string;
  confidence: number;
  sure: boolean;
  candidates: Candidate[];
  image: string;
}

/**
 * A mark in a picture that is no letter or digit, such as a bracket. It is not stored.
 */
export interface UploadSign {
  box: [number, number, number, number];
  label: string;
  confidence: number;
  candidates: Candidate[];
  image: string;
}

/**
 * What a drawing really was.
 */
export interface FeedbackRequest {
  label: string;
}

/**
 * The label that the round has now.
 */
export interface FeedbackTaken {
  round: string;
  label: string;
  verdict: "confirmed" | "corrected";
  remembered: boolean;
}

/**
 * The round that was deleted.
 */
export interface DeletedRound {
  round: string;
}

/**
 * How much was deleted.
 */
export interface DeletedMe {
  rounds: number;
  games: number;
}

/**
 * Today's dailies, and your streak.
 */
export interface MyDaily {
  day: string;
  ends_in_ms: number;
  tries: DailyTryBody[];
  streak: StreakBody;
}

/**
 * A try at a daily.
 */
export interface DailyTryBody {
  alphabet: string;
  game: string;
  score: number;
  is_finished: boolean;
}

/**
 * Days in a row with a daily. One missed day a week is forgiven.
 */
export interface StreakBody {
  days: number;
  longest: number;
  has_played_today: boolean;
  is_forgiving: boolean;
}

/**
 * How you are doing. Characters and days are those of your newest 5,000 rounds.
 */
export interface MyProgress {
  rounds: number;
  overall: FiguresBody;
  characters: CharacterProgressBody[];
  days: DayProgress[];
  streak: StreakBody;
  bests: MyGame[];
  games: MyGame[];
}

/**
 * How some rounds went. Rounds that the clock cut off do not count.
 */
export interface FiguresBody {
  rounds: number;
  hits: number;
  accuracy: number;
  median_ms: number | null;
}

/**
 * How one of your characters is read.
 */
export interface CharacterProgressBody {
  character: string;
  rounds: number;
  hits: number;
  accuracy: number;
  median_ms: number | null;
  ms_per_hit: number;
  misread_as: MisreadAs | null;
  trend: FiguresBody[];
}

/**
 * What a character is most often taken for.
 */
export interface MisreadAs {
  label: string;
  count: number;
}

/**
 * How a day went.
 */
export interface DayProgress {
  day: string;
  rounds: number;
  hits: number;
  accuracy: number;
  median_ms: number | null;
}

/**
 * One of your finished games.
 */
export interface MyGame {
  game: string;
  mode: string;
  alphabet: string;
  score: number;
  hits: number;
  prompts: number;
  at: string;
}

/**
 * Your drawings of a character, newest first.
 */
export interface MyDrawings {
  character: string;
  drawings: MyDrawing[];
}

/**
 * A drawing of yours.
 */
export interface MyDrawing {
  round: string;
  at: string;
  label: string;
  confidence: number | null;
  drawing: number[][][];
}

/**
 * How others write a character, the most usual way first.
 */
export interface Examples {
  character: string;
  drawings: number[][][][];
}

/**
 * A code that makes another device yours. It works once.
 */
export interface LinkCode {
  code: string;
  expires_at: string;
}

/**
 * Whose device this is now. The rounds are counted up to 5,000.
 */
export interface Claimed {
  rounds: number;
  left_behind: number;
}

/**
 * What the recognizer remembers of your handwriting.
 */
export interface MyHand {
  on: boolean;
  limit: number;
  known_from: number;
  waiting: number;
  characters: HandCharacter[];
}

/**
 * What the recognizer remembers of one of your characters.
 */
export interface HandCharacter {
  character: string;
  known: boolean;
  drawings: HandDrawing[];
}

/**
 * One of your drawings that the recognizer remembers.
 */
export interface HandDrawing {
  round: string;
  at: string;
  origin: "hit" | "label";
  drawing: number[][][];
}

/**
 * Whether your hand is used and learned.
 */
export interface HandSwitch {
  on: boolean;
}

/**
 * How much was forgotten. The rounds themselves stay stored.
 */
export interface Forgotten {
  drawings: number;
}

/**
 * The best game of each player, best first.
 */
export interface Leaderboard {
  entries: LeaderboardEntry[];
  you: LeaderboardEntry | null;
}

/**
 * A player's best game on a leaderboard.
 */
export interface LeaderboardEntry {
  rank: number;
  player: string;
  score: number;
  hits: number;
  accuracy: number;
  best_combo: number;
  at: string;
  game: string;
}

/**
 * A finished game with its drawings.
 */
export interface FinishedGame {
  game: string;
  player: string;
  has_own_name: boolean;
  mode: string;
  alphabet: string;
  score: number;
  hits: number;
  prompts: number;
  accuracy: number;
  best_combo: number;
  at: string;
  model: string;
  unranked: string | null;
  unranked_code: string | null;
  card: string | null;
  withheld: "daily" | "hidden" | null;
  rounds: GameRound[];
}

/**
 * One prompt of a game and what was drawn for it.
 */
export interface GameRound {
  round: number;
  id: string;
  target: string | null;
  outcome: "hit" | "skip" | "timeout" | null;
  label: string | null;
  confidence: number | null;
  points: number | null;
  duration_ms: number | null;
  drawing: number[][][];
}

/**
 * A room to open.
 */
export interface NewRoom {
  alphabet?: string;
  duration_s?: number;
  names?: "generated" | "own";
}

/**
 * A new room.
 */
export interface OpenedRoom {
  room: string;
  host_token: string;
}

/**
 * The best drawings of each player of a room, those with the most points first.
 */
export interface RoomDrawings {
  room: string;
  drawings: RoomDrawing[];
}

/**
 * A drawing of a round.
 */
export interface RoomDrawing {
  seat: number;
  round: number;
  target: string;
  outcome: "hit" | "skip" | "timeout";
  points: number;
  drawing: number[][][];
}

/**
 * How a room went. ``players`` come best first, ``characters`` most missed first.
 *
 * Rounds that were open when the time was up do not count. ``started_at_ms`` and ``expires_at_ms`` are
 * milliseconds since 1970, UTC. Until it expires, the report can be read.
 */
export interface RoomReport {
  room: string;
  kind: "class" | "duel";
  alphabet: string;
  state: "countdown" | "over" | "running" | "waiting";
  duration_ms: number;
  started_at_ms: number | null;
  expires_at_ms: number;
  players: ReportPlayer[];
  characters: ReportCharacter[];
}

/**
 * How a player did. ``game`` is the id of their game, with all their drawings.
 *
 * ``accuracy`` is hits divided by hits and misses; null without any. ``drawings`` are some of those that were not
 * understood.
 */
export interface ReportPlayer {
  seat: number;
  name: string;
  game: string;
  score: number;
  hits: number;
  misses: number;
  accuracy: number | null;
  best_combo: number;
  median_ms: number | null;
  characters: ReportCharacter[];
  drawings: ReportMiss[];
}

/**
 * How a character went, with one player or with all.
 *
 * ``misses`` are skips. ``blank`` of them had no drawing. ``read`` says what the model read in the others and how
 * often, the most frequent first; that may be the right character, if the model was not sure of it.
 * ``median_ms`` is the time that hits took; null without any.
 */
export interface ReportCharacter {
  target: string;
  hits: number;
  misses: number;
  blank: number;
  median_ms: number | null;
  read: [string, number][];
}

/**
 * A drawing that was not understood: a round of a game, and what the model read.
 *
 * ``drawing`` has [[x…], [y…]] for each stroke, in the square 0-1023, with fewer points than were drawn.
 */
export interface ReportMiss {
  round: number;
  target: string;
  label: string | null;
  drawing: number[][][];
}

/**
 * The model in service, the models before it, and how much has been played.
 */
export interface ModelCard {
  version: string;
  card: Record<string, any>;
  counts: Counts;
  history: ModelUse[];
}

/**
 * How much has been played.
 */
export interface Counts {
  rounds: number;
  games: number;
  players: number;
  labelled: number;
  mirrored: number | null;
}

/**
 * A version of the model that was put into service.
 */
export interface ModelUse {
  version: string;
  at: string;
  event: "promoted" | "rolled back";
  why: string;
  report: string | null;
}

/**
 * The response to a request that is refused or fails.
 */
export interface ErrorBody {
  error: ErrorDetail;
}

/**
 * What is wrong: ``code`` is for programs, ``message`` for people.
 */
export interface ErrorDetail {
  code: string;
  message: string;
}
