// Runs before the first paint, so it is a plain script: puts the theme that theme.js remembers on the page.
try {
  const chosen = localStorage.getItem("inkrush-theme");
  if (chosen === "day" || chosen === "night") document.documentElement.dataset.theme = chosen;
} catch {
  // Storage may be forbidden; then the system's theme applies.
}
