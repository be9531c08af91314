// Day is ink on paper, night is chalk on a blackboard: the system's choice until a person makes their own.

const KEY = "inkrush-theme";
const dark = matchMedia("(prefers-color-scheme: dark)");
const root = document.documentElement;

/** @returns {boolean} */
function isNight() {
  return root.dataset.theme ? root.dataset.theme === "night" : dark.matches;
}

function show() {
  for (const button of document.querySelectorAll(".theme-toggle")) {
    button.setAttribute("aria-pressed", String(isNight()));
  }
  // Canvases take their colours from the page's and cannot see them change.
  document.dispatchEvent(new Event("themechange"));
}

for (const button of document.querySelectorAll(".theme-toggle")) {
  button.addEventListener("click", () => {
    root.dataset.theme = isNight() ? "day" : "night";
    try {
      localStorage.setItem(KEY, root.dataset.theme);
    } catch {
      // It holds for this page then.
    }
    show();
  });
}
dark.addEventListener("change", show);
show();
