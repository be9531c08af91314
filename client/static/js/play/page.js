// The play page: a form, a game, a result.

import "../common/page.js";
import { describeError } from "../api.js";
import { find, make } from "../parts/dom.js";
import { makeHowTo } from "../parts/how-to.js";
import { t } from "../parts/messages.js";
import { createForm } from "./form.js";
import { createGame } from "./game.js";
import { createGhost } from "./ghost.js";
import { nameGhost } from "./ghost-choice.js";
import { listenToKeys } from "./keys.js";
import { createLesson } from "./lesson.js";
import { forgetInterrupted, loadInterrupted, loadLast, loadTaught, saveInterrupted, saveLast } from "./memory.js";
import { noteRound } from "./misses.js";
import { openDuel } from "./open-duel.js";
import { createResult } from "./result.js";
import { awaitGame, getDrawings, loadGame, toOver } from "./stored-game.js";

/** @typedef {import("./memory.js").Settings} Settings */
/** @typedef {import("./memory.js").Interrupted} Interrupted */
/** @typedef {import("./game.js").Played} Played */
/** @typedef {import("./connection.js").Ending} Ending */
/** @typedef {import("../../../types/api").FinishedGame} FinishedGame */
/** @typedef {import("../../../types/protocol").Welcome} Welcome */

const SEARCH_MS = 20_000; // how long the page looks for the result of a game
const ANSWER_MS = 2_000; // how long it waits for the end of a game that its player quits
const OUTAGE_MS = 600_000; // how long it looks for the result while the network is away

const play = find(".play", HTMLElement);
const padHint = find(".play-hint", HTMLElement);
const help = make("div", { class: "play-help", role: "status" }); // on the paper, between two rounds of practice
find(".play-paper", HTMLElement, play).append(help);
const last = find(".play-last", HTMLButtonElement);

const form = createForm(play, start);
const ghost = createGhost(play);
const game = createGame(play, { onJoined, onOver, onEnded, onVerdict, onMessage: ghost.take });
const result = createResult(play);
const lesson = createLesson(play, game.view, { onStart: () => setState("playing") });

/** @type {Settings} of the running game, or of the one that was last */
let settings = { name: "", mode: "sprint", alphabet: "digits" };
/** @type {Interrupted | null} the game that this page resumes */
let resumed = null;
/** @type {Set<string>} the characters of the running game that are known since then */
let known = new Set();
let quitTimer = 0; // runs while the server ends a game that its player quits

/** @param {"form" | "joining" | "playing" | "result"} state */
function setState(state) {
  play.dataset.state = state;
  document.body.dataset.playing = String(state === "playing");
}

function showForm() {
  setState("form");
  form.refresh();
  const score = loadLast()?.score;
  last.hidden = score === undefined;
  if (score !== undefined) last.textContent = t("play.last_result", { count: score });
}

/** @param {Settings} wanted */
async function start(wanted) {
  form.showProblem("");
  if (wanted.mode === "duel") return startDuel(wanted);
  const played = wanted.mode === "daily" ? form.findDaily(wanted.alphabet) : null;
  if (played) return findResult(played, t("errors.already_played"));
  // People who have played before know where to draw. The warm-up is drawn with a pointer.
  const isTaught = loadTaught() || wanted.mode === "keys";
  padHint.hidden = isTaught;
  const rival = form.ghosts.get();
  if (!isTaught) await lesson.teach(wanted.alphabet);
  if (await race(rival)) join(wanted, true);
}

/**
 * Get the ghost of the next game, and note it in the address, where a reload of the page finds it.
 *
 * @param {{ game: string, label: string } | null} rival whom to race
 * @returns {Promise<boolean>} whether the game can begin
 */
async function race(rival) {
  if (rival?.game !== (ghost.game || undefined)) {
    try {
      if (rival) setState("joining");
      ghost.choose(rival && (await loadGame(rival.game)), rival?.label);
    } catch (error) {
      refuse(describeError(error));
      return false;
    }
  }
  const address = new URL(location.href);
  if (rival) address.searchParams.set("ghost", rival.game);
  else address.searchParams.delete("ghost");
  history.replaceState(null, "", address);
  return true;
}

