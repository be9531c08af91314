// Runs before the first paint, so it is a plain script: the choice that theme.js keeps, put on the page.
try {
  const chosen = localStorage.getItem("inkrush-theme");
  if (chosen === "day" || chosen === "night") document.documentElement.dataset.theme = chosen;
} catch {
  // Storage may be forbidden; the system's choice holds then.
}
