package school

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"brug/internal/db/q"
	"brug/internal/errs"
	"brug/internal/id"
	"brug/internal/roster"
)

// state is what stands in Brug about a school, as the planner needs it.
type state struct {
	version    int64
	day        string // today at the school
	year       string
	classes    []q.Class // newest year first, ended ones too
	pupils     []q.Pupil
	enrolments []q.StateEnrolmentsRow // of today
	households []q.StateHouseholdsRow
	links      []q.StateLinksRow
	guardians  []q.Guardian // ended ones too
	rights     []q.StateRightsRow
}

// incoming is what the school's files say.
type incoming struct {
	pupils []roster.Pupil
	homes  []roster.Household
	doubts []roster.Doubt
	issues []roster.Issue
}

// planner compares and works out what to write. It is a pure function with many locals: no SQL, no clock.
type planner struct {
	state
	in      incoming
	choices Choices

	plan Plan
	work writes

	// indexes of the state
	classByID  map[int64]q.Class
	placeOf    map[int64]q.StateEnrolmentsRow
	pupilByID  map[int64]q.Pupil
	homesOf    map[int64][]int64 // pupil → households
	pupilsIn   map[int64][]int64 // household → pupils
	homeByID   map[int64]q.StateHouseholdsRow
	personByID map[int64]q.Guardian
	peopleOf   map[int64][]int64 // pupil → guardians with rights about the pupil, ended ones too
	rightOf    map[[2]int64]bool // guardian, pupil

	skipped []bool     // by index of in.pupils
	match   []int64    // by index of in.pupils: the pupil's id, 0 new
	person  [][]int64  // by household and member of in.homes: the guardian's id, 0 new
	target  []homeRef  // by index of in.homes
	item    []PlanItem // by index of in.pupils: what will be shown
	isNew   []bool
}

// ref names a row that is there by its id, or one that will be made by its public id.
type ref struct {
	id     int64
	public string
}

type homeRef struct {
	ref
	isNew bool
}

// makePlan compares what files say with what stands.
func makePlan(now state, in incoming, choices Choices) (Plan, writes) {
	p := &planner{state: now, in: in, choices: choices}
	p.index()
	p.doubts()
	p.matchPupils()
	p.matchPeople()
	p.chooseHomes()
	p.pupilsAndClasses()
	p.homesAndPeople()
	p.gone()
	p.finish()
	return p.plan, p.work
}

func (p *planner) index() {
	p.classByID, p.placeOf, p.pupilByID = map[int64]q.Class{}, map[int64]q.StateEnrolmentsRow{}, map[int64]q.Pupil{}
	p.homesOf, p.pupilsIn, p.homeByID = map[int64][]int64{}, map[int64][]int64{}, map[int64]q.StateHouseholdsRow{}
	p.personByID, p.peopleOf, p.rightOf = map[int64]q.Guardian{}, map[int64][]int64{}, map[[2]int64]bool{}
	for _, c := range p.classes {
		p.classByID[c.ID] = c
	}
	for _, e := range p.enrolments {
		p.placeOf[e.PupilID] = e
	}
	for _, x := range p.pupils {
		p.pupilByID[x.ID] = x
	}
	for _, h := range p.households {
		p.homeByID[h.ID] = h
	}
	for _, l := range p.links {
		p.homesOf[l.PupilID] = append(p.homesOf[l.PupilID], l.HouseholdID)
		p.pupilsIn[l.HouseholdID] = append(p.pupilsIn[l.HouseholdID], l.PupilID)
	}
	for _, g := range p.guardians {
		p.personByID[g.ID] = g
	}
	for _, r := range p.rights {
		p.rightOf[[2]int64{r.GuardianID, r.PupilID}] = true
		p.peopleOf[r.PupilID] = append(p.peopleOf[r.PupilID], r.GuardianID)
	}
	n := len(p.in.pupils)
	p.skipped, p.match, p.item, p.isNew = make([]bool, n), make([]int64, n), make([]PlanItem, n), make([]bool, n)
	for i, x := range p.in.pupils {
		p.item[i] = PlanItem{File: x.File, Row: x.Row, Name: x.Name(), Class: x.Class}
	}
	p.plan.Counts.Pupils = n
	p.work.public = map[int]string{}
}

