package roster

import (
	"sort"
	"strings"

	"brug/internal/errs"
)

// Bounds that no honest list comes near; a crooked one must not cost more than they say.
const (
	maxIssues     = 20_000
	mostGuardians = 12 // of one pupil
	mostNamesakes = 20 // that are compared
)

// builder collects pupils from rows and records, whatever the kind of file.
type builder struct {
	r      Roster
	issues []Issue
	file   string
	class  string // of rows without a class of their own
	last   int    // the pupil of the row before, -1 for none
	names  bool   // the table at hand has names of guardians

	unsaid  int // issues beyond maxIssues
	unnamed int // guardians without a name, in tables that have no names of guardians
	byKey   map[string]int
	byID    map[string]int
	byName  map[string][]int
}

func newBuilder() *builder {
	return &builder{byKey: map[string]int{}, byID: map[string]int{}, byName: map[string][]int{}, last: -1}
}

func (b *builder) note(w Weight, r row, f Field, value string, why errs.Text) {
	if len(b.issues) >= maxIssues {
		b.unsaid++
		return
	}
	b.issues = append(b.issues, Issue{File: b.file, Row: r.no, Column: r.title(f), Weight: w, Value: value, Reason: why})
}

func (b *builder) doubtful(r row, f Field, value string, why errs.Text) {
	b.note(Error, r, f, value, why)
	cells := make([]string, len(r.cells))
	for i, c := range r.cells {
		cells[i] = clean(c)
	}
	b.r.Doubtful = append(b.r.Doubtful, Doubt{File: b.file, Row: r.no, Cells: cells, Reason: why})
}

// pupilRow reads a row with a pupil, and perhaps guardians, in it.
func (b *builder) pupilRow(r row, relations [Guardians + 1]Relation) {
	given, family := b.name(r, PupilGiven, PupilPrefix, PupilFamily, PupilName, PupilFamilyName)
	guardians := b.guardians(r, relations)
	if given == "" && family == "" {
		switch {
		case b.last >= 0 && len(guardians) > 0 && r.get(PupilID) == "":
			if r.t.Layout != RowPerGuardian {
				b.note(Maybe, r, "", "", errs.T("The row has no pupil; its guardian was put with the pupil above."))
			}
			b.join(b.last, guardians, b.address(r, homeAddress), r)
		case r.get(PupilID) != "" && len(guardians) > 0 && b.idOf(r.get(PupilID)) >= 0:
			b.join(b.idOf(r.get(PupilID)), guardians, b.address(r, homeAddress), r)
		default:
			b.doubtful(r, "", "", errs.T("The row has no name of a pupil."))
		}
		return
	}
	if digits := onlyDigits(given + family); len(digits) > 0 && b.filled(r) <= 2 || strings.Contains(given+family, "@") {
		b.doubtful(r, "", joinWords(given, family), errs.T("This does not look like the name of a pupil."))
		return
	}
	p := Pupil{File: b.file, Row: r.no, ExternalID: r.get(PupilID), Given: given, Family: family, Class: r.get(PupilClass), Grade: r.get(PupilGrade),
		Address: b.address(r, homeAddress), Guardians: guardians}
	if p.Class == "" {
		p.Class = b.class
	}
	if raw := r.get(PupilBorn); raw != "" {
		born, ok := date(raw, r.order)
		if !ok {
			b.note(Maybe, r, PupilBorn, raw, errs.T("This is no date that exists; the date of birth was left out."))
		}
		p.Born = born
	}
	p.Langs = b.langs(r, PupilLangs)
	if mails := b.mails(r, PupilEmail); len(mails) > 0 {
		p.Email = mails[0]
	}
	p.Phones = b.phones(r, PupilPhone)
	b.homeContacts(r, &p)
	b.add(p, r)
}

func (b *builder) filled(r row) int {
	n := 0
	for _, c := range r.cells {
		if !empty(clean(c)) {
			n++
		}
	}
	return n
}

func (b *builder) idOf(id string) int {
	if i, ok := b.byID[foldID(id)]; ok && id != "" {
		return i
	}
	return -1
}

