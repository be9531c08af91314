// The report of a class, for its host: on the screen, on one sheet of paper, and as CSV.

import "../common/page.js";
import { ApiError, deleteJSON, describeError, getJSON, translateError } from "../api.js";
import { copyReportLink, findToken, forgetClass } from "../class/tokens.js";
import { find, make, setText } from "../parts/dom.js";
import { formatDate, formatNumber, formatPercent, formatSeconds, nameCharacter } from "../parts/format.js";
import { t } from "../parts/messages.js";
import { saveFile } from "../parts/save.js";
import { readPath } from "../rooms/codes.js";
import { describeRules } from "../rooms/rules.js";
import { createWriter } from "../rooms/writer.js";
import { showMatrix } from "./matrix.js";
import { createPeople, makeMisreadings } from "./people.js";

/** @typedef {import("../../../types/api").RoomReport} RoomReport */

const MISREADINGS = 12;
const LOOK_MS = 3_000; // between two looks while the game runs

const page = find(".report", HTMLElement);
const dialog = find("[data-testid=delete-dialog]", HTMLDialogElement);
const misreadings = find("[data-testid=misreadings]", HTMLElement, page);
const code = readPath(location.pathname);
const token = findToken(code);
const headers = { authorization: `Bearer ${token}` };
const address = `/api/rooms/${encodeURIComponent(code)}`;
const people = createPeople(page);
const writer = createWriter();
new ResizeObserver(writer.repaint).observe(misreadings);

/** @param {"problem" | "shown"} state */
function setState(state) {
  page.dataset.state = state;
}

/** @param {string} title @param {string} text */
function showProblem(title, text) {
  setText(".report-problem-title", title, page);
  setText(".report-problem-text", text, page);
  setState("problem");
}

async function load() {
  try {
    /** @type {RoomReport} */
    const report = await getJSON(`${address}/report`, headers);
    if (report.state === "over") return show(report);
    showProblem(t("report.not_yet"), t("report.not_yet_hint"));
    setTimeout(load, LOOK_MS);
  } catch (error) {
    const reason = error instanceof ApiError ? error.code : "";
    const isKnown = reason === "not_host" || reason === "no_such_room";
    showProblem(t(isKnown ? `class.title_${reason}` : "room.title_other"), isKnown ? t(`report.help_${reason}`) : describeError(error));
  }
}

/** @param {RoomReport} report */
function show(report) {
  const { players, characters } = report;
  const hits = players.reduce((sum, player) => sum + player.hits, 0);
  const misses = players.reduce((sum, player) => sum + player.misses, 0);
  const times = players.flatMap(({ median_ms }) => median_ms ?? []).sort((a, b) => a - b);
  const when = report.started_at_ms === null ? "" : formatTime(report.started_at_ms);
  setText(".report-code", report.room, page);
  setText(".report-when", `${when} · ${describeRules(report)}`, page);
  setText(".report-pupils", formatNumber(players.length), page);
  setText(".report-hits", formatNumber(hits), page);
  setText(".report-accuracy", hits + misses ? formatPercent(hits / (hits + misses)) : "–", page);
  setText(".report-median", times.length ? formatSeconds(times[Math.floor(times.length / 2)]) : "–", page);
  setText(".report-expires", t("report.expires", { date: formatTime(report.expires_at_ms) }), page);
  find(".report-back", HTMLAnchorElement, page).href = `/class/${report.room}`;
  document.title = t("report.file", { code: report.room }); // the name of the printed file
  const isClean = misses === 0;
  find(".report-none", HTMLElement, page).hidden = !isClean;
  for (const name of [".report-matrix-hint", ".report-confusions .report-scroll"]) find(name, HTMLElement, page).hidden = isClean;
  setState("shown");
  showMatrix(find("[data-testid=matrix]", HTMLTableElement, page), characters);
  people.show(players);
  showCharacters(report);
  showMisreadings(report);
}

/** @param {number} ms since 1970 */
function formatTime(ms) {
  return formatDate(ms, { dateStyle: "long", timeStyle: "short" });
}

/** @param {RoomReport} report */
function showCharacters({ characters }) {
  find("[data-testid=characters]", HTMLElement, page).replaceChildren(
    ...characters.map(({ target, hits, misses, median_ms }) => {
      const share = hits / Math.max(1, hits + misses);
      const bar = make("span", { class: "character-bar", "aria-hidden": true });
      bar.style.setProperty("--share", String(share));
      const time = median_ms === null ? "" : formatSeconds(median_ms);
      return make(
        "li",
        { class: "character" },
        make("b", { "aria-hidden": true }, target),
        make("span", { class: "visually-hidden" }, nameCharacter(target)),
        bar,
        make("span", {}, t("report.of", { hits, rounds: hits + misses })),
        make("span", { class: "character-time" }, time),
      );
    }),
  );
}

/** Show one drawing of each pupil after the other, until there are enough. @param {RoomReport} report */
function showMisreadings({ players }) {
  const misses = players
    .flatMap(({ name, drawings }) => drawings.map((miss, turn) => ({ name, miss, turn })))
    .filter(({ miss }) => miss.label !== null && miss.label !== miss.target)
    .sort((a, b) => a.turn - b.turn)
    .slice(0, MISREADINGS);
  const made = misses.map(({ name, miss }) => makeMisreadings([miss], writer, name));
  misreadings.replaceChildren(...made.flatMap(({ items }) => items));
  made.forEach(({ paint }) => paint());
}

/** @param {string} text */
function say(text) {
  setText(".report-keep", text, page);
}

async function saveCsv() {
  const response = await fetch(`${address}/report?format=csv`, { headers }).catch(() => null);
  if (!response?.ok) return say(translateError("offline", ""));
  saveFile(await response.blob(), `inkrush-${code}.csv`);
}

async function deleteAll() {
  dialog.close();
  try {
    await deleteJSON(address, headers);
    forgetClass(code);
    showProblem(t("report.deleted"), t("report.deleted_hint"));
  } catch (error) {
    say(describeError(error));
  }
}

/** @param {string} testid @param {() => void} act */
function onClick(testid, act) {
  find(`[data-testid=${testid}]`, HTMLButtonElement).addEventListener("click", act);
}

onClick("print", () => print());
onClick("csv", saveCsv);
onClick("copy-report", async () => say(await copyReportLink(code, token)));
onClick("delete", () => dialog.showModal());
onClick("keep", () => dialog.close());
onClick("confirm-delete", deleteAll);
addEventListener("beforeprint", writer.repaint);
load();
