// Records a text that is read aloud, on the page where it is sent from. Without it a recording is chosen as a file. What was
// recorded stays on the page until the school has it, whatever goes wrong on the way.
(function () {
  'use strict';
  // AAC first: it plays on every phone, older iPhones too, which do not know the others.
  const kinds = ['audio/mp4;codecs=mp4a.40.2', 'audio/webm;codecs=opus', 'audio/mp4', 'audio/ogg;codecs=opus'];
  let form = document.querySelector('form[data-voice]');
  const box = form && form.querySelector('[data-recorder]');
  if (!box || !window.MediaRecorder || !navigator.mediaDevices || !window.DataTransfer) return;
  const part = (name) => box.querySelector('[data-' + name + ']');
  const file = form.querySelector('input[type=file]');
  const start = part('record'), stop = part('stop'), again = part('again'), listen = part('listen-take'), sound = part('take'), clock = part('time');
  const most = Number(box.dataset.max);
  let recorder = null, stream = null, tick = 0, unsent = false, now = 'empty';

  const show = (what, on) => { what.hidden = !on; };
  const say = (name) => { part('status').textContent = name ? part('say-' + name).textContent : ''; };

  function state(next) {
    now = next;
    form.classList.toggle('taken', now === 'ready'); // then sending is what comes next
    show(start, now === 'empty');
    show(stop, now === 'recording');
    show(again, now === 'ready');
    show(listen, now === 'ready');
    show(sound, now === 'ready');
    show(clock, now !== 'empty');
  }

  async function record() {
    sound.pause();
    start.disabled = again.disabled = true;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true } });
    } catch (e) {
      say('denied');
      return;
    } finally {
      start.disabled = again.disabled = false;
    }
    const kind = kinds.find((k) => MediaRecorder.isTypeSupported(k));
    const pieces = [];
    recorder = new MediaRecorder(stream, kind ? { mimeType: kind, audioBitsPerSecond: 32000 } : {});
    recorder.ondataavailable = (e) => { if (e.data.size) pieces.push(e.data); };
    recorder.onstop = () => ready(new Blob(pieces, { type: recorder.mimeType }));
    recorder.onerror = end;
    recorder.start(1000);
    const began = performance.now();
    tick = setInterval(() => {
      const s = Math.floor((performance.now() - began) / 1000);
      clock.textContent = Math.floor(s / 60) + ':' + String(s % 60).padStart(2, '0');
      if (s >= most) end();
    }, 250);
    clock.textContent = '0:00';
    say('recording');
    state('recording');
    stop.focus();
  }

  function end() {
    clearInterval(tick);
    if (recorder && recorder.state !== 'inactive') recorder.stop();
    if (stream) stream.getTracks().forEach((t) => t.stop());
  }

  function ready(blob) {
    const end = blob.type.includes('mp4') ? 'm4a' : blob.type.includes('ogg') ? 'ogg' : 'webm';
    const chosen = new DataTransfer();
    chosen.items.add(new File([blob], 'voice.' + end, { type: blob.type }));
    file.files = chosen.files;
    if (sound.src) URL.revokeObjectURL(sound.src);
    sound.src = URL.createObjectURL(blob);
    unsent = true;
    say('ready');
    state('ready');
    listen.focus();
  }

  start.addEventListener('click', record);
  again.addEventListener('click', record);
  stop.addEventListener('click', end);
  listen.addEventListener('click', () => { sound.currentTime = 0; sound.play(); });
  // Somebody who chooses a file after all: that one is sent.
  file.addEventListener('change', () => { unsent = false; say(''); state('empty'); });
  window.addEventListener('beforeunload', (e) => { if (unsent) e.preventDefault(); });

  // The file stays, and what the school says of it stands beside it.
  function judged(field) {
    const fresh = field.querySelector('input'), old = file.closest('.field');
    for (const name of ['aria-invalid', 'aria-describedby']) {
      if (fresh.hasAttribute(name)) file.setAttribute(name, fresh.getAttribute(name));
      else file.removeAttribute(name);
    }
    fresh.replaceWith(file);
    old.replaceWith(field);
  }

  // Sent from here and not by the browser: a page with a mistake would be a new page, without the recording.
  async function send(e) {
    e.preventDefault();
    e.stopPropagation();
    if (form.getAttribute('aria-busy')) return;
    form.setAttribute('aria-busy', 'true');
    try {
      if (recorder && recorder.state !== 'inactive') {
        await new Promise((stopped) => { recorder.addEventListener('stop', () => setTimeout(stopped)); end(); });
      }
      const said = new FormData(form), tap = e.submitter && e.submitter.name === 'answer' ? e.submitter.value : '';
      if (e.submitter && e.submitter.name) said.append(e.submitter.name, e.submitter.value); // one tap, with what was recorded
      const answer = await fetch(form.action, { method: 'POST', body: said, redirect: 'manual' });
      if (answer.type === 'opaqueredirect') {
        unsent = false;
        location.assign(/^(question|call|later)$/.test(tap) ? form.dataset.done.replace(/=answer$/, '=' + tap) : form.dataset.done);
        return;
      }
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const next = page.querySelector('form[data-voice]');
      if (answer.status === 422 && next) {
        const field = next.querySelector('[data-keep] .field');
        next.querySelector('[data-keep]').replaceWith(form.querySelector('[data-keep]'));
        judged(field);
        form.replaceWith(next);
        form = next;
        state(now);
        form.addEventListener('submit', send);
        const wrong = form.querySelector('[data-focus]');
        if (wrong) wrong.focus();
        return;
      }
      if (answer.ok || answer.status === 410) { // the thanks of a guest, or a link that has ended
        unsent = false;
        document.querySelector('main').replaceWith(page.querySelector('main'));
        document.title = page.title;
        window.scrollTo(0, 0);
        return;
      }
      throw new Error(String(answer.status));
    } catch (x) {
      say('lost');
    } finally {
      form.removeAttribute('aria-busy');
    }
  }
  form.addEventListener('submit', send);
  show(box, true);
  state('empty');
})();
