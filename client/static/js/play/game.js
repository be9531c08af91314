// A running game: joins over the play socket, shows what the server sends, and sends what the player does. The server
// keeps the clock and the score.

import { t } from "../parts/messages.js";
import { SKIP_COST_MS } from "../parts/tuning.js";
import { connect } from "./connection.js";
import { createGameView } from "./game-view.js";
import { createSendQueue } from "./send-queue.js";

/** @typedef {import("../parts/geometry.js").Stroke} Stroke */
/** @typedef {import("../../../types/protocol").Join} Join */
/** @typedef {import("../../../types/protocol").FromServer} FromServer */
/** @typedef {import("../../../types/protocol").Welcome} Welcome */
/** @typedef {import("../../../types/protocol").Verdict} Verdict */
/** @typedef {import("../../../types/protocol").Over} Over */
/** @typedef {import("../../../types/protocol").FinishedRound} FinishedRound */
/** @typedef {import("./connection.js").Ending} Ending */

/**
 * @typedef {object} Played a game as this page knows it
 * @property {string} game its id, empty if it never began
 * @property {Omit<Over, "type">} summary
 * @property {Map<number, Stroke[]>} strokesByRound the drawings that this page saw
 */
/**
 * @typedef {object} Listeners
 * @property {(welcome: Welcome) => void} onJoined a game has begun or goes on
 * @property {(played: Played) => void} onOver the server has ended the game
 * @property {(played: Played, ending: Ending) => void} onEnded the connection has ended for good before the game was over
 * @property {(verdict: Verdict) => void} [onVerdict] a round has ended
 * @property {() => void} [onLost] the connection is lost and will be retried
 * @property {(message: FromServer) => void} [onMessage] every message, after the game has taken it
 */

/**
 * @param {HTMLElement} play
 * @param {Listeners} listeners
 */
export function createGame(play, { onJoined, onOver, onEnded, onVerdict, onLost, onMessage }) {
  const view = createGameView(play, {
    onInk: (...ink) => {
      if (round) sendQueue.addInk(round, ...ink);
    },
    onAction: (action) => {
      if (round) sendQueue.addAction(action, round);
    },
  });
  const sendQueue = createSendQueue((move) => connection?.send(move));

  /** @type {ReturnType<typeof connect> | null} */
  let connection = null;
  let isJoined = false;
  let isRoom = false;
  let round = 0; // 0 between rounds
  let game = "";
  let bestCombo = 0;
  /** @type {FinishedRound[]} */
  let rounds = [];
  /** @type {Map<number, Stroke[]>} */
  let strokesByRound = new Map();

  /** @param {FromServer} message */
  function take(message) {
    takeMessage(message);
    sendQueue.noteAnswer(); // after it, because the moves of a round that is over are not sent
    onMessage?.(message);
  }

  /** @param {FromServer} message */
  function takeMessage(message) {
    switch (message.type) {
      case "welcome":
        return takeWelcome(message);
      case "prompt":
        view.setClock(message.remaining_ms);
        if (message.round === round) return;
        round = message.round;
        sendQueue.empty();
        view.showPrompt(message);
        return;
      case "guess":
        if (message.round === round) view.showGuess(message);
        return;
      case "verdict":
        return takeVerdict(message);
      case "over":
        if (isRoom) view.end();
        else stop();
        return onOver({ game, summary: message, strokesByRound });
      case "error":
        // Other errors refuse a move that came too late for its round. There is nothing to do about them.
        if (message.code === "store_unavailable") view.hold(t("game.store_unavailable"));
    }
  }

  /** @param {Welcome} welcome */
  function takeWelcome(welcome) {
    const isResumed = isJoined;
    isJoined = true;
    if (welcome.game !== game) strokesByRound = new Map();
    ({ game, rounds } = welcome);
    bestCombo = welcome.best_combo;
    round = welcome.prompt?.round ?? 0;
    sendQueue.empty();
    onJoined(welcome);
    view.begin(welcome);
    if (isRoom && !round) return;
    if (isResumed) view.announceResumed();
    else view.focus();
  }

  /** @param {Verdict} verdict */
  function takeVerdict(verdict) {
    rounds.push(verdict);
    bestCombo = Math.max(bestCombo, verdict.combo);
    strokesByRound.set(verdict.round, view.pad.strokes);
    view.showVerdict(verdict);
    if (isRoom && verdict.outcome === "skip") {
      round = 0;
      sendQueue.empty();
      view.makeWait(SKIP_COST_MS); // in a room, a skip delays the next prompt
    }
    onVerdict?.(verdict);
  }

  /** @param {boolean} isRestart */
  function lose(isRestart) {
    view.loseConnection(isRestart, isRoom);
    onLost?.();
  }

  /** @param {Ending} ending */
  function end(ending) {
    const played = summarize();
    stop();
    onEnded(played, ending);
  }

  function stop() {
    connection?.close();
    connection = null;
    view.end();
  }

  /** @returns {Played} */
  function summarize() {
    const hits = rounds.filter(({ outcome }) => outcome === "hit").length;
    const score = rounds.reduce((sum, { points }) => sum + points, 0);
    const accuracy = rounds.length ? hits / rounds.length : 0;
    const summary = { game, score, hits, rounds, accuracy, best_combo: bestCombo, rank: null, unranked: null };
    return { game, summary, strokesByRound };
  }

  return {
    view,
    /** @param {Omit<Join, "type">} join */
    start(join) {
      stop();
      isJoined = false;
      isRoom = Boolean(join.room);
      round = 0;
      game = "";
      rounds = [];
      bestCombo = 0;
      view.reset();
      connection = connect({ type: "join", ...join }, { onMessage: take, onLost: lose, onEnd: end });
    },
    /**
     * Count down to a game in a room. Its first prompt comes after that.
     *
     * @param {import("../../../types/protocol").RoomSnapshot} room in its countdown
     */
    countDown({ target, starts_in_ms, duration_ms }) {
      if (round) return;
      const prompt = { target: target ?? "", strokes: [] };
      view.begin({ duration_ms, remaining_ms: duration_ms, score: 0, combo: 0, prompt, starts_in_ms }, true);
      view.focus();
    },
    /** @returns {boolean} whether the server could be asked to end the game. `onOver` follows. */
    finish: () => connection?.send({ type: "finish" }) ?? false,
    /** @returns {Played} the game that is left. The server ends it too, or a few seconds later if it cannot be told. */
    leave() {
      connection?.send({ type: "finish" });
      stop();
      return summarize();
    },
    /** @param {import("../../../types/protocol").FromBrowser} message such as a host's move */
    send: (message) => connection?.send(message),
  };
}