// doubts lists what could not be read and what should be looked at; a person may leave the latter out.
func (p *planner) doubts() {
	for _, d := range p.in.doubts {
		p.plan.Doubtful = append(p.plan.Doubtful, PlanItem{File: d.File, Row: d.Row, Cells: d.Cells, Lines: []errs.Text{d.Reason}})
	}
	type place struct {
		file string
		row  int
	}
	at := map[place][]int{}
	for i, x := range p.in.pupils {
		at[place{x.File, x.Row}] = append(at[place{x.File, x.Row}], i)
		for _, g := range x.Guardians {
			if g.Row != x.Row {
				at[place{x.File, g.Row}] = append(at[place{x.File, g.Row}], i)
			}
		}
	}
	doubtful := map[int]*PlanItem{}
	var order []int
	for _, is := range p.in.issues {
		here := at[place{is.File, is.Row}]
		if is.Weight == roster.Error {
			continue // stands among the doubts
		}
		if is.Weight == roster.Note || len(here) == 0 {
			note := PlanItem{File: is.File, Row: is.Row, Lines: []errs.Text{is.Reason}}
			if len(here) > 0 {
				note.Name = p.in.pupils[here[0]].Name()
			}
			p.plan.Notes = append(p.plan.Notes, note)
			continue
		}
		i := here[0]
		if doubtful[i] == nil {
			x := p.in.pupils[i]
			doubtful[i] = &PlanItem{Key: doubtKey(x), File: is.File, Row: is.Row, Name: x.Name(), Class: x.Class}
			order = append(order, i)
		}
		if !slices.ContainsFunc(doubtful[i].Lines, func(t errs.Text) bool { return t.String() == is.Reason.String() }) {
			doubtful[i].Lines = append(doubtful[i].Lines, is.Reason)
		}
	}
	for _, i := range order {
		p.plan.Doubtful = append(p.plan.Doubtful, *doubtful[i])
		if p.choices.Skip[doubtful[i].Key] {
			p.skipped[i] = true
			p.plan.Counts.Skipped++
		}
	}
	p.plan.Counts.Doubtful = len(p.plan.Doubtful)
}

// doubtKey names a doubtful line in choices. It is short and plain, for it stands in a form.
func doubtKey(x roster.Pupil) string {
	return "row-" + id.Hash(x.File + "\n" + itoa(x.Row) + "\n" + x.Key)[:16]
}

// matchPupils finds who is there already: by the number of the school's own system, else by what the last file was
// recognised by, else by name and date of birth, else by a name that nobody else has.
func (p *planner) matchPupils() {
	taken := map[int64]bool{}
	pass := func(key func(q.Pupil) string, want func(roster.Pupil) string, alone bool) {
		have := map[string][]int64{}
		for _, x := range p.pupils {
			if k := key(x); k != "" && !taken[x.ID] {
				have[k] = append(have[k], x.ID)
			}
		}
		asked := map[string]int{}
		if alone {
			for i, x := range p.in.pupils {
				if p.match[i] == 0 {
					asked[want(x)]++
				}
			}
		}
		for i, x := range p.in.pupils {
			k := want(x)
			if p.match[i] != 0 || k == "" {
				continue
			}
			found := slices.DeleteFunc(slices.Clone(have[k]), func(id int64) bool { return taken[id] })
			if len(found) == 0 || alone && (len(found) > 1 || asked[k] > 1) {
				continue
			}
			if alone && contradict(p.pupilByID[found[0]], x) {
				continue
			}
			p.match[i], taken[found[0]] = found[0], true
		}
	}
	pass(func(x q.Pupil) string { return x.ExternalID }, func(x roster.Pupil) string { return x.ExternalID }, false)
	pass(func(x q.Pupil) string { return x.RosterKey }, func(x roster.Pupil) string { return x.Key }, false)
	born := func(name, born string) string {
		if born == "" || name == "" {
			return ""
		}
		return name + "|" + born
	}
	pass(func(x q.Pupil) string { return born(x.NameFold, x.Born) }, func(x roster.Pupil) string { return born(FoldName(x.Given, x.Family), x.Born) }, false)
	pass(func(x q.Pupil) string { return x.NameFold }, func(x roster.Pupil) string { return FoldName(x.Given, x.Family) }, true)
}

// contradict tells whether two of the same name are surely two.
func contradict(have q.Pupil, x roster.Pupil) bool {
	return have.Born != "" && x.Born != "" && have.Born != x.Born ||
		have.ExternalID != "" && x.ExternalID != "" && have.ExternalID != x.ExternalID
}

