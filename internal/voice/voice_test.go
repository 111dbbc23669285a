package voice

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"brug/internal/auth"
	"brug/internal/contact/contacttest"
	"brug/internal/db"
	"brug/internal/db/dbtest"
	"brug/internal/db/q"
	"brug/internal/errs"
	"brug/internal/material"
	"brug/internal/school"
)

type world struct {
	*contacttest.World
	s *Service
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	w := contacttest.New(t, d)
	now := func() time.Time { return w.Clock }
	return &world{w, New(Config{DB: d, Material: material.New(material.Config{DB: d, Now: now}), Blobs: w.Blobs, Now: now})}
}

func tone(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "audio", "testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (w *world) take(slug, tag string) Take {
	return Take{Material: slug, Lang: tag, File: tone(w.T.(*testing.T), "tone.webm"), Speaker: "moeder van een leerling", Consent: true}
}

func (w *world) entry(slug string) *material.Entry {
	w.T.Helper()
	e, err := w.s.Material.Get(w.Ctx, w.Teacher, slug)
	w.OK(err)
	return e
}

// heard is what a family of the school hears; nil if nothing.
func (w *world) heard(e *material.Entry, tag string) []byte {
	w.T.Helper()
	r, ok, err := w.s.Play(w.Ctx, w.School.ID, e, tag)
	w.OK(err)
	if !ok {
		return nil
	}
	f, err := w.s.Open(w.Ctx, r)
	w.OK(err)
	b, err := io.ReadAll(f)
	w.OK(errors.Join(err, f.Close()))
	return b
}

func TestAPersonReadsATextAloud(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		e := w.entry("water")
		if w.heard(e, "ti") != nil {
			t.Fatal("a voice before anybody spoke")
		}
		first, err := w.s.Add(w.Ctx, w.Teacher, w.take("water", "ti"))
		w.OK(err)
		b := w.heard(e, "ti")
		if len(b) == 0 || strings.Contains(string(b), "Geheim") {
			t.Errorf("%d bytes heard, with remarks: %v", len(b), strings.Contains(string(b), "Geheim"))
		}
		r, ok, err := w.s.Play(w.Ctx, w.School.ID, e, "ti-ER")
		w.OK(err)
		if !ok || r.PublicID != first || r.Speaker != "moeder van een leerling" || r.Type != "audio/webm" || r.Length < time.Second {
			t.Errorf("as heard in a variety: %v %+v", ok, r)
		}
		for _, tag := range []string{"so", "ary", "nl"} {
			if w.heard(e, tag) != nil {
				t.Errorf("heard in %s, which nobody spoke", tag)
			}
		}

		// Spoken anew: one voice for a text and language, and the old sound is gone.
		old := r
		again := w.take("water", "ti")
		again.File, again.Speaker = tone(t, "tone.ogg"), "  tolk   Ligo "
		second, err := w.s.Add(w.Ctx, w.Teacher, again)
		w.OK(err)
		r, _, err = w.s.Current(w.Ctx, w.Teacher, e, "ti")
		w.OK(err)
		if r.PublicID != second || r.Speaker != "tolk Ligo" || r.Type != "audio/ogg" {
			t.Errorf("now: %+v", r)
		}
		if _, err := w.s.Open(w.Ctx, old); !errs.Is(err, errs.NotFound) {
			t.Errorf("the old sound: %v", err)
		}

		// The speaker does not agree any more.
		w.OK(w.s.Drop(w.Ctx, w.Teacher, second))
		if w.heard(e, "ti") != nil {
			t.Error("heard after it was dropped")
		}
		if _, err := w.s.Open(w.Ctx, r); !errs.Is(err, errs.NotFound) {
			t.Errorf("the dropped sound: %v", err)
		}
		if err := w.s.Drop(w.Ctx, w.Teacher, second); !errs.Is(err, errs.NotFound) {
			t.Errorf("dropped twice: %v", err)
		}
		if n := w.count(`select count(*) from recordings where speaker <> '' or blob_key <> ''`); n != 0 {
			t.Errorf("%d rows still name a speaker or a file", n)
		}
		if n := w.count(`select count(*) from journal where action in ('voice.add', 'voice.drop')`); n != 3 {
			t.Errorf("%d lines in the journal", n)
		}
	})
}

