// Applies the theme that theme.js stored. It is a plain script, because it must run before the first paint.
try {
  const chosen = localStorage.getItem("inkrush-theme");
  if (chosen === "day" || chosen === "night") document.documentElement.dataset.theme = chosen;
} catch {
  // Storage may be forbidden; then the system's theme applies.
}
