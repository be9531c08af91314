// The streak in words.

import { setText } from "../parts/dom.js";
import { t } from "../parts/messages.js";

/** @param {HTMLElement} section @param {import("../../../types/api").StreakBody} streak */
export function showStreak(section, { days, longest, has_played_today: hasPlayed, is_forgiving: isForgiving }) {
  section.dataset.playedToday = String(hasPlayed);
  setText(".me-days", days ? t("letters.days", { count: days }) : t("letters.no_streak"), section);
  const words = [hasPlayed ? t("letters.played_today") : ""];
  if (days) words.push(t(isForgiving ? "letters.forgiving" : "letters.strict"));
  if (longest > days) words.push(t("letters.longest", { count: longest }));
  setText(".me-streak-state", words.filter(Boolean).join(" "), section);
}