// foldID makes "00123", "123" and "123.0" different only where the school's own numbers are: letters fold, zeros stay.
func foldID(id string) string { return strings.ToLower(strings.TrimSuffix(oneLine(id), ".0")) }

// guardianRow reads a row of a list of guardians that names its pupil by number or by name.
func (b *builder) guardianRow(r row, relations [Guardians + 1]Relation) {
	guardians := b.guardians(r, relations)
	if len(guardians) == 0 {
		b.doubtful(r, "", "", errs.T("The row has no guardian with a name, a phone number or a mail address."))
		return
	}
	var at []int
	for _, id := range strings.FieldsFunc(r.get(PupilID), func(c rune) bool { return c == ',' || c == ';' || c == '/' || c == '|' }) {
		if i := b.idOf(id); i >= 0 {
			at = append(at, i)
		} else {
			b.note(Maybe, r, PupilID, id, errs.T("No pupil in these files has this number."))
		}
	}
	if r.get(PupilID) == "" {
		given, family := b.name(r, PupilGiven, PupilPrefix, PupilFamily, PupilName, PupilFamilyName)
		at = b.byName[fold(given+" "+family)]
		if len(at) > 1 {
			b.doubtful(r, "", joinWords(given, family), errs.T("Several pupils have this name, and no number tells which one is meant."))
			return
		}
	}
	if len(at) == 0 {
		b.doubtful(r, "", "", errs.T("The guardian belongs to no pupil in these files."))
		return
	}
	for _, i := range at {
		b.join(i, guardians, b.address(r, homeAddress), r)
	}
}

// name puts a person's name together from the columns that there are.
func (b *builder) name(r row, given, prefix, family, full, fullFamily Field) (g, f string) {
	g, f = personName(r.get(given)), personName(r.get(family))
	if p := r.get(prefix); p != "" && f != "" && !strings.HasPrefix(fold(f)+" ", fold(p)+" ") {
		f = joinWords(lowerCaps(oneLine(p)), f)
	}
	if f != "" { // "Berg, van den"
		if base, pre, ok := strings.Cut(f, ", "); ok && particles[fold(strings.Fields(pre + " x")[0])] {
			f = joinWords(pre, base)
		}
	}
	if g != "" && f != "" {
		return g, f
	}
	text, familyFirst, field := r.get(full), false, full
	if text == "" {
		text, familyFirst, field = r.get(fullFamily), true, fullFamily
	}
	if text == "" {
		return g, f
	}
	g2, f2, sure := splitName(text, familyFirst)
	if !sure && g == "" && f == "" {
		b.note(Note, r, field, text, errs.T("Read as given name {given}, family name {family}.", "given", g2, "family", f2))
	}
	if g != "" || f != "" { // one half has a column of its own: the rest of the full name is the other half
		have := g + f
		if rest := without(text, have); rest != "" && rest != text {
			if g == "" {
				return recase(rest), f
			}
			return g, recase(rest)
		}
		return g, f
	}
	return g2, f2
}

func lowerCaps(s string) string {
	if strings.ToUpper(s) == s {
		return strings.ToLower(s)
	}
	return s
}

// without takes the words of part out of full.
func without(full, part string) string {
	var keep []string
	drop := set(strings.Fields(fold(part))...)
	for _, w := range strings.Fields(full) {
		if !drop[fold(w)] {
			keep = append(keep, strings.Trim(w, ","))
		}
	}
	return strings.Join(keep, " ")
}

// addressFields are the columns of one address.
type addressFields struct{ street, number, box, postcode, town, country, full Field }

var homeAddress = addressFields{HomeStreet, HomeNumber, HomeBox, HomePostcode, HomeTown, HomeCountry, HomeAddress}

func guardianAddress(n int) addressFields {
	return addressFields{Street.Of(n), Number.Of(n), Box.Of(n), Postcode.Of(n), Town.Of(n), Country.Of(n), FullAddress.Of(n)}
}

