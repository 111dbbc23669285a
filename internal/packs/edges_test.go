package packs_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"regexp"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"brug/internal/blob"
	"brug/internal/contact/contacttest"
	"brug/internal/db"
	"brug/internal/db/dbtest"
	"brug/internal/errs"
	"brug/internal/jobs"
	"brug/internal/material"
	"brug/internal/packs"
	"brug/internal/school"
)

func (w world) count(query string, args ...any) (n int) {
	w.T.Helper()
	w.OK(w.DB.SQL().QueryRowContext(w.Ctx, query, args...).Scan(&n))
	return n
}

func (w world) sql(statement string, args ...any) {
	w.T.Helper()
	w.OK(w.DB.Write(w.Ctx, func(tx *db.Tx) error {
		_, err := tx.SQL().ExecContext(w.Ctx, statement, args...)
		return err
	}))
}

// shaky is a store whose disk is full for the first so many files.
type shaky struct {
	blob.Store
	refuse  atomic.Int32
	keys    sync.Map
	refuses func() // called each time
}

func (s *shaky) Put(ctx context.Context, key string, r io.Reader) error {
	if s.refuse.Add(-1) >= 0 {
		if s.refuses != nil {
			s.refuses()
		}
		return errors.New("no space left on device")
	}
	s.keys.Store(key, true)
	return s.Store.Put(ctx, key, r)
}

func (s *shaky) Delete(ctx context.Context, key string) error {
	s.keys.Delete(key)
	return s.Store.Delete(ctx, key)
}

func (s *shaky) files() (n int) {
	s.keys.Range(func(any, any) bool { n++; return true })
	return n
}

// withQueue is a world whose jobs are tried again at once, in a store that can be full.
func withQueue(t *testing.T, story func(t *testing.T, w world, store *shaky)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := contacttest.New(t, d)
		w.Jobs = jobs.New(d, jobs.Config{Log: slog.New(slog.DiscardHandler), Poll: 10 * time.Millisecond, RetryAfter: func(int) time.Duration { return 0 }})
		store := &shaky{Store: w.Blobs}
		s := packs.New(packs.Config{DB: d, School: w.Schools, Material: material.New(material.Config{DB: d, Now: w.Contact.Now}), Contact: w.Contact, Jobs: w.Jobs, Blobs: store, Now: w.Contact.Now, BaseURL: "https://brug.test"})
		story(t, world{w, s}, store)
	})
}

var shortCode = regexp.MustCompile(`\b\d{4} \d{4} \d{4}\b`)

// codesWork opens every short code that stands on the pages of a pack.
func (w world) codesWork(pack string, want int) {
	w.T.Helper()
	r, _, err := w.packs.Open(w.Ctx, w.Teacher, pack)
	w.OK(err)
	pdf, err := io.ReadAll(r)
	w.OK(err)
	w.OK(r.Close())
	codes := shortCode.FindAllString(text(w.T.(*testing.T), pdf), -1)
	if len(codes) != want {
		w.T.Errorf("%d codes stand on the pages, want %d", len(codes), want)
	}
	for _, c := range codes {
		if _, err := w.Contact.Open(w.Ctx, c, "10.0.0.1"); err != nil {
			w.T.Errorf("a printed code does not open: %v", err)
		}
	}
}

func TestTwoWorkersWithOnePackKeepWhatIsOnThePaper(t *testing.T) {
	withQueue(t, func(t *testing.T, w world, store *shaky) {
		pack, err := w.packs.Start(w.Ctx, w.Teacher, packs.Choice{Material: "a-good-story", Scope: w.class("3A")})
		w.OK(err)
		args := packs.Args{SchoolID: w.School.ID, PackID: int64(w.count("select id from packs"))}
		w.OK(w.DB.Write(w.Ctx, func(tx *db.Tx) error {
			for range 4 {
				if err := w.Jobs.Enqueue(w.Ctx, tx, args); err != nil {
					return err
				}
			}
			return nil
		}))
		w.work()
		if s, c := w.count("select count(*) from slips"), w.count("select count(*) from codes"); s != 4 || c != 4 {
			t.Errorf("%d slips and %d codes, want 4 and 4", s, c)
		}
		if n := store.files(); n != 1 {
			t.Errorf("%d files are kept, want 1", n)
		}
		p, err := w.packs.Get(w.Ctx, w.Teacher, pack)
		w.OK(err)
		if p.State != packs.Finished || p.Done != p.Total {
			t.Errorf("state %s, %d of %d", p.State, p.Done, p.Total)
		}
		w.codesWork(pack, 4)
	})
}

