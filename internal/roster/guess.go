package roster

import (
	"crypto/sha256"
	"encoding/hex"
	"math"
	"sort"
	"strings"

	"brug/internal/errs"
)

// headerOf finds the row with the titles (from 0, -1 for none) and how many rows they take: 2 where the row above
// groups them ("Mother" over four columns).
func headerOf(rows [][]string) (at, height int) {
	best, at := 0.0, -1
	looked := 0
	for i, r := range rows {
		if blank(r) {
			continue
		}
		if looked++; looked > 30 {
			break
		}
		score, filled := 0.0, 0
		for _, c := range r {
			c = oneLine(c)
			if c == "" {
				continue
			}
			filled++
			if dataLike(c) {
				score -= 2
				continue
			}
			if len(c) > 60 {
				continue
			}
			if a := readTitle(c); a.part != "" {
				score += a.score
			} else if a.who != "" {
				score += 0.3
			}
		}
		if filled > 0 && score > 0 {
			score *= 0.5 + 0.5*score/float64(filled) // a line of prose with one known word is no header
		}
		if score > best+1e-9 {
			best, at = score, i
		}
	}
	if at < 0 || best < 0.5 && !(looked == 1) {
		return -1, 0
	}
	if at > 0 && groups(rows[at-1], rows[at]) {
		return at, 2
	}
	return at, 1
}

func dataLike(c string) bool {
	if strings.Contains(c, "@") {
		return true
	}
	if _, ok := ParseDate(c); ok {
		return true
	}
	_, ok := ParsePhone(c)
	return ok
}

// groups tells whether above names people over the columns of below.
func groups(above, below []string) bool {
	people, things := 0, 0
	for _, c := range above {
		if c = oneLine(c); c == "" {
			continue
		}
		a := readTitle(c)
		if a.who != "" && a.part == "" {
			people++
		} else {
			things++
		}
	}
	if people == 0 || things > people {
		return false
	}
	seen := map[string]bool{}
	for _, c := range below {
		f := fold(c)
		if f != "" && seen[f] {
			return true
		}
		seen[f] = true
	}
	return people >= 2
}

// titlesOf gives the title of each column. With two rows the group's name goes first, unless the title has one itself.
func titlesOf(rows [][]string, at, height, width int) []string {
	titles := make([]string, width)
	if at < 0 || at >= len(rows) {
		return titles
	}
	cell := func(row, col int) string {
		if row >= 0 && row < len(rows) && col < len(rows[row]) {
			return oneLine(rows[row][col])
		}
		return ""
	}
	group := ""
	for i := range titles {
		titles[i] = cell(at, i)
		if height == 2 {
			if g := cell(at-1, i); g != "" {
				group = g
			}
			if group != "" && titles[i] != "" && !strings.EqualFold(group, titles[i]) {
				titles[i] = group + " · " + titles[i]
			} else if titles[i] == "" && cell(at-1, i) != "" {
				titles[i] = cell(at-1, i)
			}
		}
	}
	return titles
}

func widthOf(rows [][]string) int {
	w := 0
	for _, r := range rows {
		for k := len(r); k > w; k-- {
			if strings.TrimSpace(r[k-1]) != "" {
				w = k
				break
			}
		}
	}
	return w
}

func fingerprint(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}

func headerPrint(titles []string) string {
	folded := make([]string, len(titles))
	for i, t := range titles {
		folded[i] = fold(t)
	}
	return fingerprint(append([]string{"header"}, folded...)...)
}

// candidate is one thing that a column may be.
type candidate struct {
	col    int
	field  Field
	score  float64
	reason errs.Text
}

