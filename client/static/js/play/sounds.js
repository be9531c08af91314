// The sounds of the game, made by the browser itself, and the buzz of a phone. Silent until the player has touched the
// page, as browsers demand, and while muted.

import { t } from "../parts/messages.js";
import { getSetting, setSetting } from "../parts/settings.js";
import { getNotes } from "./notes.js";
import { isMilestone } from "./stamp.js";

/** @typedef {import("./notes.js").Sound} Sound */
/** @typedef {import("../../../types/protocol").Verdict} Verdict */

const ATTACK_SECONDS = 0.008; // a note that starts at once would click
const SILENT = 0.0001; // a volume cannot fade exponentially to nothing
const HIT_BUZZ_MS = 20;
const MILESTONE_BUZZ_MS = [25, 60, 25];
const MISS_BUZZ_MS = [10, 40, 10];

/** @param {HTMLButtonElement} button that mutes, and shows whether it is muted */
export function createSounds(button) {
  /** @type {AudioContext | null} */
  let context = null;
  let isMuted = getSetting("sound") === "off";

  function unlock() {
    if (isMuted || typeof AudioContext === "undefined") return;
    context ??= new AudioContext();
    if (context.state === "suspended") context.resume();
  }

  /** @param {Sound} sound @param {number} [combo] */
  function play(sound, combo) {
    if (isMuted || context?.state !== "running") return;
    const start = context.currentTime;
    for (const { at, hertz, seconds, volume, shape } of getNotes(sound, combo)) {
      const tone = new OscillatorNode(context, { type: shape, frequency: hertz });
      const gain = new GainNode(context, { gain: SILENT });
      gain.gain.setValueAtTime(SILENT, start + at);
      gain.gain.exponentialRampToValueAtTime(volume, start + at + ATTACK_SECONDS);
      gain.gain.exponentialRampToValueAtTime(SILENT, start + at + ATTACK_SECONDS + seconds);
      tone.connect(gain).connect(context.destination);
      tone.start(start + at);
      tone.stop(start + at + ATTACK_SECONDS + seconds);
    }
  }

  /** @param {number | number[]} pattern ms */
  function buzz(pattern) {
    // Before the first touch, browsers refuse and complain.
    if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(pattern);
  }

  function show() {
    button.setAttribute("aria-pressed", String(isMuted));
    button.title = `${t(isMuted ? "game.unmute" : "game.mute")} (M)`;
  }

  function toggle() {
    setSetting("sound", isMuted ? "on" : "off");
    if (isMuted) return;
    unlock();
    play("hit");
  }

  addEventListener("pointerdown", unlock, { capture: true });
  addEventListener("keydown", unlock, { capture: true });
  button.addEventListener("click", toggle);
  document.addEventListener("settingchange", () => {
    isMuted = getSetting("sound") === "off";
    show();
  });
  show();

  return {
    play,
    toggle,
    /** @param {Pick<Verdict, "outcome" | "combo">} verdict */
    playVerdict({ outcome, combo }) {
      const isHit = outcome === "hit";
      const isBig = isHit && isMilestone(combo);
      play(isBig ? "milestone" : isHit ? "hit" : "miss", combo);
      buzz(isBig ? MILESTONE_BUZZ_MS : isHit ? HIT_BUZZ_MS : MISS_BUZZ_MS);
    },
  };
}