func (b *builder) address(r row, f addressFields) Address {
	if sameWords[fold(r.get(f.full))] || sameWords[fold(r.get(f.street))] {
		return Address{}
	}
	a := Address{Street: r.get(f.street), Number: r.get(f.number), Box: r.get(f.box), Postcode: r.get(f.postcode), Town: r.get(f.town), Country: r.get(f.country)}.tidy()
	if whole := r.raw(f.full); whole != "" {
		w := ParseAddress(whole)
		for _, p := range []struct {
			to   *string
			from string
		}{{&a.Street, w.Street}, {&a.Number, w.Number}, {&a.Box, w.Box}, {&a.Postcode, w.Postcode}, {&a.Town, w.Town}, {&a.Country, w.Country}} {
			if *p.to == "" {
				*p.to = p.from
			}
		}
	}
	return a
}

var sameWords = set("idem", "id", "zelfde", "zelfde adres", "hetzelfde", "meme", "meme adresse", "same", "same address", "idem leerling", "ditto", "zie leerling", "zie moeder", "zie vader", "idem moeder", "idem vader")

func (b *builder) langs(r row, f Field) []string {
	raw := r.raw(f)
	tags, unsure, bad := langsIn(raw)
	for _, w := range unsure {
		tag, _, _ := ParseLang(w)
		b.note(Maybe, r, f, w, errs.T("“{word}” can be more than one language; {tag} was taken. Ask the family.", "word", w, "tag", tag))
	}
	for _, w := range bad {
		b.note(Maybe, r, f, w, errs.T("The language “{word}” is not known here. Choose it by hand.", "word", w))
	}
	return tags
}

func (b *builder) mails(r row, f Field) []string {
	good, bad := mailsIn(r.raw(f))
	for _, w := range bad {
		if !sameWords[fold(w)] {
			b.note(Maybe, r, f, w, errs.T("No mail can go to this address; it was left out."))
		}
	}
	for _, g := range good {
		if right := meant(g); right != "" {
			b.note(Maybe, r, f, g, errs.T("Was {address} meant?", "address", right))
		}
	}
	return good
}

func (b *builder) phones(r row, f Field) []string {
	raw := r.raw(f)
	if lostDigits(raw) {
		b.note(Maybe, r, f, raw, errs.T("A spreadsheet has cut the last figures of this number; it was left out."))
		return nil
	}
	good, bad := phonesIn(raw)
	for _, w := range bad {
		if !sameWords[fold(w)] {
			b.note(Maybe, r, f, w, errs.T("This is no phone number that can be called; it was left out."))
		}
	}
	return good
}

// guardians reads the guardians in the columns of a row.
func (b *builder) guardians(r row, relations [Guardians + 1]Relation) []Guardian {
	var out []Guardian
	for n := 1; n <= Guardians; n++ {
		out = append(out, b.guardian(r, n, relations[n], out)...)
	}
	return out
}

func (b *builder) guardian(r row, n int, titled Relation, before []Guardian) []Guardian {
	g := Guardian{Row: r.no, ExternalID: r.get(ID.Of(n))}
	people := []string{}
	if full := r.get(Name.Of(n)); full != "" && r.get(Given.Of(n)) == "" {
		people = couple(full)
	} else if full := r.get(FamilyName.Of(n)); full != "" && r.get(Given.Of(n)) == "" && !strings.Contains(full, ",") {
		people = couple(full)
	}
	if len(people) == 2 {
		g.Family = people[1] // parted in pair
	} else {
		g.Given, g.Family = b.name(r, Given.Of(n), Prefix.Of(n), Family.Of(n), Name.Of(n), FamilyName.Of(n))
	}
	mails := b.mails(r, Email.Of(n))
	phones := append(b.phones(r, Mobile.Of(n)), b.phones(r, Phone.Of(n))...)
	g.Langs = b.langs(r, Langs.Of(n))
	g.Address = b.address(r, guardianAddress(n))
	g.Relation = titled
	if cell := r.get(Related.Of(n)); cell != "" {
		if g.Relation = relationIn(cell); g.Relation == "" {
			g.Relation = RelationOther
			b.note(Note, r, Related.Of(n), cell, errs.T("The relation “{word}” is not known; it was taken as another person.", "word", cell))
		}
	}
	if len(before) > 0 { // "idem": the same number or address of mail as the guardian before
		prev := before[len(before)-1]
		if sameWords[fold(r.get(Email.Of(n)))] && prev.Email != "" {
			mails = []string{prev.Email}
		}
		if sameWords[fold(r.get(Mobile.Of(n)))] || sameWords[fold(r.get(Phone.Of(n)))] {
			phones = append(phones, prev.Phones...)
		}
	}
	if g.Given == "" && g.Family == "" && len(mails) == 0 && len(phones) == 0 {
		return nil
	}
	g.setMails(mails)
	g.setPhones(phones)
	if len(people) == 2 {
		return b.pair(r, n, g, people, mails)
	}
	g.Name = joinWords(g.Given, g.Family)
	if g.Name == "" {
		b.nameless(r, firstOf(r, n))
	}
	return []Guardian{g}
}

