package material_test

import (
	"slices"
	"testing"
	"testing/fstest"

	"brug/internal/errs"
	"brug/internal/material"
)

// shelf reads a small library: one slip of the given questions, in Dutch and French.
func shelf(t *testing.T, title string, nl, fr []string) *material.Library {
	t.Helper()
	l := fstest.MapFS{}
	write := func(name, s string) { l[name] = &fstest.MapFile{Data: []byte(s)} }
	keys := "q1: water\nq2: rain\nq3: drink\n"
	if len(nl) == 2 {
		keys = "q1: water\nq2: rain\n"
	}
	write("slips/material.txt", "kind: question slip\nsupport: learning\nidea: our own\n[sea]\naudience: all\npractices: talk\npicture: water\n"+keys)
	text := func(title string, q []string) string {
		s := "[sea]\ntitle: " + title + "\nintro: Praat met {child} over de zee.\n"
		for i, x := range q {
			s += "q" + string(rune('1'+i)) + ": " + x + "\n"
		}
		return s
	}
	write("slips/nl.txt", "status: source\n"+text(title, nl))
	write("slips/fr.txt", "status: draft\n"+text("La mer", fr))
	read, err := material.ReadLibrary(l)
	if err != nil {
		t.Fatal(err)
	}
	return read
}

// with is the same house with another library: a new release of the program.
func (w *world) with(l *material.Library) *material.Service {
	return material.New(material.Config{DB: w.db, Blobs: w.blobs, Now: w.now, Library: l})
}

// words are what the slip says in a language.
func words(e *material.Entry, tag string) []string {
	s := e.Sheet(tag, noor)
	out := []string{s.Title.Text}
	for _, p := range s.Parts {
		out = append(out, p.Text)
	}
	return out
}

type seaStory struct {
	*world
	old, new *material.Service
	slug     string
}

// sea: a school takes the slip, writes the second question anew and adds one; then a release changes the first question,
// takes the third away, and nothing else.
func sea(t *testing.T, story func(s seaStory)) {
	each(t, func(w *world) {
		ctx := w.Context()
		s := seaStory{world: w,
			old: w.with(shelf(w.T, "De zee", []string{"Hoe ruikt de zee?", "Wie woont er?", "Is zee zout?"}, []string{"Que sent la mer ?", "Qui y habite ?", "Est-elle salée ?"})),
			new: w.with(shelf(w.T, "De zee", []string{"Hoe klinkt de zee?", "Wie woont er?"}, []string{"Quel bruit fait la mer ?", "Qui y habite ?"}))}
		e, err := s.old.Get(ctx, w.by, "sea")
		w.ok(err)
		d := e.Copy()
		d.Parts[1] = material.EditPart{Part: material.Part{Role: material.Question, Pictogram: "food"}, Texts: map[string]string{"nl": "Welke vis ken jij?"}}
		d.Parts = append(d.Parts, material.EditPart{Part: material.Part{Role: material.Question, Pictogram: "water"}, Texts: map[string]string{"nl": "Vaar jij graag?"}})
		s.slug, err = s.old.Create(ctx, w.by, "sea", d)
		w.ok(err)
		story(s)
	})
}

func (s seaStory) entry(own *material.Service) *material.Entry {
	s.Helper()
	e, err := own.Get(s.Context(), s.by, s.slug)
	s.ok(err)
	return e
}

func (s seaStory) follow() material.Follow {
	s.Helper()
	f, err := s.new.Follow(s.Context(), s.by, s.slug)
	s.ok(err)
	return f
}

// lines are the pieces of which the school is asked, as "key: before | now | ours".
func lines(f material.Follow) []string {
	var out []string
	for _, p := range f.Pieces {
		if p.Changed {
			touched := ""
			if p.Touched {
				touched = " (ours)"
			}
			out = append(out, p.Key+": "+p.Before.Text+" | "+p.Now.Text+" | "+p.Ours.Text+touched)
		}
	}
	return out
}

func TestTheSchoolIsToldWhenTheShippedTextChanges(t *testing.T) {
	sea(t, func(s seaStory) {
		ctx := s.Context()
		if f, err := s.old.Follow(ctx, s.by, s.slug); err != nil || f.Changed || len(lines(f)) > 0 || s.entry(s.old).Changed {
			s.Errorf("nothing has changed yet: %v %q %v", f.Changed, lines(f), err)
		}
		if list, err := s.old.OriginChanged(ctx, s.by); err != nil || len(list) != 0 {
			s.Errorf("nothing waits: %v", err)
		}
		f := s.follow()
		want := []string{"part1: Hoe ruikt de zee? | Hoe klinkt de zee? | Hoe ruikt de zee?", "part3: Is zee zout? |  | Is zee zout?"}
		if !f.Changed || !slices.Equal(lines(f), want) {
			s.Errorf("changed %v, %q, want %q", f.Changed, lines(f), want)
		}
		list, err := s.new.OriginChanged(ctx, s.by)
		if err != nil || len(list) != 1 || list[0].Slug != s.slug || !s.entry(s.new).Changed {
			s.Errorf("the list of own versions to look at: %d, %v", len(list), err)
		}
		if list, err := s.new.OriginChanged(ctx, s.stranger); err != nil || len(list) != 0 {
			s.Errorf("another school is told: %d, %v", len(list), err)
		}
		_, err = s.new.Follow(ctx, s.stranger, s.slug)
		s.kind("another school looks", err, errs.NotFound)
		_, err = s.new.Follow(ctx, s.by, "sea")
		s.kind("a shipped one follows nothing", err, errs.NotFound)
		if nl := words(s.entry(s.new), "nl"); !slices.Equal(nl, []string{"De zee", "Hoe ruikt de zee?", "Welke vis ken jij?", "Is zee zout?", "Vaar jij graag?"}) {
			s.Errorf("until the school chooses, its version says what it said: %q", nl)
		}
	})
}