func TestOfTwoSavedInTheSameMomentNonePlaysAfterOneIsDropped(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		e := w.entry("water")
		change := func(sql string) {
			w.OK(w.DB.Write(w.Ctx, func(tx *db.Tx) error {
				_, err := tx.SQL().ExecContext(w.Ctx, sql)
				return err
			}))
		}
		_, err := w.s.Add(w.Ctx, w.Teacher, w.take("water", "ti"))
		w.OK(err)
		change(`update recordings set lang = 'so'`) // out of the way of the next one
		second, err := w.s.Add(w.Ctx, w.Teacher, w.take("water", "ti"))
		w.OK(err)
		change(`update recordings set lang = 'ti'`) // both are there now
		w.OK(w.s.Drop(w.Ctx, w.Teacher, second))
		if w.heard(e, "ti") != nil {
			t.Error("the other one is heard")
		}
		if n := w.count(`select count(*) from recordings where ended_at = 0 or blob_key <> ''`); n != 0 {
			t.Errorf("%d recordings are still kept", n)
		}
	})
}

func (w *world) count(sql string) (n int) {
	w.T.Helper()
	w.OK(w.DB.SQL().QueryRowContext(w.Ctx, sql).Scan(&n))
	return n
}

func TestWhatIsNotTaken(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	cases := []struct {
		name   string
		change func(*Take)
		field  string // "": NotFound
	}{
		{"nobody agreed", func(t *Take) { t.Consent = false }, "consent"},
		{"nobody speaks", func(t *Take) { t.Speaker = " " }, "speaker"},
		{"a whole story as name", func(t *Take) { t.Speaker = strings.Repeat("é", 81) }, "speaker"},
		{"no file", func(t *Take) { t.File = nil }, "file"},
		{"a page", func(t *Take) { t.File = []byte("<html></html>") }, "file"},
		{"a film", func(tk *Take) { tk.File = tone(t, "film.webm") }, "file"},
		{"half a head", func(tk *Take) { tk.File = tone(t, "live.webm")[:70] }, "file"},
		{"too large", func(t *Take) { t.File = make([]byte, 7<<20) }, "file"},
		{"an unknown text", func(t *Take) { t.Material = "no-such-text" }, ""},
		{"an unknown language", func(t *Take) { t.Lang = "xx" }, ""},
		{"a language written in another way", func(t *Take) { t.Lang = "TI" }, ""},
	}
	for _, c := range cases {
		take := w.take("water", "ti")
		c.change(&take)
		_, err := w.s.Add(w.Ctx, w.Teacher, take)
		if c.field == "" && !errs.Is(err, errs.NotFound) || c.field != "" && errs.FieldsOf(err)[c.field].ID == "" {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if n := w.count(`select count(*) from recordings`); n != 0 {
		t.Errorf("%d recordings were kept", n)
	}
}

func TestAVoiceOfOtherWordsIsNotPlayed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		d1 := w.entry("water").Copy()
		d1.Title = map[string]string{"nl": "Water bij ons"}
		slug, err := w.s.Material.Create(w.Ctx, w.Teacher, "water", d1)
		w.OK(err)
		for _, tag := range []string{"ti", "ary"} {
			_, err = w.s.Add(w.Ctx, w.Teacher, w.take(slug, tag))
			w.OK(err)
		}
		before := w.entry(slug)
		d2 := before.Edit()
		d2.Title = map[string]string{"nl": "Water op school", "ti": before.Texts["ti"].Title}
		w.OK(w.s.Material.Change(w.Ctx, w.Teacher, slug, before.Version, d2))
		now := w.entry(slug)
		if w.heard(now, "ary") != nil {
			t.Error("a voice says what the text does not say any more")
		}
		if w.heard(before, "ary") == nil {
			t.Error("a paper of before has lost its voice")
		}
		r, ok, err := w.s.Current(w.Ctx, w.Teacher, now, "ary")
		w.OK(err)
		if !ok || !r.Changed {
			t.Errorf("staff are not told: %v %+v", ok, r)
		}
	})
}

