// The play page: a form, a game, a result. The server keeps the clock and the score; this shows them and sends ink.

import "../common/page.js";
import { find } from "../parts/dom.js";
import { unflattenStroke } from "../parts/geometry.js";
import { createInkPad } from "../parts/ink-pad.js";
import { connect } from "./connection.js";
import { createForm } from "./form.js";
import { createHud } from "./hud.js";
import { listenToKeys } from "./keys.js";
import { forgetInterrupted, loadInterrupted, loadSettings, saveInterrupted } from "./memory.js";
import { createResult } from "./result.js";
import { createSendQueue } from "./send-queue.js";

/** @typedef {import("./memory.js").Settings} Settings */
/** @typedef {import("./send-queue.js").Action} Action */
/** @typedef {import("../parts/geometry.js").Stroke} Stroke */
/** @typedef {import("../../../types/protocol").FromServer} FromServer */
/** @typedef {import("../../../types/protocol").Welcome} Welcome */
/** @typedef {import("../../../types/protocol").Verdict} Verdict */
/** @typedef {import("../../../types/protocol").Over} Over */
/** @typedef {import("../../../types/protocol").FinishedRound} FinishedRound */

const LOST_NOTICE = "The connection is lost. Your game is waiting for you, and I'm trying to reconnect…";
const RESTART_NOTICE = "The server is restarting. Your clock stands still, and your game goes on in a moment…";

const play = find(".play", HTMLElement);
const offline = find(".play-offline", HTMLElement);
const padHint = find(".play-hint", HTMLElement);
const canvas = find(".play-pad", HTMLCanvasElement);
const resultSection = find(".result", HTMLElement);

// People who have played before know where to draw.
padHint.hidden = loadSettings().mode !== undefined;

const form = createForm(play, startGame);
const hud = createHud(play);
const result = createResult(play);
const pad = createInkPad(canvas, {
  onInk,
  onUndo: () => sendAction("undo"),
  onClear: () => sendAction("clear"),
  onChange,
});
const sendQueue = createSendQueue((move) => connection?.send(move));

/** @type {ReturnType<typeof connect> | null} */
let connection = null;
/** @type {Settings} */
let settings = { name: "", mode: "sprint", alphabet: "digits" };
let isJoined = false;
let game = "";
let round = 0; // 0 between rounds
/** @type {FinishedRound[]} */
let rounds = [];
let bestCombo = 0;
/** @type {Map<number, Stroke[]>} */
let strokesByRound = new Map();

/** @param {"form" | "joining" | "playing" | "result"} state */
function setState(state) {
  play.dataset.state = state;
  document.body.dataset.playing = String(state === "playing");
}

/** @param {Settings & { token?: string }} wanted with the token of an interrupted game, if any */
function startGame({ name, mode, alphabet, token }) {
  settings = { name, mode, alphabet };
  isJoined = false;
  round = 0;
  pad.load();
  hud.showTarget("");
  hud.showScore({ score: 0, combo: 0 });
  form.showProblem("");
  offline.hidden = true;
  play.dataset.mode = mode;
  setState("joining");
  connection?.close();
  connection = connect(
    { mode, alphabet, name: name.trim() || undefined, resume: token },
    { onMessage, onLost, onEnd },
  );
}

/** @param {FromServer} message */
function onMessage(message) {
  takeMessage(message);
  sendQueue.noteAnswer(); // after it, because the moves of a round that is over are not sent
}

/** @param {FromServer} message */
function takeMessage(message) {
  switch (message.type) {
    case "welcome":
      return joinGame(message);
    case "prompt":
      hud.setClock(message.remaining_ms);
      if (message.round !== round) startRound(message.round, message.target);
      return;
    case "guess":
      if (message.round === round && pad.strokes.length) hud.showGuess(message.candidates);
      return;
    case "verdict":
      return endRound(message);
    case "over":
      return endGame(message);
    case "error":
      // Other errors refuse a move that came too late for its round. There is nothing to do about them.
      if (message.code === "store_unavailable") holdGame(message.message);
  }
}

