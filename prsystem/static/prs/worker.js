/* The service worker. It keeps the page for writing without a connection and what that page is made of (SHELL), and
   nothing of anybody: every other page and every answer comes from the server, or not at all. RELEASE, OFFLINE and
   SHELL are put before this text by the server. */

const KEPT = "prs-" + RELEASE;

async function keep() {
  const store = await caches.open(KEPT);
  await store.addAll([OFFLINE, ...SHELL].map((url) => new Request(url, { cache: "reload" })));
  await self.skipWaiting();
}

async function tidy() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== KEPT).map((name) => caches.delete(name)));
  if (self.registration.navigationPreload) await self.registration.navigationPreload.enable();
  await self.clients.claim();
}

async function page(event) {
  try {
    return (await event.preloadResponse) || (await fetch(event.request));
  } catch {
    return (await caches.match(OFFLINE)) || Response.error();
  }
}

async function part(request) {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(request)) || Response.error();
  }
}

self.addEventListener("install", (event) => event.waitUntil(keep()));
self.addEventListener("activate", (event) => event.waitUntil(tidy()));
self.addEventListener("fetch", (event) => {
  const request = event.request;
  if (request.method !== "GET") return;
  const address = new URL(request.url);
  if (address.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (SHELL.includes(address.pathname)) event.respondWith(part(request));
});
