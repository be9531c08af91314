// The host's screen of a class: opens it, shows how to join, starts it, shows the race live, and its end.

import "../common/page.js";
import { translateError } from "../api.js";
import { find, restartAnimation, setText } from "../parts/dom.js";
import { formatNumber, nameCharacter } from "../parts/format.js";
import { t } from "../parts/messages.js";
import { connect } from "../play/connection.js";
import { createBoard } from "../rooms/board.js";
import { readPath } from "../rooms/codes.js";
import { createGallery, loadDrawings } from "../rooms/gallery.js";
import { createInvitation } from "../rooms/invitation.js";
import { showPodium } from "../rooms/podium.js";
import { findNewcomers, rankPlayers } from "../rooms/ranking.js";
import { describeRules } from "../rooms/rules.js";
import { createForm } from "./form.js";
import { createPupils } from "./pupils.js";
import { copyReportLink, findToken, saveClass } from "./tokens.js";

/** @typedef {import("../../../types/protocol").RoomSnapshot} RoomSnapshot */
/** @typedef {import("../../../types/protocol").FromServer} FromServer */
/** @typedef {import("../../../types/protocol").FromBrowser} FromBrowser */

const HURRY_MS = 10_000;
const CLOCK_MS = 100;

const page = find(".class", HTMLElement);
const offline = find(".room-offline", HTMLElement, page);
const announcement = find(".class-announcement", HTMLElement, page);
const start = find("[data-testid=start]", HTMLButtonElement, page);
const lock = find("[data-testid=lock]", HTMLButtonElement, page);
const podium = find(".class-podium", HTMLElement, page);
const clock = find(".class-clock span", HTMLElement, page);

const form = createForm(page, open);
const invitation = createInvitation(find(".invitation", HTMLElement, page), announce);
const pupils = createPupils(page, send);
const board = createBoard(find(".board", HTMLElement, page), pupils.pick);
const gallery = createGallery(find(".gallery", HTMLElement, page), { canHide: true });

let code = readPath(location.pathname);
let token = "";
/** @type {ReturnType<typeof connect> | null} */
let connection = null;
/** @type {RoomSnapshot | null} */
let room = null;
let startsAt = 0; // on the page's clock
let endsAt = 0;
let hasAskedForNext = false;
let shownOver = ""; // the code of the room whose end is shown
/** @type {import("../rooms/gallery.js").RoomDrawing[]} of that room */
let drawings = [];

/** @param {"loading" | "form" | "waiting" | "countdown" | "running" | "over" | "problem"} state */
function setState(state) {
  if (page.dataset.state === state) return false;
  page.dataset.state = state;
  document.body.dataset.hosting = String(["waiting", "countdown", "running"].includes(state));
  scrollTo({ top: 0 });
  return true;
}

/** @param {string} text for people who do not see it */
function announce(text) {
  announcement.textContent = text;
}

/** @param {FromBrowser} message */
function send(message) {
  connection?.send(message);
}

/** @param {import("../../../types/api").OpenedRoom} opened @param {string} alphabet */
function open(opened, alphabet) {
  token = opened.host_token;
  const isKept = saveClass(opened.room, token, alphabet);
  go(opened.room, isKept ? "" : `#host_token=${encodeURIComponent(token)}`);
}

/** @param {string} next @param {string} [fragment] */
function go(next, fragment = "") {
  code = next;
  history.pushState(null, "", `/class/${next}${fragment}`);
  host();
}

function host() {
  connection?.close();
  room = null;
  hasAskedForNext = false;
  pupils.clear();
  board.clear();
  podium.replaceChildren();
  setState("loading");
  connection = connect(
    { type: "watch", room: code, host_token: token },
    { onMessage: take, onLost: () => (offline.hidden = false), onEnd: ({ text, refusal }) => showProblem(refusal?.code, text) },
  );
}

/** @param {FromServer} message */
function take(message) {
  if (message.type === "room") takeRoom(message);
  else if (message.type === "rival") board.note(message);
  else if (message.type === "error" && message.code === "no_such_room") {
    connection?.close();
    showProblem(message.code, translateError(message.code, message.message));
  }
}

/** @param {RoomSnapshot} next */
function takeRoom(next) {
  const before = room;
  room = next;
  offline.hidden = true;
  if (!next.host) {
    connection?.close();
    return showProblem("not_host", "");
  }
  if (before?.room !== next.room) saveClass(next.room, token, next.alphabet);
  if (next.next && hasAskedForNext) return go(next.next);
  startsAt = performance.now() + (next.starts_in_ms ?? 0);
  endsAt = startsAt + next.remaining_ms;
  pupils.update(next);
  if (next.state === "waiting") showWaiting(next, before);
  else if (next.state === "countdown") showCountdown(next);
  else if (next.state === "running") showRunning(next);
  else showOver(next);
}