/** @param {string} id of a game to race, from the address */
async function showLinked(id) {
  showForm();
  try {
    const { alphabet } = await form.ghosts.link(id);
    form.fill({ mode: "sprint", alphabet });
    await form.refresh();
  } catch (error) {
    form.showProblem(describeError(error));
  }
  form.startIfWaiting();
}

/** @param {string} id of the ghost that the resumed game races */
async function showRaced(id) {
  const raced = await loadGame(id).catch(() => null);
  if (raced) ghost.choose(raced, nameGhost(raced));
}

/** @param {Settings} wanted */
async function startDuel(wanted) {
  setState("joining");
  try {
    location.assign(`/room/${await openDuel(wanted.name.trim(), wanted.alphabet)}`);
  } catch (error) {
    refuse(describeError(error));
  }
}

/** @param {Settings} wanted @param {boolean} hasCountdown @param {Interrupted | null} [interrupted] to be resumed */
function join(wanted, hasCountdown, interrupted = null) {
  settings = { name: wanted.name, mode: wanted.mode, alphabet: wanted.alphabet, characters: wanted.characters };
  resumed = interrupted;
  known = new Set();
  play.dataset.mode = wanted.mode;
  help.replaceChildren();
  setState("joining");
  const request = {
    mode: wanted.mode,
    alphabet: wanted.alphabet,
    name: wanted.name.trim() || undefined,
    characters: wanted.mode === "practice" ? wanted.characters : undefined,
    resume: interrupted?.token,
    countdown: hasCountdown && wanted.mode !== "practice",
  };
  game.start(request);
}

/** @param {Welcome} welcome */
function onJoined(welcome) {
  settings = { ...settings, mode: welcome.mode, alphabet: welcome.alphabet };
  play.dataset.mode = settings.mode;
  saveInterrupted(settings, welcome.token, welcome.game);
  setState("playing");
}

/** @param {import("../../../types/protocol").Verdict} verdict */
function onVerdict(verdict) {
  help.replaceChildren();
  if (verdict.known) known.add(verdict.target);
  const isMissedOften = noteRound(verdict);
  if (isMissedOften && settings.mode === "practice") showHelp(verdict.target);
}

/** @param {string} character that the player has missed often */
async function showHelp(character) {
  const howTo = await makeHowTo(character).catch(() => null);
  if (!howTo || play.dataset.state !== "playing") return;
  const close = make("button", { type: "button", class: "button", "data-testid": "how-to-close" }, t("how_to.close"));
  close.addEventListener("click", () => {
    help.replaceChildren();
    game.view.focus();
  });
  help.replaceChildren(howTo, close);
}

/** @param {Played} played */
function onOver(played) {
  const hasQuit = stopQuitting();
  if (hasQuit && !played.summary.rounds.length) return cancel();
  game.view.sounds.play("end");
  showResult(played, hasQuit && settings.mode !== "practice" ? { title: t("result.stopped") } : {});
  remember(played.summary);
}

/** @returns {boolean} whether the player has asked for the end of the game */
function stopQuitting() {
  const hasQuit = quitTimer !== 0;
  clearTimeout(quitTimer);
  quitTimer = 0;
  return hasQuit;
}

/** Go back to the form from a game in which nothing has happened. */
function cancel() {
  forgetInterrupted();
  showForm();
  form.focus();
}

/** @param {Played} played @param {Ending} ending */
function onEnded(played, ending) {
  stopQuitting();
  const { refusal } = ending;
  if (played.game) {
    if (!ending.isGone) return showResult(played, { title: ending.text, isUnfinished: true });
    showResult(played, { title: t("result.ended"), reason: ending.text, isUnfinished: true });
    remember(played.summary);
    refreshResult(played.game, OUTAGE_MS);
  } else if (refusal?.code === "already_played" && refusal.game) findResult(refusal.game, ending.text);
  else if (resumed && ending.isGone) findResult(resumed.game, ending.text);
  else refuse(ending.text);
}

/** @param {string} reason why there is no game */
function refuse(reason) {
  forgetInterrupted();
  showForm();
  form.showProblem(reason);
}

