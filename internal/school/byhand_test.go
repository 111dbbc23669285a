package school

import (
	"fmt"
	"strings"
	"testing"

	"brug/internal/auth"
	"brug/internal/db"
	"brug/internal/db/dbtest"
	"brug/internal/errs"
)

func TestPupilsByHand(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		sara, home := w.pupil("2B", "Sara", "Haddad", "")
		fatima := w.guardian(home, "Fatima", "ar", sara)

		t.Run("what cannot be", func(t *testing.T) {
			_, _, err := w.s.AddPupil(w.ctx, w.director, PupilInput{Born: "2026-13-01"})
			for _, field := range []string{"given", "born", "class"} {
				w.wrong(err, field, "an empty pupil")
			}
			w.wrong(w.s.MovePupil(w.ctx, w.director, sara, w.class("3A").PublicID, "2026-11-22"), "day", "a move tomorrow")
			w.wrong(w.s.MovePupil(w.ctx, w.director, sara, w.class("3A").PublicID, "2026-11-20"), "day", "a move before the pupil came")
			w.wrong(w.s.MovePupil(w.ctx, w.director, sara, w.class("2B").PublicID, "2026-11-21"), "class", "a move to the same class")
			w.wrong(w.s.UnlinkHome(w.ctx, w.director, sara, home), "household", "leaving the only home")
		})
		t.Run("of two who change the same, the second one hears of it", func(t *testing.T) {
			v := must(w.s.Pupil(w.ctx, w.director, sara)).Version
			w.must(w.s.ChangePupil(w.ctx, w.director, sara, v, PupilInput{Given: "Sarah", Family: "Haddad"}))
			w.refused(w.s.ChangePupil(w.ctx, w.director, sara, v, PupilInput{Given: "Zara", Family: "Haddad"}), errs.Conflict, "pupil")
			if p := must(w.s.Pupil(w.ctx, w.director, sara)); p.Given != "Sarah" {
				t.Errorf("given name %s", p.Given)
			}
			g := must(w.s.Guardian(w.ctx, w.director, fatima))
			in := GuardianInput{Name: "Fatima", Roads: []Road{Paper}}
			w.must(w.s.ChangeGuardian(w.ctx, w.director, fatima, g.Version, in))
			w.refused(w.s.ChangeGuardian(w.ctx, w.director, fatima, g.Version, in), errs.Conflict, "guardian")
			w.refused(w.s.EndGuardian(w.ctx, w.director, fatima, g.Version), errs.Conflict, "end of a guardian")
			h := must(w.s.Household(w.ctx, w.director, home))
			w.must(w.s.ChangeHousehold(w.ctx, w.director, home, h.Version, HouseholdInput{Address: "Kerkstraat 1"}))
			w.refused(w.s.ChangeHousehold(w.ctx, w.director, home, h.Version, HouseholdInput{}), errs.Conflict, "home")
			c := w.class("2B")
			w.must(w.s.ChangeClass(w.ctx, w.director, c.PublicID, c.Version, ClassInput{Name: "2B", Year: c.Year, Audience: Grades12}))
			w.refused(w.s.ChangeClass(w.ctx, w.director, c.PublicID, c.Version, ClassInput{Name: "2C", Year: c.Year}), errs.Conflict, "class")
			st := must(w.s.Settings(w.ctx, w.director))
			w.must(w.s.SaveSettings(w.ctx, w.director, st))
			w.refused(w.s.SaveSettings(w.ctx, w.director, st), errs.Conflict, "settings")
			group := must(w.s.AddGroup(w.ctx, w.director, "Choir"))
			w.must(w.s.RenameGroup(w.ctx, w.director, group, 1, "Small choir"))
			w.refused(w.s.RenameGroup(w.ctx, w.director, group, 1, "Big choir"), errs.Conflict, "group")
		})
		t.Run("leaves and comes back with everything", func(t *testing.T) {
			v := must(w.s.Pupil(w.ctx, w.director, sara)).Version
			w.must(w.s.LeavePupil(w.ctx, w.director, sara, v, "2026-11-21"))
			wantLines(t, "left", w.homes(w.director, Scope{Kind: ScopeSchool}))
			w.refused(w.s.LeavePupil(w.ctx, w.director, sara, v+1, "2026-11-21"), errs.Conflict, "leaving twice")
			w.now = w.now.AddDate(0, 1, 0)
			w.must(w.s.ReturnPupil(w.ctx, w.director, sara, v+1, w.class("3A").PublicID, "2026-12-21"))
			wantLines(t, "back", w.homes(w.director, Scope{Kind: ScopeSchool}), "3A Sarah: Fatima ()")
			var places []string
			for _, p := range must(w.s.Pupil(w.ctx, w.director, sara)).Places {
				places = append(places, strings.TrimSpace(fmt.Sprintf("%s %s %s", p.ClassName, p.From, p.To)))
			}
			wantLines(t, "places", places, "3A 2026-12-21", "2B 2026-11-21 2026-11-21")
		})
		t.Run("the end of a class leaves its pupils in none", func(t *testing.T) {
			w.must(w.s.EndClass(w.ctx, w.director, w.class("3A").PublicID, "2026-12-21"))
			wantLines(t, "homes", w.homes(w.director, Scope{Kind: ScopeSchool}))
			page := must(w.s.Pupils(w.ctx, w.director, PupilFilter{State: NoClass}))
			if len(page.Rows) != 1 || page.Rows[0].PublicID != sara {
				t.Errorf("in no class: %+v", page.Rows)
			}
		})
	})
}

