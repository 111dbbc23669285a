package schoolweb_test

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"strings"
	"testing"

	"brug/internal/lang"
	"brug/internal/school"
	"brug/internal/school/schoolweb"
	"brug/internal/web/route"
	"brug/internal/web/ui/uitest"
)

func TestClassesPages(t *testing.T) {
	s := newSite(t)
	b := s.director
	f := b.open("classes/new").Form("main form[action$='/classes/new']")
	b.refused(b.submit(f.Set("name", " ")), http.StatusUnprocessableEntity).Has("#f-name-error")
	p := b.refused(b.submit(f.Set("name", "2b").Set("audience", "secondary")), http.StatusUnprocessableEntity)
	if p.Attr("#f-name", "value") != "2b" || !p.Has("option[value=secondary][selected]") {
		t.Error("what was typed is lost")
	}
	if to := b.done(b.submit(f.Set("name", "K2 Beertjes").Set("audience", ""))); to != "classes" {
		t.Errorf("leads to %s", to)
	}
	p = b.open("classes")
	if got := p.Texts(".row b"); strings.Join(got, " ") != "K2 Beertjes 2B 3A" {
		t.Errorf("classes: %q", got)
	}
	if got := s.teacher.open("classes").Texts(".row b"); strings.Join(got, " ") != "2B" {
		t.Errorf("classes of the teacher: %q", got)
	}
	// two directors change the same class
	edit := "classes/" + s.class["2B"] + "/edit"
	first, second := b.open(edit).Form("main form[action$='/edit']"), b.open(edit).Form("main form[action$='/edit']")
	b.done(b.submit(first.Set("name", "2C")))
	p = b.refused(b.submit(second.Set("name", "2D")), http.StatusConflict)
	if got := strings.Join(p.Texts("main table td, main table th"), " "); !strings.Contains(got, "2C 2D") || p.Attr("#f-name", "value") != "2D" {
		t.Errorf("both texts: %s", got)
	}
	b.done(b.submit(p.Form("main form[action$='/edit']")))
	if got := b.open("classes").Texts(".row b"); strings.Join(got, " ") != "K2 Beertjes 2D 3A" {
		t.Errorf("after the second save: %q", got)
	}
	end := b.open("classes/" + s.class["3A"] + "/end").Form("main form[action$='/end']")
	b.refused(b.submit(end.Set("day", "2026-12-24")), http.StatusUnprocessableEntity).Has("#f-day-error")
	b.done(b.submit(end.Set("day", "2026-11-20")))
	if b.status("classes/"+s.class["3A"]+"/edit") != http.StatusNotFound {
		t.Error("an ended class can still be changed")
	}
}

func TestSettingsPage(t *testing.T) {
	s := newSite(t)
	b := s.director
	f := b.open("school").Form("main form[action$='/school']")
	p := b.refused(b.submit(f.Set("name", "").Set("phone", "12")), http.StatusUnprocessableEntity)
	if !p.Has("#f-name-error") || !p.Has("#f-phone-error") || p.Attr("#f-phone", "value") != "12" {
		t.Error("errors stand at their fields, and nothing typed is lost")
	}
	b.done(b.submit(f.Set("name", "De Regenboog II").Set("phone", "09 233 44 55").Set("lang", "fr")))
	if got := b.open("school").Text("main h1"); got != "De Regenboog II" {
		t.Errorf("title %q", got)
	}
	if p := s.teacher.open("school"); p.Count("main form") != 0 || p.Count(".tile") == 0 {
		t.Error("a teacher reads the settings and changes nothing")
	}
	if p := s.teacher.post("school", "name", "Mine"); p.Status != http.StatusForbidden {
		t.Errorf("a teacher changes the school: %d", p.Status)
	}

	var logo bytes.Buffer
	must(t, png.Encode(&logo, image.NewRGBA(image.Rect(0, 0, 40, 20))))
	b.refused(b.upload("school/logo", "logo", map[string]string{"logo.gif": "GIF89a not a logo"}), http.StatusUnprocessableEntity).Has("#logo-logo-error")
	b.refused(b.upload("school/logo", "logo", map[string]string{"logo.png": logo.String()[:40]}), http.StatusUnprocessableEntity).Has("#logo-logo-error")
	b.refused(b.upload("school/logo", "logo", map[string]string{"logo.png": strings.Repeat("x", school.MaxLogo+1)}), http.StatusUnprocessableEntity).Has("#logo-logo-error")
	b.refused(b.upload("school/logo", "logo", nil), http.StatusUnprocessableEntity).Has("#logo-logo-error")
	if b.status("logo") != http.StatusNotFound {
		t.Error("there is a logo before any was sent")
	}
	b.done(b.upload("school/logo", "logo", map[string]string{"logo.png": logo.String()}))
	if p := b.open("school"); !p.Has(".school-logo img[src$='/logo'][alt]") {
		t.Error("the logo does not stand on the page")
	}
	if s.stranger.status("logo") == http.StatusOK {
		t.Error("another school gets the logo")
	}
	b.done(b.post("school/logo/remove"))
	if b.status("logo") != http.StatusNotFound {
		t.Error("the logo is not taken away")
	}
}

