// Ignores what the player does for a moment, so that a last tap of a game does not press a button of its result.

const LOCK_MS = 1_000;
const KEYS = new Set(["Enter", " "]);

export function lockInput() {
  /** @param {Event} event */
  function ignore(event) {
    if (event instanceof KeyboardEvent && !KEYS.has(event.key)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  const lock = new AbortController();
  for (const kind of ["click", "keydown", "keyup"]) {
    addEventListener(kind, ignore, { capture: true, signal: lock.signal });
  }
  document.body.dataset.locked = "true";
  setTimeout(() => {
    lock.abort();
    document.body.dataset.locked = "false";
  }, LOCK_MS);
}
