// How accuracy and typical time change: of all characters from day to day, or of one from its first rounds to its latest.

import { make } from "../parts/dom.js";
import { formatDate, formatPercent, formatSeconds } from "../parts/format.js";
import { t } from "../parts/messages.js";
import { makeChart } from "./chart.js";

/** @typedef {import("../../../types/api").DayProgress} Day */
/** @typedef {import("../../../types/api").FiguresBody} Figures */
/** @typedef {{ x: number, figures: Pick<Figures, "accuracy" | "median_ms"> }} Moment */

const ROOM = 1.1; // above the highest time, in parts of it

/** @param {Day[]} days oldest first @returns {HTMLElement[]} */
export function makeDayCharts(days) {
  if (days.length < 2) return [make("p", { class: "me-note" }, t("letters.one_day"))];
  const times = days.map(({ day }) => Date.parse(day));
  const [first, last] = [times[0], times[times.length - 1]];
  const moments = days.map((figures, i) => ({ x: (times[i] - first) / (last - first), figures }));
  const [start, end] = [days[0], days[days.length - 1]].map(({ day }) =>
    formatDate(day, { day: "numeric", month: "short", timeZone: "UTC" }),
  );
  return makeCharts(moments, [start, end]);
}

/** @param {Figures[]} trend oldest first, at least two @returns {HTMLElement[]} */
export function makeTrendCharts(trend) {
  const moments = trend.map((figures, i) => ({ x: i / (trend.length - 1), figures }));
  return makeCharts(moments, [t("letters.first"), t("letters.latest")]);
}

/** @param {Moment[]} moments @param {[string, string]} ends */
function makeCharts(moments, ends) {
  const hits = moments.flatMap(({ x, figures }) => (figures.median_ms === null ? [] : [{ x, ms: figures.median_ms }]));
  const longest = ROOM * Math.max(...hits.map(({ ms }) => ms));
  const shares = moments.map(({ figures }) => figures.accuracy);
  const [start, end] = ends;
  const charts = [
    makeChart({
      title: t("letters.accuracy"),
      words: t("letters.accuracy_time", { from: formatPercent(shares[0]), to: formatPercent(shares[shares.length - 1]), start, end }),
      points: moments.map(({ x, figures }) => ({ x, y: figures.accuracy })),
      scale: [formatPercent(0), formatPercent(1)],
      ends,
    }),
  ];
  if (hits.length < 2) return charts;
  const times = { from: formatSeconds(hits[0].ms), to: formatSeconds(hits[hits.length - 1].ms) };
  charts.push(
    makeChart({
      title: t("letters.speed"),
      words: t("letters.speed_time", { ...times, start, end }),
      points: hits.map(({ x, ms }) => ({ x, y: ms / longest })),
      scale: [formatSeconds(0), formatSeconds(longest)],
      ends,
    }),
  );
  return charts;
}
