// The game as it is seen and heard: target, clock, score, paper, stamp, countdown, sounds. Pages that play put it into
// their .play element (templates/parts/game.html). It knows neither the form before a game nor the result after it, and
// nothing of the connection: whoever uses it hands in the server's messages and hears what the player does.

import { find } from "../parts/dom.js";
import { unflattenStroke } from "../parts/geometry.js";
import { createInkPad } from "../parts/ink-pad.js";
import { createKeyPen } from "../parts/key-pen.js";
import { t } from "../parts/messages.js";
import { createCountdown } from "./countdown.js";
import { createHud } from "./hud.js";
import { createNotice } from "./notice.js";
import { createSounds } from "./sounds.js";
import { createStamp } from "./stamp.js";

/** @typedef {import("./send-queue.js").Action} Action */
/** @typedef {import("../parts/geometry.js").Stroke} Stroke */
/** @typedef {import("../parts/ink-pad.js").Listeners} PadListeners */
/** @typedef {import("../../../types/protocol").Welcome} Welcome */
/** @typedef {import("../../../types/protocol").Verdict} Verdict */
/** @typedef {import("../../../types/protocol").Prompt} Prompt */
/**
 * @typedef {Pick<Welcome, "duration_ms" | "remaining_ms" | "score" | "combo"> &
 *   { prompt: { target: string, strokes: number[][] } | null, starts_in_ms?: number | null }} Beginning
 */
/**
 * @typedef {Pick<Verdict, "outcome" | "target" | "points" | "bonus_ms" | "combo" | "score" | "remaining_ms"> &
 *   Partial<Pick<Verdict, "known">>} Ending
 */

/**
 * @param {HTMLElement} play
 * @param {object} listeners
 * @param {NonNullable<PadListeners["onInk"]>} listeners.onInk
 * @param {(action: Action) => void} listeners.onAction the pad shows it already
 */
