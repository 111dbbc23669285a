// Helps for who writes a message. The page works without them.
(function () {
  'use strict';
  // Who chooses families one by one sees them at once; and who ticks one means these, and not the whole class.
  document.addEventListener('change', (e) => {
    const to = document.querySelector('#to-whom [name="to"]');
    if (!to) return;
    if (e.target.name === 'home' && e.target.checked) to.value = 'families';
    const find = e.target === to && to.value === 'families' && document.querySelector('#to-whom button[value="families"]');
    if (find) find.click();
  });
  // What was picked by a button stands in the preview too.
  document.addEventListener('htmx:after:swap', (e) => {
    const ctx = e.detail && e.detail.ctx, form = document.querySelector('form.editor');
    if (form && ctx && ctx.target && ['phrases', 'material', 'to-whom'].includes(ctx.target.id)) form.dispatchEvent(new Event('input', { bubbles: true }));
  });
})();