/** @param {RoomSnapshot} next @param {RoomSnapshot | null} before */
function showWaiting(next, before) {
  const { players, locked, names } = next;
  invitation.show(next.room);
  setText("[data-testid=count]", t("class.count", { count: players.length }), page);
  find(".class-empty", HTMLElement, page).hidden = players.length > 0;
  start.disabled = !players.length;
  lock.setAttribute("aria-pressed", String(locked));
  lock.textContent = t(locked ? "class.unlock" : "class.lock");
  page.dataset.locked = String(locked);
  setText(".class-join-title", t(locked ? "class.is_locked" : "class.join"), page);
  setText(".class-settings-words", `${describeRules(next)} ${t(`class.names_are_${names}`)}`, page);
  if (setState("waiting")) find(".class-join-title", HTMLElement, page).focus({ preventScroll: true });
  const newcomers = before ? findNewcomers(before.players, players) : [];
  if (newcomers.length) announce(t("room.joined", { name: newcomers.map(({ name }) => name).join(", ") }));
}

/** @param {RoomSnapshot} next */
function showCountdown(next) {
  board.update(next.players);
  setText(".class-first", t("class.first", { character: nameCharacter(next.target ?? "") }), page);
  if (setState("countdown")) announce(t("room.starts", { seconds: Math.ceil((next.starts_in_ms ?? 0) / 1000) }));
}

/** @param {RoomSnapshot} next */
function showRunning(next) {
  setText(".class-late", `${location.host}/room · ${next.room}`, page);
  const isNew = setState("running"); // before the board is filled, so that it has a size
  board.update(next.players);
  if (isNew) announce(t("class.running"));
}

/** @param {RoomSnapshot} next */
function showOver(next) {
  const isNew = shownOver !== next.room;
  const ranked = rankPlayers(next.players);
  setState("over");
  showPodium(podium, ranked, null);
  if (!isNew) return gallery.fillPodium(podium, drawings); // the last scores come a moment later
  shownOver = next.room;
  drawings = [];
  gallery.clear();
  find("[data-testid=report]", HTMLAnchorElement, page).href = `/class/${next.room}/report`;
  find(".class-over-title", HTMLElement, page).focus({ preventScroll: true });
  const [first] = ranked;
  if (first) announce(t("class.winner", { name: first.name, points: first.score }));
  showGallery(next.room);
}

/** @param {string} over the code of a room whose game is over */
async function showGallery(over) {
  const loaded = await loadDrawings(over);
  if (shownOver !== over || !room) return;
  drawings = loaded;
  gallery.show(rankPlayers(room.players), drawings);
  gallery.fillPodium(podium, drawings);
}

function tick() {
  const now = performance.now();
  const state = page.dataset.state;
  if (state === "countdown") {
    const seconds = String(Math.max(1, Math.ceil((startsAt - now) / 1000)));
    const number = find(".class-number", HTMLElement, page);
    if (number.textContent === seconds) return;
    number.textContent = seconds;
    restartAnimation(number);
  } else if (state === "running" && room) {
    const left = Math.max(0, Math.min(room.duration_ms, endsAt - now));
    setText("[data-testid=class-time]", formatNumber(Math.ceil(left / 1000)), page);
    clock.style.scale = `${left / room.duration_ms} 1`;
    page.dataset.hurry = String(left < HURRY_MS);
  }
}

/** @param {string | undefined} reason a code @param {string} text a sentence for it */
function showProblem(reason, text) {
  offline.hidden = true;
  const isKnown = reason === "not_host" || reason === "no_such_room";
  setText(".class-problem-title", t(isKnown ? `class.title_${reason}` : "room.title_other"), page);
  setText(".class-problem-text", isKnown ? t(`class.help_${reason}`) : text, page);
  find(".class-retry", HTMLButtonElement, page).hidden = isKnown;
  setState("problem");
  find(".class-problem-title", HTMLElement, page).focus({ preventScroll: true });
}

start.addEventListener("click", () => send({ type: "start" }));
lock.addEventListener("click", () => send({ type: "lock", on: lock.getAttribute("aria-pressed") !== "true" }));
find("[data-testid=rematch]", HTMLButtonElement, page).addEventListener("click", () => {
  hasAskedForNext = true;
  if (room?.next) go(room.next);
  else send({ type: "rematch" });
});
find("[data-testid=save-link]", HTMLButtonElement, page).addEventListener("click", async () => {
  setText(".class-keep", await copyReportLink(code, token), page);
});
find(".class-retry", HTMLButtonElement, page).addEventListener("click", () => location.reload());
addEventListener("popstate", () => location.reload());
setInterval(tick, CLOCK_MS);

if (code) {
  token = findToken(code);
  if (token) host();
  else showProblem("not_host", "");
} else {
  form.showEarlier();
  setState("form");
}
