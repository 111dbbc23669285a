// Helps for who writes materials. The editor works without them.
(function () {
  'use strict';
  // Names and dates in a text ({child}): shown as chips behind the field, put in by a button where somebody writes, and
  // taken away whole, so that none is left in half.
  const chip = /\{[a-z]+\}/g;
  let last = null; // the field somebody wrote in
  function chips(root) {
    root.querySelectorAll('[data-chips] textarea').forEach((area) => {
      if (area.parentNode.classList.contains('chip-field')) return;
      const box = document.createElement('div'), back = document.createElement('div');
      box.className = 'chip-field';
      back.className = 'chip-back';
      back.setAttribute('aria-hidden', 'true');
      back.dir = area.dir; back.lang = area.lang; // the marks lie where the words do, also from right to left
      area.before(box);
      box.append(back, area);
      paint(area);
      area.addEventListener('scroll', () => { back.scrollTop = area.scrollTop; });
    });
    // With script the preview follows by itself.
    if (window.htmx) root.querySelectorAll('[data-without-script]').forEach((b) => { b.hidden = true; });
    root.querySelectorAll('[data-put][hidden]').forEach((b) => { b.hidden = false; });
  }
  function known() { return Array.from(document.querySelectorAll('[data-put]'), (b) => b.dataset.put); }
  function paint(area) {
    const back = area.previousSibling;
    if (!back || back.className !== 'chip-back') return;
    const names = known();
    back.replaceChildren(...area.value.split(/(\{[a-z]+\}|[{}][a-z]*)/).map((piece) => {
      if (!/[{}]/.test(piece)) return piece;
      const mark = document.createElement('mark');
      mark.textContent = piece;
      if (!names.includes(piece)) mark.className = 'broken';
      return mark;
    }), '\n');
    back.scrollTop = area.scrollTop;
  }
  document.addEventListener('focusin', (e) => { if (e.target.matches('[data-chips] textarea')) last = e.target; });
  document.addEventListener('input', (e) => { if (e.target.matches('[data-chips] textarea')) paint(e.target); });
  document.addEventListener('beforeinput', (e) => {
    const area = e.target, at = area.selectionStart;
    if (!area.matches || !area.matches('[data-chips] textarea') || !e.inputType.startsWith('deleteContent') || at !== area.selectionEnd) return;
    const back = e.inputType.endsWith('Backward');
    for (const m of area.value.matchAll(chip)) {
      const end = m.index + m[0].length;
      if (back ? at > m.index && at <= end : at >= m.index && at < end) {
        e.preventDefault();
        put(area, '', m.index, end);
        return;
      }
    }
  });
  function put(area, words, from, to) {
    area.focus();
    area.setRangeText(words, from, to, 'end');
    area.dispatchEvent(new Event('input', { bubbles: true }));
  }
  document.addEventListener('click', (e) => {
    const b = e.target.closest('[data-put]');
    if (!b) return;
    const area = last && document.contains(last) ? last : document.querySelector('[data-chips] textarea');
    if (area) put(area, b.dataset.put, area.selectionStart, area.selectionEnd);
  });
  document.addEventListener('htmx:after:swap', (e) => {
    chips(document);
    const here = document.querySelector('#editor [data-focus]');
    const ctx = e.detail && e.detail.ctx;
    if (here && ctx && ctx.target && ctx.target.id === 'editor') { here.focus(); here.scrollIntoView({ block: 'nearest' }); }
  });
  chips(document);
})();