func TestPupilPages(t *testing.T) {
	s := newSite(t)
	b := s.director
	f := b.open("pupils/new").Form("main form[action$='/pupils/new']")
	p := b.refused(b.submit(f.Set("family", "Öztürk").Set("born", "2030-01-01")), http.StatusUnprocessableEntity)
	for _, id := range []string{"#f-given-error", "#f-born-error", "#f-class-error"} {
		p.Has(id)
	}
	if p.Attr("#f-family", "value") != "Öztürk" {
		t.Error("what was typed is lost")
	}
	to := b.done(b.submit(f.Set("given", "Ümit").Set("born", "2018-05-03").Set("class", s.class["2B"])))
	household, ok := strings.CutPrefix(to, "guardians/new?household=")
	if !ok {
		t.Fatalf("leads to %s, and not to who raises the child", to)
	}
	tess, _ := s.pupil("3A", "Tess", "Aerts", "")

	row := b.open("pupils?q=umit").Texts(".row b")
	if strings.Join(row, " ") != "Ümit Öztürk" {
		t.Errorf("found %q", row)
	}
	b.open("pupils?q=nobody").Has(".empty")
	if got := s.teacher.open("pupils").Texts(".row b"); strings.Join(got, " ") != "Ümit Öztürk" {
		t.Errorf("the teacher of 2B sees %q", got)
	}
	if s.teacher.status("pupils/"+tess) != http.StatusNotFound || s.stranger.status("pupils/"+tess) == http.StatusOK {
		t.Error("another teacher's pupil is found")
	}

	f = b.open(to).Form("main form[action$='/guardians/new']")
	b.done(b.submit(f.Set("name", "Ayşe Öztürk").Set("lang", "tr").Set("relation", "mother")))
	umit := strings.TrimPrefix(b.open("pupils?q=ayse").Attr(".row a", "href"), b.path("pupils/"))
	if p := b.open("pupils/" + umit); !p.Has("a[href='"+b.path("households/"+household)+"']") || !strings.Contains(p.Text("main"), "Ayşe Öztürk") {
		t.Error("the pupil's page shows home and guardian")
	}

	move := b.open("pupils/" + umit + "/move").Form("main form[action$='/move']")
	b.refused(b.submit(move.Set("class", s.class["2B"])), http.StatusUnprocessableEntity).Has("#move-class-error")
	b.done(b.submit(move.Set("class", s.class["3A"])))
	if got := b.open("pupils/" + umit).Text("main"); !strings.Contains(got, "3A") {
		t.Error("not moved")
	}
	b.done(b.submit(b.open("pupils/" + umit + "/move").Form("main form[action$='/leave']")))
	if got := b.open("pupils?state=left").Texts(".row b"); strings.Join(got, " ") != "Ümit Öztürk" {
		t.Errorf("left: %q", got)
	}
	p = b.open("pupils/" + umit + "/move")
	if p.Count("form[action$='/leave']") != 0 {
		t.Error("who has left cannot leave again")
	}
	b.done(b.submit(p.Form("main form[action$='/move']").Set("class", s.class["2B"])))
	if got := b.open("pupils").Texts(".row b"); len(got) != 2 {
		t.Errorf("back: %q", got)
	}

	// two people change the same pupil
	first, second := b.open("pupils/"+umit).Form("main form[action$='/"+umit+"']"), s.teacher.open("pupils/"+umit).Form("main form[action$='/"+umit+"']")
	b.done(b.submit(first.Set("given", "Umit")))
	p = s.teacher.refused(s.teacher.submit(second.Set("family", "Ozturk")), http.StatusConflict)
	if got := strings.Join(p.Texts("main table td"), " "); !strings.Contains(got, "Umit Ümit") || p.Attr("#f-family", "value") != "Ozturk" {
		t.Errorf("both texts: %s", got)
	}
}