func TestSearchGoesByPartsOfNamesAndPages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		umit, home := w.pupil("2B", "Ümit", "Öztürk-Van den Berg", "")
		w.guardian(home, "Gülşen Yılmaz", "tr", umit)
		for _, name := range []string{"Adam", "Bo", "Cis", "Dré"} {
			w.pupil("3A", name, "Maes", "")
		}
		found := func(by auth.Actor, f PupilFilter) string {
			t.Helper()
			var names []string
			for {
				page := must(w.s.Pupils(w.ctx, by, f))
				for _, r := range page.Rows {
					names = append(names, r.Given)
				}
				if page.Next == "" {
					return strings.Join(names, " ")
				}
				f.After = page.Next
			}
		}
		for text, want := range map[string]string{
			"umit": "Ümit", "OZT": "Ümit", "berg um": "Ümit", "yilmaz": "Ümit", "gulsen yilmaz": "Ümit", "maes dre": "Dré",
			"maes": "Adam Bo Cis Dré", "%": "Adam Bo Cis Dré Ümit", "_mit": "Ümit", "nobody": "", "": "Adam Bo Cis Dré Ümit",
		} {
			if got := found(w.director, PupilFilter{Text: text, Limit: 2}); got != want {
				t.Errorf("%q: %q, want %q", text, got, want)
			}
		}
		if got := found(w.director, PupilFilter{Class: w.class("3A").PublicID, Limit: 3}); got != "Adam Bo Cis Dré" {
			t.Errorf("3A: %q", got)
		}
		if got := found(w.teacher("2B"), PupilFilter{Text: "maes"}); got != "" {
			t.Errorf("another teacher finds %q", got)
		}
		if got := found(w.other, PupilFilter{}); got != "" {
			t.Errorf("another school finds %q", got)
		}
		if got := found(w.director, PupilFilter{After: "broken", Limit: 10}); got != "Adam Bo Cis Dré Ümit" {
			t.Errorf("a broken cursor begins at the start: %q", got)
		}
	})
}

