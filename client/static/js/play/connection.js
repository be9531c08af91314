// The play socket: joins a game or watches a room, keeps the connection alive, and reconnects after a network loss or a
// restart of the server. A game is resumed with its token. In a room, the server knows the seat by the cookie.

import { translateError } from "../api.js";
import { t } from "../parts/messages.js";

/** @typedef {import("../../../types/protocol").Join} Join */
/** @typedef {import("../../../types/protocol").Watch} Watch */
/** @typedef {import("../../../types/protocol").FromBrowser} FromBrowser */
/** @typedef {import("../../../types/protocol").FromServer} FromServer */

const PING_MS = 5_000;
const SILENCE_MS = 12_000; // more than two pings without an answer
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 1_500; // short, because a server that is back does not wait long for its players
const RESUME_MS = 45_000; // a restart may take 15 s, and the server waits 15 s after it
const ROOM_MS = 20 * 60_000; // a room keeps its seats; a phone may sleep for long

const RESTARTING = 1012;
const RETRIED_REFUSALS = new Set(["restarting", "store_unavailable"]);

// After these close codes another try would fail too. The names are those of messages: ended.<name>.
const FINAL_CLOSES = new Map([
  [1008, "too_much"],
  [1009, "too_large"],
  [4001, "elsewhere"],
  [4002, "not_understood"],
  [4003, "deleted"],
  [4004, "put_out"],
]);

/**
 * @typedef {object} Ending why a connection has ended for good
 * @property {string} text for a person
 * @property {boolean} isGone whether the game has gone on or ended without this page: its result may be on the server
 * @property {import("../../../types/protocol").Error | null} refusal what the server said, if it refused
 */

/**
 * @typedef {object} Listeners
 * @property {(message: FromServer) => void} onMessage every message from the server except pongs
 * @property {(isRestart: boolean) => void} onLost the connection is lost and will be retried; if the server restarts,
 *   the clock stands still until then
 * @property {(ending: Ending) => void} onEnd the connection has ended for good
 */

/**
 * @param {Join | Watch} hello the first message
 * @param {Listeners} listeners
 */
export function connect(hello, { onMessage, onLost, onEnd }) {
  const isRoom = Boolean(hello.room);
  const patienceMs = isRoom ? ROOM_MS : RESUME_MS;
  let token = hello.type === "join" ? hello.resume : null;
  let mayReturn = Boolean(token);
  let isDone = false;
  let isJoined = false; // on the current socket
  let lostAt = 0; // 0 while the game goes on
  let isRestart = false; // the server has said so
  let heardAt = 0;
  let wait = FIRST_WAIT_MS;
  let retry = 0; // the timer of the next try, 0 if none is planned
  let nonce = 0;
  /** @type {WebSocket} */
  let socket;

  function open() {
    heardAt = performance.now();
    isJoined = false;
    socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/play/v1`);
    socket.onopen = () => send(isRoom ? hello : { .../** @type {Join} */ (hello), resume: token });
    socket.onmessage = ({ data }) => receive(JSON.parse(data));
    socket.onclose = ({ code }) => handleLoss(code);
  }

  /** @param {FromServer} message */
  function receive(message) {
    heardAt = performance.now();
    if (message.type === "pong") return;
    if (message.type === "welcome") token = message.token;
    if (message.type === "welcome" || message.type === "room") {
      mayReturn = true;
      isJoined = true;
      lostAt = 0;
      isRestart = false;
      wait = FIRST_WAIT_MS;
    }
    if (message.type === "over" && !isRoom) isDone = true; // a room leads on to the next one
    if (message.type === "error" && message.code === "restarting") isRestart = true;
    if (message.type !== "error" || isJoined) onMessage(message);
    else if (mayReturn && RETRIED_REFUSALS.has(message.code)) drop();
    else {
      const isGone = message.code === "cannot_resume";
      const text = isGone ? t("ended.lost") : translateError(message.code, message.message);
      end({ text, isGone, refusal: message });
    }
  }

  /** @param {number} code */
  function handleLoss(code) {
    if (isDone) return;
    const now = performance.now();
    lostAt ||= now;
    isRestart ||= code === RESTARTING;
    const final = FINAL_CLOSES.get(code);
    if (final || !mayReturn || now - lostAt > patienceMs) {
      const reason = final ?? (mayReturn ? "lost" : isRestart ? "restarts" : "unreachable");
      end({ text: t(`ended.${reason}`), isGone: !final && mayReturn, refusal: null });
      return;
    }
    onLost(isRestart);
    retry = setTimeout(reopen, wait * (0.75 + Math.random() / 2));
    wait = Math.min(2 * wait, LONGEST_WAIT_MS);
  }

  function reopen() {
    clearTimeout(retry);
    retry = 0;
    open();
  }

  /** @param {Ending} ending */
  function end(ending) {
    close();
    onEnd(ending);
  }

  /** @param {FromBrowser} message @returns {boolean} whether there was a connection to send it */
  function send(message) {
    if (socket.readyState !== WebSocket.OPEN) return false;
    socket.send(JSON.stringify(message));
    return true;
  }

  const heartbeat = setInterval(checkSilence, PING_MS);

  function checkSilence() {
    if (retry) return;
    // A dead network does not close a socket, and a socket may hang while it opens.
    if (performance.now() - heardAt > SILENCE_MS) drop();
    else send({ type: "ping", nonce: ++nonce });
  }

  function drop() {
    socket.onclose = null;
    socket.onmessage = null;
    socket.close();
    handleLoss(1006);
  }

  function onOffline() {
    if (!isDone && !retry) drop();
  }

  function onOnline() {
    // The server keeps the game only for seconds, so reconnect as soon as the network is back.
    if (retry) reopen();
  }

  function onVisible() {
    // A phone that slept may have lost the connection without notice.
    if (document.visibilityState !== "visible") return;
    if (retry) reopen();
    else checkSilence();
  }

  function close() {
    isDone = true;
    clearInterval(heartbeat);
    clearTimeout(retry);
    removeEventListener("offline", onOffline);
    removeEventListener("online", onOnline);
    document.removeEventListener("visibilitychange", onVisible);
    socket.onclose = null;
    socket.onmessage = null;
    socket.close(1000);
  }

  addEventListener("offline", onOffline);
  addEventListener("online", onOnline);
  document.addEventListener("visibilitychange", onVisible);
  open();
  return { send, close };
}
