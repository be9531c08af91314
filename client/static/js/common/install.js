// Registers the service worker, which shows a page of ours while there is no network.

const address = document.querySelector("meta[name=service-worker]")?.getAttribute("content");

async function register() {
  try {
    if (address) await navigator.serviceWorker?.register(address);
  } catch {
    // It may be forbidden, or the network is gone. Everything else works without it.
  }
}

// After everything that this page needs itself.
if (document.readyState === "complete") void register();
else addEventListener("load", register);
