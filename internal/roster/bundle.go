package roster

import (
	"sort"
	"strings"

	"brug/internal/errs"
)

// rel is one file of a bundle (OneRoster, SDS): rows under fixed column names.
type rel struct {
	file string
	cols map[string]int // by folded name without spaces
	rows [][]string     // without the titles
}

func relOf(g grid) rel {
	r := rel{file: g.file, cols: map[string]int{}}
	if len(g.rows) == 0 {
		return r
	}
	for i, c := range g.rows[0] {
		if k := column(c); k != "" {
			if _, has := r.cols[k]; !has {
				r.cols[k] = i
			}
		}
	}
	r.rows = g.rows[1:]
	return r
}

func column(name string) string { return strings.ReplaceAll(fold(name), " ", "") }

// get is the cell of the first of these columns that says something.
func (r rel) get(row []string, names ...string) string {
	for _, n := range names {
		if i, ok := r.cols[column(n)]; ok && i < len(row) {
			if c := oneLine(row[i]); c != "" && !strings.EqualFold(c, "null") {
				return c
			}
		}
	}
	return ""
}

func (r rel) has(names ...string) bool {
	for _, n := range names {
		if _, ok := r.cols[column(n)]; !ok {
			return false
		}
	}
	return true
}

// bundle is the files of a bundle by their short names ("users", "student").
type bundle map[string]rel

