// The page of a room, for those who play in it: the door, the lobby, the race, its end, and the way into the next room.

import "../common/page.js";
import { ApiError, describeError, translateError } from "../api.js";
import { find, setText } from "../parts/dom.js";
import { t } from "../parts/messages.js";
import { createGame } from "../play/game.js";
import { listenToKeys } from "../play/keys.js";
import { loadSettings, saveSettings } from "../play/memory.js";
import { createBoard } from "../rooms/board.js";
import { normalizeCode, readPath } from "../rooms/codes.js";
import { findNewcomers } from "../rooms/ranking.js";
import { createDoor, loadRoom } from "./door.js";
import { createEnding } from "./ending.js";
import { createLobby } from "./lobby.js";
import { createRivals } from "./rivals.js";

/** @typedef {import("../../../types/protocol").RoomSnapshot} RoomSnapshot */
/** @typedef {import("../../../types/protocol").FromServer} FromServer */
/** @typedef {import("../play/game.js").Played} Played */
/** @typedef {"loading" | "enter" | "door" | "joining" | "lobby" | "playing" | "watch" | "result" | "problem"} State */

const OVER_MS = 3_000; // how long the end of a room waits for that of this player's game

const page = find(".room", HTMLElement);
const offline = find(".room-offline", HTMLElement);
const announcement = find(".room-announcement", HTMLElement);

const game = createGame(page, { onJoined, onOver, onEnded, onVerdict, onLost: () => (offline.hidden = false), onMessage });
const rivals = createRivals(find(".play-game", HTMLElement, page));
const door = createDoor(page, join);
const lobby = createLobby(page, { onStart: () => game.send({ type: "start" }), onLeave: leave, announce });
const ending = createEnding(page, () => game.send({ type: "rematch" }));
const board = createBoard(find(".board", HTMLElement, page));

let code = readPath(location.pathname);
/** @type {RoomSnapshot | null} */
let room = null;
/** @type {Played | null} this player's game, once it is over */
let played = null;
let isOnCountdown = false;
let watchTimer = 0;
let overTimer = 0; // runs from the end of the room to that of this player's game, which comes with the drawings
let isOverdue = false;

/** @param {State} state */
function setState(state) {
  if (page.dataset.state === state) return;
  page.dataset.state = state;
  document.body.dataset.playing = String(state === "playing");
  scrollTo({ top: 0 });
}

/** @param {string} text for people who do not see it */
function announce(text) {
  announcement.textContent = text;
}

async function look() {
  setState("loading");
  try {
    const seen = await loadRoom(code);
    if (seen.you !== null) return join("");
    if (seen.next) return follow(seen.next);
    if (seen.locked && seen.state === "waiting") return showProblem("room_locked", "");
    door.open(seen, (next) => {
      if (next.next) follow(next.next);
    });
    setState("door");
  } catch (error) {
    showProblem(error instanceof ApiError ? error.code : "unknown", describeError(error));
  }
}

/** @param {string} name */
function join(name) {
  door.close();
  if (name) saveSettings({ mode: "sprint", alphabet: "digits", ...loadSettings(), name });
  room = null;
  played = null;
  isOnCountdown = false;
  isOverdue = false;
  clearTimeout(overTimer);
  overTimer = 0;
  ending.forget();
  rivals.clear();
  board.clear();
  setState("joining");
  game.start({ room: code, name: name || loadSettings().name || undefined });
}

/** @param {string} next the code of the room of the rematch */
function follow(next) {
  code = next;
  history.replaceState(null, "", `/room/${next}`);
  announce(t("room.led"));
  join("");
}

function leave() {
  game.leave();
  location.assign("/play");
}

function onJoined() {
  offline.hidden = true;
  isOnCountdown = false;
  played = null;
}

/** @param {Played} over */
function onOver(over) {
  played = over;
  if (room?.state === "over") showOver(room);
}

/** @param {Played} _ @param {import("../play/connection.js").Ending} ended */
async function onEnded(_, { refusal, text }) {
  if (refusal?.code === "bad_name") {
    await look();
    return door.refuse(text);
  }
  showProblem(refusal?.code ?? "ended", text);
}

