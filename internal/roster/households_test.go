package roster

import (
	"fmt"
	"strings"
	"testing"
)

func at(s string) Address { return ParseAddress(s) }

// who writes households as "Emma Lucas: An Tom" lines.
func who(pupils []Pupil, hs []Household) string {
	var lines []string
	for _, h := range hs {
		var kids, adults []string
		for _, i := range h.Pupils {
			kids = append(kids, pupils[i].Given)
		}
		for _, m := range h.Members {
			adults = append(adults, m.Given)
		}
		lines = append(lines, strings.Join(kids, " ")+": "+strings.Join(adults, " "))
	}
	return strings.Join(lines, "\n")
}

func guardian(name string, a string, contacts ...string) Guardian {
	g := Guardian{Name: name, Address: at(a)}
	g.Given, g.Family, _ = splitName(name, false)
	for _, c := range contacts {
		if strings.Contains(c, "@") {
			g.Email = c
		} else {
			g.Phones = append(g.Phones, c)
		}
	}
	return g
}

func child(name, a string, gs ...Guardian) Pupil {
	p := Pupil{Address: at(a), Guardians: gs}
	p.Given, p.Family, _ = splitName(name, false)
	return p
}

func TestHouseholds(t *testing.T) {
	const here, there = "Wilgenstraat 12, 1080 Molenbeek", "Kerkstraat 5, 1090 Jette"
	an, tom := guardian("An Peeters", "", "an@v.be"), guardian("Tom Janssens", "", "+32475000001")
	for _, c := range []struct {
		name   string
		pupils []Pupil
		own    Own
		want   string
	}{
		{"two guardians without an address live with the pupil", []Pupil{child("Emma Janssens", here, an, tom)}, Own{}, "Emma: An Tom"},
		{"siblings over rows join", []Pupil{child("Emma Janssens", here, an, tom), child("Lucas Janssens", here, an, tom)}, Own{}, "Emma Lucas: An Tom"},
		{"two homes stay two, with the pupil in both", []Pupil{child("Emma Janssens", here, an, guardian("Tom Janssens", there, "+32475000001"))}, Own{}, "Emma: An\nEmma: Tom"},
		{"two homes of two siblings", []Pupil{child("Emma Janssens", here, an, guardian("Tom Janssens", there, "+32475000001")),
			child("Lucas Janssens", here, an, guardian("Tom Janssens", there, "+32475000001"))}, Own{}, "Emma Lucas: An\nEmma Lucas: Tom"},
		{"his own address is known from the brother's row only", []Pupil{child("Emma Janssens", here, an, tom),
			child("Lucas Janssens", here, an, guardian("Tom Janssens", there, "+32475000001"))}, Own{}, "Emma Lucas: An\nEmma Lucas: Tom"},
		{"half-siblings share a mother", []Pupil{child("Emma Janssens", here, an, tom), child("Noor Bakker", here, an)}, Own{}, "Emma Noor: An Tom"},
		{"the same family name is nothing", []Pupil{child("Emma Janssens", here, an), child("Piet Janssens", there, guardian("Jan Janssens", ""))}, Own{}, "Emma: An\nPiet: Jan"},
		{"the same full name of two people is nothing", []Pupil{child("Emma Janssens", "", guardian("Jan Janssens", "", "jan1@v.be")), child("Piet Janssens", "", guardian("Jan Janssens", "", "jan2@v.be"))},
			Own{}, "Emma: Jan\nPiet: Jan"},
		{"the same address and family name", []Pupil{child("Emma Janssens", here, an), child("Lucas Janssens", "wilgenstr. 12 , 1080 Sint-Jans-Molenbeek", tom)}, Own{}, "Emma Lucas: An Tom"},
		{"strangers in one house of flats", []Pupil{child("Emma Janssens", here, an), child("Nour Aziz", here, guardian("Rima Haddad", ""))}, Own{}, "Emma: An\nNour: Rima"},
		{"the same house, other box", []Pupil{child("Emma Maes", "Laan 1 bus 1, 1000 Brussel", guardian("Bo Maes", "")), child("Lina Maes", "Laan 1 bus 2, 1000 Brussel", guardian("Ria Maes", ""))}, Own{}, "Emma: Bo\nLina: Ria"},
		{"the same phone, no address known", []Pupil{child("Emma Janssens", "", guardian("An Peeters", "", "+32475000009")), child("Noor Bakker", "", guardian("A. Peeters", "", "+32475000009"))}, Own{}, "Emma Noor: An A."},
		{"the same phone at two addresses: a grandmother's, or a mistake", []Pupil{child("Emma Janssens", here, guardian("An Peeters", "", "+32475000009")),
			child("Noor Bakker", there, guardian("Els Bakker", "", "+32475000009"))}, Own{}, "Emma: An\nNoor: Els"},
		{"the school's own phone", []Pupil{child("Emma Janssens", "", guardian("An Peeters", "", "+3225550000")), child("Noor Bakker", "", guardian("Els Bakker", "", "+3225550000"))},
			Own{Phones: []string{"+3225550000"}}, "Emma: An\nNoor: Els"},
		{"the school's own mail", []Pupil{child("Emma Janssens", "", guardian("An Peeters", "", "juf@wilg.be")), child("Noor Bakker", "", guardian("Els Bakker", "", "juf@wilg.be"))},
			Own{Emails: []string{"Juf@wilg.be"}}, "Emma: An\nNoor: Els"},
		{"an office's mail address", []Pupil{child("Emma Janssens", "", guardian("An Peeters", "", "info@opvang.be")), child("Noor Bakker", "", guardian("Els Bakker", "", "info@opvang.be"))},
			Own{}, "Emma: An\nNoor: Els"},
		{"the school's own address", []Pupil{child("Ali Ahmadi", here, guardian("Sara Ahmadi", "")), child("Omid Ahmadi", here, guardian("Laila Ahmadi", ""))},
			Own{Addresses: []Address{at(here)}}, "Ali: Sara\nOmid: Laila"},
		{"a pupil without guardians is a household", []Pupil{child("Emma Janssens", "")}, Own{}, "Emma: "},
		{"a pupil without guardians joins the sister", []Pupil{child("Emma Janssens", here, an), child("Lucas Janssens", here)}, Own{}, "Emma Lucas: An"},
		{"no pupils", nil, Own{}, ""},
	} {
		if got := who(c.pupils, Households(c.pupils, c.own)); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.name, got, c.want)
		}
	}
}

