// A finished game: its figures, each of its drawings, and a replay of them. The dialog of the leaderboard and the page of a
// game show it (templates/parts/game-sheet.html).

import { describeError } from "../api.js";
import { getTitle } from "../parts/alphabets.js";
import { copyTemplate, find, setText } from "../parts/dom.js";
import { toStrokes } from "../parts/drawing.js";
import { formatDate, formatNumber, formatSeconds, nameCharacter } from "../parts/format.js";
import { t } from "../parts/messages.js";
import { paintStrokes } from "../parts/paint.js";
import { canRace } from "../parts/race.js";
import { copyLink, getGameLink, sharePicture } from "../parts/share.js";
import { isMotionReduced } from "../parts/settings.js";
import { drawSigns } from "../parts/signs.js";
import { explainUnranked } from "../parts/unranked.js";
import { loadGame } from "../play/stored-game.js";
import { describeOutcome, describeReading } from "./describe.js";
import { createReplay } from "./replay.js";

/** @typedef {import("../../../types/api").FinishedGame} Game */
/** @typedef {import("../../../types/api").GameRound} Round */

const STAMP_LINE = 48; // width of the line in the small drawings, in units of the square

/** @param {HTMLElement} container the element .game around the sheet */
export function createGameSheet(container) {
  const strip = find(".game-strip", HTMLElement, container);
  const playButton = find(".game-play", HTMLButtonElement, container);

  let opened = "";
  /** @type {{ round: Round, strokes: import("../parts/geometry.js").Stroke[] }[]} */
  let drawings = [];

  const replay = createReplay(find(".game-stage canvas", HTMLCanvasElement, container), {
    onShow: showRound,
    onFinished(isFinished) {
      container.dataset.drawn = String(isFinished);
    },
    onPlaying(isPlaying) {
      playButton.dataset.playing = String(isPlaying);
    },
  });

  /** @param {string} id */
  async function open(id) {
    if (opened === id) return;
    opened = id;
    replay.stop();
    container.dataset.state = "loading";
    strip.replaceChildren();
    say("");
    try {
      const game = await loadGame(id);
      if (opened === id) showGame(game);
    } catch (error) {
      if (opened !== id) return;
      setText(".game-problem", describeError(error), container);
      container.dataset.state = "failed";
    }
  }

  /** @param {string} text */
  function say(text) {
    setText(".game-said", text, container);
  }

  /** @param {Game} game */
  function showGame(game) {
    const isScored = game.mode !== "practice";
    setText(".game-player", game.has_own_name ? game.player : t("games.unnamed"), container);
    setText(".game-mode", t(`modes.${game.mode}`), container);
    setText(".game-board", getTitle(game.alphabet), container);
    setText(".game-score", isScored ? formatNumber(game.score) : "–", container);
    setText(".game-hits", t("leaderboard.hits_of", { hits: game.hits, prompts: game.prompts }), container);
    setText(".game-combo", String(game.best_combo), container);
    setText(".game-unranked", explainUnranked(game), container);
    setText(".game-when", formatDate(game.at, { dateStyle: "long" }), container);
    const race = find(".game-race", HTMLAnchorElement, container);
    race.href = `/play?ghost=${encodeURIComponent(game.game)}`;
    race.hidden = !canRace(game);
    drawings = game.rounds.map((round) => ({ round, strokes: toStrokes(round.drawing) }));
    replay.load(drawings.map(({ strokes }) => strokes));
    strip.replaceChildren(...drawings.map(({ round }, i) => makeStamp(round, i)));
    if (game.withheld) return showWithheld(game);
    container.dataset.state = drawings.length ? "shown" : "empty";
    if (!drawings.length) return;
    // Painted once the sheet has its size.
    requestAnimationFrame(() => {
      paintStamps();
      pick(0);
    });
  }

  /** @param {Game} game whose drawings this visitor may not see */
  function showWithheld({ card, withheld, alphabet }) {
    const cardElement = find(".card", HTMLElement, container);
    cardElement.replaceChildren(...drawSigns(card ?? ""));
    cardElement.hidden = !card;
    setText(".game-reason", t(`games.withheld_${withheld}`), container);
    const daily = find(".game-daily", HTMLAnchorElement, container);
    daily.href = `/play?mode=daily&alphabet=${alphabet}`;
    daily.hidden = withheld !== "daily";
    container.dataset.state = "withheld";
  }

  /** @param {number} index */
  function pick(index) {
    if (isMotionReduced()) replay.show(index);
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
    setText(".game-target", round.target ?? "?", container);
    setText(".game-outcome", describeOutcome(round), container);
    setText(".game-reading", describeReading(round), container);
    setText(".game-points", round.points ? `+${round.points}` : "", container);
    setText(".game-duration", round.duration_ms === null ? "" : formatSeconds(round.duration_ms), container);
  }

  playButton.addEventListener("click", replay.toggle);
  find(".game-link", HTMLButtonElement, container).addEventListener("click", async () => {
    say(await copyLink(getGameLink(opened)));
  });
  find(".game-picture", HTMLButtonElement, container).addEventListener("click", async () => {
    say(await sharePicture(opened));
  });
  document.addEventListener("themechange", () => {
    if (!opened || !drawings.length) return;
    paintStamps();
    replay.repaint();
  });
  document.addEventListener("settingchange", () => {
    if (!isMotionReduced()) return;
    replay.stop();
    replay.repaint();
  });

  return {
    open,
    close() {
      replay.stop();
      opened = "";
    },
  };
}
