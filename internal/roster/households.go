package roster

import (
	"sort"
	"strings"

	"brug/internal/errs"
)

// Own is what belongs to the school itself, and so never makes two families one.
type Own struct {
	Phones    []string // E.164
	Emails    []string
	Addresses []Address
}

// crowd is from how many different families (by name) on a phone number, a mail address or a postal address are taken
// for an office's or an institution's: a reception centre, a social worker, the school. A blended family rarely brings
// more than three names.
const crowd = 4

// Households builds the households. The rules, in this order:
//
//  1. Mentions of a guardian are one person if they have the same external id; or the same full name and also a mail
//     address, a phone number or a home address in common. A name alone never makes two people one.
//  2. A person lives at the address that is told of them; if none is, with the pupil.
//  3. Guardians of one pupil live together unless their addresses differ: then these are two homes, with the pupil in both.
//  4. People of different pupils live together if they share a mail address or phone number, unless their addresses differ;
//     or if they share an address and a family name (their own or their pupils'). An address alone is not enough: in a
//     house of flats without box numbers strangers share one.
//  5. What belongs to the school (own) or to a crowd of names, and addresses of offices ("info@"), join nobody.
//
// A pupil without guardians is a household too, and joins brothers and sisters by rule 4. Each join is explained in Why.
// The order of households follows the order of the pupils. The function is pure; its time grows with the list.
func Households(pupils []Pupil, own Own) []Household {
	h := newHomes(pupils, own)
	h.findPeople()
	h.settle()
	h.joinWithinPupils()
	h.joinAcross()
	return h.households()
}

// dweller is a person, or a pupil without guardians, on the way into a household.
type dweller struct {
	member   Member
	pupils   []int
	address  Address // effective
	key      string  // of the address, "" unknown
	names    map[string]bool
	phones   []string
	mails    []string
	rows     []int
	guardian bool
	why      []Why // of bringing mentions together
}

type homes struct {
	pupils    []Pupil
	own       Own
	dwellers  []*dweller
	at        map[Mention]int // dweller of a mention
	parent    []int           // union-find
	keys      []string        // address of each component's root
	why       [][]Why         // by root
	noPhone   map[string]bool
	noMail    map[string]bool
	noAddress map[string]bool
}

func newHomes(pupils []Pupil, own Own) *homes {
	h := &homes{pupils: pupils, own: own, at: map[Mention]int{}, noPhone: map[string]bool{}, noMail: map[string]bool{}, noAddress: map[string]bool{}}
	for _, p := range own.Phones {
		h.noPhone[p] = true
	}
	for _, m := range own.Emails {
		h.noMail[strings.ToLower(m)] = true
	}
	for _, a := range own.Addresses {
		if k := a.tidy().Key(); k != "" {
			h.noAddress[k] = true
		}
	}
	phones, mails, addresses := map[string]map[string]bool{}, map[string]map[string]bool{}, map[string]map[string]bool{}
	count := func(m map[string]map[string]bool, k, name string) {
		if k == "" || name == "" {
			return
		}
		if m[k] == nil {
			m[k] = map[string]bool{}
		}
		m[k][name] = true
	}
	for _, p := range pupils {
		name := fold(p.Family)
		count(addresses, p.Address.Key(), name)
		for _, g := range p.Guardians {
			for _, n := range g.Phones {
				count(phones, n, name)
			}
			for _, m := range mailsOf(g) {
				count(mails, m, name)
				if sharedMail(m) {
					h.noMail[m] = true
				}
			}
			count(addresses, g.Address.Key(), name)
		}
	}
	crowded(phones, h.noPhone)
	crowded(mails, h.noMail)
	crowded(addresses, h.noAddress)
	return h
}

func crowded(names map[string]map[string]bool, into map[string]bool) {
	for k, ns := range names {
		if len(ns) >= crowd {
			into[k] = true
		}
	}
}

func mailsOf(g Guardian) []string {
	if g.Email == "" {
		return g.OtherEmails
	}
	return append([]string{g.Email}, g.OtherEmails...)
}