// nameless notes a contact without a name: each where the list has names of guardians, once for all where it has none.
func (b *builder) nameless(r row, f Field) {
	if b.names {
		b.note(Maybe, r, f, "", errs.T("There is a phone number or mail address of a guardian without a name."))
	} else {
		b.unnamed++
	}
}

// firstOf is a contact column of guardian n that is filled.
func firstOf(r row, n int) Field {
	for _, p := range []Part{Email, Mobile, Phone} {
		if r.get(p.Of(n)) != "" {
			return p.Of(n)
		}
	}
	return Name.Of(n)
}

// pair makes two guardians of a cell that names two.
func (b *builder) pair(r row, n int, g Guardian, people, mails []string) []Guardian {
	familyFirst := r.get(Name.Of(n)) == ""
	phones := g.Phones
	var out []Guardian
	for i, name := range people {
		one := Guardian{Row: g.Row, Langs: g.Langs, Address: g.Address}
		if g.Relation == Parent {
			one.Relation = Parent
		}
		one.Given, one.Family, _ = splitName(name, familyFirst)
		one.Name = joinWords(one.Given, one.Family)
		if i < len(mails) {
			one.Email = mails[i]
		}
		if len(phones) == 2 {
			one.Phones = phones[i : i+1 : i+1]
		} else if i == 0 {
			one.Phones = phones
		}
		out = append(out, one)
	}
	if len(mails) > 2 {
		out[0].OtherEmails = mails[2:]
	}
	b.note(Note, r, Name.Of(n), strings.Join(people, " + "), errs.T("Two people in one cell: {one} and {two}.", "one", out[0].Name, "two", out[1].Name))
	return out
}

func (g *Guardian) setMails(mails []string) {
	if len(mails) > 0 {
		g.Email, g.OtherEmails = mails[0], mails[1:]
	}
	if len(g.OtherEmails) == 0 {
		g.OtherEmails = nil
	}
}

func (g *Guardian) setPhones(phones []string) {
	var once []string
	for _, p := range phones {
		once = addOnce(once, p)
	}
	g.Phones = mobilesFirst(once)
}

// homeContacts gives the family's own number, mail address and language to the guardians: a phone number to all who
// live with the pupil, a mail address to the first without one. Where no guardian is named, there is one without a name.
func (b *builder) homeContacts(r row, p *Pupil) {
	phones, mails := b.phones(r, HomePhone), b.mails(r, HomeEmail)
	if len(p.Guardians) == 0 && (len(phones) > 0 || len(mails) > 0) {
		g := Guardian{Row: r.no, Relation: Parent}
		g.setMails(mails)
		g.setPhones(phones)
		p.Guardians = []Guardian{g}
		f := HomeEmail
		if len(mails) == 0 {
			f = HomePhone
		}
		b.nameless(r, f)
	} else {
		for i := range p.Guardians {
			g := &p.Guardians[i]
			if g.Address.IsZero() || g.Address.Key() == p.Address.Key() {
				g.setPhones(append(g.Phones, phones...))
			}
		}
		for _, m := range mails {
			b.giveMail(p, m)
		}
	}
	for _, l := range b.langs(r, HomeLang) {
		for i := range p.Guardians {
			if g := &p.Guardians[i]; len(g.Langs) == 0 {
				g.Langs = []string{l}
			}
		}
		break
	}
}