func TestGuardianPage(t *testing.T) {
	s := newSite(t)
	b := s.director
	sara, home := s.pupil("2B", "Sara", "Haddad", "")
	omar, _ := s.pupil("3A", "Omar", "Haddad", home)
	fatima := s.guardian(home, "Fatima", "ar", sara, omar)

	p := b.open("guardians/" + fatima)
	if !p.Has("option[value=ar][selected]") || !strings.Contains(p.Text("option[value=ar][selected]"), "العربية") {
		t.Error("the language stands with its own name beside it")
	}
	if p.Count("select[name=lang] option") < len(lang.Known()) {
		t.Error("a language lacks")
	}
	f := p.Form("main form[action$='/" + fatima + "']")
	bad := b.refused(b.submit(f.Set("phone", "12").Set("email", "nobody").Set("road1", "sms").Set("name", "")), http.StatusUnprocessableEntity)
	for _, id := range []string{"#f-name-error", "#f-phone-error", "#f-email-error"} {
		bad.Has(id)
	}
	if bad.Attr("#f-phone", "value") != "12" {
		t.Error("what was typed is lost")
	}
	b.done(b.submit(f.Set("name", "Fatima Alaoui").Set("phone", "0475 11 22 33").Set("email", "").Set("road1", "sms").Set("road2", "paper").
		Set("lang1", "fr").Set("reading", "listen").Set("relation", "").Set("relationwords", "Aunt").
		Set("rights."+omar, "see", "barred").Set("rights."+sara, "see", "contact")))
	g, err := s.service.Guardian(t.Context(), s.by, fatima)
	must(t, err)
	if g.Name != "Fatima Alaoui" || g.Phone != "+32475112233" || g.Lang != "ar" || strings.Join(g.Langs, " ") != "ar fr" || g.Reading != school.Listens ||
		g.Relation != "Aunt" || len(g.Roads) != 2 || g.Roads[0] != school.SMS {
		t.Errorf("saved: %+v", g.Person)
	}
	for _, c := range g.Pupils {
		want := school.Rights{See: true, Contact: true}
		if c.PublicID == omar {
			want = school.Rights{Barred: true}
		}
		if got := g.Rights[c.ID]; got != want {
			t.Errorf("rights about %s: %+v, want %+v", c.Given, got, want)
		}
	}

	// the teacher of Sara does not see Omar, and does not change what stands about him
	p = s.teacher.open("guardians/" + fatima)
	if p.Count("input[name='rights."+omar+"']") != 0 || p.Count("input[name='rights."+sara+"']") != 4 {
		t.Error("a teacher sees rights about the own pupils only")
	}
	s.teacher.done(s.teacher.submit(p.Form("main form[action$='/"+fatima+"']").Set("rights."+sara, "see", "decide", "contact")))
	s.teacher.done(s.teacher.post("guardians/"+fatima, "version", "3", "name", "Fatima Alaoui", "road1", "paper", "reading", "well", "pupil", omar, "rights."+omar, "see"))
	g, err = s.service.Guardian(t.Context(), s.by, fatima)
	must(t, err)
	for _, c := range g.Pupils {
		if c.PublicID == omar && !g.Rights[c.ID].Barred {
			t.Error("a teacher changed rights about another teacher's pupil")
		}
	}
	if s.stranger.status("guardians/"+fatima) == http.StatusOK {
		t.Error("another school finds the guardian")
	}

	b.done(b.submit(b.open("guardians/" + fatima + "/end").Form("main form[action$='/end']")))
	if p := b.open("guardians/" + fatima); p.Count("main .submit") != 0 {
		t.Error("who has ended can still be changed")
	}
}

