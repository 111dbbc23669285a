package familyweb_test

import (
	"net/http"
	"os"
	"strings"
	"testing"

	"brug/internal/db"
	"brug/internal/db/dbtest"
	"brug/internal/messages"
)

// TestASealedRecordingIsHeardInPartsAfterTheCode: a player asks for parts of it, and the phone keeps none of them.
func TestASealedRecordingIsHeardInPartsAfterTheCode(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		home := h.Home("Desta", "")
		link := h.link(home)
		g, err := h.Contact.OpenLink(h.Ctx, strings.TrimPrefix(link, "/m/"), "127.0.0.1")
		h.OK(err)
		tone, err := os.ReadFile("../../audio/testdata/tone.ogg")
		h.OK(err)
		talk, err := h.Messages.Write(h.Ctx, g, "", messages.Said{Files: []messages.Upload{{Name: "stem.ogg", Data: tone}, {Name: "foto.jpg", Data: picture(t)}}, Private: true})
		h.OK(err)
		seen, err := h.Messages.Conversation(h.Ctx, h.Teacher, talk)
		h.OK(err)
		voice, photo := link+"/files/"+seen.Entries[0].Files[0].PublicID, link+"/files/"+seen.Entries[1].Files[0].PublicID
		for _, at := range []string{voice, photo, photo + "?small"} {
			if p := h.get(at); p.Status != http.StatusNotFound {
				t.Errorf("before the code: %d", p.Status)
			}
		}
		step := h.follow(h.get(link + "/conversations/" + talk))
		h.follow(h.submit(step.Form("form[action$=second]").Set("code", h.Code(home, "ti").Short)))
		for _, at := range []string{voice, photo, photo + "?small"} {
			p := h.get(at)
			if p.Status != http.StatusOK || !strings.Contains(p.Header.Get("Cache-Control"), "no-store") || p.Header.Get("ETag") != "" {
				t.Errorf("%s after the code: %d, kept by %q", at, p.Status, p.Header.Get("Cache-Control"))
			}
		}
		whole := h.get(voice).Body
		part := h.get(voice, func(r *http.Request) { r.Header.Set("Range", "bytes=100-199") })
		if part.Status != http.StatusPartialContent || part.Body != whole[100:200] {
			t.Errorf("a part of it: %d, %d bytes", part.Status, len(part.Body))
		}
		var looks int
		h.OK(d.SQL().QueryRowContext(h.Ctx, "select count(*) from journal where actor = 'guardian' and action = 'conversations.see' and detail like '%file%'").Scan(&looks))
		if looks != 5 {
			t.Errorf("%d looks written down, want 5", looks)
		}
	})
}

// TestAReminderOfWhatIsSealedTellsOnlyTheDay: on the first page, before the code.
func TestAReminderOfWhatIsSealedTellsOnlyTheDay(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	link := h.link(h.Home("Desta", ""))
	g, err := h.Contact.OpenLink(h.Ctx, strings.TrimPrefix(link, "/m/"), "127.0.0.1")
	h.OK(err)
	talk, err := h.Messages.Write(h.Ctx, g, "", messages.Said{Body: "Een zorg.", Private: true})
	h.OK(err)
	_, err = h.Messages.Agree(h.Ctx, h.Teacher, messages.AgreementDraft{Conversation: talk, Who: messages.ByBoth, Body: "Over het slapen bellen we.", LookBack: h.Clock.AddDate(0, 0, 7).Format("2006-01-02")})
	h.OK(err)
	if p := h.get(link); p.Count("#agreed") != 0 {
		t.Errorf("before its day: %s", p.Text("main"))
	}
	h.Clock = h.Clock.AddDate(0, 0, 7)
	p := h.get(link)
	p.Check()
	if p.Count(`section[aria-labelledby=agreed] a[href="`+link+"/conversations/"+talk+`"]`) != 1 || strings.Contains(p.Body, "slapen") {
		t.Errorf("on its day: %s", p.Text("main"))
	}
}