func TestAChangeOfOnesOwnTakesNothingFromTheNewText(t *testing.T) {
	sea(t, func(s seaStory) {
		e := s.entry(s.new)
		d := e.Edit()
		d.Title["nl"] = "Aan zee"
		s.ok(s.new.Change(s.Context(), s.by, s.slug, e.Version, d))
		e = s.entry(s.new)
		if nl := words(e, "nl"); !slices.Equal(nl, []string{"Aan zee", "Hoe ruikt de zee?", "Welke vis ken jij?", "Is zee zout?", "Vaar jij graag?"}) {
			s.Errorf("%q", nl)
		}
		if fr := words(e, "fr"); fr[1] != "Que sent la mer ?" || fr[3] != "Est-elle salée ?" {
			s.Errorf("and the translations that belong to it stay: %q", fr)
		}
		if f := s.follow(); !f.Changed || len(lines(f)) != 2 {
			s.Errorf("the choice still waits: %q", lines(f))
		}
	})
}

func TestKeepOurs(t *testing.T) {
	sea(t, func(s seaStory) {
		ctx, f := s.Context(), s.follow()
		s.kind("another school", s.new.KeepOurs(ctx, s.stranger, s.slug, 1, f.Digest), errs.NotFound)
		s.kind("who saw another text of the library", s.new.KeepOurs(ctx, s.by, s.slug, 1, "0123"), errs.Conflict)
		s.kind("who saw another version of ours", s.new.KeepOurs(ctx, s.by, s.slug, 2, f.Digest), errs.Conflict)
		s.ok(s.new.KeepOurs(ctx, s.by, s.slug, 1, f.Digest))
		e := s.entry(s.new)
		if e.Version != 1 || e.Changed || s.follow().Changed || words(e, "nl")[1] != "Hoe ruikt de zee?" {
			s.Errorf("kept: version %d, asked again: %v", e.Version, e.Changed)
		}
		if f := s.follow(); f.Pieces[2].Before.Text != "Hoe klinkt de zee?" {
			s.Errorf("what was seen is remembered: %+v", f.Pieces[2])
		}
		s.journal("materials.keep", 1)
	})
}

func TestTakeTheirs(t *testing.T) {
	sea(t, func(s seaStory) {
		ctx, f := s.Context(), s.follow()
		s.kind("another school", s.new.TakeTheirs(ctx, s.stranger, s.slug, 1, f.Digest), errs.NotFound)
		s.ok(s.new.TakeTheirs(ctx, s.by, s.slug, 1, f.Digest))
		e := s.entry(s.new)
		if nl, fr := words(e, "nl"), words(e, "fr"); e.Version != 2 || e.Changed || !slices.Equal(nl, []string{"De zee", "Hoe klinkt de zee?", "Wie woont er?"}) || !slices.Equal(fr, []string{"La mer", "Quel bruit fait la mer ?", "Qui y habite ?"}) {
			s.Errorf("version %d, changed %v: %q %q", e.Version, e.Changed, nl, fr)
		}
		s.kind("the same once more", s.new.TakeTheirs(ctx, s.by, s.slug, 1, f.Digest), errs.Conflict)
		s.ok(s.new.Restore(ctx, s.by, s.slug, 1))
		e = s.entry(s.new)
		if nl, fr := words(e, "nl"), words(e, "fr"); nl[1] != "Hoe ruikt de zee?" || fr[1] != "Que sent la mer ?" || nl[2] != "Welke vis ken jij?" {
			s.Errorf("and the older version comes back in the words that it had: %q %q", nl, fr)
		}
		s.journal("materials.follow", 1)
	})
}

