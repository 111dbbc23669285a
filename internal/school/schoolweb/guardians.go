package schoolweb

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"brug/internal/auth"
	"brug/internal/lang"
	"brug/internal/school"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

// otherLangs is how many languages beside the preferred one have a field.
const otherLangs = 3

// langName is a language in the reader's language, with its own name beside it.
func langName(ctx context.Context, tag string) string {
	name, own := lang.Name(lang.From(ctx).Tag(), tag), lang.Endonym(tag)
	if strings.EqualFold(name, own) {
		return own
	}
	return name + " · " + own
}

// langOptions are all languages that a family can have, by their names in the reader's language; also those of extra that
// are not among them.
func langOptions(ctx context.Context, extra ...string) []ui.Option {
	var out []ui.Option
	seen := map[string]bool{}
	add := func(tag string) {
		if tag != "" && !seen[tag] {
			seen[tag] = true
			out = append(out, ui.Option{Value: tag, Label: langName(ctx, tag)})
		}
	}
	for _, l := range lang.Known() {
		add(l.Tag)
	}
	for _, tag := range extra {
		add(tag)
	}
	slices.SortFunc(out, func(a, b ui.Option) int { return strings.Compare(school.Fold(a.Label), school.Fold(b.Label)) })
	return out
}

func relationName(ctx context.Context, relation string) string {
	if id, known := school.RelationText(relation); known {
		return lang.T(ctx, id)
	}
	return relation
}

func (p *Pages) newGuardian(w http.ResponseWriter, r *http.Request) error {
	f := ui.NewForm("household", r.URL.Query().Get("household"), "reading", string(school.ReadsWell), "road1", string(school.Paper))
	return p.showNewGuardian(w, r, http.StatusOK, f, true)
}

// showNewGuardian draws the form; fresh gives all rights about the pupils of the home to begin with.
func (p *Pages) showNewGuardian(w http.ResponseWriter, r *http.Request, status int, f *ui.Form, fresh bool) error {
	ctx := r.Context()
	h, err := p.School.Household(ctx, route.Actor(r), f.Get("household"))
	if err != nil {
		return err
	}
	var pupils []school.PupilRow
	for _, c := range h.Pupils {
		pupils = append(pupils, c.PupilRow)
		if fresh {
			f.Set("rights."+c.PublicID, "see", "decide", "contact")
		}
	}
	card := route.Path(ctx, "households", h.PublicID)
	page := formPage{Page: route.Page(w, r, lang.T(ctx, "Add a guardian")), Form: f, URL: route.Path(ctx, "guardians", "new"),
		Fields: guardianFields(ctx, f, pupils), Hidden: append([]string{"household", h.PublicID}, pupilHidden(pupils)...), Submit: lang.T(ctx, "Add the guardian"), Cancel: cancel(ctx, card)}
	page.Back = ui.Link{Label: householdTitle(ctx, h), URL: card}
	page.Lead = lang.T(ctx, "Anybody who raises the child: parent, step-parent, grandparent, foster parent.")
	return route.Render(w, r, status, formView(page))
}

func (p *Pages) doNewGuardian(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, err := ui.FormFrom(r, maxForm)
	if err == nil {
		_, err = p.School.AddGuardian(ctx, route.Actor(r), f.Get("household"), guardianInput(f))
	}
	if status, ok := showGuardianErrors(f, err); ok {
		return p.showNewGuardian(w, r, status, f, false)
	}
	if err != nil {
		return err
	}
	return route.SeeDone(w, r, route.Path(ctx, "households", f.Get("household")), lang.T(ctx, "{name} is there.", "name", f.Get("name")))
}

// guardianPage is /s/{school}/guardians/{guardian}.
func (p *Pages) guardian(w http.ResponseWriter, r *http.Request) error {
	return p.showGuardian(w, r, http.StatusOK, nil)
}

