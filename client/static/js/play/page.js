// The play page: a form, a game, a result. The server keeps the clock and the score; this shows them and sends ink.

import { createInkPad } from "../ink-pad.js";
import { find, make } from "../parts/page.js";
import { connect } from "./connection.js";
import { createHud } from "./hud.js";
import { beat, keepSeat, keepSettings, leaveSeat, seat, settings } from "./memory.js";
import { createOutbox } from "./outbox.js";
import { createResult } from "./result.js";

/** @typedef {import("./memory.js").Settings} Settings */

const HINTS = /** @type {Record<string, string>} */ ({
  sprint: "60 seconds. A skip costs three of them.",
  practice: "No clock, no score. Stop whenever you like.",
});

const play = find(".play", HTMLElement);
const form = find(".play-form", HTMLFormElement);
const problem = find(".play-problem", HTMLElement);
const offline = find(".play-offline", HTMLElement);
const tip = find(".play-hint", HTMLElement);
const canvas = find(".play-pad", HTMLCanvasElement);
const resultSection = find(".result", HTMLElement);

const hud = createHud(play);
const result = createResult(play);
const pad = createInkPad(canvas, { onInk, onChange });
const outbox = createOutbox((move) => connection?.send(move));

/** @type {ReturnType<typeof connect> | null} */
let connection = null;
/** @type {Settings} */
let chosen = { name: "", mode: "sprint", alphabet: "digits" };
let game = "";
let round = 0;
let joined = false;
/** @type {import("./result.js").Round[]} */
let rounds = [];
let bestCombo = 0;
/** @type {Map<number, import("../ink-pad.js").Stroke[]>} */
let drawn = new Map();

/** @param {"form" | "joining" | "playing" | "result"} state */
function go(state) {
  play.dataset.state = state;
  document.body.dataset.playing = String(state === "playing");
}

/** @param {Settings & { token?: string }} how */
function begin(how) {
  chosen = { name: how.name, mode: how.mode, alphabet: how.alphabet };
  joined = false;
  round = 0;
  pad.clear();
  hud.ask("");
  hud.figures({ score: 0, combo: 0 });
  problem.hidden = true;
  offline.hidden = true;
  play.dataset.mode = chosen.mode;
  go("joining");
  connection?.close();
  const name = chosen.name.trim() || undefined;
  connection = connect(
    { mode: chosen.mode, alphabet: chosen.alphabet, ...(name ? { name } : {}), resume: how.token },
    { onMessage, onLost, onEnd },
  );
}

/** @param {any} message */
function onMessage(message) {
  const handle = HANDLERS[/** @type {keyof typeof HANDLERS} */ (message.type)];
  handle?.(message);
}

const HANDLERS = {
  /** @param {any} message */
  welcome(message) {
    joined = true;
    if (message.game !== game) drawn = new Map();
    game = message.game;
    rounds = message.rounds ?? [];
    bestCombo = message.best_combo ?? message.combo;
    round = 0;
    chosen = { ...chosen, mode: message.mode, alphabet: message.alphabet };
    play.dataset.mode = chosen.mode;
    keepSeat(chosen, message.token);
    outbox.forget();
    offline.hidden = true;
    go("playing");
    hud.begin(message);
    pad.setEnabled(true);
    if (message.prompt) {
      ask(message.prompt.round, message.prompt.target);
      pad.load((message.prompt.strokes ?? []).map(unflattened));
    }
    canvas.focus({ preventScroll: true });
  },
  /** @param {any} message */
  prompt(message) {
    hud.clock(message.remaining_ms);
    if (message.round !== round) ask(message.round, message.target);
  },
  /** @param {any} message */
  guess(message) {
    if (message.round === round && pad.strokes.length) hud.guess(message.candidates);
  },
  /** @param {any} message */
  verdict(message) {
    rounds.push(message);
    if (message.outcome === "hit") tip.hidden = true;
    bestCombo = Math.max(bestCombo, message.combo);
    drawn.set(message.round, pad.strokes);
    hud.figures(message);
    hud.clock(message.remaining_ms);
    hud.judge(message);
    navigator.vibrate?.(message.outcome === "hit" ? 20 : 0);
  },
  /** @param {any} message */
  over(message) {
    finish(message);
  },
  // An "error" during a game refuses what crossed a verdict on its way; there is nothing to be done about it.
};

/** @param {number} number @param {string} target */
function ask(number, target) {
  round = number;
  outbox.forget();
  pad.clear();
  hud.ask(target);
}