// matchPeople finds the guardians who are there already. First among those of the same pupils, by number, name, address of
// mail, phone; then in the whole school, by number, or by name together with mail or phone (a new brother of a pupil who
// is not on this list).
func (p *planner) matchPeople() {
	type who struct{ home, member int }
	byNumber, byNameAnd := map[string]int64{}, map[string]int64{}
	for _, g := range p.guardians {
		if g.EndedAt != 0 {
			continue
		}
		if g.ExternalID != "" && byNumber[g.ExternalID] == 0 {
			byNumber[g.ExternalID] = g.ID
		}
		for _, sure := range []string{g.Email, g.Phone} {
			if sure != "" && g.NameFold != "" && byNameAnd[g.NameFold+"|"+sure] == 0 {
				byNameAnd[g.NameFold+"|"+sure] = g.ID
			}
		}
	}
	p.person = make([][]int64, len(p.in.homes))
	taken := map[int64]bool{}
	near := map[who][]int64{}
	var all []who
	for h, home := range p.in.homes {
		p.person[h] = make([]int64, len(home.Members))
		for m, member := range home.Members {
			w := who{h, m}
			all = append(all, w)
			for _, x := range member.Mentions {
				if pupil := p.match[x.Pupil]; pupil != 0 {
					for _, g := range p.peopleOf[pupil] {
						if !slices.Contains(near[w], g) {
							near[w] = append(near[w], g)
						}
					}
				}
			}
			slices.Sort(near[w])
		}
	}
	pass := func(same func(q.Guardian, roster.Guardian) bool) {
		for _, w := range all {
			if p.person[w.home][w.member] != 0 {
				continue
			}
			for _, g := range near[w] {
				if !taken[g] && same(p.personByID[g], p.in.homes[w.home].Members[w.member].Guardian) {
					p.person[w.home][w.member], taken[g] = g, true
					break
				}
			}
		}
	}
	pass(func(g q.Guardian, m roster.Guardian) bool { return g.ExternalID != "" && g.ExternalID == m.ExternalID })
	pass(func(g q.Guardian, m roster.Guardian) bool { return g.RosterKey != "" && g.RosterKey == personKey(m) })
	pass(func(g q.Guardian, m roster.Guardian) bool { return g.NameFold != "" && g.NameFold == Fold(m.Name) })
	pass(func(g q.Guardian, m roster.Guardian) bool { return g.Email != "" && g.Email == m.Email })
	pass(func(g q.Guardian, m roster.Guardian) bool { return g.Phone != "" && slices.Contains(m.Phones, g.Phone) })
	for _, w := range all {
		if p.person[w.home][w.member] != 0 {
			continue
		}
		m := p.in.homes[w.home].Members[w.member].Guardian
		sure := []int64{}
		if m.ExternalID != "" {
			sure = append(sure, byNumber[m.ExternalID])
		}
		if m.Name != "" && m.Email != "" {
			sure = append(sure, byNameAnd[Fold(m.Name)+"|"+m.Email])
		}
		for _, n := range m.Phones {
			if m.Name != "" {
				sure = append(sure, byNameAnd[Fold(m.Name)+"|"+n])
			}
		}
		for _, g := range sure {
			if g != 0 && !taken[g] {
				p.person[w.home][w.member], taken[g] = g, true
				break
			}
		}
	}
}

// personKey recognises a guardian among those of a pupil at the next import.
func personKey(m roster.Guardian) string {
	switch {
	case m.ExternalID != "":
		return "id " + m.ExternalID
	case m.Name != "":
		return "name " + Fold(m.Name)
	case m.Email != "":
		return "mail " + m.Email
	case len(m.Phones) > 0:
		return "phone " + m.Phones[0]
	}
	return ""
}

