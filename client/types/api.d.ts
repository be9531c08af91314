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
}

/**
 * A character found in a picture.
 */
export interface UploadCharacter {
  round: string;
  box: [number, number, number, number];
  label: string;
  confidence: number;
  sure: boolean;
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