/** @param {number[]} flat x, y, dt, … @returns {import("../ink-pad.js").Stroke} */
function unflattened(flat) {
  let t = 0;
  return Array.from({ length: flat.length / 3 }, (_, i) => [flat[3 * i], flat[3 * i + 1], (t += flat[3 * i + 2])]);
}

function onLost() {
  pad.setEnabled(false);
  offline.hidden = false;
  offline.textContent = "The connection is lost. Your game waits for you; trying again…";
}

/** @param {string} why */
function onEnd(why) {
  if (joined) finish(null, why);
  else giveUp(why);
}

/** @param {string} why */
function giveUp(why) {
  connection?.close();
  leaveSeat();
  go("form");
  problem.textContent = why;
  problem.hidden = false;
}

/** @param {any} over what the server says of the game, or null when it cannot @param {string} [why] */
function finish(over, why) {
  connection?.close();
  leaveSeat();
  pad.setEnabled(false);
  offline.hidden = true;
  const hits = rounds.filter(({ outcome }) => outcome === "hit").length;
  const score = rounds.reduce((sum, { points }) => sum + points, 0);
  const own = { game, score, hits, rounds, accuracy: rounds.length ? hits / rounds.length : 0, best_combo: bestCombo, rank: null };
  result.show({ ...own, ...over, ...chosen, why }, drawn);
  go("result");
  scrollTo({ top: 0 });
  resultSection.focus({ preventScroll: true });
}

/** @param {number} stroke @param {[number, number, number][]} points */
function onInk(stroke, points) {
  if (round) outbox.ink(round, stroke, points);
  play.dataset.drawn = "true";
}

/** @param {unknown[]} strokes */
function onChange(strokes) {
  play.dataset.drawn = String(strokes.length > 0);
  if (!strokes.length) hud.guess(null);
}

/** @param {"undo" | "clear" | "skip"} type */
function move(type) {
  if (play.dataset.state !== "playing" || !round || !offline.hidden) return;
  if (type !== "skip") {
    if (!pad.strokes.length) return;
    pad[type]();
  }
  outbox.move(type, round);
}

for (const type of /** @type {const} */ (["undo", "clear", "skip"])) {
  find(`[data-testid=${type}]`, HTMLButtonElement, play).addEventListener("click", () => {
    move(type);
    canvas.focus({ preventScroll: true });
  });
}
find("[data-testid=finish]", HTMLButtonElement, play).addEventListener("click", () => finish(null));
find("[data-testid=again]", HTMLButtonElement, play).addEventListener("click", () => begin(chosen));
find(".result-change", HTMLButtonElement, play).addEventListener("click", () => {
  go("form");
  find("[data-testid=start]", HTMLButtonElement, form).focus();
});

const KEYS = /** @type {Record<string, "undo" | "clear" | "skip">} */ ({ z: "undo", x: "clear", s: "skip", " ": "skip" });
document.addEventListener("keydown", (event) => {
  if (event.altKey || event.metaKey || event.repeat || event.target instanceof HTMLInputElement) return;
  const state = play.dataset.state;
  const onControl = event.target instanceof Element && event.target.closest("button, a, summary") !== null;
  const type = KEYS[event.key.toLowerCase()];
  if (state === "playing" && type && !(onControl && event.key === " ") && (!event.ctrlKey || type === "undo")) {
    event.preventDefault();
    move(type);
  } else if (state === "result" && event.key === "Enter" && !onControl) {
    event.preventDefault();
    begin(chosen);
  } else if (state === "form" && event.key === "Enter" && event.target === document.body) {
    form.requestSubmit();
  }
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const fields = new FormData(form);
  const how = { name: String(fields.get("name")), mode: String(fields.get("mode")), alphabet: String(fields.get("alphabet")) };
  keepSettings(how);
  begin(how);
});
form.addEventListener("change", hint);

function hint() {
  const { mode, alphabet } = Object.fromEntries(new FormData(form));
  const best = mode === "sprint" ? beat(String(alphabet), 0) : 0;
  const own = best ? make("b", {}, `Your best: ${best}.`) : "";
  find(".play-mode-hint", HTMLElement, form).replaceChildren(`${HINTS[String(mode)]} `, own);
}

/** @param {Partial<Settings>} remembered */
function restore(remembered) {
  for (const [name, value] of Object.entries(remembered)) {
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLInputElement) field.value = value;
    if (field instanceof RadioNodeList) field.value = value;
  }
  hint();
}

// An address may name what to play, so that a teacher can share it.
const wanted = Object.fromEntries(new URLSearchParams(location.search));
restore({ ...settings(), ...wanted });
// Whoever has played before knows where to draw.
tip.hidden = settings().mode !== undefined;
const interrupted = seat();
if (interrupted) begin(interrupted);
