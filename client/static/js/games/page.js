// The page of a finished game.

import "../common/page.js";
import { createGameSheet } from "../leaderboard/game-sheet.js";
import { find } from "../parts/dom.js";

const game = find("article.game", HTMLElement);
createGameSheet(game).open(game.dataset.game ?? "");