/** @param {Played} played @param {{ title?: string, reason?: string, isUnfinished?: boolean }} [ended] if not by the clock */
function showResult({ summary, strokesByRound }, ended = {}) {
  forgetInterrupted();
  result.show({ over: summary, ...settings, strokesByRound, known: [...known], ...ended });
  if (ended.title) ghost.hideResult();
  else ghost.showResult(summary.score);
  setState("result");
  scrollTo({ top: 0 });
  result.focus();
}

/** @param {FinishedGame} stored @param {{ title?: string, reason?: string }} [ended] */
function showStored(stored, ended = {}) {
  forgetInterrupted();
  const { mode, alphabet } = stored;
  settings = { ...settings, mode, alphabet };
  play.dataset.mode = mode;
  result.show({ over: toOver(stored), mode, alphabet, strokesByRound: getDrawings(stored), ...ended, isOld: true });
  ghost.hideResult();
  remember(stored);
  setState("result");
  result.focus();
}

/** @param {{ game: string, score: number, rounds: unknown[] }} finished whose result can be shown again */
function remember({ game: id, score, rounds }) {
  if (rounds.length) saveLast({ game: id, mode: settings.mode, alphabet: settings.alphabet, score });
}

/**
 * Show the result of a game that this page does not have.
 *
 * @param {string} id
 * @param {string} reason why it does not go on
 */
async function findResult(id, reason) {
  setState("joining");
  const stored = await awaitGame(id, SEARCH_MS, () => play.dataset.state === "joining");
  if (play.dataset.state !== "joining") return;
  if (stored) showStored(stored, stored.mode === "daily" ? { title: t("play.daily") } : { title: t("result.ended"), reason });
  else refuse(reason);
}

/**
 * Show what the server has of the game that is shown, once it has it.
 *
 * @param {string} id
 * @param {number} forMs how long to ask
 */
async function refreshResult(id, forMs) {
  const isShown = () => play.dataset.state === "result" && result.game === id;
  const stored = await awaitGame(id, forMs, isShown);
  if (stored && isShown()) result.update(toOver(stored), getDrawings(stored));
}

/** End the game before its time. The server answers with its result, unless the network is slow. */
function quit() {
  if (lesson.isRunning) return lesson.end();
  if (settings.mode === "daily" || quitTimer) return;
  if (game.finish()) quitTimer = setTimeout(leave, ANSWER_MS);
  else leave();
}

/** Show what this page knows of the game. */
function leave() {
  stopQuitting();
  const played = game.leave();
  if (!played.summary.rounds.length) return cancel();
  remember(played.summary);
  showResult(played, settings.mode === "practice" ? {} : { title: t("result.stopped"), isUnfinished: true });
  if (settings.mode !== "practice") refreshResult(played.game, SEARCH_MS);
}

function restart() {
  if (lesson.isRunning || settings.mode === "daily") return;
  stopQuitting();
  game.leave();
  join(settings, false);
}

async function showLast() {
  const remembered = loadLast();
  if (!remembered) return;
  try {
    showStored(await loadGame(remembered.game), { title: t("result.last") });
  } catch (error) {
    form.showProblem(describeError(error));
  }
}

find("[data-testid=finish]", HTMLButtonElement, play).addEventListener("click", quit);
find("[data-testid=quit]", HTMLButtonElement, play).addEventListener("click", quit);
find("[data-testid=restart]", HTMLButtonElement, play).addEventListener("click", restart);
find("[data-testid=again]", HTMLButtonElement, play).addEventListener("click", playAgain);
find("[data-testid=settings]", HTMLButtonElement, play).addEventListener("click", () => {
  showForm();
  form.focus();
});
last.addEventListener("click", showLast);

function playAgain() {
  join(settings.mode === "daily" ? { ...settings, mode: "sprint" } : settings, true);
}

listenToKeys(() => play.dataset.state, {
  act: game.view.act,
  playAgain,
  start: form.submit,
  restart,
  quit,
  mute: game.view.sounds.toggle,
});

const interrupted = loadInterrupted();
const linked = new URLSearchParams(location.search).get("ghost");
if (interrupted) {
  if (linked && interrupted.mode === "sprint") showRaced(linked);
  join(interrupted, false, interrupted);
} else if (linked) showLinked(linked);
else if (!form.startIfWaiting()) showForm();
