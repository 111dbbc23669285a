package material_test

import (
	"slices"
	"testing"
	"time"

	"brug/internal/auth"
	"brug/internal/errs"
	"brug/internal/material"
)

// centre makes the support centre's house and gives one of its people there.
func (w *world) centre() auth.Actor {
	w.Helper()
	operator := auth.Actor{Role: auth.System, Name: "operator"}
	made, err := w.auth.CreateSupport(w.Context(), operator, "Ann Peeters", "ann@centrum.test", "nl", "vier appels onder de tafel")
	w.ok(err)
	house, err := w.auth.CreateCentre(w.Context(), operator, auth.NewSchool{Name: "Onderwijscentrum", Lang: "nl"})
	w.ok(err)
	return auth.Actor{AccountID: made.AccountID, Name: "Ann Peeters", Lang: "nl", Role: auth.Support, School: house, Schools: []auth.School{house}}
}

// fromCentre are the slugs and titles of what a school sees of the centre.
func (w *world) fromCentre(by auth.Actor) []string {
	w.Helper()
	list, err := w.own.List(w.Context(), by, material.Filter{})
	w.ok(err)
	out := []string{}
	for _, e := range list {
		if e.Centre != "" {
			if e.Own || e.Centre != "Onderwijscentrum" || e.Version != e.Latest {
				w.Errorf("%+v", e)
			}
			out = append(out, e.Slug+": "+e.TitleIn("nl"))
		}
	}
	return out
}

func TestTheSupportCentrePublishesToEverySchool(t *testing.T) {
	each(t, func(w *world) {
		ctx, ann := w.Context(), w.centre()
		first := soup()
		first.Picture = "food"
		slug, err := w.own.Create(ctx, ann, "", first)
		w.ok(err)
		const seen = "centre-soep"
		if got := w.fromCentre(w.by); len(got) != 0 {
			w.Errorf("a draft of the centre is seen: %q", got)
		}
		for _, try := range []string{seen, slug} {
			for _, version := range []int64{0, 1} {
				_, err := w.own.Find(ctx, w.by.School.ID, try, version)
				w.kind("a draft of the centre is found", err, errs.NotFound)
			}
		}
		w.kind("a school publishes", w.own.Publish(ctx, w.by, slug, 1), errs.Forbidden)
		w.kind("somebody publishes what was changed since", w.own.Publish(ctx, ann, slug, 2), errs.Conflict)
		w.ok(w.own.Publish(ctx, ann, slug, 1))
		for _, by := range []auth.Actor{w.by, w.stranger} {
			if got := w.fromCentre(by); !slices.Equal(got, []string{seen + ": Soep"}) {
				w.Errorf("%s sees %q", by.Name, got)
			}
			e, err := w.own.Get(ctx, by, seen)
			if err != nil || e.Version != 1 || e.Sheet("fr", noor).Title.Text != "La soupe" {
				w.Fatalf("%s: %v", by.Name, err)
			}
		}
		if got := w.fromCentre(ann); len(got) != 0 {
			w.Errorf("the centre sees its own as somebody else's: %q", got)
		}
		if e, err := w.own.Get(ctx, ann, slug); err != nil || e.Published != 1 || !e.Own {
			w.Errorf("published %d, %v", e.Published, err)
		}

		// a later draft stays at the centre until it is published in its turn
		d := soup()
		d.Title["nl"] = "Lekkere soep"
		d.Picture, d.Audiences = "water", nil
		w.ok(w.own.Change(ctx, ann, slug, 1, d))
		if e, err := w.own.Get(ctx, w.by, seen); err != nil || e.Picture != "food" || len(e.Audiences) != 1 {
			w.Errorf("picture and ages of the draft are seen: %q %v, %v", e.Picture, e.Audiences, err)
		}
		if got := w.fromCentre(w.by); !slices.Equal(got, []string{seen + ": Soep"}) {
			w.Errorf("the draft of version 2 is seen: %q", got)
		}
		_, err = w.own.Find(ctx, w.by.School.ID, seen, 2)
		w.kind("the draft of version 2 is found", err, errs.NotFound)
		w.ok(w.own.Publish(ctx, ann, slug, 2))
		if got := w.fromCentre(w.by); !slices.Equal(got, []string{seen + ": Lekkere soep"}) {
			w.Errorf("version 2: %q", got)
		}
		if e, err := w.own.Find(ctx, w.by.School.ID, seen, 1); err != nil || e.TitleIn("nl") != "Soep" {
			w.Errorf("what was printed of version 1 keeps its words: %v", err)
		}

		if found, err := w.own.Search(ctx, w.by, "lekkere soep", material.Filter{}, ""); err != nil || !slices.ContainsFunc(found.Entries, func(e *material.Entry) bool { return e.Slug == seen }) {
			w.Errorf("search does not find it: %v", err)
		}
		w.kind("a school changes it in place", w.own.Change(ctx, w.by, seen, 2, soup()), errs.Forbidden)
		w.kind("a school puts it away", w.own.Archive(ctx, w.by, seen), errs.Forbidden)
		w.kind("a school withdraws it", w.own.Withdraw(ctx, w.by, slug), errs.Forbidden)
		w.ok(w.own.Withdraw(ctx, ann, slug))
		w.ok(w.own.Withdraw(ctx, ann, slug)) // twice is once
		if got := w.fromCentre(w.by); len(got) != 0 {
			w.Errorf("withdrawn, still seen: %q", got)
		}
		_, err = w.own.Get(ctx, w.by, seen)
		w.kind("withdrawn", err, errs.NotFound)
		if found, err := w.own.Search(ctx, w.by, "soep", material.Filter{}, ""); err != nil || slices.ContainsFunc(found.Entries, func(e *material.Entry) bool { return e.Slug == seen }) {
			w.Errorf("withdrawn, still found by search: %v", err)
		}
		if e, err := w.own.Find(ctx, w.by.School.ID, seen, 2); err != nil || e.TitleIn("nl") != "Lekkere soep" {
			w.Errorf("what was printed of it keeps working: %v", err)
		}
		w.journal("materials.publish", 2)
		w.journal("materials.withdraw", 1)

		w.ok(w.own.Publish(ctx, ann, slug, 2))
		w.ok(w.own.Archive(ctx, ann, slug))
		if got := w.fromCentre(w.by); len(got) != 0 {
			w.Errorf("put away by the centre, still seen: %q", got)
		}
	})
}