func TestTakeSinglePieces(t *testing.T) {
	for _, c := range []struct {
		name string
		keys []string
		want []string
		fr   string // of the first question
	}{
		{"the new words of the first question", []string{"part1"}, []string{"De zee", "Hoe klinkt de zee?", "Welke vis ken jij?", "Is zee zout?", "Vaar jij graag?"}, "Quel bruit fait la mer ?"},
		{"that the third is gone", []string{"part3"}, []string{"De zee", "Hoe ruikt de zee?", "Welke vis ken jij?", "Vaar jij graag?"}, "Que sent la mer ?"},
		{"back to their second question, which they did not change", []string{"part2"}, []string{"De zee", "Hoe ruikt de zee?", "Wie woont er?", "Is zee zout?", "Vaar jij graag?"}, "Que sent la mer ?"},
		{"nothing", nil, []string{"De zee", "Hoe ruikt de zee?", "Welke vis ken jij?", "Is zee zout?", "Vaar jij graag?"}, "Que sent la mer ?"},
	} {
		t.Run(c.name, func(t *testing.T) {
			sea(t, func(s seaStory) {
				ctx, f := s.Context(), s.follow()
				s.kind("another school", s.new.TakePieces(ctx, s.stranger, s.slug, 1, f.Digest, c.keys), errs.NotFound)
				s.ok(s.new.TakePieces(ctx, s.by, s.slug, 1, f.Digest, c.keys))
				e := s.entry(s.new)
				if nl := words(e, "nl"); !slices.Equal(nl, c.want) || e.Changed {
					s.Errorf("%q, want %q; asked again: %v", nl, c.want, e.Changed)
				}
				if fr := words(e, "fr"); fr[1] != c.fr {
					s.Errorf("in French: %q", fr)
				}
			})
		})
	}
}

func TestAVersionOfBeforeHasNothingToFollow(t *testing.T) {
	sea(t, func(s seaStory) {
		s.exec("update materials set origin_digest = '', origin_texts = ''")
		if e := s.entry(s.new); e.Changed || e.Origin != "sea" {
			s.Errorf("%+v", e)
		}
		_, err := s.new.Follow(s.Context(), s.by, s.slug)
		s.kind("nobody knows what it said then", err, errs.NotFound)
	})
}

// Translations that come with a later release reach own versions without any choice: the words that the school chose stay.
func TestALaterTranslationReachesOwnVersions(t *testing.T) {
	each(t, func(w *world) {
		files := func(arabic bool) *material.Library {
			f := fstest.MapFS{
				"slips/material.txt": {Data: []byte("kind: question slip\nsupport: learning\nidea: our own\n[sea]\naudience: all\npractices: talk\npicture: water\nq1: water\nq2: rain\n")},
				"slips/nl.txt":       {Data: []byte("status: source\n[sea]\ntitle: De zee\nintro: Praat.\nq1: Hoe ruikt de zee?\nq2: Wie woont er?\n")},
			}
			if arabic {
				f["slips/ar.txt"] = &fstest.MapFile{Data: []byte("status: draft\n[sea]\ntitle: البحر\nintro: تحدثوا.\nq1: ما رائحة البحر؟\nq2: من يسكن هناك؟\n")}
			}
			l, err := material.ReadLibrary(f)
			w.ok(err)
			return l
		}
		old, later := w.with(files(false)), w.with(files(true))
		e, err := old.Get(w.Context(), w.by, "sea")
		w.ok(err)
		d := e.Copy()
		d.Parts[1].From, d.Parts[1].Texts = "", map[string]string{"nl": "Welke vis ken jij?"}
		slug, err := old.Create(w.Context(), w.by, "sea", d)
		w.ok(err)
		e, err = later.Get(w.Context(), w.by, slug)
		w.ok(err)
		ar := e.Sheet("ar", noor)
		if ar.Parts[0].Text != "ما رائحة البحر؟" || ar.Parts[1].Text != "Welke vis ken jij?" || ar.Parts[1].Lang != "nl" || !ar.Lacks || e.Changed {
			w.Errorf("%+v", ar)
		}
	})
}

// A library that lost the material asks nothing, and the own version lives on.
func TestTheOriginIsNoLongerThere(t *testing.T) {
	sea(t, func(s seaStory) {
		empty, err := material.ReadLibrary(fstest.MapFS{})
		s.ok(err)
		own := s.with(empty)
		e := s.entry(own)
		if e.Changed {
			s.Error("asks about a text that is gone")
		}
		s.ok(own.Change(s.Context(), s.by, s.slug, 1, e.Edit()))
		if nl := words(s.entry(own), "nl"); nl[1] != "Hoe ruikt de zee?" {
			s.Errorf("%q", nl)
		}
	})
}

func (w *world) journal(action string, want int) {
	w.Helper()
	var n int
	w.ok(w.db.SQL().QueryRowContext(w.Context(), "select count(*) from journal where action = '"+action+"'").Scan(&n))
	if n != want {
		w.Errorf("%d lines %s in the journal, want %d", n, action, want)
	}
}

func TestNoShippedSlugLooksLikeAnOwnOne(t *testing.T) {
	for _, slug := range []string{"own-soup", "centre-soup"} {
		files := fstest.MapFS{
			"nudges/material.txt": {Data: []byte("kind: nudge\n[" + slug + "]\naudience: all\npractices: talk\nsupport: home\npicture: water\nidea: our own\n")},
			"nudges/nl.txt":       {Data: []byte("status: source\n[" + slug + "]\ntitle: Soep\nintro: Soep.\n")},
		}
		if _, err := material.ReadLibrary(files); err == nil {
			t.Errorf("a library with the slug %s is read", slug)
		}
	}
}