// guessTable proposes how to read one table whose titles stand there, as headerOf tells it.
func guessTable(g grid, at, height int) Table {
	width := widthOf(g.rows)
	t := Table{Name: g.file, Sheet: g.sheet, Separator: g.separator, Charset: g.charset, HeaderRow: at + 1, HeaderRows: height, Layout: RowPerPupil}
	titles := titlesOf(g.rows, at, height, width)
	t.Language = tongueOf(titles)
	t.Fingerprint = headerPrint(titles)
	body := g.rows[at+1:]
	looks := make([]look, width)
	for i := range looks {
		looks[i] = lookAt(body, i)
	}
	abouts := make([]about, width)
	for i, title := range titles {
		abouts[i] = readTitle(title)
	}
	peopleTable := parentsList(g.name(), abouts)
	slots := guardianSlots(abouts, peopleTable)
	cands := candidates(titles, abouts, looks, slots, peopleTable)
	t.Columns = choose(titles, looks, cands)
	t.orderNames(looks, body)
	t.Layout = layoutOf(t, body, peopleTable)
	if t.Layout != Ignored && !t.has(PupilClass) {
		t.Class = classIn(g)
	}
	return t
}

// parentsList tells whether a table lists guardians, one a row, by its name: "ouders.csv", "Responsables".
func parentsList(name string, abouts []about) bool {
	if dot := strings.LastIndexByte(name, '.'); dot > 0 {
		name = name[:dot]
	}
	a := readTitle(name)
	switch a.who {
	case "", "pupil":
		return false
	}
	for _, b := range abouts { // unless the columns themselves name guardians: then it is a list of pupils with parents
		if b.who != "" && b.who != "pupil" && b.part != "" && b.part != ID {
			return false
		}
	}
	return true
}

// guardianSlots gives each guardian that the titles name a number: its own ("parent 2"), else by order of appearance.
func guardianSlots(abouts []about, peopleTable bool) map[string]int {
	slots := map[string]int{}
	taken := map[int]bool{}
	for _, a := range abouts {
		if isGuardian(a.who) && a.n > 0 {
			slots[slotKey(a)] = a.n
			taken[a.n] = true
		}
	}
	if peopleTable {
		slots[""] = 1
		taken[1] = true
	}
	for _, a := range abouts {
		if !isGuardian(a.who) || a.n > 0 {
			continue
		}
		k := slotKey(a)
		if _, has := slots[k]; has {
			continue
		}
		n := 1
		for taken[n] {
			n++
		}
		slots[k], taken[n] = n, true
	}
	return slots
}

func isGuardian(who string) bool { return who != "" && who != "pupil" && who != "home" }

func slotKey(a about) string {
	if a.n > 0 {
		return numbered("#", a.n)
	}
	if a.who == "parent" { // "ouder" and "voogd" without a number: one and the same
		return "guardian"
	}
	return a.who
}

var contactParts = map[Part]bool{Email: true, Phone: true, Mobile: true}
var addressParts = map[Part]Field{Street: HomeStreet, Number: HomeNumber, Box: HomeBox, Postcode: HomePostcode, Town: HomeTown, Country: HomeCountry, FullAddress: HomeAddress}
var nameParts = map[Part]Field{Given: PupilGiven, Prefix: PupilPrefix, Family: PupilFamily, Name: PupilName, FamilyName: PupilFamilyName}

// candidates lists everything that each column may be.
func candidates(titles []string, abouts []about, looks []look, slots map[string]int, peopleTable bool) []candidate {
	var out []candidate
	c := context{abouts: abouts, looks: looks, slots: slots, people: peopleTable, seen: map[Part]int{}, count: map[Part]int{}, named: map[Part]bool{},
		headless: strings.Join(titles, "") == ""}
	for _, a := range abouts {
		if a.who == "" {
			c.count[a.part]++
		} else if isGuardian(a.who) {
			c.named[a.part] = true
		}
	}
	for i, a := range abouts {
		l := looks[i]
		part, score := a.part, a.score
		reason := errs.T("The title says so.")
		if part == "" && a.who != "" { // "Moeder", "Leerling": a name, unless the cells say otherwise
			part, score = Name, 0.7
			if p, s := l.byContent(); p == FamilyName {
				part = p
			} else if p != "" && p != Given && p != ID && p != Name {
				part, score = p, s+0.1
				reason = errs.T("The title says whose it is, the cells say what.")
			}
		}
		if part == "" {
			part, score = l.byContent()
			reason = errs.T("The title is not known; the cells look like this.")
			if titles[i] == "" {
				reason = errs.T("There is no title; the cells look like this.")
			}
			if part == Given { // one word of letters: a name only where nothing has a title
				if c.headless {
					out = append(out, c.bareName(i, score, reason)...)
				}
				continue
			}
		} else if part != partUnwanted {
			switch fit := l.fits(part); {
			case fit > 0:
				score = math.Min(0.99, score+0.04)
				reason = errs.T("The title says so, and the cells look like it.")
			case fit < 0:
				if p, s := l.byContent(); p != "" && p != part {
					out = append(out, c.fields(i, p, s, errs.T("The title says something else, yet the cells look like this."))...)
				}
				score *= 0.35
				reason = errs.T("The title says so, yet the cells do not look like it.")
			case l.filled == 0:
				score *= 0.9
				reason = errs.T("The title says so; the column is empty.")
			}
		}
		if part == "" {
			continue
		}
		out = append(out, c.fields(i, part, score, reason)...)
		c.pass(i, part)
	}
	return out
}