func TestTheVoiceOfAnotherSchoolIsNotOurs(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		theirs, err := w.s.Add(w.Ctx, w.Alien, w.take("water", "ti"))
		w.OK(err)
		if w.heard(w.entry("water"), "ti") != nil {
			t.Error("we hear a voice of another school")
		}
		if _, err := w.s.Recording(w.Ctx, w.Teacher, theirs); !errs.Is(err, errs.NotFound) {
			t.Errorf("opened: %v", err)
		}
		if err := w.s.Drop(w.Ctx, w.Teacher, theirs); !errs.Is(err, errs.NotFound) {
			t.Errorf("dropped: %v", err)
		}
		// Once that school is the support centre's own house, its voices are for all, and still not ours to drop.
		w.OK(w.DB.Write(w.Ctx, func(tx *db.Tx) error {
			_, err := tx.SQL().ExecContext(w.Ctx, "update schools set centre = 1 where id = $1", w.Other.ID)
			return err
		}))
		if w.heard(w.entry("water"), "ti") == nil {
			t.Error("the support centre's voice is not heard")
		}
		if err := w.s.Drop(w.Ctx, w.Teacher, theirs); !errs.Is(err, errs.Forbidden) {
			t.Errorf("dropped: %v", err)
		}
		ours, err := w.s.Add(w.Ctx, w.Teacher, w.take("water", "ti"))
		w.OK(err)
		if r, _, _ := w.s.Play(w.Ctx, w.School.ID, w.entry("water"), "ti"); r.PublicID != ours {
			t.Error("our own voice does not go first")
		}
	})
}

func TestWhoMayRecord(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	for _, by := range []auth.Actor{{}, {Role: auth.Visitor, AccountID: 1}, {Role: auth.Support, AccountID: 1}} {
		if _, err := w.s.Add(w.Ctx, by, w.take("water", "ti")); !errs.Is(err, errs.Forbidden) && !errs.Is(err, errs.SignIn) {
			t.Errorf("%q recorded: %v", by.Role, err)
		}
		if _, err := w.s.Queue(w.Ctx, by, "", 1); !errs.Is(err, errs.Forbidden) && !errs.Is(err, errs.SignIn) {
			t.Errorf("%q sees the queue: %v", by.Role, err)
		}
	}
}