func (b *builder) giveMail(p *Pupil, m string) {
	for i := range p.Guardians {
		if p.Guardians[i].Email == m {
			return
		}
	}
	for i := range p.Guardians {
		if p.Guardians[i].Email == "" {
			p.Guardians[i].Email = m
			return
		}
	}
	p.Guardians[0].OtherEmails = addOnce(p.Guardians[0].OtherEmails, m)
}

// add takes in a pupil, or brings it together with the row where it already stood.
func (b *builder) add(p Pupil, r row) {
	p.Key = KeyOf(p)
	name := fold(p.Given + " " + p.Family)
	if p.Family == "" || p.Given == "" {
		b.note(Maybe, r, "", p.Name(), errs.T("There is only one name: {name}.", "name", p.Name()))
	}
	i, known := b.byKey[p.Key]
	if id := foldID(p.ExternalID); id != "" {
		i, known = b.byID[id]
		if known && !samePerson(b.r.Pupils[i], p) {
			b.doubtful(r, PupilID, p.ExternalID, errs.T("The number {id} belongs to {name} in row {row} already.", "id", p.ExternalID, "name", b.r.Pupils[i].Name(), "row", b.r.Pupils[i].Row))
			return
		}
	}
	if !known {
		if p.ExternalID == "" || p.Born != "" {
			same := b.byName[name]
			for _, k := range same[:min(len(same), mostNamesakes)] { // the same child, once with and once without a number or birth date?
				q := b.r.Pupils[k]
				if q.Born == p.Born && p.Born != "" && (q.ExternalID == "") != (p.ExternalID == "") {
					i, known = k, true
				} else if q.Born == p.Born && p.Born != "" {
					b.note(Maybe, r, PupilID, p.ExternalID, errs.T("{name} has the same name and date of birth as in row {row}, and another number.", "name", p.Name(), "row", q.Row))
					break
				} else if q.ExternalID == "" && p.ExternalID == "" && fold(q.Class) == fold(p.Class) && (q.Born == "") != (p.Born == "") {
					i, known = k, true
				}
			}
		}
	}
	if !known {
		b.byKey[p.Key] = len(b.r.Pupils)
		if id := foldID(p.ExternalID); id != "" {
			b.byID[id] = len(b.r.Pupils)
		}
		b.byName[name] = append(b.byName[name], len(b.r.Pupils))
		b.last = len(b.r.Pupils)
		b.r.Pupils = append(b.r.Pupils, p)
		return
	}
	q := &b.r.Pupils[i]
	if r.t == nil || r.t.Layout != RowPerGuardian {
		if p.ExternalID == "" && p.Born == "" && !related(*q, p) {
			b.doubtful(r, "", p.Name(), errs.T("{name} of class {class} stands in row {row} too, and neither a number nor a date of birth tells whether it is the same child.",
				"name", p.Name(), "class", p.Class, "row", q.Row))
			return
		}
		b.note(Maybe, r, "", p.Name(), errs.T("{name} stands in row {row} already; the rows were brought together.", "name", p.Name(), "row", q.Row))
	}
	b.last = i
	b.merge(i, p, r)
}

// samePerson tells whether two rows of one number can be one child: no names that contradict each other.
func samePerson(a, b Pupil) bool {
	x, y := set(strings.Fields(fold(a.Given+" "+a.Family))...), strings.Fields(fold(b.Given+" "+b.Family))
	for _, w := range y {
		if x[w] {
			return true
		}
	}
	return len(y) == 0
}

// related tells whether two rows share a guardian, an address or any contact.
func related(a, b Pupil) bool {
	if k := a.Address.Key(); k != "" && k == b.Address.Key() {
		return true
	}
	if len(a.Guardians) == 0 && len(b.Guardians) == 0 {
		return a.Address.Key() == "" && b.Address.Key() == ""
	}
	for _, g := range a.Guardians {
		for _, h := range b.Guardians {
			if g.Email != "" && g.Email == h.Email || g.Name != "" && fold(g.Name) == fold(h.Name) || shared(g.Phones, h.Phones) {
				return true
			}
		}
	}
	return false
}