// context is what the columns to the left tell about a column without a name of its own.
type context struct {
	abouts []about
	looks  []look
	slots  map[string]int
	people bool
	last   int          // guardian of the columns to the left, 0 for the pupil
	bare   int          // how many names without any title came
	seen   map[Part]int // how often a part came without a name
	count  map[Part]int // how often it will have come
	named  map[Part]bool

	headless bool // no column has a title
}

// bareName is a column of single words in a table without titles: the first is the family name, as lists here mostly
// have it, the second the given name. The guess is a weak one and says so.
func (c *context) bareName(i int, score float64, reason errs.Text) []candidate {
	c.bare++
	switch c.bare {
	case 1:
		return []candidate{{i, PupilFamily, score, reason}, {i, PupilGiven, score / 2, reason}}
	case 2:
		return []candidate{{i, PupilGiven, score, reason}, {i, PupilFamily, score / 2, reason}}
	}
	return nil
}

func (c *context) pass(i int, part Part) {
	a := c.abouts[i]
	switch {
	case isGuardian(a.who):
		c.last = c.slots[slotKey(a)]
	case a.who == "pupil":
		c.last = 0
	case a.who == "":
		if _, isName := nameParts[part]; isName && c.seen[part] > 0 && !c.people {
			c.last = c.repeated(part)
		}
		c.seen[part]++
	}
}

// repeated is the guardian whose names repeat the pupil's titles: "Naam; Voornaam; Klas; Naam; Voornaam; GSM".
func (c *context) repeated(part Part) int { return c.most() + c.seen[part] }

// most is the highest guardian that titles name.
func (c *context) most() int {
	m := 0
	for _, n := range c.slots {
		m = max(m, n)
	}
	return m
}

// fields turns a part of column i into the fields it may be, best first.
func (c *context) fields(i int, part Part, score float64, reason errs.Text) []candidate {
	var out []candidate
	add := func(f Field, s float64) { out = append(out, candidate{i, f, s, reason}) }
	guardian := func(n int, p Part, s float64) {
		if n >= 1 && n <= Guardians {
			add(p.Of(n), s)
		}
	}
	a := c.abouts[i]
	switch part {
	case partUnwanted:
		out = append(out, candidate{i, Skip, score, errs.T("Brug does not need this, so it is not read.")})
		return out
	case partBorn, partClass, partGrade:
		if isGuardian(a.who) { // a parent's birth date is nobody's business here
			return []candidate{{i, Skip, score, errs.T("Brug does not need this, so it is not read.")}}
		}
		add(map[Part]Field{partBorn: PupilBorn, partClass: PupilClass, partGrade: PupilGrade}[part], score)
		if part == partClass {
			add(PupilGrade, score*0.6)
		} else if part == partGrade {
			add(PupilClass, score*0.5)
		}
		return out
	case partLetter:
		if isGuardian(a.who) {
			guardian(c.slots[slotKey(a)], Langs, score)
			return out
		}
		add(HomeLang, score)
		add(PupilLangs, score*0.6)
		return out
	}
	switch {
	case isGuardian(a.who) || c.people && a.who == "":
		n := c.slots[slotKey(a)]
		if c.people && a.who == "" {
			n = 1
		}
		guardian(n, part, score)
		if part == Name || part == Family {
			guardian(n, other(part), score*0.85)
		}
		if n > Guardians {
			out = append(out, candidate{i, Skip, score, errs.T("More than {n} guardians do not fit in one row.", "n", Guardians)})
		}
	case a.who == "home":
		c.homeFields(i, part, score, add, guardian)
	case a.who == "pupil":
		c.pupilFields(part, score, add)
	default:
		c.unnamed(i, part, score, add, guardian)
	}
	return out
}

