// A finished game in a dialog: its figures, each of its drawings, and a replay of them.

import { describeError, getJSON } from "../api.js";
import { getTitle } from "../parts/alphabets.js";
import { copyTemplate, find, setText } from "../parts/dom.js";
import { toStrokes } from "../parts/drawing.js";
import { formatDate, formatNumber, formatSeconds, nameCharacter } from "../parts/format.js";
import { t } from "../parts/messages.js";
import { paintStrokes } from "../parts/paint.js";
import { explainUnranked } from "../parts/unranked.js";
import { describeOutcome, describeReading } from "./describe.js";
import { createReplay } from "./replay.js";

/** @typedef {import("../../../types/api").FinishedGame} Game */
/** @typedef {import("../../../types/api").GameRound} Round */

const STAMP_LINE = 48; // width of the line in the small drawings, in units of the square
const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");

/** @param {() => void} onClose */
export function createGameDialog(onClose) {
  const dialog = find("dialog.game", HTMLDialogElement);
  const strip = find(".game-strip", HTMLElement, dialog);
  const playButton = find(".game-play", HTMLButtonElement, dialog);
  const share = find(".game-share", HTMLButtonElement, dialog);

  let opened = "";
  /** @type {{ round: Round, strokes: import("../parts/geometry.js").Stroke[] }[]} */
  let drawings = [];

  const replay = createReplay(find(".game-stage canvas", HTMLCanvasElement, dialog), {
    onShow: showRound,
    onFinished(isFinished) {
      dialog.dataset.drawn = String(isFinished);
    },
    onPlaying(isPlaying) {
      playButton.dataset.playing = String(isPlaying);
      playButton.setAttribute("aria-label", t(isPlaying ? "leaderboard.pause_replay" : "leaderboard.play_replay"));
    },
  });

  /** @param {string} id */
  async function open(id) {
    if (opened === id) return;
    opened = id;
    replay.stop();
    dialog.dataset.state = "loading";
    strip.replaceChildren();
    share.dataset.copied = "false";
    if (!dialog.open) dialog.showModal();
    try {
      const game = await getJSON(`/api/games/${encodeURIComponent(id)}`);
      if (opened === id) showGame(game);
    } catch (error) {
      if (opened !== id) return;
      setText(".game-problem", describeError(error), dialog);
      dialog.dataset.state = "failed";
    }
  }

  function close() {
    if (dialog.open) dialog.close();
  }

  /** @param {Game} game */
  function showGame(game) {
    setText(".game-player", game.player, dialog);
    setText(".game-board", getTitle(game.alphabet), dialog);
    setText(".game-score", formatNumber(game.score), dialog);
    setText(".game-hits", t("leaderboard.hits_of", { hits: game.hits, prompts: game.prompts }), dialog);
    setText(".game-combo", String(game.best_combo), dialog);
    setText(".game-unranked", explainUnranked(game), dialog);
    setText(".game-when", formatDate(game.at, { dateStyle: "long" }), dialog);
    drawings = game.rounds.map((round) => ({ round, strokes: toStrokes(round.drawing) }));
    replay.load(drawings.map(({ strokes }) => strokes));
    strip.replaceChildren(...drawings.map(({ round }, i) => makeStamp(round, i)));
    dialog.dataset.state = drawings.length ? "shown" : "empty";
    if (!drawings.length) return;
    // Painted once the dialog has its size.
    requestAnimationFrame(() => {
      paintStamps();
      pick(0);
    });
  }

  /** @param {number} index */
  function pick(index) {
    if (reducedMotion.matches) replay.show(index);
    else replay.play(index);
  }

  function paintStamps() {
    drawings.forEach(({ strokes }, i) =>
      paintStrokes(find("canvas", HTMLCanvasElement, strip.children[i]), strokes, STAMP_LINE),
    );
  }

  /**
   * @param {Round} round
   * @param {number} index
   */
  function makeStamp(round, index) {
    const stamp = copyTemplate("game-drawing");
    stamp.dataset.outcome = round.outcome ?? "";
    setText(".game-drawing-target", round.target ?? "", stamp);
    const button = find("button", HTMLButtonElement, stamp);
    button.setAttribute("aria-label", `${nameCharacter(round.target ?? "?")}: ${describeOutcome(round)}`);
    button.addEventListener("click", () => pick(index));
    return stamp;
  }

  /** @param {number} index of the round whose drawing is on the stage */
  function showRound(index) {
    const { round } = drawings[index];
    [...strip.children].forEach((stamp, i) => {
      find("button", HTMLButtonElement, stamp).setAttribute("aria-pressed", String(i === index));
    });
    setText(".game-target", round.target ?? "?", dialog);
    setText(".game-outcome", describeOutcome(round), dialog);
    setText(".game-reading", describeReading(round), dialog);
    setText(".game-points", round.points ? `+${round.points}` : "", dialog);
    setText(".game-duration", round.duration_ms === null ? "" : formatSeconds(round.duration_ms), dialog);
  }

  playButton.addEventListener("click", replay.toggle);
  share.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(location.href);
      share.dataset.copied = "true";
    } catch {
      // This page may not use the clipboard. The address bar holds the same link.
      share.hidden = true;
    }
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  find(".game-close", HTMLButtonElement, dialog).addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    replay.stop();
    opened = "";
    onClose();
  });
  document.addEventListener("themechange", () => {
    if (!dialog.open || !drawings.length) return;
    paintStamps();
    replay.repaint();
  });
  reducedMotion.addEventListener("change", () => {
    if (!reducedMotion.matches) return;
    replay.stop();
    replay.repaint();
  });

  return { open, close };
}
