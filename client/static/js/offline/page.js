// The page that the service worker shows without a network. It loads the page that was asked for once the server answers.

import "../common/page.js";

const INTERVAL_MS = 3_000;

async function tryAgain() {
  try {
    await fetch("/healthz", { method: "HEAD", cache: "no-store" });
  } catch {
    return; // not yet
  }
  location.reload();
}

setInterval(tryAgain, INTERVAL_MS);
addEventListener("online", tryAgain);
