package familyweb_test

import (
	"net/http"
	"strings"
	"testing"

	"brug/internal/contact"
	"brug/internal/db"
	"brug/internal/db/dbtest"
	"brug/internal/messages"
	"brug/internal/school"
)

// printed gives a home a paper with a message, and the address of its code.
func (h *house) printed(home school.Home, message string) string {
	h.T.Helper()
	codes := contact.Secrets(1)
	h.OK(h.DB.Write(h.Ctx, func(tx *db.Tx) error {
		return h.Contact.KeepCodes(h.Ctx, tx, h.School.ID, []contact.CodeFor{{HouseholdID: home.ID, PupilID: home.Children[0].ID, Material: "message:" + message, Lang: home.Guardians[0].Lang}}, codes)
	}))
	return "/f/" + codes[0].Token
}

func TestAMessageOnPaperIsReadAndAnsweredIntoTheSameConversation(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		home := h.Home("Desta", "")
		message := h.send(messages.Draft{Title: "Zwemmen", Body: "Dinsdag gaan we zwemmen."})
		paper := h.printed(home, message)
		p := h.get(paper)
		p.Check()
		if p.Status != http.StatusOK || p.Text("h1") != "Zwemmen" || p.Attr("html", "lang") != "ti" || !strings.Contains(p.Text(".sheet"), "zwemmen") {
			t.Fatalf("%d %q", p.Status, p.Text("h1"))
		}
		h.follow(h.submit(p.Form("form[action$=answers]").Set("body", "ሰላም").Press("kind", "question")))
		link := h.link(home)
		first := h.get(link)
		if first.Count(".new") != 0 { // read on paper is read
			t.Error("it is still new on the personal page")
		}
		talk := h.get(first.Attr("[aria-labelledby=earlier] .line", "href"))
		if got := talk.Texts(".talk li"); len(got) != 2 || !strings.Contains(strings.Join(got, " "), "ሰላም") {
			t.Errorf("on the personal page: %v", got)
		}
		if got := h.get(paper); got.Count(".on[value=question]") != 1 || strings.Contains(got.Body, "ሰላም") {
			t.Error("the paper shows more than the tap, or not even that")
		}
		// The paper of another home leads to no letter of this one.
		if got := h.get(h.printed(h.Home("Ela", "Ana Stan"), message)); got.Status != http.StatusNotFound {
			t.Errorf("another home: %d", got.Status)
		}
	})
}

func TestALetterToTheFamilyOfIsAnsweredByTheCode(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		home := h.Home("Desta", "")
		message := h.send(messages.Draft{Title: "Zwemmen", Body: "Dinsdag gaan we zwemmen."})
		h.OK(d.Write(h.Ctx, func(tx *db.Tx) error { // as of a home where nobody may be written to by name
			_, err := tx.SQL().ExecContext(h.Ctx, "delete from recipients where guardian_id <> $1", home.Guardians[0].ID)
			if err == nil {
				_, err = tx.SQL().ExecContext(h.Ctx, "update recipients set guardian_id = null")
			}
			return err
		}))
		done := h.follow(h.submit(h.get(h.printed(home, message)).Form("form[action$=answers]").Press("kind", "call")))
		if done.Count(".on[value=call]") != 1 {
			t.Error("the tap is not shown")
		}
		waits, err := h.Contact.OpenAnswers(h.Ctx, h.Teacher)
		h.OK(err)
		if len(waits) != 1 {
			t.Errorf("%d answers wait", len(waits))
		}
	})
}

func TestPrivateWordsDoNotOpenByPaper(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	message := h.send(messages.Draft{Title: "Ons gesprek", Body: "Wij maken ons zorgen.", Sensitive: true})
	if p := h.get(h.printed(h.Home("Desta", ""), message)); p.Status != http.StatusOK || strings.Contains(p.Body, "zorgen") {
		t.Errorf("%d: %v", p.Status, p.Texts("main"))
	}
}