// chooseHomes says which home of ours each home of the file is: that of its people, else that of its pupils, else a new one.
func (p *planner) chooseHomes() {
	p.target = make([]homeRef, len(p.in.homes))
	claimed := map[int64][]int{} // home of ours → homes of the file
	claim := func(h int, id int64) {
		p.target[h] = homeRef{ref: ref{id: id}}
		claimed[id] = append(claimed[id], h)
	}
	var open []int
	for h := range p.in.homes {
		votes := map[int64]int{}
		for _, g := range p.person[h] {
			if g != 0 {
				if home := p.personByID[g].HouseholdID; p.homeByID[home].ID != 0 {
					votes[home]++
				}
			}
		}
		if best := most(votes); best != 0 {
			claim(h, best)
		} else {
			open = append(open, h)
		}
	}
	for _, h := range open {
		votes := map[int64]int{}
		for _, i := range p.in.homes[h].Pupils {
			for _, home := range p.homesOf[p.match[i]] {
				if p.homeFits(h, home, claimed) {
					votes[home]++
				}
			}
		}
		if best := most(votes); best != 0 {
			claim(h, best)
		} else {
			p.target[h] = homeRef{ref: ref{public: id.New()}, isNew: true}
		}
	}
	for home, hs := range claimed {
		if len(hs) > 1 {
			p.partHomes(home, hs)
		}
	}
}

// homeFits tells whether a home without known people may be this one of ours: it has the same address, or nobody else
// claims it and it is nobody's.
func (p *planner) homeFits(h int, home int64, claimed map[int64][]int) bool {
	ours := p.homeByID[home]
	if ours.ID == 0 {
		return false
	}
	says := p.in.homes[h].Address.String()
	if says != "" && (says == ours.Address || says == parseSaid(ours.Imported)["address"]) {
		return true
	}
	if len(claimed[home]) > 0 {
		return len(p.in.homes[h].Members) == 0 // only the pupils: they live there already
	}
	return !slices.ContainsFunc(p.guardians, func(g q.Guardian) bool {
		return g.HouseholdID == home && g.EndedAt == 0 && g.RosterKey != ""
	}) || len(p.in.homes[h].Members) == 0
}

// partHomes: several homes of the file are one of ours. Where a person joined them by hand, the file said two addresses
// before, and they stay joined. Where the file gives somebody another address since the last import, that is a new home.
func (p *planner) partHomes(home int64, hs []int) {
	for _, h := range hs[1:] {
		says := p.in.homes[h].Address.String()
		moved := says != "" && says != p.in.homes[hs[0]].Address.String()
		for _, g := range p.person[h] {
			if g == 0 {
				continue
			}
			last, known := parseSaid(p.personByID[g].Imported)["home"]
			moved = moved && known && last != says
		}
		if moved {
			p.target[h] = homeRef{ref: ref{public: id.New()}, isNew: true}
		}
	}
}

func most(votes map[int64]int) int64 {
	best := int64(0)
	for home, n := range votes {
		if best == 0 || n > votes[best] || n == votes[best] && home < best {
			best = home
		}
	}
	return best
}

func parseSaid(doc string) said {
	s := said{}
	if doc == "" {
		return s
	}
	if err := json.Unmarshal([]byte(doc), &s); err != nil {
		return said{} // not ours: as if no file had told anything
	}
	return s
}

func (s said) String() string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err) // a map of texts; its keys come sorted
	}
	return string(b)
}

// class finds the class of a name for this year, or notes that it has to be made.
func (p *planner) class(name, grade string) ref {
	fold := Fold(name)
	for _, c := range p.classes {
		if c.EndedAt == 0 && c.NameFold == fold && c.Year == p.year {
			return ref{id: c.ID}
		}
	}
	for _, c := range p.classes {
		if c.EndedAt == 0 && c.NameFold == fold && c.Year > p.year {
			return ref{id: c.ID}
		}
	}
	for _, c := range p.work.classes {
		if c.NameFold == fold {
			return ref{public: classRef(c.Year, c.NameFold)}
		}
	}
	a := GuessAudience(name, grade, p.choices.Secondary)
	p.work.classes = append(p.work.classes, classRow{PublicID: id.New(), Year: p.year, Name: clean(name), NameFold: fold, Audience: string(a)})
	p.plan.NewClasses = append(p.plan.NewClasses, NewClass{Name: clean(name), Year: p.year, Audience: a})
	return ref{public: classRef(p.year, fold)}
}

func classRef(year, fold string) string { return "class " + year + " " + fold }

func (p *planner) pupilsAndClasses() {
	for i, x := range p.in.pupils {
		if p.skipped[i] {
			continue
		}
		have := p.pupilByID[p.match[i]]
		if have.ID == 0 && x.Left != "" && x.Left <= p.day {
			p.skipped[i] = true // came and went before we knew
			p.item[i].Lines = append(p.item[i].Lines, errs.T("The list says that this pupil left on {day}.", "day", x.Left))
			p.plan.Notes = append(p.plan.Notes, p.item[i])
			continue
		}
		if have.ID == 0 {
			p.newPupil(i, x)
		} else {
			p.knownPupil(i, x, have)
		}
	}
}