func TestHomePages(t *testing.T) {
	s := newSite(t)
	b := s.director
	noor, home := s.pupil("2B", "Noor", "Claes", "")
	lies, karim := s.guardian(home, "Lies", "nl", noor), s.guardian(home, "Karim", "ar", noor)
	_ = lies

	edit := b.open("households/" + home + "/edit").Form("main form[action$='/edit']")
	b.done(b.submit(edit.Set("label", "At Mum's").Set("address", "Kerkstraat 1, 9000 Gent").Set("days."+noor, "every other week")))
	v, err := s.service.Household(t.Context(), s.by, home)
	must(t, err)
	if v.Label != "At Mum's" || v.Address != "Kerkstraat 1, 9000 Gent" || v.Pupils[0].Days != "every other week" {
		t.Errorf("home: %+v", v)
	}

	p := b.open("pupils/" + noor + "/home")
	f := p.Form("main form[action$='/home'][method=post]")
	b.refused(b.submit(f.Set("pupils")), http.StatusUnprocessableEntity).Has("#new-pupils-error")
	to := b.done(b.submit(f.Set("pupils", noor).Set("guardians", karim).Set("both", "yes").Set("days", "Wednesday")))
	second := strings.TrimPrefix(to, "households/")
	homes, err := s.service.Homes(t.Context(), s.by, school.Scope{Kind: school.ScopeSchool})
	must(t, err)
	if len(homes) != 2 || len(homes[0].Guardians) != 1 || len(homes[1].Guardians) != 1 || homes[1].PublicID != second {
		t.Fatalf("two homes: %+v", homes)
	}

	card, title, err := schoolweb.HouseholdCard(route.WithActor(t.Context(), s.by), s.service, s.by, second)
	must(t, err)
	var html bytes.Buffer
	must(t, card.Render(route.WithActor(lang.With(t.Context(), lang.For("en")), s.by), &html))
	for _, want := range []string{"Noor", "Karim", "العربية", "Wednesday", "/households/" + home} {
		if !strings.Contains(html.String(), want) {
			t.Errorf("the card lacks %q", want)
		}
	}
	if !strings.Contains(title, "Noor Claes") {
		t.Errorf("title %q", title)
	}

	b.refused(b.post("pupils/"+noor+"/home/link"), http.StatusUnprocessableEntity).Has(".summary")

	// a guardian moves, and two homes become one again
	mv := b.open("guardians/" + karim + "/move").Form("main form[action$='/move'][method=post]")
	b.done(b.submit(mv.Set("household", home)))
	join := b.open("households/" + home + "/join").Form("main form[action$='/join'][method=post]")
	b.refused(b.submit(join), http.StatusUnprocessableEntity).Has("#f-household-error")
	b.done(b.submit(join.Set("household", second)))
	homes, err = s.service.Homes(t.Context(), s.by, school.Scope{Kind: school.ScopeSchool})
	must(t, err)
	if len(homes) != 1 || len(homes[0].Guardians) != 2 {
		t.Errorf("one home again: %+v", homes)
	}

	// a half-brother's home is a second home too; the last home cannot be left
	_, third := s.pupil("2B", "Adam", "Alaoui", "")
	link := b.open("pupils/" + noor + "/home?q=adam").Form("main form[action$='/link']")
	b.done(b.submit(link.Set("household", third)))
	b.done(b.post("pupils/"+noor+"/home/unlink", "household", home))
	b.refused(b.post("pupils/"+noor+"/home/unlink", "household", third), http.StatusUnprocessableEntity)
	for _, path := range []string{"pupils/" + noor + "/home", "households/" + home + "/edit", "households/" + home + "/join", "guardians/" + karim + "/move"} {
		if s.stranger.status(path) == http.StatusOK {
			t.Errorf("another school opens %s", path)
		}
	}
}

