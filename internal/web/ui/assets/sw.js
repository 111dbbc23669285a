// The worker of one personal link (see familyweb/pwa.go). It keeps the last view of pages that say so, shows it where there is no
// internet, and shows a sign when the school has news. When the link has ended it forgets everything and ends itself.
'use strict';
const scope = new URL(self.registration.scope).pathname;
const kept = 'brug ' + scope;
const most = 20; // pages

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (e) => e.waitUntil(self.clients.claim()));

let over = false; // the link has ended: pages that are still open must not fill the box again

async function forget() {
  over = true;
  await caches.delete(kept);
  const sub = await self.registration.pushManager?.getSubscription().catch(() => null);
  if (sub) await sub.unsubscribe().catch(() => {});
  await self.registration.unregister();
}

// keep puts a page away under its address without what stands behind "?".
async function keep(url, answer) {
  const box = await caches.open(kept);
  await box.put(url.origin + url.pathname, answer);
  const all = await box.keys();
  const [pages, parts] = [true, false].map((ours) => all.filter((r) => new URL(r.url).pathname.startsWith(scope) === ours));
  if (pages.length > most) await box.delete(pages.find((r) => new URL(r.url).pathname !== scope));
  for (const old of parts.slice(0, Math.max(0, parts.length - 4 * most))) await box.delete(old);
}

async function page(e, url) {
  let answer;
  try {
    answer = await fetch(e.request);
  } catch (x) {
    const last = e.request.method === 'GET' && (await caches.match(url.origin + url.pathname, { cacheName: kept }) || await caches.match(url.origin + scope, { cacheName: kept }));
    if (!last) throw x;
    // The line that says so is in every page, hidden.
    return new Response((await last.text()).replace('data-offline hidden', 'data-offline'), { headers: last.headers });
  }
  const said = answer.headers.get('Brug-Offline');
  if (said === 'forget') e.waitUntil(forget());
  else if (said === 'keep' && !over && e.request.method === 'GET') e.waitUntil(keep(url, answer.clone()));
  return answer;
}

// part is what a page is made of: its address changes with what is in it, so the kept one is as good.
async function part(e) {
  const has = await caches.match(e.request, { cacheName: kept });
  if (has) return has;
  const answer = await fetch(e.request);
  if (answer.ok && !over) {
    const copy = answer.clone();
    e.waitUntil(caches.open(kept).then((box) => box.put(e.request, copy)));
  }
  return answer;
}

self.addEventListener('fetch', (e) => {
  const url = new URL(e.request.url);
  if (url.origin !== self.location.origin) return;
  if (e.request.mode === 'navigate') e.respondWith(page(e, url));
  else if (e.request.method === 'GET' && url.pathname.startsWith('/assets/') && url.searchParams.has('v')) e.respondWith(part(e));
});

self.addEventListener('push', (e) => {
  let sign = {};
  try { sign = e.data.json(); } catch (x) { /* a sign without words: the browser shows its own */ }
  e.waitUntil(self.registration.showNotification(sign.title || sign.text || '•', { lang: sign.lang, dir: sign.dir, tag: scope, icon: '/assets/icon-192.png' }));
});

self.addEventListener('notificationclick', (e) => {
  e.notification.close();
  e.waitUntil(self.clients.openWindow(scope));
});
