package app_test

import (
	"testing"

	"github.com/chromedp/chromedp"

	"brug/internal/auth"
	"brug/internal/contact"
	"brug/internal/db"
	"brug/internal/db/dbtest"
	"brug/internal/roster"
	"brug/internal/school"
)

// tigrinya is a school with one family, which reads Tigrinya.
const tigrinya = "Stamnummer;Klas;Familienaam;Voornaam;Adres;Postcode;Gemeente;Ouder 1;Gsm ouder 1;Taal ouder 1\r\n" +
	"1;3A;Haile;Desta;Parklaan 4;1080;Molenbeek;Tsega Haile;0499 00 00 04;Tigrinya\r\n"

// family brings in the list and gives the family a code, as printing does; its address comes back.
func (s *story) family(slug string) string {
	s.t.Helper()
	ctx := s.t.Context()
	at, err := s.app.Base.Q().SchoolBySlug(ctx, "de-wilg")
	s.ok(err)
	system := auth.ForSchool(auth.School{ID: at.ID, PublicID: at.PublicID, Slug: at.Slug, Name: at.Name, Lang: at.Lang, Timezone: at.Timezone})
	_, err = s.app.School.ImportFiles(ctx, system, []roster.File{{Name: "list.csv", Data: []byte(tigrinya)}}, school.Choices{}, true)
	s.ok(err)
	homes, err := s.app.School.Homes(ctx, system, school.Scope{Kind: school.ScopeSchool})
	s.ok(err)
	codes := contact.Secrets(1)
	s.ok(s.app.Base.Write(ctx, func(tx *db.Tx) error {
		return s.app.Contact.KeepCodes(ctx, tx, at.ID, []contact.CodeFor{{HouseholdID: homes[0].ID, PupilID: homes[0].Children[0].ID, Material: slug, Lang: "ti"}}, codes)
	}))
	return "/f/" + codes[0].Token
}

// until waits for what a script on the page does.
func (b *tab) until(condition string) {
	b.t.Helper()
	eval[bool](b, `new Promise(ok => { const i = setInterval(() => { if (`+condition+`) { clearInterval(i); ok(true); } }, 50); })`)
}

// TestAVoiceIsRecorded is a voice from the microphone of a browser to the phone of a family: recorded, sent without consent and
// refused, sent again without being spoken again, and played on a page that needs no script.
func TestAVoiceIsRecorded(t *testing.T) {
	long(t)
	s := &story{t: t, script: true, url: dbtest.SQLiteURL,
		chrome: browser(t, chromedp.Flag("use-fake-device-for-media-stream", true), chromedp.Flag("use-fake-ui-for-media-stream", true))}
	s.open()
	b := s.directorSignsIn()
	family := s.family("water")

	b.open("/s/de-wilg/voice")
	b.reads("Tigrinya")
	b.open("/s/de-wilg/voice/water/ti")
	b.touch(b.T("Record"))
	b.until(`document.querySelector('[data-time]').textContent === '0:02'`)
	b.touch(b.words.C("recording", "Stop"))
	b.until(`!document.querySelector('[data-take]').hidden && document.querySelector('[data-take]').readyState > 0`)
	b.fill("speaker", "moeder van een leerling")
	b.touch(b.T("Save this voice"))
	b.until(`document.querySelector('.summary')`)
	b.mu.Lock()
	b.complaints = nil // of the answer 422, which was meant to come
	b.mu.Unlock()
	b.reads(b.T("Tick this box if the speaker agrees. Without it nothing is kept."))
	if got := eval[string](b, `[!document.querySelector('[data-take]').hidden, document.querySelector('[name=file]').files.length, document.querySelector('[name=speaker]').value].join()`); got != "true,1,moeder van een leerling" {
		b.fatalf("after a mistake: %s", got)
	}
	b.do("tick", chromedp.Click(chromedp.CSS(`[name="consent"]`)))
	b.press(b.T("Save this voice"))
	b.reads(b.T("Kept. Families hear this voice from now on."), "moeder van een leerling")

	for _, script := range []bool{true, false} {
		s.script = script
		phone := s.phone("parent", "ti")
		phone.open(family)
		phone.reads(phone.T("Listen: read by {speaker}", "speaker", "moeder van een leerling"))
		if !script {
			continue // the player is there; what it plays is asked by script
		}
		got := eval[string](phone, `new Promise(ok => {
			const a = document.querySelector('audio');
			a.onloadedmetadata = () => ok(a.duration > 1.5 && a.duration < 10 ? 'plays' : 'lasts ' + a.duration);
			a.onerror = () => ok('error ' + a.error.message);
			a.preload = 'auto';
			a.load();
		})`)
		if got != "plays" {
			phone.fatalf("the player: %s", got)
		}
	}

	// A parent records another one on a phone, by a link that works once.
	b.open("/s/de-wilg/voice/water/so")
	b.press(b.T("Make a link for one person"))
	link := eval[string](b, `document.querySelector('[data-copy]').dataset.copy`)
	s.script = true
	speaker := s.phone("speaker", "so")
	speaker.open(link)
	speaker.touch(speaker.T("Record"))
	speaker.until(`document.querySelector('[data-time]').textContent === '0:01'`)
	speaker.fill("speaker", "hooyo")
	speaker.do("tick", chromedp.Click(chromedp.CSS(`[name="consent"]`)))
	speaker.touch(speaker.T("Save this voice")) // while it still records: that ends it
	speaker.until(`!document.querySelector('form')`)
	speaker.reads(speaker.T("Your voice is kept. Families hear it from now on."))
	b.open("/s/de-wilg/voice/water/so")
	b.reads("hooyo")
	speaker.arriveAt(410, "open the link again", chromedp.Navigate(link))
}