func TestGuardianInput(t *testing.T) {
	for _, c := range []struct {
		name  string
		in    GuardianInput
		wrong string // field, "" fine
	}{
		{"a name and paper are enough", GuardianInput{Name: "An", Roads: []Road{Paper}}, ""},
		{"no name", GuardianInput{Roads: []Road{Paper}}, "name"},
		{"no road", GuardianInput{Name: "An"}, "roads"},
		{"a road that is none", GuardianInput{Name: "An", Roads: []Road{"pigeon"}}, "roads"},
		{"mail without an address", GuardianInput{Name: "An", Roads: []Road{Mail}}, "email"},
		{"SMS without a number", GuardianInput{Name: "An", Roads: []Road{Paper, SMS}}, "phone"},
		{"a broken address", GuardianInput{Name: "An", Roads: []Road{Paper}, Email: "an@"}, "email"},
		{"a broken number", GuardianInput{Name: "An", Roads: []Road{Paper}, Phone: "04"}, "phone"},
		{"a language that is none", GuardianInput{Name: "An", Roads: []Road{Paper}, Lang: "!!"}, "langs"},
		{"a reading that is none", GuardianInput{Name: "An", Roads: []Road{Paper}, Reading: "badly"}, "reading"},
		{"any language with a tag", GuardianInput{Name: "An", Roads: []Road{Paper}, Lang: "rif", Langs: []string{"nl"}}, ""},
	} {
		_, err := c.in.clean()
		if _, is := errs.FieldsOf(err)[c.wrong]; is != (c.wrong != "") || c.wrong == "" && err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	in, err := GuardianInput{Name: " An  Maes ", Roads: []Road{SMS, Paper, SMS}, Phone: "0475/11.22.33", Lang: "ar", Langs: []string{"nl", "ar"}}.clean()
	if err != nil || in.Name != "An Maes" || in.Phone != "+32475112233" || strings.Join(in.Langs, " ") != "ar nl" || len(in.Roads) != 2 || in.Reading != ReadsWell {
		t.Errorf("cleaned: %+v, %v", in, err)
	}
}

func TestNobodyReachesIntoAnotherSchool(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		sara, home := w.pupil("2B", "Sara", "Haddad", "")
		fatima := w.guardian(home, "Fatima", "ar", sara)
		group := must(w.s.AddGroup(w.ctx, w.director, "Choir"))
		class := w.class("2B").PublicID
		theirs := must(w.s.AddClass(w.ctx, w.other, ClassInput{Name: "2B"}))
		_, theirHome, err := w.s.AddPupil(w.ctx, w.other, PupilInput{Given: "Eva", Class: theirs})
		w.must(err)
		before := w.tables()
		in := GuardianInput{Name: "X", Roads: []Road{Paper}}
		first := func(_ any, err error) error { return err }
		for what, err := range map[string]error{
			"class":          first(w.s.Class(w.ctx, w.other, class)),
			"change class":   w.s.ChangeClass(w.ctx, w.other, class, 1, ClassInput{Name: "X", Year: "2026-2027"}),
			"end class":      w.s.EndClass(w.ctx, w.other, class, "2026-11-21"),
			"pupil":          first(w.s.Pupil(w.ctx, w.other, sara)),
			"change pupil":   w.s.ChangePupil(w.ctx, w.other, sara, 1, PupilInput{Given: "X"}),
			"move":           w.s.MovePupil(w.ctx, w.other, sara, theirs, "2026-11-21"),
			"move there":     w.s.MovePupil(w.ctx, w.director, sara, theirs, "2026-11-21"),
			"leave":          w.s.LeavePupil(w.ctx, w.other, sara, 1, "2026-11-21"),
			"return":         w.s.ReturnPupil(w.ctx, w.other, sara, 1, theirs, "2026-11-21"),
			"household":      first(w.s.Household(w.ctx, w.other, home)),
			"change home":    w.s.ChangeHousehold(w.ctx, w.other, home, 1, HouseholdInput{}),
			"split":          first(w.s.SplitHome(w.ctx, w.other, NewHome{From: home, Pupils: []string{sara}})),
			"join":           w.s.JoinHomes(w.ctx, w.other, theirHome, home),
			"join there":     w.s.JoinHomes(w.ctx, w.director, home, theirHome),
			"link":           w.s.LinkHome(w.ctx, w.director, sara, theirHome, ""),
			"unlink":         w.s.UnlinkHome(w.ctx, w.other, sara, home),
			"guardian":       first(w.s.Guardian(w.ctx, w.other, fatima)),
			"add guardian":   first(w.s.AddGuardian(w.ctx, w.other, home, in)),
			"change":         w.s.ChangeGuardian(w.ctx, w.other, fatima, 1, in),
			"end guardian":   w.s.EndGuardian(w.ctx, w.other, fatima, 1),
			"move guardian":  w.s.MoveGuardian(w.ctx, w.other, fatima, theirHome),
			"move out":       w.s.MoveGuardian(w.ctx, w.director, fatima, theirHome),
			"group":          first(w.s.Group(w.ctx, w.other, group)),
			"rename group":   w.s.RenameGroup(w.ctx, w.other, group, 1, "X"),
			"pupils of it":   w.s.SetGroupPupils(w.ctx, w.other, group, []string{sara}, nil),
			"end group":      w.s.EndGroup(w.ctx, w.other, group),
			"homes to join":  first(w.s.FindHomes(w.ctx, w.other, "", sara)),
			"unknown import": first(w.s.Import(w.ctx, w.other, "nothing")),
		} {
			w.refused(err, errs.NotFound, what)
		}
		mine := must(w.s.AddGroup(w.ctx, w.other, "Choir"))
		w.must(w.s.SetGroupPupils(w.ctx, w.other, mine, []string{sara}, nil))
		if g := must(w.s.Group(w.ctx, w.other, mine)); g.Pupils != 0 {
			t.Error("a pupil of another school is in the group")
		}
		if found := must(w.s.FindHomes(w.ctx, w.other, "fatima")); len(found) != 0 {
			t.Errorf("homes of another school are found: %+v", found)
		}
		if after := w.tables(); after != before {
			t.Errorf("something was written:\n%s", firstDifference(before, after))
		}
	})
}

