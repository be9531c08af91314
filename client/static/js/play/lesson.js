// The warm-up of a first visit: ten seconds with one easy character, which a pencil shows how to write. It teaches by
// doing. Nothing of it is stored.

import { postJSON } from "../api.js";
import { find, make } from "../parts/dom.js";
import { PAD_AREA, toPlace } from "../parts/geometry.js";
import { t } from "../parts/messages.js";
import { PAD_LINE } from "../parts/pad-painter.js";
import { createReader } from "../parts/reader.js";
import { createTrace } from "../parts/trace.js";
import { saveTaught } from "./memory.js";

/** @typedef {ReturnType<typeof import("./game-view.js").createGameView>} GameView */

const LESSON_MS = 10_000;
const READ_MS = 600; // between two readings of a stroke that grows: each is a request
const PRAISE_MS = 1_400; // how long the stamp of the hit is in sight
const SURE = 0.5;
const POINTS = 90;

/** In thousandths of the pad. One stroke each, and no other character of the alphabet looks alike. */
const STROKES = /** @type {Record<string, [number, number][]>} */ ({
  3: [
    [330, 270], [400, 200], [510, 180], [610, 220], [650, 310], [610, 410], [520, 470], [440, 490],
    [540, 500], [640, 560], [680, 660], [640, 770], [540, 840], [420, 830], [330, 760],
  ],
  L: [
    [380, 180], [375, 400], [370, 620], [370, 820], [520, 825], [700, 815],
  ],
  e: [
    [340, 520], [480, 515], [620, 490], [680, 420], [640, 310], [540, 260], [430, 290], [350, 400], [330, 540],
    [360, 680], [450, 780], [570, 800], [690, 740],
  ],
}); // prettier-ignore
const CHARACTERS = /** @type {Record<string, string>} */ ({ upper: "L", lower: "e", letters: "e" });

/**
 * Cut the corners of a line, three times (Chaikin 1974), so that it is round.
 *
 * @param {[number, number][]} points
 * @returns {[number, number][]}
 */
function smooth(points) {
  for (let times = 0; times < 3; times += 1) {
    const cut = points.slice(1).flatMap(([x, y], i) => {
      const [fromX, fromY] = points[i];
      const at = (/** @type {number} */ share) =>
        /** @type {[number, number]} */ ([fromX + share * (x - fromX), fromY + share * (y - fromY)]);
      return [at(0.25), at(0.75)];
    });
    points = [points[0], ...cut, points[points.length - 1]];
  }
  return points;
}

/**
 * @param {HTMLElement} play
 * @param {GameView} view
 * @param {{ onStart: () => void }} listeners
 */
export function createLesson(play, view, { onStart }) {
  const game = find(".play-game", HTMLElement, play);
  const canvas = find(".play-pad", HTMLCanvasElement, game);
  const ghost = make("canvas", { class: "play-ghost", "aria-hidden": true });
  const words = make("p", { role: "status" });
  const skip = make("button", { type: "button", class: "button", "data-testid": "lesson-skip" }, t("game.lesson_skip"));
  const panel = make("div", { class: "notice play-lesson", "data-testid": "lesson" }, words, skip);

  const trace = createTrace(ghost, PAD_LINE, PAD_AREA);
  /** @type {(() => void) | null} ends the lesson that runs */
  let finish = null;
  let target = "";
  let isDown = false;

  const reader = createReader(
    (strokes, alphabet) => postJSON("/api/recognize", { strokes, alphabet, store: false }),
    {
      onAnswer: ({ recognized: { candidates, likely } }) => {
        const [{ label, probability }] = candidates;
        view.showGuess({ candidates: [[label, probability]], likely });
        if (label === target && probability > SURE && !isDown) praise();
      },
      onError: () => {}, // the warm-up ends by itself
    },
  );

  function praise() {
    reader.forget();
    trace.clear();
    view.showVerdict({ outcome: "hit", target, points: POINTS, bonus_ms: 0, combo: 1, score: POINTS, remaining_ms: null });
    view.pad.load();
    view.pad.setEnabled(false);
    words.textContent = t("game.lesson_done");
    setTimeout(() => finish?.(), PRAISE_MS);
  }

  /** @param {string} alphabet */
  function read(alphabet) {
    if (!finish || !view.pad.strokes.length) return;
    trace.clear();
    reader.read(view.pad.strokes, alphabet);
  }

  return {
    get isRunning() {
      return finish !== null;
    },
    end: () => finish?.(),
    /**
     * @param {string} alphabet that the player has chosen
     * @returns {Promise<void>} resolves when the warm-up is over
     */
    async teach(alphabet) {
      target = CHARACTERS[alphabet] ?? "3";
      saveTaught();
      words.textContent = t("game.lesson", { character: target });
      play.dataset.lesson = "true";
      find(".play-paper", HTMLElement, game).append(ghost);
      game.append(panel);
      onStart();
      const prompt = { target, strokes: [] };
      view.begin({ duration_ms: LESSON_MS, remaining_ms: LESSON_MS, starts_in_ms: null, score: 0, combo: 0, prompt });
      trace.start([smooth(STROKES[target]).map(([x, y]) => toPlace(x / 1000, y / 1000))]);
      const leaving = new AbortController();
      const { signal } = leaving;
      let readAt = 0;
      canvas.addEventListener("pointerdown", ({ timeStamp }) => {
        isDown = true;
        readAt = timeStamp;
      }, { signal });
      canvas.addEventListener("pointermove", ({ timeStamp }) => {
        if (!isDown || timeStamp - readAt < READ_MS) return;
        readAt = timeStamp;
        read(alphabet);
      }, { signal });
      addEventListener("pointerup", () => {
        isDown = false;
        read(alphabet);
      }, { signal });
      skip.addEventListener("click", () => finish?.(), { signal });
      skip.focus({ preventScroll: true });
      await /** @type {Promise<void>} */ (
        new Promise((resolve) => {
          finish = resolve;
          setTimeout(resolve, LESSON_MS);
        })
      );
      finish = null;
      leaving.abort();
      reader.forget();
      trace.clear();
      ghost.remove();
      panel.remove();
      play.dataset.lesson = "false";
    },
  };
}
