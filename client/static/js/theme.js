// Day is ink on paper, night is chalk on a blackboard. The system decides until a person chooses.

const KEY = "inkrush-theme";
const systemIsDark = matchMedia("(prefers-color-scheme: dark)");
const root = document.documentElement;
const buttons = document.querySelectorAll(".theme-toggle");

/** @returns {boolean} */
function isNight() {
  return root.dataset.theme ? root.dataset.theme === "night" : systemIsDark.matches;
}

function showTheme() {
  for (const button of buttons) button.setAttribute("aria-pressed", String(isNight()));
  // Canvases take their colors from the page and must be painted again.
  document.dispatchEvent(new Event("themechange"));
}

for (const button of buttons) {
  button.addEventListener("click", () => {
    root.dataset.theme = isNight() ? "day" : "night";
    try {
      localStorage.setItem(KEY, root.dataset.theme);
    } catch {
      // Storage may be full or forbidden; then the choice holds for this page only.
    }
    showTheme();
  });
}
systemIsDark.addEventListener("change", showTheme);
showTheme();