func TestATeacherReachesTheOwnFamiliesOnly(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		sara, home := w.pupil("2B", "Sara", "Haddad", "")
		tess, tessHome := w.pupil("3A", "Tess", "Aerts", "")
		an := w.guardian(tessHome, "An", "nl", tess)
		jef := w.teacher("2B")
		first := func(_ any, err error) error { return err }
		for what, err := range map[string]error{
			"pupil":        first(w.s.Pupil(w.ctx, jef, tess)),
			"household":    first(w.s.Household(w.ctx, jef, tessHome)),
			"guardian":     first(w.s.Guardian(w.ctx, jef, an)),
			"join":         w.s.JoinHomes(w.ctx, jef, home, tessHome),
			"link":         w.s.LinkHome(w.ctx, jef, sara, tessHome, ""),
			"change":       w.s.ChangePupil(w.ctx, jef, tess, 1, PupilInput{Given: "X"}),
			"add guardian": first(w.s.AddGuardian(w.ctx, jef, tessHome, GuardianInput{Name: "X", Roads: []Road{Paper}})),
		} {
			w.refused(err, errs.NotFound, what)
		}
		for what, err := range map[string]error{
			"class":           first(w.s.Class(w.ctx, jef, w.class("3A").PublicID)),
			"move there":      w.s.MovePupil(w.ctx, jef, sara, w.class("3A").PublicID, "2026-11-21"),
			"new class":       first(w.s.AddClass(w.ctx, jef, ClassInput{Name: "9Z"})),
			"group":           first(w.s.AddGroup(w.ctx, jef, "Choir")),
			"settings":        w.s.SaveSettings(w.ctx, jef, Settings{}),
			"logo":            w.s.SetLogo(w.ctx, jef, nil),
			"import":          first(w.s.Imports(w.ctx, jef)),
			"add to a class":  first3(w.s.AddPupil(w.ctx, jef, PupilInput{Given: "X", Class: w.class("3A").PublicID})),
			"support: pupils": first(w.s.Pupils(w.ctx, auth.Actor{Role: auth.Support, School: w.director.School}, PupilFilter{})),
		} {
			w.refused(err, errs.Forbidden, what)
		}
		if found := must(w.s.FindHomes(w.ctx, jef, "an")); len(found) != 0 {
			t.Errorf("finds %+v", found)
		}
		pupil, _, err := w.s.AddPupil(w.ctx, jef, PupilInput{Given: "Sami", Family: "Haddad", Class: w.class("2B").PublicID, Household: home})
		w.must(err)
		must(w.s.Pupil(w.ctx, jef, pupil))
	})
}

func first3(_, _ string, err error) error { return err }

func TestABrotherJoinsWithTheGuardiansWhoAreNamed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		sara, home := w.pupil("2B", "Sara", "Haddad", "")
		fatima := w.guardian(home, "Fatima", "ar", sara)
		w.guardian(home, "Ben", "nl", sara)
		_, _, err := w.s.AddPupil(w.ctx, w.director, PupilInput{Given: "Sami", Family: "Haddad", Class: w.class("3A").PublicID, Household: home, Guardians: []string{fatima}})
		w.must(err)
		wantLines(t, "3A", w.homes(w.director, Scope{ScopeClass, w.class("3A").PublicID}), "3A Sami: Fatima (ar)")
	})
}

func TestLogo(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	svg := []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><rect width="10" height="10" fill="#123456"/></svg>`)
	for what, data := range map[string][]byte{
		"nothing": nil, "text": []byte("hello"), "half a PNG": []byte("\x89PNG\r\n\x1a\n0000"), "broken SVG": []byte("<svg><rect"), "huge": make([]byte, MaxLogo+1),
	} {
		w.wrong(w.s.SetLogo(w.ctx, w.director, data), "logo", what)
	}
	w.must(w.s.SetLogo(w.ctx, w.director, svg))
	data, kind, err := w.s.Logo(w.ctx, w.director.School)
	if err != nil || kind != "image/svg+xml" || string(data) != string(svg) {
		t.Errorf("logo: %s, %d bytes, %v", kind, len(data), err)
	}
	if data, _, err := w.s.Logo(w.ctx, w.other.School); err != nil || data != nil {
		t.Errorf("logo of the other school: %d bytes, %v", len(data), err)
	}
	w.must(w.s.RemoveLogo(w.ctx, w.director))
	if data, _, err := w.s.Logo(w.ctx, w.director.School); err != nil || data != nil {
		t.Errorf("removed: %d bytes, %v", len(data), err)
	}
}