export function createGameView(play, { onInk, onAction }) {
  const game = find(".play-game", HTMLElement, play);
  const canvas = find(".play-pad", HTMLCanvasElement, game);
  const sounds = createSounds(find("[data-testid=mute]", HTMLButtonElement, game));
  const hud = createHud(play, sounds);
  const stamp = createStamp(game);
  const notice = createNotice(game, hud.announce);
  const pad = createInkPad(canvas, {
    onInk(...ink) {
      if (play.dataset.drawn !== "true") play.dataset.drawn = "true";
      onInk(...ink);
    },
    onUndo: () => onAction("undo"),
    onClear: () => onAction("clear"),
    onChange(strokes) {
      play.dataset.drawn = String(strokes.length > 0);
      if (!strokes.length) hud.showGuess([]);
    },
  });
  const keyPen = createKeyPen(canvas, pad);
  canvas.addEventListener("focus", () => {
    if (play.dataset.mode === "keys") keyPen.show();
  });
  const countdown = createCountdown(game, {
    onCount: () => sounds.play("count"),
    onGo: go,
  });

  // Between two rounds of a room.
  const wait = createCountdown(game, { onCount() {}, onGo() {} });

  let awaitsPrompt = false;
  let hasRound = false;
  let hasClock = false;
  /** @type {number | null} ms on the clock when the countdown ends */
  let waitingMs = null;

  function go() {
    play.dataset.countdown = "false";
    sounds.play("go");
    if (waitingMs !== null) hud.setClock(waitingMs);
    pad.setEnabled(!awaitsPrompt);
  }

  /**
   * @param {number} ms until the clock runs; the paper is closed meanwhile
   * @param {number | null} remainingMs what the clock shows then
   */
  function countDown(ms, remainingMs) {
    play.dataset.countdown = "true";
    waitingMs = remainingMs;
    hud.stopClock();
    pad.setEnabled(false);
    countdown.start(ms);
  }

  /** @param {Pick<Prompt, "target">} prompt */
  function showPrompt({ target }) {
    hasRound = true;
    play.dataset.wait = "false";
    if (awaitsPrompt) {
      awaitsPrompt = false;
      wait.stop();
      pad.setEnabled(play.dataset.countdown !== "true");
    }
    pad.load();
    keyPen.refresh();
    hud.showTarget(target);
  }

  /** @param {Action} action */
  function act(action) {
    if (!hasRound || notice.isShown || play.dataset.countdown === "true") return;
    if (action === "skip") onAction("skip");
    else pad[action]();
  }

  for (const action of /** @type {const} */ (["undo", "clear", "skip"])) {
    find(`[data-testid=${action}]`, HTMLButtonElement, game).addEventListener("click", () => {
      act(action);
      canvas.focus({ preventScroll: true });
    });
  }

  return {
    pad,
    sounds,
    act,
    showPrompt,
    countDown,
    announceResumed: () => hud.announce(t("game.resumed")),
    focus: () => canvas.focus({ preventScroll: true }),
    /** Show an empty game, before the server has answered. */
    reset() {
      hasRound = false;
      countdown.stop();
      notice.hide();
      pad.load();
      hud.showTarget("");
      hud.showScore({ score: 0, combo: 0 });
      play.dataset.countdown = "false";
    },
    /**
     * @param {Beginning} welcome the whole game as it stands
     * @param {boolean} [isEarly] whether the prompt comes again when the countdown is over, and nothing may be drawn before
     */
    begin(welcome, isEarly = false) {
      notice.hide();
      countdown.stop();
      wait.stop();
      awaitsPrompt = false;
      hasRound = false;
      hasClock = welcome.remaining_ms !== null;
      const startsInMs = welcome.starts_in_ms ?? 0;
      play.dataset.countdown = "false";
      hud.startGame(welcome);
      if (welcome.prompt) {
        showPrompt(welcome.prompt);
        pad.load(welcome.prompt.strokes.map(unflattenStroke));
      }
      awaitsPrompt = isEarly;
      if (startsInMs > 0) countDown(startsInMs, welcome.remaining_ms);
      else pad.setEnabled(true);
    },
    /** @param {number | null} ms */
    setClock(ms) {
      if (play.dataset.countdown === "true") waitingMs = ms;
      else hud.setClock(ms);
    },
    /** @param {Pick<import("../../../types/protocol").Guess, "candidates" | "likely">} guess */
    showGuess({ candidates, likely }) {
      if (pad.strokes.length) hud.showGuess(candidates, likely);
    },
    /** @param {Ending} verdict */
    showVerdict(verdict) {
      notice.hide();
      hud.showScore(verdict);
      hud.setClock(verdict.remaining_ms);
      hud.announceVerdict(verdict);
      stamp.show(verdict, pad.strokes);
      sounds.playVerdict(verdict);
    },
    /** @param {number} ms until the next prompt comes */
    makeWait(ms) {
      hasRound = false;
      awaitsPrompt = true;
      pad.load();
      pad.setEnabled(false);
      hud.showTarget("");
      play.dataset.wait = "true";
      wait.start(ms);
    },
    /** @param {string} reason why the next verdict takes its time */
    hold(reason) {
      hud.stopClock();
      notice.showPause(reason);
    },
    /**
     * @param {boolean} isRestart whether the server said that it restarts: the clock stands still then, but not in a room
     * @param {boolean} isRoom
     */
    loseConnection(isRestart, isRoom) {
      pad.setEnabled(false);
      countdown.stop();
      wait.stop();
      if (isRoom) notice.showPause(t("game.lost_room"));
      else if (isRestart) {
        hud.stopClock();
        notice.showPause(t("game.restarting"));
      } else notice.showLoss(hasClock);
    },
    end() {
      hasRound = false;
      countdown.stop();
      wait.stop();
      notice.hide();
      pad.setEnabled(false);
      play.dataset.countdown = "false";
    },
  };
}
