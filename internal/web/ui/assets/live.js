// Asks for parts of the page anew when the school's data has changed: elements with data-live="TOPIC" and an id. The server says
// only that something changed; what is new comes by the page itself, with the rights of whoever looks. Without this the page
// shows what was there when it was opened.
(function () {
  'use strict';
  const parts = () => [...document.querySelectorAll('[data-live][id]')];
  const school = location.pathname.match(/^\/s\/[^/]+\//);
  if (!school || !window.EventSource || !parts().length) return;
  const calm = 2000; // between two refreshes of a page
  let line = null, lost = false, due = 0, last = 0, busy = false;

  function listen() {
    if (line || document.hidden) return;
    const topics = [...new Set(parts().map((p) => p.dataset.live))].slice(0, 8);
    line = new EventSource(school[0] + 'live?' + topics.map((t) => 'topic=' + encodeURIComponent(t)).join('&'));
    line.addEventListener('open', () => { if (lost) soon(); lost = false; });
    line.addEventListener('changed', soon);
    line.addEventListener('error', () => {
      lost = true; // the browser tries again by itself, unless the server said no
      if (line && line.readyState === EventSource.CLOSED) { line = null; setTimeout(listen, 60000); }
    });
  }

  // A page that nobody looks at holds no line: a browser has only a few for each server.
  function rest() {
    if (line) line.close();
    line = null;
    lost = true;
  }

  function soon() {
    if (due) return;
    due = setTimeout(refresh, Math.max(0, last + calm - Date.now()) + Math.random() * 300);
  }

  async function refresh() {
    due = 0;
    if (busy) { soon(); return; }
    busy = true;
    last = Date.now();
    try {
      const answer = await fetch(location.href, { headers: { 'X-Live': 'yes' }, redirect: 'manual' });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      for (const part of parts()) {
        const next = page.getElementById(part.id);
        if (!next || next.isEqualNode(part) || held(part)) continue;
        const at = document.activeElement && part.contains(document.activeElement) ? document.activeElement : null;
        const found = at && at.id ? '#' + CSS.escape(at.id) : at && at.getAttribute('href') ? '[href="' + CSS.escape(at.getAttribute('href')) + '"]' : '';
        part.replaceWith(document.adoptNode(next));
        const again = found && next.querySelector(found);
        if (again) again.focus({ preventScroll: true });
        if (window.htmx && window.htmx.process) window.htmx.process(next);
      }
    } catch (e) {
      lost = true; // the line tells when it is back
    } finally {
      busy = false;
    }
  }

  // What somebody is busy with is not taken away: a sound that plays, a fold that was opened, a word half typed.
  function held(part) {
    const at = document.activeElement;
    if (at && part.contains(at) && /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName)) return true;
    if (part.querySelector('details[open]:not([data-open])')) return true;
    return [...part.querySelectorAll('audio')].some((a) => !a.paused);
  }

  document.addEventListener('visibilitychange', () => { if (document.hidden) rest(); else listen(); });
  window.addEventListener('pagehide', rest);
  window.addEventListener('pageshow', listen);
  listen();
})();