func TestACrowdAtOneAddressPhoneOrMailIsNoFamily(t *testing.T) {
	var pupils []Pupil
	for i, family := range []string{"Ahmadi", "Haile", "Diallo", "Nowak", "Ahmadi"} {
		g := guardian(fmt.Sprintf("Ouder%d %s", i, family), "", "+3225551111", "hulp@dienst.be")
		pupils = append(pupils, child(fmt.Sprintf("Kind%d %s", i, family), "Klein Kasteeltje 1, 1000 Brussel", g))
	}
	if hs := Households(pupils, Own{}); len(hs) != 5 {
		t.Errorf("five families in a reception centre became %d:\n%s", len(hs), who(pupils, hs))
	}
}

func TestEveryJoinIsExplained(t *testing.T) {
	a := child("Emma Janssens", "Wilgenstraat 12, 1080 Molenbeek", guardian("An Peeters", "", "an@v.be"), guardian("Tom Janssens", ""))
	b := child("Lucas Janssens", "Wilgenstraat 12, 1080 Molenbeek", guardian("An Peeters", "", "an@v.be"))
	a.Guardians[0].Row, a.Guardians[1].Row, b.Guardians[0].Row = 2, 2, 3
	hs := Households([]Pupil{a, b}, Own{})
	if len(hs) != 1 || len(hs[0].Why) != 2 {
		t.Fatalf("%+v", hs)
	}
	if w := hs[0].Why[0]; w.Text.String() != "An Peeters has the same mail address: an@v.be." || fmt.Sprint(w.Rows) != "[2 3]" {
		t.Errorf("%v %s", w.Rows, w.Text)
	}
	if m := hs[0].Members[0]; fmt.Sprint(m.Mentions) != "[{0 0} {1 0}]" {
		t.Errorf("mentions %v", m.Mentions)
	}
}
