// The play socket: joins, keeps itself alive, and comes back with the resume token when the network was lost.

const PING_MS = 5_000;
const SILENCE_MS = 12_000; // more than two pings unanswered
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8_000;
const SEAT_MS = 15_000; // how long the server keeps a game for whoever lost it

// The server's reasons after which another try could only go wrong again.
const FINAL = new Map([
  [1008, "Too much was sent at once, so the game was stopped."],
  [1009, "A message was too large, so the game was stopped."],
  [4001, "The game goes on in another tab."],
  [4002, "The server did not understand this page. Reload it and try again."],
  [4003, "Everything you drew here has been deleted, and this game with it."],
]);

const GONE = "The connection was lost for too long, so the game was ended.";

/**
 * @typedef {{ mode: string, alphabet: string, name?: string, resume?: string }} Join
 * @typedef {object} Events
 * @property {(message: any) => void} onMessage every message of the server but pongs
 * @property {() => void} onLost the connection is gone, and will be tried again
 * @property {(why: string) => void} onEnd no connection, and there will be none
 */

/**
 * @param {Join} join
 * @param {Events} events
 */
export function connect(join, { onMessage, onLost, onEnd }) {
  let token = join.resume;
  let done = false;
  let lostAt = 0;
  let wait = FIRST_WAIT_MS;
  let heard = 0;
  let nonce = 0;
  let seated = false; // on this very socket
  let retry = 0; // the timer of the next try
  /** @type {WebSocket} */
  let socket;

  function open() {
    heard = performance.now();
    socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/play/v1`);
    seated = false;
    socket.onopen = () => transmit({ type: "join", ...join, resume: token });
    socket.onmessage = ({ data }) => {
      heard = performance.now();
      const message = JSON.parse(data);
      if (message.type === "pong") return;
      if (message.type === "welcome") {
        token = message.token;
        seated = true;
        lostAt = 0;
        wait = FIRST_WAIT_MS;
      }
      if (message.type === "over") done = true;
      if (message.type === "error" && !seated) end(lostAt ? GONE : message.message);
      else onMessage(message);
    };
    socket.onclose = ({ code }) => lost(code);
  }

  /** @param {number} code */
  function lost(code) {
    if (done) return;
    const now = performance.now();
    lostAt ||= now;
    const why = FINAL.get(code);
    if (why || !token || now - lostAt > SEAT_MS) {
      end(why ?? (token ? GONE : "The server cannot be reached. Check your connection and try again."));
      return;
    }
    onLost();
    retry = setTimeout(again, wait * (0.75 + Math.random() / 2));
    wait = Math.min(2 * wait, LONGEST_WAIT_MS);
  }

  function again() {
    clearTimeout(retry);
    retry = 0;
    open();
  }

  /** @param {string} why */
  function end(why) {
    close();
    onEnd(why);
  }

  /** @param {object} message */
  function transmit(message) {
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
  }

  const beat = setInterval(() => {
    if (retry) return;
    // A dead network closes nothing by itself, and may leave a try hanging.
    if (performance.now() - heard > SILENCE_MS) drop();
    else transmit({ type: "ping", nonce: ++nonce });
  }, PING_MS);

  function drop() {
    socket.onclose = null;
    socket.onmessage = null;
    socket.close();
    lost(1006);
  }

  function onOffline() {
    if (!done && !retry) drop();
  }

  function onOnline() {
    // The seat is kept for seconds only: no time to wait for the next try once the network is back.
    if (retry) again();
  }

  function close() {
    done = true;
    clearInterval(beat);
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
  return { send: transmit, close };
}