func other(p Part) Part {
	if p == Name {
		return FamilyName
	}
	return Name
}

func (c *context) homeFields(i int, part Part, score float64, add func(Field, float64), guardian func(int, Part, float64)) {
	n := c.abouts[i].n
	switch {
	case n > 0:
		guardian(n, part, score)
	case part == Email:
		add(HomeEmail, score)
	case part == Phone || part == Mobile:
		add(HomePhone, score)
	case part == Langs:
		add(PupilLangs, score)
		add(HomeLang, score*0.8)
	case addressParts[part] != "":
		add(addressParts[part], score)
	default:
		guardian(1, part, score*0.9)
	}
}

func (c *context) pupilFields(part Part, score float64, add func(Field, float64)) {
	switch {
	case part == ID:
		add(PupilID, score)
	case part == Email:
		add(PupilEmail, score)
	case part == Phone || part == Mobile:
		add(PupilPhone, score)
	case part == Langs:
		add(PupilLangs, score)
	case nameParts[part] != "":
		add(nameParts[part], score)
		if part == Name {
			add(PupilFamily, score*0.85)
			add(PupilFamilyName, score*0.8)
		}
	case addressParts[part] != "":
		add(addressParts[part], score)
	}
}

// unnamed is a column whose title tells the thing and not the person.
func (c *context) unnamed(i int, part Part, score float64, add func(Field, float64), guardian func(int, Part, float64)) {
	n := c.abouts[i].n
	switch {
	case nameParts[part] != "":
		if rep := c.seen[part]; rep > 0 {
			guardian(c.repeated(part), part, score*0.85)
			return
		}
		c.pupilFields(part, score, add)
	case contactParts[part]:
		if n > 0 {
			guardian(n, part, score*0.85)
		}
		field := map[Part]Field{Email: HomeEmail, Phone: HomePhone, Mobile: HomePhone}[part]
		own := map[Part]Field{Email: PupilEmail, Phone: PupilPhone, Mobile: PupilPhone}[part]
		switch {
		case c.last > 0 && (c.count[part] > 1 || c.most() <= 1):
			guardian(c.last, part, score*0.88)
			add(field, score*0.6)
		case c.named[part] && c.last == 0:
			add(own, score*0.7)
			add(field, score*0.65)
		default:
			add(field, score*0.8)
			add(own, score*0.5)
			guardian(1, part, score*0.45)
		}
	case part == ID:
		if i > 0 && c.abouts[i-1].part == Street && c.looks[i].distinct < 0.98 {
			add(HomeNumber, score*0.9)
		}
		add(PupilID, score)
		if i == 0 || c.abouts[i-1].part != Street {
			add(HomeNumber, score*0.3)
		} else {
			add(HomeNumber, score*0.97)
		}
	case part == Related:
		guardian(max(1, c.last), Related, score)
	case part == Langs:
		if c.last > 0 && c.count[Langs] > 1 {
			guardian(c.last, Langs, score*0.85)
		}
		add(PupilLangs, score*0.97)
	case addressParts[part] != "":
		if c.seen[part] > 0 {
			guardian(max(c.last, 1), part, score*0.85)
			return
		}
		add(addressParts[part], score)
	}
}

// many tells the fields that several columns may feed.
func many(f Field) bool {
	switch _, p := f.Guardian(); p {
	case Phone, Mobile, Email, Langs:
		return true
	}
	return f == PupilLangs || f == PupilPhone || f == HomePhone || f == HomeEmail
}