func TestGroupPages(t *testing.T) {
	s := newSite(t)
	b := s.director
	sara, _ := s.pupil("2B", "Sara", "Haddad", "")
	s.pupil("3A", "Tess", "Aerts", "")
	f := b.open("groups/new").Form("main form[action$='/groups/new']")
	b.refused(b.submit(f.Set("name", " ")), http.StatusUnprocessableEntity).Has("#f-name-error")
	group := b.done(b.submit(f.Set("name", "Choir")))
	b.refused(b.submit(f.Set("name", "choir")), http.StatusUnprocessableEntity).Has("#f-name-error")
	p := b.open(group + "?q=haddad")
	b.done(b.submit(p.Form("main form[action$='/pupils']")))
	if got := b.open(group).Texts(".row b"); strings.Join(got, " ") != "Sara Haddad" {
		t.Errorf("members: %q", got)
	}
	if s.teacher.open(group).Count("main form") != 0 {
		t.Error("a teacher reads groups and changes none")
	}
	b.done(b.post(group+"/pupils", "out", sara))
	b.open(group).Has(".empty")
	b.done(b.submit(b.open(group + "/end").Form("main form[action$='/end']")))
	if b.status(group) != http.StatusNotFound {
		t.Error("the group has not ended")
	}
}

const list = `Nummer;Voornaam;Naam;Geboortedatum;Klas;Adres;Naam moeder;GSM moeder;Taal
1;Sara;Haddad;03/05/2018;2B;Kerkstraat 1, 9000 Gent;Fatima Alaoui;0475 11 22 33;Arabisch
2;Tess;Aerts;09/11/2017;3A;Molenweg 7, 9000 Gent;An Maes;0475 22 33 44;Nederlands
`

func TestTheFileIsReadDifferently(t *testing.T) {
	s := newSite(t)
	b := s.director
	const columns, read = "main form[action$='/columns']", "button[formaction$='/read']"
	im := b.done(b.upload("import", "file", map[string]string{"lijst.csv": "Lijst\n\neen;twee;drie\nZoë;Peeters;2A\nSam;Maes;2B\n"}))
	p := b.open(im)
	p.One("main details " + read)
	if p.Count("main details[open]") > 0 {
		t.Error("nobody asked for it, and yet it stands open")
	}
	if got := p.Texts("main details li b"); strings.Join(got, " ") != "1 3 4 5" {
		t.Errorf("the rows that can hold the titles: %q", got)
	}
	send := func(f *uitest.Form) *uitest.Page {
		t.Helper()
		f.Action = p.Attr(columns+" "+read, "formaction")
		return b.submit(f)
	}

	// what cannot be is said at its field, and nothing chosen is lost: neither there nor for the columns
	f := p.Form(columns).Set("titles.0", "2").Set("separator", "tab").Set("charset", "windows-1252").Set("col.0.2", "pupil.class").Set("secondary", "yes")
	wrong := b.refused(send(f), http.StatusUnprocessableEntity)
	wrong.One("main details[open] [id='f-titles.0-error']")
	for _, kept := range []string{"input[name='titles.0'][value='2']", "select[name=separator] option[value=tab][selected]",
		"select[name=charset] option[value=windows-1252][selected]", "select[name='col.0.2'] option[value='pupil.class'][selected]", "input[name=secondary][checked]"} {
		wrong.One(kept)
	}
	b.refused(send(p.Form(columns).Set("titles.0", "three")), http.StatusUnprocessableEntity).One("[id='f-titles.0-error']")
	b.refused(b.post(im+"/read", "separator", "x"), http.StatusUnprocessableEntity).One("#f-separator-error")

	if to := b.done(send(p.Form(columns).Set("titles.0", "3").Set("secondary", "yes"))); to != im {
		t.Errorf("leads to %s", to)
	}
	p = b.open(im)
	if got := p.Texts("main th[scope=row]"); strings.Join(got, " ") != "een twee drie" {
		t.Errorf("columns: %q", got)
	}
	p.One("main details[open] input[name='titles.0'][value='3']")
	p.One("input[name=secondary][checked]")

	// another way of reading that was chosen is not passed over by the other button
	f = p.Form(columns).Set("col.0.0", "pupil.given").Set("col.0.1", "pupil.family").Set("col.0.2", "pupil.class").Set("separator", ";")
	b.done(b.submit(f))
	p = b.open(im)
	p.One("select[name=separator] option[value=';'][selected]")
	p.One("select[name='col.0.0'] option[value='pupil.given'][selected]")
	b.done(b.submit(p.Form(columns)))
	if got := b.open(im).Text("main .facts"); !strings.Contains(got, "New 2") {
		t.Errorf("plan: %s", got)
	}
	if s.stranger.post(im+"/read", "separator", ";").Status != http.StatusNotFound || s.teacher.post(im+"/read").Status != http.StatusForbidden {
		t.Error("others read the list of this school again")
	}

	// when no table at all is read, that is said on top: there is no field to it
	p = b.open(im + "/columns")
	if got := b.refused(b.submit(p.Form(columns).Set("layout.0", "ignored")), http.StatusUnprocessableEntity).Texts(".summary"); !strings.Contains(strings.Join(got, ""), "No column is taken") {
		t.Errorf("nothing is read: %q", got)
	}
}

