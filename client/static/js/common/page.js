// What every page does. A page's own script imports this first; a page without a script of its own loads it alone.

import "../theme.js";
import "./install.js";
import "./settings-panel.js";