// choose gives each column the best field that is still free, the surest columns first.
func choose(titles []string, looks []look, cands []candidate) []Column {
	sort.SliceStable(cands, func(i, j int) bool {
		if cands[i].score != cands[j].score {
			return cands[i].score > cands[j].score
		}
		return cands[i].col < cands[j].col
	})
	cands = withNames(cands)
	cols := make([]Column, len(titles))
	done := make([]bool, len(titles))
	used := map[Field]bool{}
	for _, c := range cands {
		switch {
		case c.score < 0.1:
		case done[c.col]:
			if c.field != Skip && c.field != cols[c.col].Field && len(cols[c.col].Others) < 4 {
				cols[c.col].Others = append(cols[c.col].Others, c.field)
			}
		case c.field != Skip && used[c.field] && !many(c.field):
			if len(cols[c.col].Others) < 4 {
				cols[c.col].Others = append(cols[c.col].Others, c.field)
			}
			if cols[c.col].Reason.ID == "" {
				cols[c.col].Reason = errs.T("Another column is taken for the same already.")
			}
		default:
			done[c.col] = true
			used[c.field] = c.field != Skip
			cols[c.col].Field, cols[c.col].Confidence, cols[c.col].Reason = c.field, round2(c.score), c.reason
		}
	}
	for i := range cols {
		cols[i].Title = titles[i]
		if !done[i] && cols[i].Reason.ID == "" {
			cols[i].Reason = errs.T("The title is not known, and the cells do not tell.")
			if looks[i].filled == 0 {
				cols[i].Reason = errs.T("The column is empty.")
			}
		}
	}
	return cols
}

func round2(f float64) float64 { return math.Round(f*100) / 100 }

// withNames settles what "name" means: beside a given name it is the family name; alone it is the full name.
func withNames(cands []candidate) []candidate {
	has := map[string]bool{}
	sure := func(c candidate) bool { return c.score >= 0.3 }
	for _, c := range cands {
		if n, p := c.field.Guardian(); n > 0 && sure(c) {
			has[numbered(string(p), n)] = true
		} else if sure(c) {
			has[string(c.field)] = true
		}
	}
	topFamily := map[string]bool{}
	for _, c := range cands {
		if n, p := c.field.Guardian(); n > 0 && p == Family && c.score > 0.6 {
			topFamily[numbered("", n)] = true
		} else if c.field == PupilFamily && c.score > 0.87 {
			topFamily["pupil"] = true
		}
	}
	for i, c := range cands {
		n, p := c.field.Guardian()
		switch {
		case (c.field == PupilName || c.field == PupilFamilyName) && has[string(PupilGiven)]:
			if topFamily["pupil"] || c.score <= 0.5 {
				cands[i].score = 0
			} else if c.score > 0.5 {
				cands[i].field = PupilFamily
				cands[i].reason = errs.T("It stands beside a column of given names.")
			}
		case n > 0 && (p == Name || p == FamilyName) && has[numbered(string(Given), n)]:
			if topFamily[numbered("", n)] || c.score <= 0.4 {
				cands[i].score = 0
			} else if c.score > 0.4 {
				cands[i].field = Family.Of(n)
				cands[i].reason = errs.T("It stands beside a column of given names.")
			}
		}
	}
	sort.SliceStable(cands, func(i, j int) bool { return cands[i].score > cands[j].score })
	return cands
}