func (p *Pages) showGuardian(w http.ResponseWriter, r *http.Request, status int, typed *ui.Form) error {
	ctx := r.Context()
	g, err := p.School.Guardian(ctx, route.Actor(r), r.PathValue("guardian"))
	if err != nil {
		return err
	}
	stored := guardianForm(g)
	page := formPage{Page: route.Page(w, r, personName(ctx, g.Person)), Form: stored, URL: route.Path(ctx, "guardians", g.PublicID),
		Hidden: append([]string{"version", itoa(g.Version)}, pupilHidden(g.Pupils)...), Submit: lang.T(ctx, "Save"), Cancel: cancel(ctx, route.Path(ctx, "households", g.Household.PublicID)),
		Read: !may(r, auth.FamiliesChange) || g.Ended}
	if typed != nil {
		page.Form = typed
	}
	page.Fields = guardianFields(ctx, page.Form, g.Pupils)
	if status == http.StatusConflict && typed != nil {
		page.Clashes = clashes(ctx, page.Fields, typed, stored)
	}
	page.Back = ui.Link{Label: lang.T(ctx, "Family"), URL: route.Path(ctx, "households", g.Household.PublicID)}
	if g.Ended {
		page.Lead = lang.T(ctx, "Is no guardian here any more. Nothing is sent to this person.")
	} else {
		page.After = guardianMore(page.URL)
	}
	return route.Render(w, r, status, formView(page))
}

func (p *Pages) doGuardian(w http.ResponseWriter, r *http.Request) error {
	ctx, by, id := r.Context(), route.Actor(r), r.PathValue("guardian")
	f, err := ui.FormFrom(r, maxForm)
	var g school.GuardianCard
	if err == nil {
		g, err = p.School.Guardian(ctx, by, id)
	}
	if err == nil {
		err = p.School.ChangeGuardian(ctx, by, id, version(f), guardianInput(f))
	}
	if status, ok := showGuardianErrors(f, err); ok {
		return p.showGuardian(w, r, status, f)
	}
	if err != nil {
		return err
	}
	return route.SeeDone(w, r, route.Path(ctx, "households", g.Household.PublicID), lang.T(ctx, "Saved."))
}

// pupilHidden names the pupils whose rights the form shows: a box that is not ticked is not sent.
func pupilHidden(pupils []school.PupilRow) []string {
	var out []string
	for _, p := range pupils {
		out = append(out, "pupil", p.PublicID)
	}
	return out
}

// showGuardianErrors is show, with the errors of lists of fields at their first field.
func showGuardianErrors(f *ui.Form, err error) (status int, ok bool) {
	status, ok = show(f, err)
	for list, first := range map[string]string{"roads": "road1", "langs": "lang"} {
		if t, wrong := f.Wrong(list); wrong {
			delete(f.Errors, list)
			f.Errors[first] = t
		}
	}
	return status, ok
}

func guardianForm(g school.GuardianCard) *ui.Form {
	f := ui.NewForm("name", g.Name, "email", g.Email, "phone", g.Phone, "lang", g.Lang, "reading", string(g.Reading), "share", g.Share)
	if slices.Contains(school.Relations, g.Relation) || g.Relation == "" {
		f.Set("relation", g.Relation)
	} else {
		f.Set("relationwords", g.Relation)
	}
	n := 0
	for _, tag := range g.Langs {
		if tag != g.Lang {
			n++
			f.Set("lang"+strconv.Itoa(n), tag)
		}
	}
	for i, road := range g.Roads {
		f.Set("road"+strconv.Itoa(i+1), string(road))
	}
	for _, p := range g.Pupils {
		f.Set("rights."+p.PublicID, rightsWords(g.Rights[p.ID])...)
	}
	return f
}

func rightsWords(r school.Rights) []string {
	words := []string{}
	for _, x := range []struct {
		is   bool
		word string
	}{{r.See, "see"}, {r.Decide, "decide"}, {r.Contact, "contact"}, {r.Barred, "barred"}} {
		if x.is {
			words = append(words, x.word)
		}
	}
	return words
}

func guardianInput(f *ui.Form) school.GuardianInput {
	in := school.GuardianInput{Name: f.Get("name"), Relation: f.Get("relation"), Email: f.Get("email"), Phone: f.Get("phone"),
		Lang: f.Get("lang"), Reading: school.Reading(f.Get("reading")), Share: f.Get("share"), Rights: map[string]school.Rights{}}
	if words := f.Get("relationwords"); words != "" {
		in.Relation = words
	}
	for i := 1; f.Values.Has("lang" + strconv.Itoa(i)); i++ {
		if tag := f.Get("lang" + strconv.Itoa(i)); tag != "" {
			in.Langs = append(in.Langs, tag)
		}
	}
	for i := range school.AllRoads {
		if road := f.Get("road" + strconv.Itoa(i+1)); road != "" {
			in.Roads = append(in.Roads, school.Road(road))
		}
	}
	for _, pupil := range f.All("pupil") {
		name := "rights." + pupil
		in.Rights[pupil] = school.Rights{See: f.Has(name, "see"), Decide: f.Has(name, "decide"), Contact: f.Has(name, "contact"), Barred: f.Has(name, "barred")}
	}
	return in
}