func TestAPackThatStopsInTheMiddleIsPrintedAnew(t *testing.T) {
	withQueue(t, func(t *testing.T, w world, store *shaky) {
		store.refuse.Store(2)
		halves := 0
		store.refuses = func() { halves += w.count("select count(*) from slips") + w.count("select count(*) from codes") }
		pack, err := w.packs.Start(w.Ctx, w.Teacher, packs.Choice{Material: "a-good-story", Scope: w.class("3A")})
		w.OK(err)
		w.untilNoneWaits()
		if halves != 0 {
			t.Errorf("%d slips and codes of half a pack", halves)
		}
		w.codesWork(pack, 4)
	})
}

func TestAPackThatNeverWorksSaysSo(t *testing.T) {
	withQueue(t, func(t *testing.T, w world, store *shaky) {
		store.refuse.Store(1000)
		pack, err := w.packs.Start(w.Ctx, w.Teacher, packs.Choice{Material: "a-good-story", Scope: w.class("3A")})
		w.OK(err)
		w.untilNoneWaits()
		p, err := w.packs.Get(w.Ctx, w.Teacher, pack)
		w.OK(err)
		if p.State != packs.Failed || p.Problem.ID == "" {
			t.Errorf("state %s, problem %q", p.State, p.Problem.ID)
		}
		if n := w.count("select count(*) from codes"); n != 0 || store.files() != 0 {
			t.Errorf("%d codes, %d files are left of it", n, store.files())
		}
	})
}

func TestAPackForNobodySaysSoAtOnce(t *testing.T) {
	withQueue(t, func(t *testing.T, w world, _ *shaky) {
		home := w.Home("Desta", "")
		v, err := w.Contact.Open(w.Ctx, w.Code(home, "ti").Token, "10.0.0.1")
		w.OK(err)
		w.OK(w.Contact.Stop(w.Ctx, v))
		pack, err := w.packs.Start(w.Ctx, w.Teacher, packs.Choice{Material: "a-good-story", Scope: school.Scope{Kind: school.ScopeHousehold, PublicID: home.PublicID}})
		w.OK(err)
		w.untilNoneWaits()
		p, err := w.packs.Get(w.Ctx, w.Teacher, pack)
		w.OK(err)
		if p.State != packs.Failed || p.Problem.ID != "There is no family here to print for." {
			t.Errorf("state %s, problem %q", p.State, p.Problem.ID)
		}
		if n := w.count("select max(attempt) from river_job where kind = 'packs_print'"); n != 1 {
			t.Errorf("tried %d times: the same would come out each time", n)
		}
	})
}

// untilNoneWaits prints until no pack waits, also those that are tried again.
func (w world) untilNoneWaits() {
	w.T.Helper()
	w.OK(w.Jobs.Start(w.Ctx))
	for w.count("select count(*) from river_job where kind = 'packs_print' and state in ('available', 'running', 'retryable', 'scheduled')") > 0 {
		time.Sleep(time.Millisecond)
	}
	w.OK(w.Jobs.Stop(w.Ctx))
}

