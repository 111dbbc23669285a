// Small helps for staff pages. Every page works without them.
(function () {
  'use strict';
  const each = (root, what, act) => root.querySelectorAll(what).forEach(act);

  function start(root) {
    if (navigator.clipboard && window.isSecureContext) each(root, '[data-copy][hidden]', (b) => { b.hidden = false; });
    each(root, '[data-print][hidden]', (b) => { b.hidden = false; });
    // Whoever hears or zooms the page is led to what is wrong with the form.
    const wrong = root.querySelector('[data-focus]');
    if (wrong) wrong.focus();
  }

  document.addEventListener('click', (e) => {
    const copy = e.target.closest('[data-copy]');
    if (copy) {
      navigator.clipboard.writeText(copy.dataset.copy).then(() => {
        const word = copy.querySelector('span');
        const before = word.innerHTML;
        word.textContent = copy.dataset.copied;
        setTimeout(() => { word.innerHTML = before; }, 2000);
      });
    }
    if (e.target.closest('[data-print]')) window.print();
  });

  // A file that is too large is put back before a slow line carries it for nothing.
  document.addEventListener('change', (e) => {
    const file = e.target;
    if (!file.matches('input[type=file][data-max]')) return;
    const said = file.parentNode.querySelector('[data-large]');
    if (said) said.remove();
    if (!Array.from(file.files).some((f) => f.size > Number(file.dataset.max))) return;
    const why = document.createElement('p');
    why.className = 'error';
    why.dataset.large = '';
    why.setAttribute('role', 'alert');
    why.textContent = file.dataset.tooLarge;
    file.before(why);
    file.value = '';
  });

  // A second press on a slow line sends nothing twice.
  document.addEventListener('submit', (e) => {
    const form = e.target;
    if (form.method !== 'post') return;
    if (form.dataset.sent) { e.preventDefault(); return; }
    form.dataset.sent = 'yes';
    form.setAttribute('aria-busy', 'true');
    setTimeout(() => again(form), 4000); // the answer may have been a file: the page is still here
  });
  window.addEventListener('pageshow', () => each(document, 'form[data-sent]', again));
  function again(form) { delete form.dataset.sent; form.removeAttribute('aria-busy'); }

  start(document);
})();