func guardianFields(ctx context.Context, f *ui.Form, pupils []school.PupilRow) []field {
	var relations, readings, roads []ui.Option
	for _, r := range school.Relations {
		relations = append(relations, ui.Option{Value: r, Label: relationName(ctx, r)})
	}
	for _, r := range school.Readings {
		readings = append(readings, ui.Option{Value: string(r), Label: lang.T(ctx, r.Text())})
	}
	for _, r := range school.AllRoads {
		roads = append(roads, ui.Option{Value: string(r), Label: lang.T(ctx, r.Text())})
	}
	extra := []string{f.Get("lang")}
	others := otherLangs
	for i := 1; f.Get("lang"+strconv.Itoa(i)) != ""; i++ {
		extra = append(extra, f.Get("lang"+strconv.Itoa(i)))
		others = max(others, i)
	}
	langs := langOptions(ctx, extra...)
	fields := []field{
		{Input: ui.Input{Name: "name", Label: lang.T(ctx, "Name"), Max: 150, Auto: "off"}},
		{Input: ui.Input{Name: "relation", Label: lang.T(ctx, "Relation to the child"), Options: relations, Empty: lang.T(ctx, "Not told"), Optional: true}, Control: list},
		{Input: ui.Input{Name: "relationwords", Label: lang.T(ctx, "Or in other words"), Max: 60, Optional: true, Auto: "off"}},
		{Input: ui.Input{Name: "lang", Label: lang.T(ctx, "Language for letters and messages"), Hint: lang.T(ctx, "Ask which language the person likes best to read or hear."),
			Options: langs, Empty: lang.T(ctx, "Not known yet"), Optional: true}, Control: list},
	}
	for i := 1; i <= others; i++ {
		label := lang.T(ctx, "Also speaks")
		if i > 1 {
			label = lang.T(ctx, "Also speaks ({n})", "n", i)
		}
		fields = append(fields, field{Input: ui.Input{Name: "lang" + strconv.Itoa(i), Label: label, Options: langs, Empty: "–", Optional: true}, Control: list})
	}
	fields = append(fields,
		field{Input: ui.Input{Name: "reading", Label: lang.T(ctx, "Reading"), Options: readings, Hint: lang.T(ctx, "It decides how much text, how many pictures and how much sound this person gets.")}, Control: radios},
		field{Input: ui.Input{Name: "phone", Label: lang.T(ctx, "Phone"), Type: "tel", Auto: "off", Optional: true}},
		field{Input: ui.Input{Name: "email", Label: lang.T(ctx, "E-mail address"), Type: "email", Auto: "off", Optional: true}})
	for i := range school.AllRoads {
		label := []string{lang.T(ctx, "Best road"), lang.T(ctx, "Second road"), lang.T(ctx, "Third road"), lang.T(ctx, "Fourth road")}[i]
		in := ui.Input{Name: "road" + strconv.Itoa(i+1), Label: label, Options: roads}
		if i > 0 {
			in.Empty, in.Optional = "–", true
		} else {
			in.Hint = lang.T(ctx, "The way that works for this person. Paper works for everybody.")
		}
		fields = append(fields, field{Input: in, Control: list})
	}
	for _, p := range pupils {
		fields = append(fields, field{Control: boxes, Input: ui.Input{Name: "rights." + p.PublicID, Label: lang.T(ctx, "About {name}", "name", p.Name()), Options: []ui.Option{
			{Value: "see", Label: lang.T(ctx, "May see what is about {name}", "name", p.Given)},
			{Value: "decide", Label: lang.T(ctx, "May decide: agreements, consent")},
			{Value: "contact", Label: lang.T(ctx, "The school may contact this person about {name}", "name", p.Given)},
			{Value: "barred", Label: lang.T(ctx, "May know nothing about {name}", "name", p.Given),
				Hint: lang.T(ctx, "Only when a judge or the school has decided so. Nothing about {name} is printed, sent or shown to this person, whatever is ticked above.", "name", p.Given)},
		}}})
	}
	return append(fields, field{Input: ui.Input{Name: "share", Label: lang.T(ctx, "Agreed about sharing"), Rows: 2, Max: 500, Optional: true,
		Hint: lang.T(ctx, "For example: call only after 4 p.m., the other parent gets its own paper.")}, Control: area})
}