func TestImportPages(t *testing.T) {
	s := newSite(t)
	b := s.director
	b.refused(b.upload("import", "file", map[string]string{"x.pdf": "%PDF-1.7"}), http.StatusUnprocessableEntity).Has("#f-file-error")
	b.refused(b.upload("import", "file", nil), http.StatusUnprocessableEntity).Has("#f-file-error")
	if s.teacher.status("import") != http.StatusForbidden {
		t.Error("a teacher may bring in lists")
	}

	im := b.done(b.upload("import", "file", map[string]string{"leerlingen.csv": list}))
	p := b.open(im)
	if !strings.Contains(p.Text("main .facts"), "semicolon") || p.Count("select[name^='col.0.']") != 9 {
		t.Errorf("the guess: %s", p.Text("main .facts"))
	}
	f := p.Form("main form[action$='/columns']")
	wrong := b.refused(b.submit(f.Set("col.0.1", "").Set("col.0.2", "")), http.StatusUnprocessableEntity)
	if !strings.Contains(strings.Join(wrong.Texts(".summary"), ""), "name of the pupil") {
		t.Errorf("no name: %q", wrong.Texts(".summary"))
	}
	b.done(b.submit(f.Set("col.0.1", "pupil.given").Set("col.0.2", "pupil.family").Set("col.0.6", "")))
	p = b.open(im)
	if got := p.Text("main .facts"); !strings.Contains(got, "New 2") {
		t.Errorf("plan: %s", got)
	}
	if n := p.Count("main .row"); n != 2 {
		t.Errorf("%d lines", n)
	}
	if s.stranger.status(im) == http.StatusOK {
		t.Error("another school sees the list")
	}
	if to := b.done(b.submit(p.Form("main form[action$='/start']").Press("do", "start"))); to != im {
		t.Errorf("leads to %s", to)
	}
	b.open(im).Has(".work")
	must(t, s.runner.Start(t.Context()))
	must(t, s.runner.Quiet(t.Context()))
	must(t, s.runner.Stop(t.Context()))
	b.open(im).Has(".work-finished")
	if got := b.open("pupils").Texts(".row b"); strings.Join(got, ", ") != "Tess Aerts, Sara Haddad" {
		t.Errorf("pupils: %q", got)
	}

	// the same columns are read the same way; who is gone is asked about, line by line
	im = b.done(b.upload("import", "file", map[string]string{"leerlingen.csv": strings.Replace(list, "2;Tess;Aerts;09/11/2017", "3;Lore;Smet;09/11/2016", 1)}))
	p = b.open(im)
	if !p.Has("select[name='col.0.6'] option[value=''][selected]") {
		t.Error("what was chosen for these columns is forgotten")
	}
	b.done(b.submit(p.Form("main form[action$='/columns']")))
	p = b.open(im + "?show=gone")
	if got := p.Texts("main .row b"); strings.Join(got, " ") != "Tess Aerts" {
		t.Errorf("gone: %q", got)
	}
	start := p.Form("main form[action$='/start']")
	b.refused(b.submit(start.Press("do", "start")), http.StatusUnprocessableEntity).Has("#f-gone-error")
	name := ""
	for _, n := range p.All("main .row input[type=radio]") {
		for _, a := range n.Attr {
			if a.Key == "name" {
				name = a.Val
			}
		}
	}
	b.done(b.submit(p.Form("main form[action$='/start']").Set(name, "left").Press("do", "keep")))
	p = b.open(im + "?show=gone")
	if !p.Has("input[name='" + name + "'][value=left][checked]") {
		t.Error("the choice is not kept")
	}
	b.done(b.submit(p.Form("main form[action$='/start']").Set("gone", "keep").Press("do", "start")))
	must(t, s.runner.Start(t.Context()))
	must(t, s.runner.Quiet(t.Context()))
	must(t, s.runner.Stop(t.Context()))
	if got := b.open("pupils?state=left").Texts(".row b"); strings.Join(got, " ") != "Tess Aerts" {
		t.Errorf("left: %q", got)
	}
	im = b.done(b.upload("import", "file", map[string]string{"x.csv": list}))
	b.done(b.post(im + "/drop"))
	b.open(im)
	b.open("import")
}