func shared(a, b []string) bool {
	for _, x := range a {
		for _, y := range b {
			if x == y {
				return true
			}
		}
	}
	return false
}

// merge fills what pupil i lacks from p, a later row of the same child.
func (b *builder) merge(i int, p Pupil, r row) {
	q := &b.r.Pupils[i]
	fill := func(to *string, from string) {
		if *to == "" {
			*to = from
		}
	}
	if q.Class != "" && p.Class != "" && fold(q.Class) != fold(p.Class) {
		b.note(Maybe, r, PupilClass, p.Class, errs.T("{name} is in class {class} in row {row}; that class was kept.", "name", q.Name(), "class", q.Class, "row", q.Row))
		q.Groups = addOnce(q.Groups, p.Class)
	}
	if q.Born != "" && p.Born != "" && q.Born != p.Born {
		b.note(Maybe, r, PupilBorn, p.Born, errs.T("{name} has another date of birth in row {row}; that date was kept.", "name", q.Name(), "row", q.Row))
	}
	fill(&q.ExternalID, p.ExternalID)
	fill(&q.Class, p.Class)
	fill(&q.Grade, p.Grade)
	fill(&q.Born, p.Born)
	fill(&q.Email, p.Email)
	fill(&q.Given, p.Given)
	fill(&q.Family, p.Family)
	for _, l := range p.Langs {
		q.Langs = addOnce(q.Langs, l)
	}
	for _, n := range p.Phones {
		q.Phones = addOnce(q.Phones, n)
	}
	if id := foldID(q.ExternalID); id != "" {
		b.byID[id] = i
	}
	q.Key = KeyOf(*q)
	b.join(i, p.Guardians, p.Address, r)
}

// join adds guardians of a further row to pupil i. Where that row has another address than the pupil's first, it is theirs.
func (b *builder) join(i int, gs []Guardian, home Address, r row) {
	q := &b.r.Pupils[i]
	elsewhere := !home.IsZero() && !q.Address.IsZero() && home.Key() != q.Address.Key()
	if q.Address.IsZero() {
		q.Address = home
	}
	for _, g := range gs {
		if elsewhere && g.Address.IsZero() {
			g.Address = home
		}
		found := false
		for k := range q.Guardians {
			if h := &q.Guardians[k]; sameGuardian(*h, g) {
				h.take(g)
				found = true
				break
			}
		}
		switch {
		case found:
		case len(q.Guardians) >= mostGuardians:
			b.doubtful(r, "", g.Name, errs.T("{name} has {n} guardians already; this one was not added.", "name", q.Name(), "n", mostGuardians))
		default:
			q.Guardians = append(q.Guardians, g)
		}
	}
}

// sameGuardian: within one pupil, the same name is the same person.
func sameGuardian(a, b Guardian) bool {
	switch {
	case a.ExternalID != "" && b.ExternalID != "":
		return a.ExternalID == b.ExternalID
	case a.Name != "" && b.Name != "":
		return fold(a.Name) == fold(b.Name)
	}
	return a.Email != "" && a.Email == b.Email || shared(a.Phones, b.Phones) && a.Email == "" && b.Email == ""
}

// take fills what g lacks from another mention of the same person.
func (g *Guardian) take(h Guardian) {
	for _, p := range []struct {
		to   *string
		from string
	}{{&g.ExternalID, h.ExternalID}, {&g.Name, h.Name}, {&g.Given, h.Given}, {&g.Family, h.Family}} {
		if *p.to == "" {
			*p.to = p.from
		}
	}
	if g.Relation == "" {
		g.Relation = h.Relation
	}
	for _, m := range append([]string{h.Email}, h.OtherEmails...) {
		switch {
		case m == "" || m == g.Email:
		case g.Email == "":
			g.Email = m
		default:
			g.OtherEmails = addOnce(append([]string(nil), g.OtherEmails...), m)
		}
	}
	g.setPhones(append(append([]string(nil), g.Phones...), h.Phones...))
	langs := append([]string(nil), g.Langs...)
	for _, l := range h.Langs {
		langs = addOnce(langs, l)
	}
	g.Langs = langs
	if g.Address.IsZero() {
		g.Address = h.Address
	}
}