/** @param {import("../../../types/protocol").Verdict} verdict */
function onVerdict({ score }) {
  rivals.noteOwn(score);
}

/** @param {FromServer} message */
function onMessage(message) {
  if (message.type === "room") takeRoom(message);
  else if (message.type === "rival") {
    rivals.note(message);
    board.note(message);
  } else if (message.type === "error" && (message.code === "removed" || message.code === "no_such_room")) {
    game.leave();
    showProblem(message.code, translateError(message.code, message.message));
  }
}

/** @param {RoomSnapshot} next */
function takeRoom(next) {
  const before = room;
  room = next;
  offline.hidden = true;
  if (next.next) return follow(next.next);
  rivals.update(next);
  if (next.state === "over") return showOver(next);
  if (next.state === "waiting") return showLobby(next, before);
  if (next.you === null) return showWatch(next);
  if (next.state === "countdown") countDown(next);
  setState("playing");
}

/** @param {RoomSnapshot} next @param {RoomSnapshot | null} before */
function showLobby(next, before) {
  lobby.show(next);
  const isNew = page.dataset.state !== "lobby";
  setState("lobby");
  if (isNew) lobby.focus();
  const newcomers = before ? findNewcomers(before.players, next.players) : [];
  if (newcomers.length) announce(t("room.joined", { name: newcomers.map(({ name }) => name).join(", ") }));
}

/** @param {RoomSnapshot} next */
function countDown(next) {
  if (isOnCountdown) return;
  isOnCountdown = true;
  setState("playing"); // before it, so that the paper has a size
  announce(t("room.starts", { seconds: Math.ceil((next.starts_in_ms ?? 0) / 1000) }));
  game.countDown(next);
}

/** @param {RoomSnapshot} next */
function showWatch(next) {
  setState("watch");
  board.update(next.players);
  const endsAt = performance.now() + (next.starts_in_ms ?? 0) + next.remaining_ms;
  const tick = () => setText(".room-watch-time", String(Math.max(0, Math.ceil((endsAt - performance.now()) / 1000))), page);
  clearInterval(watchTimer);
  watchTimer = setInterval(tick, 500);
  tick();
}

/** @param {RoomSnapshot} next */
function showOver(next) {
  clearInterval(watchTimer);
  if (next.you !== null && !played && !isOverdue) {
    overTimer ||= setTimeout(() => {
      isOverdue = true;
      if (room?.state === "over") showOver(room);
    }, OVER_MS);
    return;
  }
  if (page.dataset.state === "playing") game.view.sounds.play("end");
  setState("result");
  announce(ending.describePlace(next));
  ending.show(next, played);
}

/** @param {string} reason a code @param {string} text a sentence for it */
function showProblem(reason, text) {
  door.close();
  clearInterval(watchTimer);
  offline.hidden = true;
  const known = ["no_such_room", "room_full", "room_locked", "removed"].includes(reason);
  setText(".room-problem-title", known ? t(`room.title_${reason}`) : t("room.title_other"), page);
  setText(".room-problem-text", known ? t(`room.help_${reason}`) : text, page);
  const retry = find(".room-retry", HTMLButtonElement, page);
  retry.textContent = t("room.retry");
  retry.hidden = reason === "removed" || reason === "no_such_room";
  setState("problem");
  find(".room-problem-title", HTMLElement, page).focus({ preventScroll: true });
}

find(".room-retry", HTMLButtonElement, page).addEventListener("click", () => location.reload());
find(".room-code-form", HTMLFormElement, page).addEventListener("submit", (event) => {
  event.preventDefault();
  const typed = normalizeCode(find(".room-code-input", HTMLInputElement, page).value);
  if (typed) location.assign(`/room/${encodeURIComponent(typed)}`);
});
listenToKeys(() => page.dataset.state, {
  act: game.view.act,
  mute: game.view.sounds.toggle,
  playAgain() {},
  start() {},
  restart() {},
  quit() {},
});

if (code) look();
else {
  setState("enter");
  find(".room-code-input", HTMLInputElement, page).focus();
}
