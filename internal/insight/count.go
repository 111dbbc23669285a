package insight

import (
	"cmp"
	"encoding/json"
	"slices"
	"time"

	"brug/internal/contact"
	"brug/internal/school"
)

// mark is what happened with a household in a week by one way, as contact keeps it.
type mark struct {
	week         string
	home, pupil  int64 // pupil 0: about all children
	area, road   string
	stage, flags int64 // stage 1 offered, 2 tried, 3 arrived, 4 answered; flags as in the query MarksSince
}

// flags of a mark, and the line of the balance that each stands for.
var flagLines = []struct {
	flag int64
	line string
}{{1, Positive}, {2, Neutral}, {4, Worry}, {8, Logistics}, {16, Learning}}

const (
	flagSchool = 32
	flagFamily = 64
)

// steps are the stages of a mark as steps. A call that nobody took is an offer.
var steps = [5]step{nothing, offered, offered, arrived, answered}

// roads and routines in the order of their tables.
var (
	roads = []contact.Road{contact.Mail, contact.SMS, contact.Push, contact.Link, contact.Paper, contact.Call, contact.Gate, contact.Interpreter, contact.HomeVisit}

	routines = []string{contact.AreaMessages, contact.AreaConversations, contact.AreaSlips, contact.AreaTalk, contact.AreaStop}
	balances = []string{Positive, Neutral, Worry, Learning, Logistics, BySchool, ByFamily}
)

// count turns marks into the lines of a report. It is pure: the same homes and marks give the same figures.
type count struct {
	homes    []school.Home
	at       map[int64]int           // place of a home by its id
	lang     []*Line                 // of each home
	children [][]child               // of each home
	lines    map[By]map[string]*Line // by key
	contacts map[string]int          // lines of the balance
	week     map[string]bool         // those of the report
}

type child struct {
	id    int64
	class *Line
}

func newCount(homes []school.Home, weeks []time.Time, schoolLang string) *count {
	c := &count{homes: homes, at: make(map[int64]int, len(homes)), lang: make([]*Line, len(homes)), children: make([][]child, len(homes)),
		lines: map[By]map[string]*Line{}, contacts: map[string]int{}, week: map[string]bool{}}
	for _, w := range weeks {
		key := w.Format(time.DateOnly)
		c.week[key] = true
		c.line(ByWeek, key)
	}
	c.line(ByAll, "")
	for _, b := range balances {
		c.line(ByBalance, b)
	}
	for i, h := range homes {
		c.at[h.ID] = i
		c.lang[i] = c.someOf(ByLang, h.Lang(schoolLang))
		c.lang[i].at[i] = nothing
		for _, ch := range h.Children {
			l := c.someOf(ByClass, ch.ClassPublicID)
			l.Name, l.at[i] = ch.ClassName, nothing
			c.children[i] = append(c.children[i], child{ch.ID, l})
		}
	}
	return c
}

// line is a line that speaks of all homes; someOf one that speaks of those that are put into it.
func (c *count) line(by By, key string) *Line {
	l, is := c.lines[by][key]
	if !is {
		l = c.someOf(by, key)
		for i := range l.at {
			l.at[i] = nothing
		}
	}
	return l
}

func (c *count) someOf(by By, key string) *Line {
	if c.lines[by] == nil {
		c.lines[by] = map[string]*Line{}
	}
	l := c.lines[by][key]
	if l == nil {
		l = &Line{Key: key, at: make([]step, len(c.homes))}
		c.lines[by][key] = l
	}
	return l
}