/** @param {Welcome} welcome */
function joinGame(welcome) {
  const isResumed = isJoined;
  isJoined = true;
  if (welcome.game !== game) strokesByRound = new Map();
  game = welcome.game;
  rounds = welcome.rounds;
  bestCombo = welcome.best_combo;
  round = 0;
  settings = { ...settings, mode: welcome.mode, alphabet: welcome.alphabet };
  play.dataset.mode = settings.mode;
  saveInterrupted(settings, welcome.token);
  sendQueue.empty();
  offline.hidden = true;
  setState("playing");
  hud.startGame(welcome);
  pad.setEnabled(true);
  if (welcome.prompt) {
    startRound(welcome.prompt.round, welcome.prompt.target);
    pad.load(welcome.prompt.strokes.map(unflattenStroke));
  }
  if (isResumed) hud.announce("Your game goes on.");
  else canvas.focus({ preventScroll: true });
}

/** @param {number} number @param {string} target */
function startRound(number, target) {
  round = number;
  sendQueue.empty();
  pad.load();
  hud.showTarget(target);
}

/** @param {string} reason why the next verdict takes its time */
function holdGame(reason) {
  hud.stopClock();
  showNotice(reason);
}

/** @param {Verdict} verdict */
function endRound(verdict) {
  rounds.push(verdict);
  offline.hidden = true;
  if (verdict.outcome === "hit") padHint.hidden = true;
  bestCombo = Math.max(bestCombo, verdict.combo);
  strokesByRound.set(verdict.round, pad.strokes);
  hud.showScore(verdict);
  hud.setClock(verdict.remaining_ms);
  hud.showVerdict(verdict);
  navigator.vibrate?.(verdict.outcome === "hit" ? 20 : 0);
}

/** @param {boolean} isRestart */
function onLost(isRestart) {
  pad.setEnabled(false);
  if (isRestart) hud.stopClock();
  showNotice(isRestart ? RESTART_NOTICE : LOST_NOTICE);
}

/** @param {string} text */
function showNotice(text) {
  offline.hidden = false;
  offline.textContent = text;
  hud.announce(text);
}

/** @param {string} reason */
function onEnd(reason) {
  if (isJoined) endGame(null, reason);
  else refuseGame(reason);
}

/** @param {string} reason */
function refuseGame(reason) {
  connection?.close();
  forgetInterrupted();
  setState("form");
  form.showProblem(reason);
}

/** @param {Over | null} over null if the server cannot say how the game ended @param {string} [reason] */
function endGame(over, reason) {
  connection?.close();
  forgetInterrupted();
  pad.setEnabled(false);
  offline.hidden = true;
  result.show({ ...(over ?? summarizeGame()), mode: settings.mode, alphabet: settings.alphabet, reason }, strokesByRound);
  setState("result");
  scrollTo({ top: 0 });
  resultSection.focus({ preventScroll: true });
}

/** @returns {import("./result.js").Over} the game as far as this page knows it */
function summarizeGame() {
  const hits = rounds.filter(({ outcome }) => outcome === "hit").length;
  const score = rounds.reduce((sum, { points }) => sum + points, 0);
  const accuracy = rounds.length ? hits / rounds.length : 0;
  return { game, score, hits, rounds, accuracy, best_combo: bestCombo, rank: null, unranked: null };
}

/** @param {number} stroke @param {[number, number, number][]} points @param {boolean} isUp */
function onInk(stroke, points, isUp) {
  if (round) sendQueue.addInk(round, stroke, points, isUp);
  if (play.dataset.drawn !== "true") play.dataset.drawn = "true";
}

/** @param {Action} action */
function sendAction(action) {
  if (round) sendQueue.addAction(action, round);
}

/** @param {Stroke[]} strokes */
function onChange(strokes) {
  play.dataset.drawn = String(strokes.length > 0);
  if (!strokes.length) hud.showGuess([]);
}

/** @param {Action} action */
function act(action) {
  if (play.dataset.state !== "playing" || !round || !offline.hidden) return;
  if (action === "skip") sendAction("skip");
  else pad[action]();
}

for (const action of /** @type {const} */ (["undo", "clear", "skip"])) {
  find(`[data-testid=${action}]`, HTMLButtonElement, play).addEventListener("click", () => {
    act(action);
    canvas.focus({ preventScroll: true });
  });
}
find("[data-testid=finish]", HTMLButtonElement, play).addEventListener("click", () => endGame(null));
find("[data-testid=again]", HTMLButtonElement, play).addEventListener("click", () => startGame(settings));
find(".result-change", HTMLButtonElement, play).addEventListener("click", () => {
  setState("form");
  form.focus();
});
listenToKeys(() => play.dataset.state, { act, playAgain: () => startGame(settings), start: form.submit });

const interrupted = loadInterrupted();
if (interrupted) startGame(interrupted);
