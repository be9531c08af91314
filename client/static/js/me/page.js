// The page "My letters": how each of the player's characters is read, their games, and how to take them elsewhere.

import "../common/page.js";
import { describeError, getJSON } from "../api.js";
import { find, getChoice, setText } from "../parts/dom.js";
import { formatPercent, formatSeconds } from "../parts/format.js";
import { t } from "../parts/messages.js";
import { saveScore } from "../play/memory.js";
import { createCarry } from "./carry.js";
import { createDetails } from "./details.js";
import { makeGames } from "./games.js";
import { showHeatMap } from "./heat-map.js";
import { FEW_IN_ALL } from "./levels.js";
import { showStreak } from "./streak.js";
import { makeDayCharts } from "./time.js";
import { showMisread, showPractice, showWeakest } from "./weakest.js";

/** @typedef {import("../../../types/api").MyProgress} MyProgress */

const GAMES_AT_FIRST = 6;

const me = find(".me", HTMLElement);
const measures = find("[data-testid=measure]", HTMLFieldSetElement, me);
const more = find(".me-more", HTMLButtonElement, me);
const done = find(".me-done", HTMLElement, me);

/** @type {MyProgress | null} */
let progress = null;

const details = createDetails();
const carry = createCarry(find(".me-device", HTMLElement, me), () => progress?.rounds ?? 0, showClaimed);

async function load() {
  me.dataset.state = "loading";
  try {
    /** @type {MyProgress} */
    const loaded = await getJSON("/api/me/progress");
    progress = loaded;
    show(loaded);
    carry.takeFromAddress();
  } catch (error) {
    setText(".me-problem", describeError(error), me);
    me.dataset.state = "failed";
  }
}

/** @param {MyProgress} loaded */
function show(loaded) {
  const { characters, days, streak, bests, games } = loaded;
  // What this browser knows of the player's bests may be from before they came from another device.
  for (const { mode, alphabet, score } of bests) saveScore(mode, alphabet, score);
  me.dataset.state = characters.length || games.length ? "filled" : "empty";
  me.dataset.characters = String(characters.length);
  showSummary(loaded);
  showPractice(me, characters);
  showMap();
  showWeakest(find(".me-weak-list", HTMLElement, me), characters, choose);
  showMisread(find(".me-misread-list", HTMLElement, me), characters, choose).then((count) =>
    setText(".me-no-misread", count ? "" : t("letters.none_misread"), me),
  );
  find(".me-charts", HTMLElement, me).replaceChildren(...makeDayCharts(days));
  showStreak(find(".me-streak", HTMLElement, me), streak);
  find("[data-testid=bests]", HTMLElement, me).replaceChildren(...makeGames(bests));
  find(".me-no-bests", HTMLElement, me).hidden = bests.length > 0;
  showGames(GAMES_AT_FIRST);
}

/** @param {MyProgress} loaded */
function showSummary({ overall }) {
  const { rounds, accuracy, median_ms: ms } = overall;
  const values = { count: rounds, share: formatPercent(accuracy) };
  const summary = ms === null ? t("letters.no_hits", values) : t("letters.summary", { ...values, time: formatSeconds(ms) });
  setText(".me-summary", rounds ? summary : "", me);
  setText(".me-few", rounds && rounds < FEW_IN_ALL ? t("letters.few") : "", me);
}

function showMap() {
  if (!progress) return;
  const measure = getChoice(measures) === "speed" ? "speed" : "accuracy";
  showHeatMap(find(".me-characters", HTMLElement, me), progress.characters, progress.overall.median_ms, measure, choose);
}

/** @param {number} limit */
function showGames(limit) {
  const games = progress?.games ?? [];
  find("[data-testid=games]", HTMLElement, me).replaceChildren(...makeGames(games.slice(0, limit)));
  more.hidden = games.length <= limit;
}

/** @param {string} character */
function choose(character) {
  details.open(character, progress?.characters.find((figures) => figures.character === character));
}

/** @param {string} words */
async function showClaimed(words) {
  await load();
  done.textContent = words;
  done.focus();
}

measures.addEventListener("change", showMap);
more.addEventListener("click", () => {
  const list = find("[data-testid=games]", HTMLElement, me);
  showGames(Infinity);
  list.children[GAMES_AT_FIRST]?.querySelector("a")?.focus();
});
find(".me-retry", HTMLButtonElement, me).addEventListener("click", load);
load();