func TestHoursPage(t *testing.T) {
	s := newSite(t)
	b := s.director
	const form = "main form[action$='/school/hours']"
	first := b.open("school/hours")
	if hint := first.Text("#hours-hint"); first.Attr(".hours", "aria-describedby") != "hours-hint" || !strings.Contains(hint, "08:15") || !strings.Contains(hint, "The school answers: ") {
		t.Errorf("nothing says what to enter and how families read it: %q", hint)
	}
	f := first.Form(form)
	p := b.refused(b.submit(f.Set("mon_from", "8u30").Set("mon_to", "8u").Set("tue_from", "09:00")), http.StatusUnprocessableEntity)
	if p.Attr("#f-mon_from", "value") != "8u30" {
		t.Error("what was typed is lost")
	}
	p.Has("#f-mon_to-error")
	p.Has("#f-tue_to-error")
	if to := b.done(b.submit(p.Form(form).Set("mon_to", "16:00").Set("tue_to", "12:00"))); to != "school/hours" {
		t.Errorf("leads to %s", to)
	}
	p = b.open("school/hours")
	if p.Attr("#f-mon_from", "value") != "08:30" {
		t.Error("it was not kept")
	}
	if got := p.Text("main"); !strings.Contains(got, "08:30–16:00") || !strings.Contains(got, "09:00–12:00") {
		t.Errorf("what families read is not shown: %s", got)
	}
	if hint := p.Text("#hours-hint"); strings.Contains(hint, "The school answers: ") {
		t.Errorf("an example of what families read stands beside what they read: %q", hint)
	}
	one, two := p.Form(form), p.Form(form)
	b.done(b.submit(one.Set("mon_to", "17:00")))
	p = b.refused(b.submit(two.Set("mon_to", "18:00")), http.StatusConflict)
	if got := strings.Join(p.Texts("main table td"), " "); !strings.Contains(got, "17:00 18:00") {
		t.Errorf("both hours: %s", got)
	}
	if got := s.teacher.status("school/hours"); got != http.StatusForbidden {
		t.Errorf("a teacher: %d", got)
	}
}
