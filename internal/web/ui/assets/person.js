// The personal page of a guardian, where the phone can: it keeps the last view for when there is no internet, says so when it
// shows that, and asks for signs. Nothing here is needed for anything. Old browsers: ES5, and a look before each step.
(function (w, d) {
  var note = d.querySelector('[data-offline]'), scope = /^\/m\/[^\/]+/.exec(location.pathname);
  var kept = note && !note.hidden; // the worker says that this is the page of last time
  function tell() { if (note) note.hidden = !kept && navigator.onLine !== false; }
  tell();
  w.addEventListener('online', tell);
  w.addEventListener('offline', tell);
  // What only a part further down needs comes after the first view.
  var part = d.querySelector('[data-script]');
  if (part) w.addEventListener('load', function () {
    var s = d.createElement('script');
    s.src = part.getAttribute('data-script');
    d.body.appendChild(s);
  });
  if (!scope || !navigator.serviceWorker || !w.caches || !w.Promise) return;
  // A page that has ended has no manifest: what the phone kept is forgotten by the worker, which then ends itself.
  if (!d.querySelector('link[rel=manifest]')) return;
  navigator.serviceWorker.register(scope[0] + '/sw.js', { scope: scope[0] })['catch'](function () {});

  var form = d.querySelector('form[data-push]');
  if (!form || !w.PushManager || !w.fetch || !w.Notification || Notification.permission === 'denied') return;
  function key() {
    var text = form.getAttribute('data-push').replace(/-/g, '+').replace(/_/g, '/');
    var raw = atob(text + '==='.slice((text.length + 3) % 4)), out = new Uint8Array(raw.length);
    for (var i = 0; i < raw.length; i++) out[i] = raw.charCodeAt(i);
    return out;
  }
  navigator.serviceWorker.ready.then(function (worker) {
    return worker.pushManager.getSubscription().then(function (has) {
      form.hidden = !!has;
      form.addEventListener('submit', function (e) {
        e.preventDefault();
        worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key() }).then(function (sub) {
          return fetch(form.action, { method: 'POST', body: new URLSearchParams({ subscription: JSON.stringify(sub) }) });
        }).then(function (answer) {
          if (answer.ok) location.assign(location.pathname + '?done=phone');
        })['catch'](function () { form.hidden = Notification.permission === 'denied'; });
      });
    });
  })['catch'](function () {});
})(window, document);
