// Works beside the pages. While there is a network it changes nothing; without one it shows the page /offline.
//
// It keeps that page and its files, and nothing else: no other page, no answer of the server. Its own address names the
// version of the files and the language (templates/layout.html), so a new version or another language replaces it.

/// <reference lib="webworker" />

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const OFFLINE = "/offline";
const CACHE = `inkrush${worker.location.search}`;
const FILES = /"(\/static\/[^"]+\.(?:css|js|svg|woff2))"/g;

/**
 * @param {string} address
 * @returns {Promise<Response>}
 */
async function load(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return response;
}

async function fillCache() {
  const page = await load(`${OFFLINE}${worker.location.search}`);
  const text = await page.clone().text();
  const addresses = [...new Set([...text.matchAll(FILES)].map(([, address]) => address))];
  const cache = await caches.open(CACHE);
  await cache.put(OFFLINE, page);
  for (const address of addresses) {
    const file = await load(address);
    // During an update, another server may answer with a file of its own version. Then the next visit tries again.
    if (!file.headers.get("Cache-Control")?.includes("immutable")) throw new Error(`${address} may change`);
    await cache.put(address, file);
  }
}

async function removeOldCaches() {
  for (const name of await caches.keys()) {
    if (name !== CACHE) await caches.delete(name);
  }
}

/**
 * @param {Request} request
 * @returns {Promise<Response>} from the network, else the offline page
 */
async function visit(request) {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(OFFLINE, { cacheName: CACHE, ignoreVary: true })) ?? Response.error();
  }
}

/**
 * @param {Request} request for a file whose address changes with its content
 * @returns {Promise<Response>}
 */
async function findFile(request) {
  return (await caches.match(request, { cacheName: CACHE, ignoreVary: true })) ?? fetch(request);
}

worker.addEventListener("install", (event) => event.waitUntil(fillCache().then(() => worker.skipWaiting())));
worker.addEventListener("activate", (event) => event.waitUntil(removeOldCaches().then(() => worker.clients.claim())));
worker.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== worker.location.origin) return;
  if (event.request.mode === "navigate") event.respondWith(visit(event.request));
  else if (pathname.startsWith("/static/")) event.respondWith(findFile(event.request));
});
