package messages

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"brug/internal/contact"
	"brug/internal/db"
	"brug/internal/db/dbtest"
	"brug/internal/errs"
	"brug/internal/material"
	"brug/internal/phrase"
)

func TestAMessageWithoutATitleIsCalledByItsFirstSentence(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"Dag! Morgen zwemmen wij.", "Dag!"},
		{"Morgen zwemmen wij. Geef een handdoek mee.", "Morgen zwemmen wij"},
		{"Geen zwemmen\n\nTot morgen.", "Geen zwemmen"},
		{"Wij gaan om 8.30 uur naar het bos, met de bus van half negen en alle kinderen van de klas.", "Wij gaan om 8.30 uur naar het bos, met de bus van half negen en alle …"},
		{"{child} mag een boek meebrengen.", "… mag een boek meebrengen"},
		{"لا توجد مدرسة. شكرا", "لا توجد مدرسة"},
		{"ናትናኤል። ጽባሕ", "ናትናኤል"},
		{"", ""},
	} {
		if got := FirstSentence(c.text); got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
}

func TestAMessageOfSentencesHasANameInTheList(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		o.send("", func(dr *Draft) {
			dr.Body, dr.Phrases = "", []Phrase{{Slug: "no-school", Slots: phrase.Values{phrase.Date: "2026-12-09"}}, {Slug: "bring-not-at-home"}}
		})
		o.Clock = o.Clock.Add(time.Minute)
		o.send("", func(dr *Draft) { dr.Sensitive = true })
		o.Clock = o.Clock.Add(time.Minute)
		o.send("")
		rows, _, err := o.s.Messages(o.Ctx, o.Teacher, "")
		o.OK(err)
		got := []string{rows[0].First, rows[1].First, rows[2].First}
		if diff := cmp.Diff([]string{"Morgen gaan we naar het bos", "", "Woensdag 9 december: geen school"}, got); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{o.Class["3A"]}, rows[2].ScopeIDs); diff != "" {
			t.Error(diff)
		}
	})
}

func TestAMessageIsWrittenAnew(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		want := Draft{To: To{"class", []string{o.Class["3A"]}}, Lang: "nl", Title: "Bos", Body: "Morgen gaan we naar het bos.", About: contact.Learning,
			Texts:   map[string]Text{"ar": {Title: "غابة", Body: "غدا نذهب إلى الغابة.", Source: Staff}},
			Phrases: []Phrase{{Slug: "no-school", Slots: phrase.Values{phrase.Date: "2026-12-09"}}}, SendAt: o.Clock.Add(time.Hour), Files: []string{}}
		message := o.send("Bos", func(dr *Draft) {
			dr.Texts, dr.Phrases, dr.About, dr.SendAt = want.Texts, want.Phrases, want.About, want.SendAt
			dr.Urgent, dr.WhyUrgent = true, "De bus komt vroeger."
		})
		got, err := o.s.Anew(o.Ctx, o.Teacher, message)
		o.OK(err)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		o.Clock = o.Clock.Add(2 * time.Hour)
		if got, err = o.s.Anew(o.Ctx, o.Teacher, message); err != nil || !got.SendAt.IsZero() {
			t.Errorf("its time is over, and it would wait for %v, %v", got.SendAt, err)
		}
		if _, err := o.s.Anew(o.Ctx, o.Other1B, message); errs.KindOf(err) != errs.NotFound {
			t.Errorf("a colleague of another class: %v", err)
		}
		if _, err := o.s.Anew(o.Ctx, o.Alien, message); errs.KindOf(err) != errs.NotFound {
			t.Errorf("another school: %v", err)
		}
		closed := o.send("Zorg", func(dr *Draft) { dr.Sensitive = true })
		if _, err := o.s.Anew(o.Ctx, o.Teacher, closed); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("sensitive words went into a form: %v", err)
		}
	})
}

func TestTheDayOfATextIsADay(t *testing.T) {
	e := &material.Entry{Material: &material.Material{}}
	for _, c := range []struct {
		fill  contact.Fill
		field string // "": it can
	}{
		{contact.Fill{Date: "2026-12-08", Time: "08:30"}, ""},
		{contact.Fill{}, ""},
		{contact.Fill{Date: "morgen"}, "date"},
		{contact.Fill{Time: "25:00"}, "time"},
	} {
		fields := errs.FieldsOf(checkMaterial(e, c.fill))
		if _, at := fields[c.field]; c.field == "" && len(fields) > 0 || c.field != "" && !at {
			t.Errorf("%+v: %v, want it at %q", c.fill, fields, c.field)
		}
	}
}