func personName(ctx context.Context, g school.Person) string {
	switch {
	case g.Name != "":
		return g.Name
	case g.Email != "":
		return g.Email
	case g.Phone != "":
		return g.Phone
	}
	return lang.T(ctx, "Guardian without a name")
}

func (p *Pages) endGuardian(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	g, err := p.School.Guardian(ctx, route.Actor(r), r.PathValue("guardian"))
	if err != nil {
		return err
	}
	page := route.Page(w, r, lang.T(ctx, "{name} is no guardian any more", "name", personName(ctx, g.Person)))
	url := route.Path(ctx, "guardians", g.PublicID)
	page.Back = ui.Link{Label: personName(ctx, g.Person), URL: url}
	return route.Render(w, r, http.StatusOK, confirmView(page, ui.Question{
		Text:   lang.T(ctx, "Nothing is sent to {name} from now on.", "name", personName(ctx, g.Person)),
		Points: []string{lang.T(ctx, "What was said and given until today stays in the history."), lang.T(ctx, "A list that the school brings in later does not undo this.")},
		Yes:    ui.Action{Label: lang.T(ctx, "Yes, end it"), Kind: ui.Grave, Post: url + "/end", Hidden: map[string]string{"version": itoa(g.Version)}},
		NoURL:  url,
	}))
}

func (p *Pages) doEndGuardian(w http.ResponseWriter, r *http.Request) error {
	ctx, by, id := r.Context(), route.Actor(r), r.PathValue("guardian")
	f, err := ui.FormFrom(r, maxForm)
	if err != nil {
		return err
	}
	g, err := p.School.Guardian(ctx, by, id)
	if err != nil {
		return err
	}
	if err := p.School.EndGuardian(ctx, by, id, version(f)); err != nil {
		return err
	}
	return route.SeeDone(w, r, route.Path(ctx, "households", g.Household.PublicID), lang.T(ctx, "Saved."))
}

func (p *Pages) moveGuardian(w http.ResponseWriter, r *http.Request) error {
	return p.showMoveGuardian(w, r, http.StatusOK, ui.NewForm("q", r.URL.Query().Get("q")))
}

func (p *Pages) showMoveGuardian(w http.ResponseWriter, r *http.Request, status int, f *ui.Form) error {
	ctx, by := r.Context(), route.Actor(r)
	g, err := p.School.Guardian(ctx, by, r.PathValue("guardian"))
	if err != nil {
		return err
	}
	var pupils []string
	for _, c := range g.Pupils {
		pupils = append(pupils, c.PublicID)
	}
	url := route.Path(ctx, "guardians", g.PublicID)
	page, err := p.chooseHome(w, r, lang.T(ctx, "{name} lives in another home", "name", personName(ctx, g.Person)), f, pupils, g.Household.PublicID)
	if err != nil {
		return err
	}
	page.URL, page.Submit, page.Cancel, page.Back = url+"/move", lang.T(ctx, "Move"), cancel(ctx, url), ui.Link{Label: personName(ctx, g.Person), URL: url}
	page.Lead = lang.T(ctx, "Rights about the children stay as they are. Check them afterwards.")
	return route.Render(w, r, status, formView(page.formPage))
}

func (p *Pages) doMoveGuardian(w http.ResponseWriter, r *http.Request) error {
	ctx, by, id := r.Context(), route.Actor(r), r.PathValue("guardian")
	f, err := ui.FormFrom(r, maxForm)
	if err == nil {
		err = p.School.MoveGuardian(ctx, by, id, f.Get("household"))
	}
	if status, ok := show(f, err); ok {
		return p.showMoveGuardian(w, r, status, f)
	}
	if err != nil {
		return err
	}
	return route.SeeDone(w, r, route.Path(ctx, "guardians", id), lang.T(ctx, "Moved. Check what this person may see about each child."))
}
