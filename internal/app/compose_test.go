package app_test

import (
	"testing"

	"brug/internal/db/dbtest"
)

// TestAMessageIsPutTogetherWithScript is what the scripts of the page to write do beyond the page itself: families stand there
// as soon as they are to be chosen, a tick means those families, the preview follows what was picked by a button, and a file
// that is too large is put back before it is sent.
func TestAMessageIsPutTogetherWithScript(t *testing.T) {
	long(t)
	s := &story{t: t, script: true, url: dbtest.SQLiteURL, chrome: browser(t)}
	s.open()
	b := s.directorSignsIn()
	s.family("water")

	b.open("/s/de-wilg/messages/new")
	run := func(script string) { eval[bool](b, `(() => { `+script+`; return true; })()`) }
	run(`document.querySelector('[name=who]').value = 'Haile'; const to = document.querySelector('[name=to]'); to.value = 'families'; to.dispatchEvent(new Event('change', { bubbles: true }))`)
	b.until(`document.querySelectorAll('[name=home]').length === 1`)
	run(`const to = document.querySelector('[name=to]'); to.selectedIndex = 0; to.dispatchEvent(new Event('change', { bubbles: true })); document.querySelector('[name=home]').click()`)
	if got := eval[string](b, `document.querySelector('[name=to]').value`); got != "families" {
		b.fatalf("a family is ticked, and it goes to %q", got)
	}

	run(`document.querySelector('#phrases details').open = true; document.querySelector('#phrases [value="add:bring-not-at-home"]').click()`)
	b.until(`document.querySelectorAll('.compose-parts li').length === 1 && document.querySelectorAll('#look-body .letter-block').length === 1`)

	run(`const file = document.querySelector('[name=attach]'), chosen = new DataTransfer(); chosen.items.add(new File([new Uint8Array(11 << 20)], 'brief.pdf')); file.files = chosen.files; file.dispatchEvent(new Event('change', { bubbles: true }))`)
	if n := eval[int](b, `document.querySelector('[name=attach]').files.length`); n != 0 {
		b.fatalf("a file of 11 MB would be sent")
	}
	if got := eval[string](b, `document.querySelector('[data-large]').textContent`); got != b.T("This file is too large. At most {size} MB is taken.", "size", 10) {
		b.fatalf("it says %q", got)
	}
}