func TestTwoWhoHandOutAtOnceCountOnce(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		_, err := w.packs.Rehearse(w.Ctx, w.Teacher, packs.Choice{Material: "a-good-story", Scope: w.class("3A")})
		w.OK(err)
		w.sql("delete from contacts")
		w.sql("update slips set given_at = 0")
		list, _, err := w.packs.List(w.Ctx, w.Teacher, 0, 10)
		w.OK(err)
		var all sync.WaitGroup
		var ticked atomic.Int32
		start := make(chan struct{})
		for range 6 {
			all.Go(func() {
				<-start
				n, err := w.packs.Given(w.Ctx, w.Teacher, list[0].PublicID, w.Class["3A"], "")
				if err != nil {
					t.Error(err)
				}
				ticked.Add(int32(n))
			})
		}
		close(start)
		all.Wait()
		if n := w.count("select count(*) from contacts"); n != 4 || ticked.Load() != 4 {
			t.Errorf("%d lines in the ledger, %d told as ticked; want 4 and 4", n, ticked.Load())
		}
	})
}

func TestATickWhoseContactWasTakenBackElsewhereCanBeTakenBack(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		_, err := w.packs.Rehearse(w.Ctx, w.Teacher, packs.Choice{Material: "a-good-story", Scope: w.class("3A")})
		w.OK(err)
		list, _, err := w.packs.List(w.Ctx, w.Teacher, 0, 10)
		w.OK(err)
		p, err := w.packs.Get(w.Ctx, w.Teacher, list[0].PublicID)
		w.OK(err)
		h, err := w.Contact.History(w.Ctx, w.Teacher, p.Slip[0].Household)
		w.OK(err)
		w.OK(w.Contact.TakeBack(w.Ctx, w.Teacher, h.Lines[0].PublicID))
		w.OK(w.packs.NotGiven(w.Ctx, w.Teacher, p.PublicID, p.Slip[0].PublicID))
		if p, err = w.packs.Get(w.Ctx, w.Teacher, p.PublicID); err != nil || !p.Slip[0].GivenAt.IsZero() {
			t.Errorf("the tick stays: %v %v", p.Slip[0].GivenAt, err)
		}
		wantKind(t, "another teacher", w.packs.NotGiven(w.Ctx, w.Other1B, p.PublicID, p.Slip[1].PublicID), errs.NotFound)
	})
}

func TestAPackForAHouseholdTellsNothingOfChildrenElsewhere(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		_, err := w.packs.Start(w.Ctx, w.Other1B, packs.Choice{Material: "a-good-story", Scope: school.Scope{Kind: school.ScopeHousehold, PublicID: w.Home("Desta", "").PublicID}})
		wantKind(t, "a household of another class", err, errs.NotFound)
		if n := w.count("select count(*) from packs"); n != 0 {
			t.Errorf("%d packs are noted", n)
		}
		_, err = w.packs.Start(w.Ctx, w.Teacher, packs.Choice{Material: "a-good-story", Scope: school.Scope{Kind: school.ScopeHousehold, PublicID: w.Home("Badra", "").PublicID}})
		w.OK(err)
		w.work()
		list, _, err := w.packs.List(w.Ctx, w.Teacher, 0, 10)
		w.OK(err)
		if list[0].ScopeName != "Ali" || list[0].Slips != 1 {
			t.Errorf("the pack is for %q with %d slips; want Ali and 1, without his sister of 1B", list[0].ScopeName, list[0].Slips)
		}
	})
}

func TestAGroupOfSeveralClassesGivesATeacherTheOwnChildren(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		group, err := w.Schools.AddGroup(w.Ctx, w.System, "Zwemmen")
		w.OK(err)
		ali, badra := w.Home("Ali", "").Children[0].PublicID, w.Home("Badra", "").Children[0].PublicID
		w.OK(w.Schools.SetGroupPupils(w.Ctx, w.System, group, []string{ali, badra}, nil))
		scope := school.Scope{Kind: school.ScopeGroup, PublicID: group}
		var pdf bytes.Buffer
		slips, _, err := w.packs.Write(w.Ctx, w.Teacher, packs.Choice{Material: "a-good-story", Scope: scope}, &pdf)
		w.OK(err)
		if out := text(t, pdf.Bytes()); slips != 1 || bytes.Contains([]byte(out), []byte("Badra")) {
			t.Errorf("%d slips, the sister of another class among them", slips)
		}
		whole, err := w.packs.Start(w.Ctx, w.System, packs.Choice{Material: "a-good-story", Scope: scope})
		w.OK(err)
		w.work()
		p, err := w.packs.Get(w.Ctx, w.Teacher, whole)
		w.OK(err)
		if len(p.Slip) != 1 || p.Slip[0].Given != "Ali" {
			t.Errorf("of a pack for several classes the teacher sees %+v", p.Slip)
		}
		_, _, err = w.packs.Open(w.Ctx, w.Teacher, whole)
		wantKind(t, "the PDF with pages of another class", err, errs.Forbidden)
		n, err := w.packs.Given(w.Ctx, w.Teacher, whole, "", "")
		if err != nil || n != 1 {
			t.Errorf("the teacher ticked %d, %v", n, err)
		}
		if n := w.count("select count(*) from slips where given_at > 0"); n != 1 {
			t.Errorf("%d slips are ticked", n)
		}
	})
}

