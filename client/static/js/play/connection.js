// The play socket: joins a game, keeps the connection alive, and reconnects to resume the game after a network loss or a
// restart of the server.

/** @typedef {import("../../../types/protocol").Join} Join */
/** @typedef {import("../../../types/protocol").FromBrowser} FromBrowser */
/** @typedef {import("../../../types/protocol").FromServer} FromServer */

const PING_MS = 5_000;
const SILENCE_MS = 12_000; // more than two pings without an answer
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 1_500; // short, because a server that is back does not wait long for its players
const RESUME_MS = 45_000; // a restart may take 15 s, and the server waits 15 s after it

const RESTARTING = 1012;
const RETRIED_REFUSALS = new Set(["restarting", "store_unavailable"]);

// After these close codes another try would fail too.
const FINAL_CLOSES = new Map([
  [1008, "Too much was sent at once, so the game was stopped."],
  [1009, "A message was too large, so the game was stopped."],
  [4001, "This game continues in another tab."],
  [4002, "The server did not understand this page. Reload it and try again."],
  [4003, "Your data has been deleted, and this game with it."],
]);

const LOST_TOO_LONG = "The connection was lost for too long, so the game has ended.";
const RESTARTS = "The server is restarting. Please try again in a moment.";
const UNREACHABLE = "I cannot reach the server. Check your connection and try again.";

/**
 * @typedef {object} Listeners
 * @property {(message: FromServer) => void} onMessage every message from the server except pongs
 * @property {(isRestart: boolean) => void} onLost the connection is lost and will be retried; if the server restarts,
 *   the clock stands still until then
 * @property {(reason: string) => void} onEnd the connection has ended for good
 */

/**
 * @param {Omit<Join, "type">} join
 * @param {Listeners} listeners
 */
export function connect(join, { onMessage, onLost, onEnd }) {
  let token = join.resume;
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
    socket.onopen = () => send({ type: "join", ...join, resume: token });
    socket.onmessage = ({ data }) => receive(JSON.parse(data));
    socket.onclose = ({ code }) => handleLoss(code);
  }

  /** @param {FromServer} message */
  function receive(message) {
    heardAt = performance.now();
    if (message.type === "pong") return;
    if (message.type === "welcome") {
      token = message.token;
      isJoined = true;
      lostAt = 0;
      isRestart = false;
      wait = FIRST_WAIT_MS;
    }
    if (message.type === "over") isDone = true;
    if (message.type === "error" && message.code === "restarting") isRestart = true;
    if (message.type !== "error" || isJoined) onMessage(message);
    else if (token && RETRIED_REFUSALS.has(message.code)) drop();
    else end(lostAt ? LOST_TOO_LONG : message.message);
  }

  /** @param {number} code */
  function handleLoss(code) {
    if (isDone) return;
    const now = performance.now();
    lostAt ||= now;
    isRestart ||= code === RESTARTING;
    const reason = FINAL_CLOSES.get(code);
    if (reason || !token || now - lostAt > RESUME_MS) {
      end(reason ?? (token ? LOST_TOO_LONG : isRestart ? RESTARTS : UNREACHABLE));
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

  /** @param {string} reason */
  function end(reason) {
    close();
    onEnd(reason);
  }

  /** @param {FromBrowser} message */
  function send(message) {
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
  }

  const heartbeat = setInterval(() => {
    if (retry) return;
    // A dead network does not close a socket, and a socket may hang while it opens.
    if (performance.now() - heardAt > SILENCE_MS) drop();
    else send({ type: "ping", nonce: ++nonce });
  }, PING_MS);

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

  function close() {
    isDone = true;
    clearInterval(heartbeat);
    clearTimeout(retry);
    removeEventListener("offline", onOffline);
    removeEventListener("online", onOnline);
    socket.onclose = null;
    socket.onmessage = null;
    socket.close(1000);
  }

  addEventListener("offline", onOffline);
  addEventListener("online", onOnline);
  open();
  return { send, close };
}