func TestWhichLanguagesNeedAVoice(t *testing.T) {
	got := needs([]q.VoiceNeedsRow{
		{Lang: "ar", Homes: 9, Listening: 2},
		{Lang: "fr", Homes: 12},
		{Lang: "ti", Homes: 2},
		{Lang: "ti-ER", Homes: 1},
		{Lang: "rif", Homes: 5, Listening: 1},
		{Lang: "hy", Homes: 1},
		{Lang: "fa-AF", Homes: 4},
		{Lang: "xx", Homes: 3},
	})
	want := []Need{
		{"rif", 5, true, false}, // spoken first: all homes
		{"ti", 3, true, true},   // with its variety
		{"ar", 2, false, true},  // those who rather listen
		{"hy", 1, false, false}, // no texts of ours
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestOwnTextsComeFirstInTheQueueThenWhatWasPrinted(t *testing.T) {
	entries := []*material.Entry{
		{Material: &material.Material{Slug: "own-a"}, Own: true},
		{Material: &material.Material{Slug: "b"}},
		{Material: &material.Material{Slug: "c"}},
		{Material: &material.Material{Slug: "d"}},
	}
	state := map[[2]string]bool{{"own-a", "ti"}: false, {"c", "ti"}: true}
	got := wanting(entries, map[string]int{"d": 0, "c": 1}, []Need{{Lang: "rif", Homes: 5}, {Lang: "ti", Homes: 3}}, state, "", "nl")
	var order []string
	for _, g := range got {
		line := g.Slug + " " + g.Lang
		if g.Changed {
			line += " changed"
		}
		order = append(order, line)
	}
	want := []string{"own-a rif", "d rif", "c rif", "d ti", "c ti changed", "b rif", "b ti"}
	if diff := cmp.Diff(want, order); diff != "" {
		t.Error(diff)
	}
}

func TestTheQueueOfASchool(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		v, err := w.s.Queue(w.Ctx, w.Teacher, "", 1)
		w.OK(err)
		if len(v.Needs) != 1 || v.Needs[0].Lang != "ti" || v.Needs[0].Homes != 1 {
			t.Fatalf("needs: %+v", v.Needs)
		}
		if len(v.Rows) != perPage || !v.More || v.Total < 60 {
			t.Fatalf("%d rows, more %v, %d in all", len(v.Rows), v.More, v.Total)
		}
		// Somebody who reads no Arabic though it is written.
		home := w.Home("Ali", "")
		card, err := w.Schools.Guardian(w.Ctx, w.System, home.Guardians[0].PublicID)
		w.OK(err)
		w.OK(w.Schools.ChangeGuardian(w.Ctx, w.System, card.PublicID, card.Version, school.GuardianInput{Name: card.Name, Lang: "ar", Reading: school.Listens, Roads: []school.Road{school.Paper}}))
		_, err = w.s.Add(w.Ctx, w.Teacher, w.take(v.Rows[0].Slug, "ti"))
		w.OK(err)
		now, err := w.s.Queue(w.Ctx, w.Teacher, "ti", 1)
		w.OK(err)
		if len(now.Needs) != 2 || now.Total != v.Total-1 || now.Rows[0].Slug == v.Rows[0].Slug || len(now.Heard) != 1 {
			t.Errorf("after one was spoken: %+v, %d of %d, first %s", now.Needs, now.Total, v.Total, now.Rows[0].Slug)
		}
		last, err := w.s.Queue(context.WithoutCancel(w.Ctx), w.Teacher, "ti", 99)
		w.OK(err)
		if len(last.Rows) != 0 || last.More {
			t.Errorf("a page behind the last: %d rows", len(last.Rows))
		}
		theirs, err := w.s.Queue(w.Ctx, w.Alien, "", 1)
		w.OK(err)
		if len(theirs.Needs) != 0 || len(theirs.Heard) != 0 || theirs.Total != 0 {
			t.Errorf("a school without families: %+v", theirs)
		}
	})
}

func TestWhatASpeakerReads(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	e := w.entry("water")
	ti := ScriptFor(e, "ti", "")
	if ti.From != "ti" || len(ti.Others) != 0 || len(ti.Lines) < len(e.Parts)+2 || !ti.Lines[0].Title {
		t.Errorf("%+v", ti)
	}
	rif := ScriptFor(e, "rif", "")
	if rif.From != "nl" || len(rif.Others) == 0 || rif.Others[0] != "ar" {
		t.Errorf("Tarifit from %s, others %v", rif.From, rif.Others)
	}
	if ar := ScriptFor(e, "rif", "ar"); ar.From != "ar" || ar.Lines[0].Lang != "ar" || ar.Others[0] != "nl" {
		t.Errorf("Tarifit from Arabic: %s, %v", ar.From, ar.Others)
	}
	for _, l := range append(ti.Lines, rif.Lines...) {
		if strings.ContainsAny(l.Text, "{}") || strings.Contains(l.Text, material.Blank) {
			t.Errorf("nobody can speak %q", l.Text)
		}
	}
}