// finish checks what only the whole list tells, and puts the issues in order.
func (b *builder) finish() (Roster, []Issue, error) {
	var years []int
	withGuardian := 0
	for _, p := range b.r.Pupils {
		if p.Born != "" {
			years = append(years, atoi(p.Born[:4]))
		}
		if len(p.Guardians) > 0 {
			withGuardian++
		}
	}
	sort.Ints(years)
	about := func(p Pupil, w Weight, column, value string, why errs.Text) {
		if len(b.issues) >= maxIssues {
			b.unsaid++
			return
		}
		b.issues = append(b.issues, Issue{File: p.File, Row: p.Row, Column: column, Weight: w, Value: value, Reason: why})
	}
	names := map[string]int{}
	for i := range b.r.Pupils {
		p := &b.r.Pupils[i]
		p.Key = KeyOf(*p)
		if p.Class == "" {
			about(*p, Maybe, "", "", errs.T("{name} has no class.", "name", p.Name()))
		}
		if p.Born != "" {
			if y := atoi(p.Born[:4]); y-years[len(years)/2] > 18 || years[len(years)/2]-y > 18 {
				about(*p, Maybe, "", p.Born, errs.T("{name} would be much older or younger than the other pupils.", "name", p.Name()))
			}
		}
		if len(p.Guardians) == 0 && withGuardian > 0 {
			about(*p, Maybe, "", "", errs.T("{name} has no guardian in this list.", "name", p.Name()))
		}
		if strings.ContainsRune(p.Name(), '\ufffd') || damaged(p.Name()) {
			about(*p, Maybe, "", p.Name(), errs.T("Letters of this name were damaged before the file came here."))
		}
		if p.ExternalID == "" && p.Born == "" {
			if first, has := names[p.Key]; has {
				about(*p, Maybe, "", p.Name(), errs.T("{name} of class {class} stands in row {row} too, and neither a number nor a date of birth tells whether it is the same child.",
					"name", p.Name(), "class", p.Class, "row", b.r.Pupils[first].Row))
			} else {
				names[p.Key] = i
			}
		}
	}
	if withGuardian == 0 && len(b.r.Pupils) > 0 {
		b.issues = append(b.issues, Issue{File: b.r.Pupils[0].File, Weight: Note, Reason: errs.T("No guardians stand in these files.")})
	}
	if b.unsaid > 0 {
		b.issues = append(b.issues, Issue{File: b.file, Weight: Maybe, Reason: errs.T("{n} more remarks on these files are not shown.", "n", b.unsaid)})
	}
	if b.unnamed > 0 {
		b.issues = append(b.issues, Issue{File: b.r.Pupils[0].File, Weight: Maybe,
			Reason: errs.T("Phone numbers or mail addresses of {n} guardians stand in these files without a name.", "n", b.unnamed)})
	}
	if len(b.r.Pupils) == 0 && len(b.r.Doubtful) == 0 {
		return Roster{}, nil, refuse("There is no pupil in these files.")
	}
	sort.SliceStable(b.issues, func(i, j int) bool {
		x, y := b.issues[i], b.issues[j]
		if x.File != y.File {
			return x.File < y.File
		}
		return x.Row < y.Row
	})
	return b.r, b.issues, nil
}

// damaged tells text that was read in the wrong charset once too often ("ZoÃ«").
func damaged(s string) bool {
	return strings.Contains(s, "Ã") && strings.ContainsAny(s, "©«¨¯§¶¼±ª¡") || strings.Contains(s, "â€")
}

// KeyOf is the stable key of a pupil, by which the next import finds it again: its external id; else the folded name
// with the date of birth; else the folded name with the class, which two pupils can share (Read says so).
func KeyOf(p Pupil) string {
	name := fold(p.Given + " " + p.Family)
	switch {
	case p.ExternalID != "":
		return "id:" + foldID(p.ExternalID)
	case p.Born != "":
		return "born:" + name + "|" + p.Born
	}
	return "class:" + name + "|" + fold(p.Class)
}