func (p *planner) newPupil(i int, x roster.Pupil) {
	s := said{}
	s.take("given", "", x.Given)
	s.take("family", "", x.Family)
	s.take("born", "", x.Born)
	s.take("class", "", Fold(x.Class))
	row := pupilRow{PublicID: id.New(), ExternalID: x.ExternalID, RosterKey: x.Key, Given: x.Given, Family: x.Family,
		NameFold: FoldName(x.Given, x.Family), Born: x.Born, Imported: s.String()}
	p.isNew[i] = true
	p.work.pupils = append(p.work.pupils, at[pupilRow]{i, row})
	p.work.public[i] = row.PublicID
	if Fold(x.Class) != "" {
		p.work.enrol = append(p.work.enrol, at[pair]{i, pair{ref{public: row.PublicID}, p.class(x.Class, x.Grade)}})
	} else {
		p.item[i].Lines = append(p.item[i].Lines, errs.T("The list tells no class."))
	}
}

func (p *planner) knownPupil(i int, x roster.Pupil, have q.Pupil) {
	s := parseSaid(have.Imported)
	place, placed := p.placeOf[have.ID]
	class := p.classByID[place.ClassID]
	if x.Left != "" && x.Left <= p.day {
		if have.LeftAt == 0 {
			p.item[i].Lines = append(p.item[i].Lines, errs.T("The list says that this pupil left on {day}.", "day", x.Left))
			p.work.leave = append(p.work.leave, at[int64]{i, have.ID})
		}
		return
	}
	row := pupilRow{ID: have.ID, ExternalID: cmp.Or(x.ExternalID, have.ExternalID), RosterKey: x.Key, LeftAt: have.LeftAt}
	row.Given = s.take("given", have.Given, x.Given)
	row.Family = s.take("family", have.Family, x.Family)
	row.Born = s.take("born", have.Born, x.Born)
	row.NameFold = FoldName(row.Given, row.Family)
	p.changed(i, "", errs.T("Given name"), have.Given, row.Given)
	p.changed(i, "", errs.T("Family name"), have.Family, row.Family)
	p.changed(i, "", errs.T("Date of birth"), have.Born, row.Born)
	if have.LeftAt != 0 {
		row.LeftAt = 0
		p.item[i].Lines = append(p.item[i].Lines, errs.T("Comes back to the school."))
	}
	if fold := Fold(x.Class); fold != "" {
		now := ""
		if placed && have.LeftAt == 0 && class.EndedAt == 0 && class.Year >= p.year {
			now = class.NameFold // what is of an earlier year cannot have been chosen by hand for this one
		}
		want := fold
		if now != "" {
			want = s.take("class", now, fold)
		} else {
			s["class"] = fold
		}
		if want != now {
			p.work.enrol = append(p.work.enrol, at[pair]{i, pair{ref{id: have.ID}, p.class(x.Class, x.Grade)}})
			if placed {
				p.work.unenrol = append(p.work.unenrol, at[int64]{i, have.ID})
			}
			old := class.Name
			if class.Year != "" && class.Year != p.year {
				old += " (" + class.Year + ")"
			}
			if !placed {
				old = ""
			}
			p.changed(i, "", errs.T("Class"), old, clean(x.Class))
		}
	}
	row.Imported = s.String()
	same := row.ExternalID == have.ExternalID && row.RosterKey == have.RosterKey && row.Given == have.Given && row.Family == have.Family &&
		row.Born == have.Born && row.NameFold == have.NameFold && row.LeftAt == have.LeftAt && row.Imported == parseSaid(have.Imported).String()
	if !same {
		p.work.setPupils = append(p.work.setPupils, at[pupilRow]{i, row})
	}
}

func (p *planner) changed(i int, who string, field errs.Text, old, now string) {
	if old != now {
		p.item[i].Changes = append(p.item[i].Changes, Change{Who: who, Field: field, Old: old, New: now})
	}
}

