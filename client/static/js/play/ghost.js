// A race against a ghost: a finished game whose score and drawings appear at the moments at which they came. It shows them in
// the head of a running game, and on the result who has won.

import { find, make } from "../parts/dom.js";
import { formatNumber } from "../parts/format.js";
import { t } from "../parts/messages.js";
import { paintStrokes } from "../parts/paint.js";
import { countEnded, createSpentTime, makeTrack } from "./ghost-track.js";
import { loadRoundStart, saveRoundStart } from "./memory.js";

/** @typedef {import("./ghost-track.js").Track} Track */
/** @typedef {import("../../../types/protocol").FromServer} FromServer */
/** @typedef {import("../../../types/protocol").Welcome} Welcome */

const TICK_MS = 200;
const LINE = 64; // width of the line in the small drawing, in units of the square

/** @param {HTMLElement} play */
export function createGhost(play) {
  const canvas = make("canvas", { class: "ghost-drawing", "aria-hidden": true });
  const name = make("span", { class: "ghost-name" });
  const score = make("b", { "data-testid": "ghost-score" });
  const lead = make("p", { class: "ghost-lead", "data-testid": "ghost-lead", "aria-hidden": true });
  const own = make("i", { class: "ghost-own" });
  const other = make("i", { class: "ghost-other" });
  const news = make("p", { class: "visually-hidden", role: "status" });
  const strip = make(
    "div",
    { class: "ghost", "data-testid": "ghost", hidden: true },
    canvas,
    make("p", { class: "ghost-figures" }, name, " ", score),
    make("div", { class: "ghost-ruler", "aria-hidden": true }, own, other),
    lead,
    news,
  );
  find(".play-head", HTMLElement, play).append(strip);
  const verdict = make("p", { class: "result-ghost", "data-testid": "result-ghost", hidden: true });
  find(".result-change", HTMLElement, play).after(verdict);

  const spent = createSpentTime(() => performance.now());
  /** @type {Track | null} */
  let track = null;
  let label = "";
  let ended = -1; // rounds of the ghost that are shown; -1 before the first look
  let ownScore = 0;
  let game = "";
  let timer = 0;

  function tick() {
    if (!track) return;
    const next = countEnded(track, spent.get());
    // The page's clock is a little ahead of the server's at the end of a round. What has appeared does not vanish again.
    if (next > ended) showMoment((ended = next));
  }

  /** @param {number} count rounds that have ended */
  function showMoment(count) {
    score.textContent = formatNumber(track?.moments[count - 1]?.score ?? 0);
    paintDrawing();
    showLead();
  }

  /** Paint the newest drawing. A round without one leaves the last one there. */
  function paintDrawing() {
    const drawn = track?.moments.slice(0, Math.max(0, ended)).filter(({ strokes }) => strokes.length);
    paintStrokes(canvas, drawn?.at(-1)?.strokes ?? [], LINE);
  }
  document.addEventListener("themechange", paintDrawing);

  function showLead() {
    if (!track) return;
    const ghostScore = track.moments[ended - 1]?.score ?? 0;
    const points = ownScore - ghostScore;
    const side = points > 0 ? "ahead" : points < 0 ? "behind" : "level";
    lead.textContent = t(`ghost.${side}`, { count: Math.abs(points) });
    // Only a change of sides is announced: every hit is already.
    if (strip.dataset.side !== side && side !== "level") news.textContent = t(`ghost.now_${side}`);
    strip.dataset.side = side;
    const most = Math.max(track.score, ownScore, 1);
    own.style.insetInlineStart = `${(100 * ownScore) / most}%`;
    other.style.insetInlineStart = `${(100 * ghostScore) / most}%`;
  }

  /** @param {Welcome} welcome */
  function begin(welcome) {
    verdict.hidden = true;
    ended = -1;
    game = welcome.game;
    ownScore = welcome.score;
    news.textContent = "";
    strip.dataset.side = "level";
    spent.restart(welcome.rounds);
    if (welcome.prompt) openRound(welcome.prompt.round, welcome.remaining_ms ?? 0, welcome.starts_in_ms ?? 0);
    if (!timer) timer = setInterval(tick, TICK_MS);
    tick();
  }

  /**
   * @param {number} round
   * @param {number} remainingMs what the clock shows
   * @param {number} startsInMs of a countdown
   */
  function openRound(round, remainingMs, startsInMs = 0) {
    const known = loadRoundStart();
    const isReopened = known?.game === game && known.round === round; // the page was reloaded meanwhile
    if (!isReopened) saveRoundStart({ game, round, remainingMs });
    spent.open((isReopened ? known.remainingMs - remainingMs : 0) - startsInMs);
  }

  function stop() {
    clearInterval(timer);
    timer = 0;
  }

  return {
    /** @returns {string} the id of the game that is raced; empty for none */
    get game() {
      return track?.game ?? "";
    },
    /**
     * @param {import("../../../types/api").FinishedGame | null} finished to race against; null for nobody
     * @param {string} [named] what to call it
     */
    choose(finished, named = "") {
      ended = -1;
      track = finished && makeTrack(finished);
      label = named;
      name.textContent = named;
      strip.hidden = !track;
      play.dataset.ghost = String(track !== null);
      verdict.hidden = true;
    },
    /** @param {FromServer} message of the server, about the running game */
    take(message) {
      if (message.type === "welcome") begin(message);
      else if (message.type === "prompt") {
        if (message.remaining_ms !== null) openRound(message.round, message.remaining_ms);
      } else if (message.type === "verdict") {
        spent.end(message);
        ownScore = message.score;
        tick();
        showLead();
      } else if (message.type === "over") stop();
    },
    /** @param {number} finalScore of the game that has ended */
    showResult(finalScore) {
      stop();
      verdict.hidden = !track;
      if (!track) return;
      const points = finalScore - track.score;
      const outcome = points > 0 ? "won" : points < 0 ? "lost" : "tied";
      verdict.dataset.outcome = outcome;
      verdict.textContent = `${t(`ghost.${outcome}`, { count: Math.abs(points) })} ${label}: ${formatNumber(track.score)}`;
    },
    hideResult() {
      stop();
      verdict.hidden = true;
    },
  };
}