func TestASchoolFollowsTheCentre(t *testing.T) {
	each(t, func(w *world) {
		ctx, ann := w.Context(), w.centre()
		theirs, err := w.own.Create(ctx, ann, "", soup())
		w.ok(err)
		_, err = w.own.Create(ctx, w.by, "centre-soep", soup())
		w.kind("an own version of a draft", err, errs.NotFound)
		w.ok(w.own.Publish(ctx, ann, theirs, 1))
		e, err := w.own.Get(ctx, w.by, "centre-soep")
		w.ok(err)
		mine, err := w.own.Create(ctx, w.by, e.Slug, e.Copy())
		w.ok(err)

		w.clock = w.clock.Add(time.Hour)
		d := soup()
		d.Intro["nl"] = "Kook soep met {child}."
		w.ok(w.own.Change(ctx, ann, theirs, 1, d))
		if f, err := w.own.Follow(ctx, w.by, mine); err != nil || f.Changed {
			w.Errorf("a draft of the centre is nobody's news: %v %v", f.Changed, err)
		}
		w.ok(w.own.Publish(ctx, ann, theirs, 2))
		f, err := w.own.Follow(ctx, w.by, mine)
		w.ok(err)
		if want := []string{"intro: Praat met {child} over soep. | Kook soep met {child}. | Praat met {child} over soep."}; !f.Changed || !slices.Equal(lines(f), want) {
			w.Errorf("%v %q", f.Changed, lines(f))
		}
		if list, err := w.own.OriginChanged(ctx, w.by); err != nil || len(list) != 1 {
			w.Errorf("%d to look at, %v", len(list), err)
		}
		w.ok(w.own.TakePieces(ctx, w.by, mine, 1, f.Digest, []string{"intro"}))
		e, err = w.own.Get(ctx, w.by, mine)
		if err != nil || e.Changed || e.Texts["nl"].Intro != "Kook soep met {child}." {
			w.Errorf("taken: %v %+v", err, e.Texts["nl"])
		}
		w.ok(w.own.Withdraw(ctx, ann, theirs))
		if e, err := w.own.Get(ctx, w.by, mine); err != nil || e.Changed {
			w.Errorf("withdrawn, our own version lives on: %v", err)
		}
	})
}

func TestTheSupportCentreWritesInItsOwnHouseOnly(t *testing.T) {
	each(t, func(w *world) {
		ctx, ann := w.Context(), w.centre()
		ofSchool, err := w.own.Create(ctx, w.by, "", soup())
		w.ok(err)
		elsewhere := ann
		elsewhere.School = w.by.School // nobody lets them in; if somebody did, they could still write nothing
		_, err = w.own.Create(ctx, elsewhere, "", soup())
		w.kind("at a school", err, errs.Forbidden)
		w.kind("publish a school's text", w.own.Publish(ctx, elsewhere, ofSchool, 1), errs.Forbidden)
		_, err = w.own.Get(ctx, ann, ofSchool)
		w.kind("a school's text, from the own house", err, errs.NotFound)
		director := w.by
		director.School = ann.School
		w.kind("a director in the centre's house", w.own.Publish(ctx, director, "own-soep", 1), errs.Forbidden)
	})
}