// findPeople brings the mentions of one person together (rule 1).
func (h *homes) findPeople() {
	byID, byTrait := map[string]int{}, map[string]int{}
	for i, p := range h.pupils {
		for k, g := range p.Guardians {
			m := Mention{i, k}
			traits := h.traits(p, g)
			at, found := -1, errs.Text{}
			if g.ExternalID != "" {
				if d, ok := byID[g.ExternalID]; ok {
					at, found = d, errs.T("{name} has the same number in the list.", "name", g.Name)
				}
			}
			for _, t := range traits {
				if at >= 0 {
					break
				}
				if d, ok := byTrait[t.key]; ok && !idsDiffer(h.dwellers[d].member.Guardian, g) {
					at, found = d, t.text
				}
			}
			if at < 0 {
				at = len(h.dwellers)
				h.dwellers = append(h.dwellers, &dweller{member: Member{Guardian: g}, names: map[string]bool{}, guardian: true})
			} else {
				d := h.dwellers[at]
				d.why = append(d.why, Why{Rows: sortedRows(append(append([]int(nil), d.rows...), g.Row)), Text: found})
				d.member.take(g)
			}
			d := h.dwellers[at]
			d.member.Mentions = append(d.member.Mentions, m)
			d.rows = append(d.rows, g.Row)
			if n := len(d.pupils); n == 0 || d.pupils[n-1] != i {
				d.pupils = append(d.pupils, i)
			}
			h.at[m] = at
			if g.ExternalID != "" {
				byID[g.ExternalID] = at
			}
			for _, t := range traits {
				if _, has := byTrait[t.key]; !has {
					byTrait[t.key] = at
				}
			}
		}
		if len(p.Guardians) == 0 {
			h.dwellers = append(h.dwellers, &dweller{names: map[string]bool{}, pupils: []int{i}, rows: []int{p.Row}})
		}
	}
}

func idsDiffer(a, b Guardian) bool {
	return a.ExternalID != "" && b.ExternalID != "" && a.ExternalID != b.ExternalID
}

type trait struct {
	key  string
	text errs.Text
}

// traits are what two mentions must have in common, one of them, to be one person. All hold the name.
func (h *homes) traits(p Pupil, g Guardian) []trait {
	name := fold(g.Name)
	var ts []trait
	if !strings.Contains(name, " ") { // one word ("mama", "Jan") names nobody
		if g.Name != "" {
			return nil
		}
		// Without a name, a mail address of one's own still is a person.
		for _, m := range mailsOf(g) {
			if !h.noMail[m] {
				ts = append(ts, trait{"|m|" + m, errs.T("The same mail address without a name: {mail}.", "mail", m)})
			}
		}
		return ts
	}
	for _, m := range mailsOf(g) {
		if !h.noMail[m] {
			ts = append(ts, trait{name + "|m|" + m, errs.T("{name} has the same mail address: {mail}.", "name", g.Name, "mail", m)})
		}
	}
	for _, n := range g.Phones {
		if !h.noPhone[n] {
			ts = append(ts, trait{name + "|p|" + n, errs.T("{name} has the same phone number: {phone}.", "name", g.Name, "phone", n)})
		}
	}
	a := g.Address
	if a.IsZero() {
		a = p.Address
	}
	if k := a.Key(); k != "" && !h.noAddress[k] {
		ts = append(ts, trait{name + "|a|" + k, errs.T("{name} has the same address: {address}.", "name", g.Name, "address", a.String())})
	}
	return ts
}

// settle gives each dweller an address (rule 2) and the names by which a home is known.
func (h *homes) settle() {
	for _, d := range h.dwellers {
		d.address = d.member.Address
		if d.address.Key() == "" {
			for _, i := range d.pupils {
				if a := h.homeOf(i); a.Key() != "" {
					d.address = a
					break
				}
			}
		}
		if d.address.IsZero() {
			d.address = h.pupils[d.pupils[0]].Address
		}
		d.key = d.address.Key()
		d.phones, d.mails = d.member.Phones, mailsOf(d.member.Guardian)
		if n := fold(d.member.Family); n != "" {
			d.names[n] = true
		}
		for _, i := range d.pupils {
			if n := fold(h.pupils[i].Family); n != "" {
				d.names[n] = true
			}
		}
	}
	h.parent = make([]int, len(h.dwellers))
	h.keys = make([]string, len(h.dwellers))
	h.why = make([][]Why, len(h.dwellers))
	for i, d := range h.dwellers {
		h.parent[i], h.keys[i], h.why[i] = i, d.key, d.why
	}
}

