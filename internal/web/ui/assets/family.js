// Reads a text aloud with the phone's own voice. Old browsers too: ES5. The button shows only if there is a voice.
(function (w, d) {
  var synth = w.speechSynthesis, now;
  if (!synth) return;
  var buttons = [].slice.call(d.querySelectorAll('[data-listen]'));
  function base(tag) { return tag.toLowerCase().split(/[-_]/)[0]; }
  function voiceFor(tag) {
    return synth.getVoices().filter(function (v) { return base(v.lang) === base(tag); })[0];
  }
  function show() {
    buttons.forEach(function (b) { b.hidden = !voiceFor(b.getAttribute('data-lang')); });
  }
  function quiet() {
    synth.cancel();
    if (now) now.setAttribute('aria-pressed', 'false');
    now = 0;
  }
  buttons.forEach(function (b) {
    b.onclick = function () {
      var mine = now === b, text = d.querySelector(b.getAttribute('data-listen')).textContent;
      quiet();
      if (mine) return;
      now = b;
      b.setAttribute('aria-pressed', 'true');
      // By sentence: some phones stop in the middle of a long text.
      text.match(/[^.!?\u061f\u06d4\u1362\u3002]+\S?/g).forEach(function (p, i, all) {
        var u = new SpeechSynthesisUtterance(p);
        u.lang = b.getAttribute('data-lang');
        u.voice = voiceFor(u.lang);
        u.rate = 0.9;
        u.onend = function () { if (now === b && i === all.length - 1) quiet(); };
        synth.speak(u);
      });
    };
  });
  show();
  synth.onvoiceschanged = show;
  w.onpagehide = quiet;
})(window, document);