// orderNames settles for all full names of a table at once whether the family name goes first, unless a title says so
// itself ("Naam en voornaam"). What tells: a particle in front ("Van den Berg Emma"), the name that a pupil shares with a
// guardian, and names that stand in the order of the alphabet.
func (t Table) orderNames(looks []look, body [][]string) {
	var cols []int
	votes := 0
	pupil := -1
	for i, c := range t.Columns {
		_, p := c.Field.Guardian()
		full := c.Field == PupilName || c.Field == PupilFamilyName || p == Name || p == FamilyName
		if !full {
			continue
		}
		if exact := words(c.Title); strings.Contains(exact, "prenom") || strings.Contains(exact, "voornaam") || strings.Contains(exact, "first name") || strings.Contains(exact, "roepnaam") {
			continue
		}
		cols = append(cols, i)
		votes += looks[i].order
		if p == "" {
			pupil = i
		}
	}
	for _, r := range body[:min(len(body), sample)] {
		if pupil < 0 || pupil >= len(r) {
			continue
		}
		mine := strings.Fields(fold(r[pupil]))
		for _, i := range cols {
			if i == pupil || i >= len(r) || len(mine) < 2 {
				continue
			}
			theirs := strings.Fields(fold(r[i]))
			if len(theirs) < 2 {
				continue
			}
			switch front, back := mine[0] == theirs[0], mine[len(mine)-1] == theirs[len(theirs)-1]; {
			case front && !back:
				votes++
			case back && !front:
				votes--
			}
		}
	}
	if len(cols) > 0 && votes == 0 {
		votes = looks[cols[0]].sorted
	}
	for _, i := range cols {
		c := &t.Columns[i]
		from, to := "."+string(FamilyName), "."+string(Name)
		if votes > 0 {
			from, to = to, from
		}
		if base, ok := strings.CutSuffix(string(c.Field), from); ok {
			was := c.Field
			c.Field = Field(base + to)
			for k, o := range c.Others {
				if o == c.Field {
					c.Others[k] = was
				}
			}
		}
	}
}

func (t Table) has(f Field) bool { return t.column(f) >= 0 }

// column is the first column of a field, -1 for none.
func (t Table) column(f Field) int {
	for i, c := range t.Columns {
		if c.Field == f {
			return i
		}
	}
	return -1
}

func (t Table) hasPupil() bool {
	return t.has(PupilGiven) || t.has(PupilFamily) || t.has(PupilName) || t.has(PupilFamilyName)
}

func (t Table) guardians() int {
	n := 0
	for _, c := range t.Columns {
		if g, _ := c.Field.Guardian(); g > n {
			n = g
		}
	}
	return n
}

// layoutOf tells what a row stands for.
func layoutOf(t Table, body [][]string, peopleTable bool) Layout {
	if !t.hasPupil() {
		if t.has(PupilID) && t.guardians() > 0 {
			return GuardianTable
		}
		return Ignored
	}
	if peopleTable {
		return GuardianTable
	}
	if t.guardians() == 0 {
		return RowPerPupil
	}
	next, again, rows := 0, 0, 0 // rows of the pupil right above, and of any pupil above
	seen := map[string]bool{}
	last := ""
	for _, r := range body {
		if blank(r) {
			continue
		}
		rows++
		var id []string
		guardian := false
		for i, c := range t.Columns {
			if i >= len(r) || strings.TrimSpace(r[i]) == "" {
				continue
			}
			switch c.Field {
			case PupilID, PupilGiven, PupilFamily, PupilName, PupilFamilyName, PupilBorn, PupilClass:
				id = append(id, fold(r[i]))
			}
			n, _ := c.Field.Guardian()
			guardian = guardian || n > 0
		}
		k := strings.Join(id, "|")
		switch {
		case k == "" && guardian, k == last && k != "":
			next++
			again++
		case seen[k]:
			again++
		}
		if k != "" {
			seen[k], last = true, k
		}
	}
	if float64(next) >= 0.15*float64(rows) && next > 0 || float64(again) >= 0.3*float64(rows) && again > 0 {
		return RowPerGuardian
	}
	return RowPerPupil
}

// classIn takes the class from a sheet's or file's name ("1A", "Klas 3B.csv"), "" if it names none.
func classIn(g grid) string {
	name := oneLine(g.name())
	if g.sheet == "" {
		if dot := strings.LastIndexByte(name, '.'); dot > 0 {
			name = name[:dot]
		}
	}
	name = strings.Trim(strings.ReplaceAll(name, "_", " "), " -")
	ws := strings.Fields(name)
	for i, w := range ws {
		switch fold(w) {
		case "klas", "classe", "class", "groep", "groupe":
			if i+1 < len(ws) {
				return strings.Join(ws[i+1:], " ")
			}
		}
	}
	if classForm.MatchString(name) && strings.IndexFunc(name, func(r rune) bool { return r >= '0' && r <= '9' }) >= 0 {
		return name
	}
	return ""
}
