// Reads texts aloud with the phone's own voice. Old browsers too: ES5. A button shows only if there is a voice for its
// language. What is being read stands out, so that who reads a little can follow.
(function (w, d) {
  var synth = w.speechSynthesis, now, lit;
  if (!synth) return;
  var buttons = [].slice.call(d.querySelectorAll('[data-listen]'));
  function base(tag) { return tag.toLowerCase().split(/[-_]/)[0]; }
  function voiceFor(tag) {
    return synth.getVoices().filter(function (v) { return base(v.lang) === base(tag); })[0];
  }
  function show() {
    buttons.forEach(function (b) { b.hidden = !voiceFor(b.getAttribute('data-lang')); });
  }
  function light(el) {
    if (lit) lit.className = lit.className.replace(' lit', '');
    lit = el;
    if (el) el.className += ' lit';
  }
  function quiet() {
    var was = now;
    now = 0;
    if (was) was.setAttribute('aria-pressed', 'false');
    light(0);
    synth.cancel();
  }
  // By sentence: some phones stop in the middle of a long text.
  function parts(b) {
    var all = [];
    [].forEach.call(d.querySelectorAll(b.getAttribute('data-listen')), function (el) {
      var tag = el.lang || b.getAttribute('data-lang'), voice = voiceFor(tag);
      if (voice) (el.textContent.match(/[^.!?\u061f\u06d4\u1362\u3002]+\S?/g) || []).forEach(function (text) {
        var u = new SpeechSynthesisUtterance(text);
        u.lang = tag;
        u.voice = voice;
        u.rate = 0.9;
        u.onstart = function () { if (now === b) light(el); };
        all.push(u);
      });
    });
    return all;
  }
  buttons.forEach(function (b) {
    b.onclick = function () {
      var mine = now === b, all = parts(b);
      quiet();
      if (mine || !all.length) return;
      now = b;
      b.setAttribute('aria-pressed', 'true');
      all[all.length - 1].onend = function () { if (now === b) quiet(); };
      all.forEach(function (u) { synth.speak(u); });
    };
  });
  show();
  synth.onvoiceschanged = show;
  w.onpagehide = quiet;
})(window, document);