// homesAndPeople writes homes, who lives in them, and the rights of those the file names.
func (p *planner) homesAndPeople() {
	shared := map[int64]int{}
	for _, t := range p.target {
		shared[t.id]++
	}
	position := map[int64]int64{}
	for _, g := range p.guardians {
		position[g.HouseholdID] = max(position[g.HouseholdID], g.Position+1)
	}
	for h, home := range p.in.homes {
		var pupils []int
		for _, i := range home.Pupils {
			if !p.skipped[i] && !p.leaving(i) {
				pupils = append(pupils, i)
			}
		}
		if len(pupils) == 0 {
			continue
		}
		t := p.target[h]
		first := pupils[0]
		says := home.Address.String()
		if t.isNew {
			s := said{}
			s.take("address", "", says)
			p.work.homes = append(p.work.homes, at[homeRow]{first, homeRow{PublicID: t.public, Address: says, Imported: s.String()}})
			if !p.isNew[first] {
				p.item[first].Lines = append(p.item[first].Lines, errs.T("A further home is added."))
			}
		} else if ours := p.homeByID[t.id]; shared[t.id] == 1 {
			s := parseSaid(ours.Imported)
			address := s.take("address", ours.Address, says)
			p.changed(first, "", errs.T("Address"), ours.Address, address)
			if address != ours.Address || s.String() != parseSaid(ours.Imported).String() {
				p.work.setHomes = append(p.work.setHomes, at[homeRow]{first, homeRow{ID: t.id, Address: address, Imported: s.String()}})
			}
		}
		known := map[int]bool{} // pupils for whom somebody of this home becomes a guardian now
		for m, member := range home.Members {
			var about []int
			for _, x := range member.Mentions {
				if !p.skipped[x.Pupil] && !p.leaving(x.Pupil) && !slices.Contains(about, x.Pupil) {
					about = append(about, x.Pupil)
				}
			}
			if len(about) == 0 {
				continue
			}
			g := p.personByID[p.person[h][m]]
			var who ref
			if g.ID == 0 {
				pos := int64(m)
				if !t.isNew {
					pos = position[t.id]
					position[t.id]++
				}
				row := newPerson(member.Guardian, p.langsOf(member, about), t.ref, pos, says)
				p.work.people = append(p.work.people, at[personRow]{about[0], row})
				who = ref{public: row.PublicID}
				if !p.isNew[about[0]] {
					p.item[about[0]].Lines = append(p.item[about[0]].Lines, errs.T("A further guardian: {name}", "name", nameOr(row.Name, row.Email, row.Phone)))
				}
			} else {
				who = ref{id: g.ID}
				p.knownPerson(about[0], g, member.Guardian, p.langsOf(member, about), t, says)
			}
			for _, i := range about {
				pupil := p.ref(i)
				if g.ID != 0 && pupil.id != 0 && p.rightOf[[2]int64{g.ID, pupil.id}] {
					continue
				}
				if g.EndedAt == 0 {
					known[i] = true
					p.work.rights = append(p.work.rights, at[pair]{i, pair{who, pupil}})
					if g.ID != 0 && pupil.id != 0 {
						p.item[i].Lines = append(p.item[i].Lines, errs.T("A further guardian: {name}", "name", nameOr(g.Name, g.Email, g.Phone)))
					}
				}
			}
		}
		for _, i := range pupils {
			pupil := p.ref(i)
			there := pupil.id != 0 && !t.isNew && slices.Contains(p.homesOf[pupil.id], t.id)
			if !there && (pupil.id == 0 || t.isNew || known[i] || len(p.homesOf[pupil.id]) == 0) {
				p.work.links = append(p.work.links, at[pair]{i, pair{t.ref, pupil}})
			}
		}
	}
}

// leaving tells whether the file itself says that a known pupil left.
func (p *planner) leaving(i int) bool {
	left := p.in.pupils[i].Left
	return left != "" && left <= p.day
}

func (p *planner) ref(i int) ref {
	if p.match[i] != 0 {
		return ref{id: p.match[i]}
	}
	return ref{public: p.work.public[i]}
}

// langsOf are the languages of a member: the own ones, else those spoken at the pupils' home.
func (p *planner) langsOf(m roster.Member, about []int) []string {
	if len(m.Langs) > 0 {
		return m.Langs
	}
	for _, i := range about {
		if l := p.in.pupils[i].Langs; len(l) > 0 {
			return l
		}
	}
	return nil
}