// mark counts one mark, if it is about a child that stands in homes or about all of the home.
func (c *count) mark(m mark) {
	i, known := c.place(m.home, m.pupil)
	if !known || m.stage < 1 || int(m.stage) >= len(steps) || !c.week[m.week] {
		return
	}
	to := steps[m.stage]
	raise(c.line(ByAll, ""), i, to)
	raise(c.line(ByWeek, m.week), i, to)
	raise(c.line(ByRoad, m.road), i, to)
	raise(c.line(ByRoutine, routineOf(m.area)), i, to)
	raise(c.lang[i], i, to)
	for _, ch := range c.children[i] {
		if m.pupil == 0 || m.pupil == ch.id {
			raise(ch.class, i, to)
		}
	}
	for _, f := range flagLines {
		if m.flags&f.flag != 0 {
			raise(c.line(ByBalance, f.line), i, to)
		}
	}
	if m.area == contact.AreaTalk && m.flags&flagSchool != 0 {
		raise(c.line(ByBalance, BySchool), i, to)
	}
	if m.area == contact.AreaTalk && m.flags&flagFamily != 0 {
		raise(c.line(ByBalance, ByFamily), i, to)
	}
}

// begun counts conversations that a side began.
func (c *count) begun(home, pupil int64, side string, n int) {
	i, known := c.place(home, pupil)
	if !known {
		return
	}
	line := BySchool
	if side == "family" {
		line = ByFamily
	}
	c.contacts[line] += n
	raise(c.line(ByBalance, line), i, answered)
}

// place is where a home stands, if what is about this child of it (0: all) may be counted.
func (c *count) place(home, pupil int64) (int, bool) {
	i, known := c.at[home]
	if !known {
		return 0, false
	}
	return i, pupil == 0 || slices.ContainsFunc(c.children[i], func(ch child) bool { return ch.id == pupil })
}

func raise(l *Line, i int, to step) { l.at[i] = max(l.at[i], to) }

// routineOf: what families answer to a slip belongs to the slip.
func routineOf(area string) string {
	if area == contact.AreaAnswers {
		return contact.AreaSlips
	}
	return area
}

// fill adds up the lines and puts them into the report, in the order of its tables.
func (c *count) fill(r *Report) {
	for _, lines := range c.lines {
		for _, l := range lines {
			for _, s := range l.at {
				if s >= nothing {
					l.Families++
				}
				if s >= offered {
					l.Offered++
				}
				if s >= arrived {
					l.Arrived++
				}
				if s == answered {
					l.Answered++
				}
			}
		}
	}
	r.All = *c.lines[ByAll][""]
	for _, w := range r.Weeks {
		r.Weekly = append(r.Weekly, *c.lines[ByWeek][w.Format(time.DateOnly)])
	}
	for _, l := range c.lines[ByClass] {
		r.Classes = append(r.Classes, *l)
	}
	slices.SortFunc(r.Classes, func(a, b Line) int { return cmp.Or(school.NaturalCompare(a.Name, b.Name), cmp.Compare(a.Key, b.Key)) })
	for _, l := range c.lines[ByLang] {
		r.Langs = append(r.Langs, *l)
	}
	slices.SortFunc(r.Langs, func(a, b Line) int { return cmp.Or(cmp.Compare(b.Families, a.Families), cmp.Compare(a.Key, b.Key)) })
	for _, road := range roads {
		if l := c.lines[ByRoad][string(road)]; l != nil {
			r.Roads = append(r.Roads, *l)
		}
	}
	for _, routine := range routines {
		if l := c.lines[ByRoutine][routine]; l != nil {
			r.Routines = append(r.Routines, *l)
		}
	}
	for _, b := range balances {
		l := c.lines[ByBalance][b]
		l.Contacts = c.contacts[b]
		r.Balance = append(r.Balance, *l)
	}
}

func (c *count) households() string {
	ids := make([]int64, len(c.homes))
	for i, h := range c.homes {
		ids[i] = h.ID
	}
	return list(ids)
}

func (c *count) pupilList() string {
	var ids []int64
	for _, of := range c.children {
		for _, ch := range of {
			ids = append(ids, ch.id)
		}
	}
	slices.Sort(ids)
	return list(slices.Compact(ids))
}

// list is ids as the JSON that queries take for "in".
func list(ids []int64) string {
	if len(ids) == 0 {
		return "[]"
	}
	b, err := json.Marshal(ids)
	if err != nil {
		panic(err) // numbers can always be written
	}
	return string(b)
}