// homeOf is the pupil's address, or that of the first guardian who has one.
func (h *homes) homeOf(i int) Address {
	p := h.pupils[i]
	if p.Address.Key() != "" {
		return p.Address
	}
	for _, g := range p.Guardians {
		if g.Address.Key() != "" {
			return g.Address
		}
	}
	return p.Address
}

func (h *homes) root(i int) int {
	for h.parent[i] != i {
		h.parent[i] = h.parent[h.parent[i]]
		i = h.parent[i]
	}
	return i
}

// join makes one home of two, unless they are known to be at different addresses. A join that changes nothing is no join.
func (h *homes) join(a, b int, why errs.Text) {
	x, y := h.root(a), h.root(b)
	if x == y || h.keys[x] != "" && h.keys[y] != "" && h.keys[x] != h.keys[y] {
		return
	}
	if y < x {
		x, y = y, x
	}
	h.parent[y] = x
	if h.keys[x] == "" {
		h.keys[x] = h.keys[y]
	}
	h.why[x] = append(h.why[x], h.why[y]...)
	h.why[x] = append(h.why[x], Why{Rows: sortedRows(append(append([]int(nil), h.dwellers[a].rows...), h.dwellers[b].rows...)), Text: why})
	h.why[y] = nil
}

func sortedRows(rows []int) []int {
	sort.Ints(rows)
	out := rows[:0]
	for i, r := range rows {
		if i == 0 || r != rows[i-1] {
			out = append(out, r)
		}
	}
	return out
}

// joinWithinPupils is rule 3.
func (h *homes) joinWithinPupils() {
	for i, p := range h.pupils {
		for k := 1; k < len(p.Guardians); k++ {
			for j := 0; j < k; j++ {
				a, b := h.at[Mention{i, j}], h.at[Mention{i, k}]
				if a == b {
					continue
				}
				x, y := h.dwellers[a], h.dwellers[b]
				text := errs.T("Guardians of {pupil}, and no other address is known.", "pupil", p.Name())
				if x.key != "" && x.key == y.key {
					text = errs.T("Guardians of {pupil} at the same address: {address}.", "pupil", p.Name(), "address", x.address.String())
				}
				h.join(a, b, text)
			}
		}
	}
}

// joinAcross is rule 4, over indexes by mail, phone and address.
func (h *homes) joinAcross() {
	mail, phone, address := map[string]int{}, map[string]int{}, map[string]int{}
	for i, d := range h.dwellers {
		for _, m := range d.mails {
			if h.noMail[m] {
				continue
			}
			if j, ok := mail[m]; ok {
				h.join(j, i, errs.T("The same mail address: {mail}.", "mail", m))
			} else {
				mail[m] = i
			}
		}
		for _, n := range d.phones {
			if h.noPhone[n] {
				continue
			}
			if j, ok := phone[n]; ok {
				h.join(j, i, errs.T("The same phone number: {phone}.", "phone", n))
			} else {
				phone[n] = i
			}
		}
		if d.key == "" || h.noAddress[d.key] {
			continue
		}
		for _, n := range sortedNames(d.names) {
			k := d.key + "|" + n
			if j, ok := address[k]; ok {
				h.join(j, i, errs.T("The same address and family name: {address}.", "address", d.address.String()))
			} else {
				address[k] = i
			}
		}
	}
}

func sortedNames(m map[string]bool) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

func (h *homes) households() []Household {
	byRoot := map[int]int{}
	var out []Household
	for i, d := range h.dwellers {
		x := h.root(i)
		at, ok := byRoot[x]
		if !ok {
			at = len(out)
			byRoot[x] = at
			out = append(out, Household{Why: h.why[x]})
		}
		home := &out[at]
		if home.Address.Key() == "" && (d.key != "" || home.Address.IsZero()) {
			home.Address = d.address
		}
		if d.guardian {
			home.Members = append(home.Members, d.member)
		}
		home.Pupils = append(home.Pupils, d.pupils...)
	}
	for i := range out {
		out[i].Pupils = sortedRows(out[i].Pupils)
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Pupils[0] < out[j].Pupils[0] })
	return out
}