func nameOr(names ...string) string { return cmp.Or(names...) }

func firstOf(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

func newPerson(m roster.Guardian, langs []string, home ref, position int64, address string) personRow {
	s := said{}
	row := personRow{PublicID: id.New(), home: home, ExternalID: m.ExternalID, RosterKey: personKey(m), Position: position,
		Name: s.take("name", "", m.Name), Relation: s.take("relation", "", string(m.Relation)), Email: s.take("email", "", m.Email),
		Phone: s.take("phone", "", firstOf(m.Phones)), Lang: s.take("lang", "", firstOf(langs)), Langs: s.take("langs", "", join(langs))}
	s.take("home", "", address)
	row.NameFold, row.Imported = Fold(row.Name), s.String()
	// The quick roads that cost nothing first. Where the school has not set one up, or it turns out to lead nowhere, the next one is
	// taken, and paper works for everybody. A person who knows better puts them in another order.
	var roads []Road
	if row.Email != "" {
		roads = append(roads, Mail)
	}
	if row.Phone != "" && roster.IsMobile(row.Phone) {
		roads = append(roads, SMS)
	}
	roads = append(roads, Paper)
	if row.Phone != "" {
		roads = append(roads, Call)
	}
	row.Roads = roadsIn(roads)
	return row
}

func (p *planner) knownPerson(i int, g q.Guardian, m roster.Guardian, langs []string, t homeRef, address string) {
	if g.EndedAt != 0 {
		return // ended by hand, and stays so
	}
	s := parseSaid(g.Imported)
	row := personRow{ID: g.ID, home: ref{id: g.HouseholdID}, ExternalID: cmp.Or(m.ExternalID, g.ExternalID), RosterKey: cmp.Or(personKey(m), g.RosterKey),
		Name: s.take("name", g.Name, m.Name), Relation: s.take("relation", g.Relation, string(m.Relation)), Email: s.take("email", g.Email, m.Email),
		Phone: s.take("phone", g.Phone, samePhone(g.Phone, m.Phones)), Lang: s.take("lang", g.Lang, firstOf(langs)), Langs: s.take("langs", g.Langs, join(langs))}
	s.take("home", "", address)
	row.NameFold, row.Imported = Fold(row.Name), s.String()
	who := nameOr(g.Name, g.Email, g.Phone)
	p.changed(i, who, errs.T("Name"), g.Name, row.Name)
	p.changed(i, who, errs.T("Relation"), g.Relation, row.Relation)
	p.changed(i, who, errs.T("E-mail address"), g.Email, row.Email)
	p.changed(i, who, errs.T("Phone"), g.Phone, row.Phone)
	p.changed(i, who, errs.T("Preferred language"), g.Lang, row.Lang)
	p.changed(i, who, errs.T("Languages"), g.Langs, row.Langs)
	if t.isNew {
		row.home = t.ref
		p.item[i].Lines = append(p.item[i].Lines, errs.T("{name} has another address than the other guardian: a home of their own.", "name", who))
	}
	same := !t.isNew && row.ExternalID == g.ExternalID && row.RosterKey == g.RosterKey && row.Name == g.Name && row.Relation == g.Relation &&
		row.Email == g.Email && row.Phone == g.Phone && row.Lang == g.Lang && row.Langs == g.Langs && row.NameFold == g.NameFold &&
		row.Imported == parseSaid(g.Imported).String()
	if !same {
		p.work.setPeople = append(p.work.setPeople, at[personRow]{i, row})
	}
}

// samePhone is what the file says of the phone: the number that stands, if it is one of those in the file.
func samePhone(now string, says []string) string {
	if now != "" && slices.Contains(says, now) {
		return now
	}
	return firstOf(says)
}

// gone proposes to mark as left who came from a list and is on none any more, and to end guardians whom the list named and
// names no longer. Nothing happens to them unless a person says so.
func (p *planner) gone() {
	inFile, classesInFile := map[int64]bool{}, map[string]bool{}
	hasGuardians := map[int64]bool{}
	for i, x := range p.in.pupils {
		if p.match[i] != 0 {
			inFile[p.match[i]] = true
			hasGuardians[p.match[i]] = len(x.Guardians) > 0 && !p.skipped[i] && !p.leaving(i)
		}
		classesInFile[Fold(x.Class)] = true
	}
	p.plan.Full = p.full(classesInFile)
	for _, x := range p.pupils {
		if inFile[x.ID] || x.LeftAt != 0 || x.RosterKey == "" && x.ExternalID == "" {
			continue
		}
		place, placed := p.placeOf[x.ID]
		class := p.classByID[place.ClassID]
		if !p.plan.Full && !(placed && classesInFile[class.NameFold]) {
			continue
		}
		key := "pupil-" + x.PublicID
		p.plan.Gone = append(p.plan.Gone, PlanItem{Key: key, Name: strings.TrimSpace(x.Given + " " + x.Family), Class: class.Name,
			Lines: []errs.Text{errs.T("Is not on the list any more.")}})
		if p.choices.goneOf(key) == GoneLeft {
			p.plan.Counts.Left++
			p.work.goneLeave = append(p.work.goneLeave, x.ID)
		}
	}
	named := map[int64]bool{}
	for h := range p.person {
		for _, g := range p.person[h] {
			named[g] = true
		}
	}
	about := map[int64][]int64{}
	for _, r := range p.rights {
		about[r.GuardianID] = append(about[r.GuardianID], r.PupilID)
	}
	for _, g := range p.guardians {
		if named[g.ID] || g.EndedAt != 0 || g.RosterKey == "" || len(about[g.ID]) == 0 {
			continue
		}
		if slices.ContainsFunc(about[g.ID], func(pupil int64) bool { return !hasGuardians[pupil] }) {
			continue // the list does not speak of all pupils of this guardian, or names no guardians at all
		}
		key := "guardian-" + g.PublicID
		pupil := p.pupilByID[about[g.ID][0]]
		p.plan.Gone = append(p.plan.Gone, PlanItem{Key: key, Person: true, Name: nameOr(g.Name, g.Email, g.Phone), Class: p.classByID[p.placeOf[pupil.ID].ClassID].Name,
			Lines: []errs.Text{errs.T("Guardian of {name}: is not on the list any more.", "name", strings.TrimSpace(pupil.Given+" "+pupil.Family))}})
		if p.choices.goneOf(key) == GoneLeft {
			p.plan.Counts.Left++
			p.work.endPeople = append(p.work.endPeople, g.ID)
		}
	}
	p.plan.Counts.Gone = len(p.plan.Gone)
}

// full tells whether the list is of the whole school: by choice, else when it has a pupil in each class of today that came
// from a list.
func (p *planner) full(classesInFile map[string]bool) bool {
	switch p.choices.Scope {
	case "full":
		return true
	case "part":
		return false
	}
	all, missing := map[string]bool{}, map[string]bool{}
	for _, x := range p.pupils {
		if place, placed := p.placeOf[x.ID]; placed && x.LeftAt == 0 && (x.RosterKey != "" || x.ExternalID != "") {
			fold := p.classByID[place.ClassID].NameFold
			all[fold] = true
			if !classesInFile[fold] {
				missing[fold] = true
			}
		}
	}
	return len(all) > 1 && len(missing) == 0 || len(all) == 0
}

// finish sorts what was found into new, changed and same.
func (p *planner) finish() {
	for i := range p.in.pupils {
		switch {
		case p.skipped[i]:
		case p.isNew[i]:
			p.item[i].Lines = append(p.guardianLines(i), p.item[i].Lines...)
			p.plan.New = append(p.plan.New, p.item[i])
		case len(p.item[i].Changes) > 0 || len(p.item[i].Lines) > 0:
			p.plan.Changed = append(p.plan.Changed, p.item[i])
		default:
			p.plan.Counts.Same++
		}
	}
	for k := range p.plan.Changed {
		for n, c := range p.plan.Changed[k].Changes {
			if c.Field.ID == "Preferred language" || c.Field.ID == "Languages" {
				p.plan.Changed[k].Changes[n].Lang = true
			}
		}
	}
	p.plan.Counts.New, p.plan.Counts.Changed = len(p.plan.New), len(p.plan.Changed)
	p.plan.Counts.Classes = len(p.work.classes)
	p.work.family = families(len(p.in.pupils), p.in.homes, p.target)
}

func (p *planner) guardianLines(i int) []errs.Text {
	var out []errs.Text
	for _, g := range p.in.pupils[i].Guardians {
		out = append(out, errs.T("Guardian: {name}", "name", nameOr(append([]string{g.Name, g.Email}, g.Phones...)...)))
	}
	return out
}