func TestAParentLendsAVoiceByALink(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		first, _, err := w.s.MakeLink(w.Ctx, w.Teacher, "water", "ti")
		w.OK(err)
		secret, expires, err := w.s.MakeLink(w.Ctx, w.Teacher, "water", "ti")
		w.OK(err)
		if _, err := w.s.OpenLink(w.Ctx, first); !errs.Is(err, errs.Gone) {
			t.Errorf("an earlier link: %v", err)
		}
		if _, err := w.s.OpenLink(w.Ctx, "x"+secret); !errs.Is(err, errs.NotFound) {
			t.Errorf("a guess: %v", err)
		}
		g, err := w.s.OpenLink(w.Ctx, secret)
		w.OK(err)
		if g.School.Slug != w.School.Slug || g.Lang != "ti" || g.Entry.Slug != "water" {
			t.Errorf("%+v", g)
		}
		// Without consent nothing is kept, and the link is not used up.
		bad := w.take("", "")
		bad.Consent = false
		if err := w.s.Lend(w.Ctx, g, bad); errs.FieldsOf(err)["consent"].ID == "" {
			t.Errorf("without consent: %v", err)
		}
		other := w.take("play-at-school", "nl") // what the link does not say does not count
		w.OK(w.s.Lend(w.Ctx, g, other))
		if w.heard(w.entry("water"), "ti") == nil {
			t.Error("not heard")
		}
		if err := w.s.Lend(w.Ctx, g, w.take("", "")); !errs.Is(err, errs.Gone) {
			t.Errorf("a second time with the page still open: %v", err)
		}
		if n := w.count(`select count(*) from recordings where ended_at = 0`); n != 1 {
			t.Errorf("%d recordings", n)
		}
		if _, err := w.s.OpenLink(w.Ctx, secret); !errs.Is(err, errs.Gone) {
			t.Errorf("opened again: %v", err)
		}
		late, _, err := w.s.MakeLink(w.Ctx, w.Teacher, "water", "so")
		w.OK(err)
		w.Clock = expires.Add(time.Minute)
		if _, err := w.s.OpenLink(w.Ctx, late); !errs.Is(err, errs.Gone) {
			t.Errorf("after a week: %v", err)
		}
		if _, _, err := w.s.MakeLink(w.Ctx, auth.Actor{Role: auth.Visitor, AccountID: 1}, "water", "ti"); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a visitor made a link: %v", err)
		}
	})
}

func TestTheCentresVoiceIsHeardAtWhatItPublishes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		operator := auth.Actor{Role: auth.System, Name: "operator"}
		accounts, err := auth.New(auth.Config{DB: d, Now: func() time.Time { return w.Clock }})
		w.OK(err)
		house, err := accounts.CreateCentre(w.Ctx, operator, auth.NewSchool{Name: "Centrum", Lang: "nl"})
		w.OK(err)
		ann := auth.Actor{Name: "Ann", Role: auth.Support, Lang: "nl", School: house}
		text := material.Edit{Kind: material.ThemeLetter, Title: map[string]string{"nl": "Soep"}, Intro: map[string]string{"nl": "We koken soep."}}
		slug, err := w.s.Material.Create(w.Ctx, ann, "", text)
		w.OK(err)
		w.OK(w.s.Material.Publish(w.Ctx, ann, slug, 1))
		_, err = w.s.Add(w.Ctx, ann, w.take(slug, "ti"))
		w.OK(err)
		if w.heard(w.entry("centre-soep"), "ti") == nil {
			t.Error("the school does not hear it")
		}
		q, err := w.s.Queue(w.Ctx, w.Teacher, "ti", 1<<62)
		w.OK(err)
		if !slices.ContainsFunc(q.Heard, func(r Recording) bool {
			return r.Material == "centre-soep" && r.Centre && !r.Changed && r.Title == "Soep"
		}) {
			t.Errorf("heard: %+v", q.Heard)
		}
		// A school's own text of the same name and words is another text.
		own, err := w.s.Material.Create(w.Ctx, w.Teacher, "", text)
		w.OK(err)
		if own != slug || w.heard(w.entry(own), "ti") != nil {
			t.Errorf("%s is heard in a voice that was lent for something else", own)
		}
	})
}
