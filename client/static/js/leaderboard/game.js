// A finished game: its figures, each of its drawings, and how they were made.

import { getJSON } from "../api.js";
import { ALPHABETS, spoken } from "../parts/alphabets.js";
import { copyOf, find, percent, sentence } from "../parts/page.js";
import { duration, inkAt, timed } from "../parts/replay.js";
import { paint } from "../parts/sketch.js";

/**
 * @typedef {object} Round
 * @property {number} round its number in the game
 * @property {string} id
 * @property {string | null} target
 * @property {"hit" | "skip" | "timeout" | null} outcome
 * @property {string | null} label what it was read as; null when nothing was drawn
 * @property {number | null} confidence
 * @property {number | null} points
 * @property {number | null} duration_ms
 * @property {import("../parts/replay.js").Drawing} drawing
 *
 * @typedef {object} Game
 * @property {string} player
 * @property {string} alphabet
 * @property {number} score
 * @property {number} hits
 * @property {number} prompts
 * @property {number} accuracy
 * @property {number} best_combo
 * @property {string} at
 * @property {Round[]} rounds
 */

// How long a finished drawing stays before the next one begins.
const REST_MS = 900;
// As the pad draws, and heavier where the square is the size of a stamp.
const LINE = 26;
const SMALL_LINE = 48;
const OUTCOMES = { hit: "Understood", skip: "Skipped", timeout: "Time was up" };

const STILL = matchMedia("(prefers-reduced-motion: reduce)");

/** @param {() => void} onClose */
export function createGameView(onClose) {
  const dialog = find("dialog.game", HTMLDialogElement);
  const stage = find(".game-stage canvas", HTMLCanvasElement, dialog);
  const strip = find(".game-strip", HTMLElement, dialog);
  const play = find(".game-play", HTMLButtonElement, dialog);
  const share = find(".game-share", HTMLButtonElement, dialog);
  const problem = find(".game-problem", HTMLElement, dialog);

  let opened = "";
  /** @type {{ round: Round, strokes: import("../parts/replay.js").Point[][] }[]} */
  let drawings = [];
  let current = 0;
  let frame = 0;

  /** @param {string} id */
  async function open(id) {
    if (opened === id) return;
    opened = id;
    stop();
    dialog.dataset.state = "loading";
    strip.replaceChildren();
    share.dataset.done = "false";
    if (!dialog.open) dialog.showModal();
    try {
      const game = await getJSON(`/api/games/${encodeURIComponent(id)}`);
      if (opened === id) show(game);
    } catch (error) {
      if (opened !== id) return;
      problem.textContent = sentence(error);
      dialog.dataset.state = "failed";
    }
  }

  function close() {
    if (dialog.open) dialog.close();
  }

  /** @param {Game} game */
  function show(game) {
    fill("player", game.player);
    fill("board", ALPHABETS[game.alphabet]?.title ?? game.alphabet);
    fill("score", String(game.score));
    fill("hits", `${game.hits} of ${game.prompts}`);
    fill("combo", String(game.best_combo));
    fill("when", new Intl.DateTimeFormat("en-GB", { dateStyle: "long" }).format(new Date(game.at)));
    drawings = game.rounds.map((round) => ({ round, strokes: timed(round.drawing) }));
    strip.replaceChildren(...drawings.map(thumbnail));
    dialog.dataset.state = drawings.length ? "shown" : "bare";
    if (!drawings.length) return;
    // Painted once the dialog has its size.
    requestAnimationFrame(() => {
      paintStrip();
      if (STILL.matches) pick(0);
      else start(0);
    });
  }

  function paintStrip() {
    drawings.forEach(({ strokes }, at) => paint(canvasOf(at), strokes, SMALL_LINE));
  }

  /**
   * @param {{ round: Round }} drawing
   * @param {number} at
   */
  function thumbnail({ round }, at) {
    const item = copyOf("game-drawing");
    item.dataset.outcome = round.outcome ?? "";
    find(".game-drawing-target", HTMLElement, item).textContent = round.target;
    const button = find("button", HTMLButtonElement, item);
    button.setAttribute("aria-label", `${spoken(round.target ?? "?")}: ${outcome(round)}`);
    button.addEventListener("click", () => (STILL.matches ? pick(at) : start(at)));
    return item;
  }

  /**
   * Put one drawing on the stage, finished.
   *
   * @param {number} at
   */
  function pick(at) {
    current = at;
    const { round, strokes } = drawings[at];
    [...strip.children].forEach((item, place) => {
      find("button", HTMLButtonElement, item).setAttribute("aria-pressed", String(place === at));
    });
    fill("target", round.target ?? "?");
    fill("outcome", outcome(round));
    fill("read", readAs(round));
    fill("points", round.points ? `+${round.points}` : "");
    fill("took", round.duration_ms === null ? "" : `${(round.duration_ms / 1000).toFixed(1)} s`);
    paint(stage, strokes, LINE);
  }

  /**
   * Replay from a drawing to the end of the game, each stroke as fast as the hand was.
   *
   * @param {number} at
   */
  function start(at) {
    stop();
    pick(at);
    play.dataset.playing = "true";
    play.setAttribute("aria-label", "Pause the replay");
    const { strokes } = drawings[at];
    const whole = duration(strokes);
    const began = performance.now();
    dialog.dataset.drawn = "false";
    const step = (/** @type {number} */ now) => {
      const ms = now - began;
      if (ms < whole + 50) paint(stage, inkAt(strokes, ms), LINE);
      else dialog.dataset.drawn = "true";
      if (ms < whole + REST_MS) frame = requestAnimationFrame(step);
      else if (at + 1 < drawings.length) start(at + 1);
      else stop();
    };
    frame = requestAnimationFrame(step);
  }

  function stop() {
    cancelAnimationFrame(frame);
    play.dataset.playing = "false";
    play.setAttribute("aria-label", "Play the replay");
    dialog.dataset.drawn = "true";
  }

  /** @param {number} at */
  function canvasOf(at) {
    return find("canvas", HTMLCanvasElement, strip.children[at]);
  }

  /**
   * @param {string} name
   * @param {string} text
   */
  function fill(name, text) {
    find(`.game-${name}`, HTMLElement, dialog).textContent = text;
  }

  play.addEventListener("click", () => {
    if (play.dataset.playing === "true") {
      stop();
      pick(current);
    } else start(current + 1 < drawings.length ? current : 0);
  });
  share.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(location.href);
      share.dataset.done = "true";
    } catch {
      // No clipboard for this page: the address bar holds the same link.
      share.hidden = true;
    }
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  find(".game-close", HTMLButtonElement, dialog).addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    stop();
    opened = "";
    onClose();
  });
  document.addEventListener("themechange", () => {
    if (!dialog.open || !drawings.length) return;
    paintStrip();
    pick(current);
  });
  STILL.addEventListener("change", () => {
    if (STILL.matches && drawings.length) {
      stop();
      pick(current);
    }
  });

  return { open, close };
}

/** @param {Round} round */
function outcome(round) {
  return round.outcome === null ? "" : OUTCOMES[round.outcome];
}

/** @param {Round} round */
function readAs({ label, confidence }) {
  if (label === null) return "Nothing was drawn.";
  const sure = confidence === null ? "" : `, ${percent(confidence)} sure`;
  return `Read as ${spoken(label)}${sure}.`;
}