func bundleOf(grids []grid) bundle {
	b := bundle{}
	for _, g := range grids {
		if g.sheet != "" {
			continue
		}
		name := g.file
		if i := strings.LastIndexAny(name, `/\`); i >= 0 {
			name = name[i+1:]
		}
		name = strings.TrimSuffix(strings.ToLower(name), ".csv")
		b[name] = relOf(g)
	}
	return b
}

// bundleKind tells OneRoster and SDS by the names and columns of their files.
func bundleKind(grids []grid) (FileKind, string) {
	b := bundleOf(grids)
	u := b["users"]
	switch {
	case u.has("sourcedId", "givenName", "familyName"):
		if v := b.manifest("oneroster.version"); v != "" {
			return KindOneRoster, v
		}
		if u.has("enabledUser") || u.has("dateLastModified") || u.has("userIds") {
			if u.has("role") {
				return KindOneRoster, "1.1"
			}
			return KindOneRoster, "1.2"
		}
		if _, ok := b["roles"]; ok {
			return KindSDS, "2.1"
		}
		return KindSDS, "2"
	case (b["student"].has("SIS ID", "School SIS ID") || b["student"].has("ID", "School DfE Number")) && (b["section"].cols != nil || b["studentenrollment"].cols != nil):
		return KindSDS, "1"
	}
	return "", ""
}

func (b bundle) manifest(property string) string {
	m := b["manifest"]
	for _, r := range m.rows {
		if m.get(r, "propertyName") == property {
			return m.get(r, "value")
		}
	}
	return ""
}

// person is one user of a bundle.
type person struct {
	row     int
	cells   []string
	role    string // folded, of users.csv or roles.csv
	agents  []string
	classes []string // class ids in the order of the enrolments, as a pupil
	grade   string
}

func readBundle(grids []grid, kind FileKind) (Roster, []Issue, error) {
	b := bundleOf(grids)
	if b["student"].cols != nil && b["users"].cols == nil {
		return readOldSDS(b)
	}
	u := b["users"]
	r := &bundleReader{builder: newBuilder(), bundle: b, users: u, people: map[string]*person{}, kind: kind}
	r.file = u.file
	r.readPeople()
	r.readEnrolments()
	r.readClasses()
	r.readPupils()
	r.readGuardians()
	r.r.School = r.school()
	return r.finish()
}

type bundleReader struct {
	*builder
	bundle
	kind     FileKind
	users    rel
	people   map[string]*person
	order    []string // ids in the order of users.csv
	titles   map[string]string
	homeroom map[string]bool
	gone     map[string]bool // classes that are marked as deleted
	enrolled map[string]bool // users with an enrolment as a pupil
	teaches  map[string]bool
}

func (r *bundleReader) at(p *person) row { return row{no: p.row, cells: p.cells} }

func deleted(status string) bool {
	s := fold(status)
	return s == "tobedeleted" || s == "inactive"
}

func (r *bundleReader) readPeople() {
	for i, c := range r.users.rows {
		if blank(c) {
			continue
		}
		p := &person{row: i + 2, cells: c, role: column(r.users.get(c, "role")), grade: r.users.get(c, "grades", "grade")}
		id := r.users.get(c, "sourcedId")
		switch {
		case id == "":
			r.doubtful(r.at(p), "", "", errs.T("The row has no sourcedId."))
			continue
		case deleted(r.users.get(c, "status")):
			r.note(Note, r.at(p), "", id, errs.T("The file marks this person as deleted; passed over."))
			continue
		case r.people[id] != nil:
			r.doubtful(r.at(p), "", id, errs.T("The number {id} stands in row {row} already.", "id", id, "row", r.people[id].row))
			continue
		}
		for _, a := range strings.FieldsFunc(r.users.get(c, "agentSourcedIds", "agents"), func(c rune) bool { return c == ',' || c == ';' }) {
			p.agents = append(p.agents, strings.TrimSpace(a))
		}
		r.people[id] = p
		r.order = append(r.order, id)
	}
	roles := r.bundle["roles"]
	for _, c := range roles.rows {
		p := r.people[roles.get(c, "userSourcedId")]
		if p == nil || deleted(roles.get(c, "status")) {
			continue
		}
		primary := fold(roles.get(c, "roleType")) == "primary" || fold(roles.get(c, "isPrimary")) == "true"
		if p.role == "" || primary {
			p.role = column(roles.get(c, "role"))
		}
		if g := roles.get(c, "grade"); g != "" && p.grade == "" {
			p.grade = g
		}
	}
}

var guardianRoles = map[string]bool{"parent": true, "guardian": true, "relative": true, "family": true, "familymember": true, "grandparent": true, "fosterparent": true, "legalguardian": true}

func (r *bundleReader) readEnrolments() {
	r.enrolled, r.teaches = map[string]bool{}, map[string]bool{}
	e := r.bundle["enrollments"]
	for i, c := range e.rows {
		if blank(c) || deleted(e.get(c, "status")) {
			continue
		}
		id := e.get(c, "userSourcedId")
		p := r.people[id]
		if p == nil {
			if id != "" {
				r.file = e.file
				r.note(Note, row{no: i + 2}, "", id, errs.T("No person in these files has this number."))
				r.file = r.users.file
			}
			continue
		}
		if column(e.get(c, "role")) == "student" {
			r.enrolled[id] = true
			p.classes = append(p.classes, e.get(c, "classSourcedId"))
		} else {
			r.teaches[id] = true
		}
	}
}

func (r *bundleReader) readClasses() {
	r.titles, r.homeroom, r.gone = map[string]string{}, map[string]bool{}, map[string]bool{}
	k := r.bundle["classes"]
	for _, c := range k.rows {
		id := k.get(c, "sourcedId")
		if deleted(k.get(c, "status")) {
			r.gone[id] = true
			continue
		}
		r.titles[id] = k.get(c, "title", "classCode")
		r.homeroom[id] = column(k.get(c, "classType")) == "homeroom"
	}
}

// pupil tells whether a person is one: the role decides; without a role, an enrolment as a pupil does.
func (r *bundleReader) pupil(id string) bool {
	p := r.people[id]
	return p.role == "student" || p.role == "pupil" || p.role == "learner" || p.role == "" && r.enrolled[id] && !r.teaches[id]
}

func (r *bundleReader) readPupils() {
	demo := r.bundle["demographics"]
	born := map[string]string{}
	for _, c := range demo.rows {
		born[demo.get(c, "userSourcedId", "sourcedId")] = demo.get(c, "birthDate")
	}
	several := 0
	for _, id := range r.order {
		p := r.people[id]
		if !r.pupil(id) {
			if r.enrolled[id] && p.role != "" {
				r.note(Note, r.at(p), "", id, errs.T("Enrolled as a pupil, yet the role says otherwise; not taken as a pupil."))
			}
			continue
		}
		u := Pupil{File: r.file, Row: p.row, ExternalID: id, Given: personName(r.users.get(p.cells, "preferredGivenName", "preferredFirstName", "givenName")),
			Family: personName(r.users.get(p.cells, "preferredFamilyName", "preferredLastName", "familyName")), Grade: p.grade}
		if u.Given == "" && u.Family == "" {
			r.doubtful(r.at(p), "", id, errs.T("The row has no name of a pupil."))
			continue
		}
		if raw := born[id]; raw != "" {
			day, ok := ParseDate(raw)
			if !ok {
				r.note(Maybe, r.at(p), "", raw, errs.T("This is no date that exists; the date of birth was left out."))
			}
			u.Born = day
		}
		u.setContact(r.contact(p))
		if r.classOf(&u, p) {
			several++
		}
		r.add(u, r.at(p))
	}
	if several > 0 {
		r.issues = append(r.issues, Issue{File: r.file, Weight: Maybe,
			Reason: errs.T("{n} pupils are in several classes and none is marked as the homeroom; the first was taken as the class.", "n", several)})
	}
}

func (p *Pupil) setContact(g Guardian) { p.Email, p.Phones = g.Email, g.Phones }

// classOf sets class and groups, and tells whether the class had to be picked from several.
func (r *bundleReader) classOf(u *Pupil, p *person) bool {
	var titles []string
	home := ""
	for _, id := range p.classes {
		t, ok := r.titles[id]
		switch {
		case r.gone[id]:
		case !ok:
			r.note(Maybe, r.at(p), "", id, errs.T("The class {class} stands in none of these files.", "class", id))
		case r.homeroom[id] && home == "":
			home = t
		default:
			titles = addOnce(titles, t)
		}
	}
	picked := home == "" && len(titles) > 1
	if home == "" && len(titles) > 0 {
		home, titles = titles[0], titles[1:]
	}
	u.Class, u.Groups = home, titles
	if len(titles) == 0 {
		u.Groups = nil
	}
	return picked
}

// contact reads mail and phones of a person.
func (r *bundleReader) contact(p *person) Guardian {
	var g Guardian
	good, bad := mailsIn(r.users.get(p.cells, "email"))
	for _, w := range bad {
		r.note(Maybe, r.at(p), "", w, errs.T("No mail can go to this address; it was left out."))
	}
	g.setMails(good)
	var phones []string
	for _, name := range []string{"sms", "phone"} {
		good, bad := phonesIn(r.users.get(p.cells, name))
		phones = append(phones, good...)
		for _, w := range bad {
			r.note(Maybe, r.at(p), "", w, errs.T("This is no phone number that can be called; it was left out."))
		}
	}
	g.setPhones(phones)
	return g
}

// readGuardians follows the links between people, in whichever of the two directions a file tells them.
func (r *bundleReader) readGuardians() {
	type link struct{ pupil, guardian, role string }
	var links []link
	for _, id := range r.order {
		for _, a := range r.people[id].agents {
			switch {
			case r.people[a] == nil:
				r.note(Note, r.at(r.people[id]), "", a, errs.T("No person in these files has this number."))
			case r.pupil(id):
				links = append(links, link{id, a, ""})
			case r.pupil(a):
				links = append(links, link{a, id, ""})
			}
		}
	}
	rs := r.bundle["relationships"]
	for _, c := range rs.rows {
		if !deleted(rs.get(c, "status")) {
			links = append(links, link{rs.get(c, "userSourcedId"), rs.get(c, "relationshipUserSourcedId"), rs.get(c, "relationshipRole")})
		}
	}
	for _, l := range links {
		i, g := r.idOf(l.pupil), r.people[l.guardian]
		if i < 0 || g == nil {
			continue
		}
		if !guardianRoles[g.role] && !(g.role == "" && !r.pupil(l.guardian) && !r.teaches[l.guardian]) {
			r.note(Note, r.at(g), "", l.guardian, errs.T("Linked with {name}, yet not as a parent or guardian; not taken as one.", "name", r.r.Pupils[i].Name()))
			continue
		}
		m := r.contact(g)
		m.Row, m.ExternalID = g.row, l.guardian
		m.Given = personName(r.users.get(g.cells, "preferredGivenName", "givenName"))
		m.Family = personName(r.users.get(g.cells, "preferredFamilyName", "familyName"))
		m.Name = joinWords(m.Given, m.Family)
		if m.Relation = relationIn(l.role); l.role == "" {
			m.Relation = relationIn(g.role)
		}
		r.join(i, []Guardian{m}, Address{}, r.at(g))
	}
}

func (r *bundleReader) school() string {
	o := r.bundle["orgs"]
	first := ""
	for _, c := range o.rows {
		name := o.get(c, "name")
		if fold(o.get(c, "type")) == "school" {
			return name
		}
		if first == "" {
			first = name
		}
	}
	return first
}

// readOldSDS reads School Data Sync v1: student.csv, studentenrollment.csv, section.csv, and perhaps user.csv with
// guardianrelationship.csv. Its dates put the month first where figures leave it open.
func readOldSDS(b bundle) (Roster, []Issue, error) {
	r := newBuilder()
	s, sections, e := b["student"], b["section"], b["studentenrollment"]
	r.file = s.file
	title := map[string]string{}
	for _, c := range sections.rows {
		title[sections.get(c, "SIS ID", "ID")] = sections.get(c, "Section Name")
	}
	classes := map[string][]string{}
	for _, c := range e.rows {
		id := e.get(c, "SIS ID", "ID")
		if t := title[e.get(c, "Section SIS ID", "Section ID")]; t != "" {
			classes[id] = addOnce(classes[id], t)
		}
	}
	several := 0
	for i, c := range s.rows {
		if blank(c) {
			continue
		}
		at := row{no: i + 2, cells: c}
		p := Pupil{File: s.file, Row: at.no, ExternalID: s.get(c, "SIS ID", "ID"), Given: personName(s.get(c, "First Name")), Family: personName(s.get(c, "Last Name")), Grade: s.get(c, "Grade")}
		if p.Given == "" && p.Family == "" {
			r.doubtful(at, "", p.ExternalID, errs.T("The row has no name of a pupil."))
			continue
		}
		if deleted(s.get(c, "Status")) {
			r.note(Note, at, "", p.ExternalID, errs.T("The file marks this person as deleted; passed over."))
			continue
		}
		if raw := s.get(c, "Birthdate"); raw != "" {
			day, ok := date(raw, monthFirst)
			if !ok {
				if day, ok = ParseDate(raw); !ok {
					r.note(Maybe, at, "", raw, errs.T("This is no date that exists; the date of birth was left out."))
				}
			}
			p.Born = day
		}
		if mails, _ := mailsIn(s.get(c, "Secondary Email")); len(mails) > 0 {
			p.Email = mails[0]
		}
		if ts := classes[p.ExternalID]; len(ts) > 0 {
			sort.Strings(ts)
			p.Class = ts[0]
			if len(ts) > 1 {
				p.Groups = ts[1:]
				several++
			}
		}
		r.add(p, at)
	}
	if several > 0 {
		r.issues = append(r.issues, Issue{File: s.file, Weight: Maybe,
			Reason: errs.T("{n} pupils are in several classes and none is marked as the homeroom; the first was taken as the class.", "n", several)})
	}
	readOldGuardians(r, b["user"], b["guardianrelationship"])
	school := b["school"]
	for _, c := range school.rows {
		r.r.School = school.get(c, "Name")
		break
	}
	return r.finish()
}

func readOldGuardians(r *builder, users, links rel) {
	byMail := map[string]Guardian{}
	for i, c := range users.rows {
		mails, _ := mailsIn(users.get(c, "Email"))
		phones, _ := phonesIn(users.get(c, "Phone"))
		g := Guardian{Row: i + 2, ExternalID: users.get(c, "SIS ID"), Given: personName(users.get(c, "First Name")), Family: personName(users.get(c, "Last Name"))}
		g.Name = joinWords(g.Given, g.Family)
		g.setMails(mails)
		g.setPhones(phones)
		if g.Email != "" {
			byMail[g.Email] = g
		}
	}
	for i, c := range links.rows {
		mails, _ := mailsIn(links.get(c, "Email"))
		at := r.idOf(links.get(c, "SIS ID", "ID"))
		if len(mails) == 0 || at < 0 {
			continue
		}
		g, ok := byMail[mails[0]]
		if !ok {
			g = Guardian{Row: i + 2}
			g.setMails(mails)
		}
		g.Relation = relationIn(links.get(c, "Role"))
		r.join(at, []Guardian{g}, Address{}, row{no: i + 2, cells: c})
	}
}