func TestWhatWasPutAwayIsNotPrinted(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		slug, err := w.packs.Material.Create(w.Ctx, w.Teacher, "", material.Edit{Kind: material.QuestionSlip, Audiences: []material.Audience{school.Grades34}, Practices: []material.Practice{material.Talk}, Title: map[string]string{"nl": "Op uitstap"},
			Intro: map[string]string{"nl": "We gaan op uitstap."}, Parts: []material.EditPart{{Part: material.Part{Role: material.Question, Pictogram: "outside"}, Texts: map[string]string{"nl": "Wat zag je?"}}}})
		w.OK(err)
		ways, err := w.packs.Rehearse(w.Ctx, w.Teacher, packs.Choice{Material: slug, Scope: w.class("3A")})
		w.OK(err)
		w.OK(w.packs.Material.Archive(w.Ctx, w.Teacher, slug))
		_, err = w.packs.Start(w.Ctx, w.Teacher, packs.Choice{Material: slug, Scope: w.class("3A")})
		wantKind(t, "a slip that was put away", err, errs.Invalid)
		v, err := w.Contact.Open(w.Ctx, ways[0].Token, "10.0.0.1")
		w.OK(err)
		if _, err := w.packs.Material.Find(w.Ctx, w.School.ID, v.Material, v.Version); err != nil {
			t.Errorf("its paper no longer opens: %v", err)
		}
	})
}

func TestOldPapersOfSomebodyBarredOpenNothing(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ways, err := w.packs.Rehearse(w.Ctx, w.Teacher, packs.Choice{Material: "a-good-story", Scope: w.class("3A")})
		w.OK(err)
		h := w.Home("Cas", "Piotr Nowak")
		g := h.Guardians[0]
		card, err := w.Schools.Guardian(w.Ctx, w.System, g.PublicID)
		w.OK(err)
		w.OK(w.Schools.ChangeGuardian(w.Ctx, w.System, g.PublicID, card.Version, school.GuardianInput{Name: g.Name, Phone: g.Phone, Lang: g.Lang, Langs: g.Langs, Reading: school.ReadsWell,
			Roads: []school.Road{school.Paper}, Rights: map[string]school.Rights{h.Children[0].PublicID: {Barred: true}}}))
		for _, way := range ways {
			_, err := w.Contact.Open(w.Ctx, way.Token, "10.0.0.1")
			if gone := errs.Is(err, errs.Gone); gone != (way.Child == "Cas" && way.Lang == "pl") {
				t.Errorf("%s in %s: %v", way.Child, way.Lang, err)
			}
		}
	})
}

func TestALogoWhoseFileIsGoneStopsNoPack(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><rect width="9" height="9" fill="#123456"/></svg>`
		w.OK(w.Schools.SetLogo(w.Ctx, w.System, []byte(svg)))
		s, err := w.Auth.SchoolBySlug(w.Ctx, w.School.Slug)
		w.OK(err)
		w.OK(w.Blobs.Delete(w.Ctx, s.LogoKey))
		by := w.Teacher
		by.School = s
		slips, _, err := w.packs.Write(w.Ctx, by, packs.Choice{Material: "a-good-story", Scope: w.class("3A")}, io.Discard)
		if err != nil || slips != 4 {
			t.Errorf("%d slips, %v", slips, err)
		}
	})
}
