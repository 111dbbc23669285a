// Package demo makes one small believable world: a primary school in Brussels with four classes, some 80 families and 16
// languages; siblings, two homes, parents who rather listen, and eight weeks of contact behind it.
//
// All people are made up (no phone number or address is anybody's). The pupils come in through the school's list
// (de-wilg.csv, which also serves to try the import), the rest through the same operations as in life.
// "brug demo" serves it; end-to-end tests walk through it. It owns no tables.
package demo

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
	"time"

	"brug/internal/auth"
	"brug/internal/calendar"
	"brug/internal/contact"
	"brug/internal/material"
	"brug/internal/messages"
	"brug/internal/packs"
	"brug/internal/roster"
	"brug/internal/school"
)

// Roster is the list of pupils of the demo school, as a school would bring it in.
//
//go:embed de-wilg.csv
var Roster []byte

// Password is that of all accounts of the demo. It is printed at the start; a demo listens on this machine only, unless
// told otherwise.
const Password = "wilgenbrug-2026"

// Services are what the world is built with.
type Services struct {
	Auth     *auth.Service
	Schools  *school.Service
	Contact  *contact.Service
	Packs    *packs.Service
	Material *material.Service
	Messages *messages.Service // nil: a school without messages, for what looks at none
	Calendar *calendar.Service // nil: no days
	SetNow   func(time.Time)   // moves the clock of the services while the past is made
	Now      time.Time
}

// World is the made school with its ways in.
type World struct {
	School                            auth.School
	Director, Care, Teacher, Teacher5 auth.Created
	Support                           auth.Created
	Dutch, Arabic, Tigrinya           Way         // three parents of class 3A
	Other                             auth.School // a second school with nothing in it, for strangers
	Stranger                          auth.Created
	Centre                            auth.School // the support centre's own house
	Lunchbox                          string      // slug of the school's own version of what the centre published
}

// Way is the way in of one family: the secrets of the code on its paper, and the path of a guardian's own page.
type Way struct {
	Child, Lang string
	Page        string // "/m/TOKEN"; "" where there are no messages
	contact.Code
}

// Make builds the world in an empty database.
func Make(ctx context.Context, s Services) (World, error) {
	m := maker{Services: s, ctx: ctx, system: auth.Actor{Role: auth.System, Name: "demo", Lang: "nl"}}
	m.SetNow(m.Now.Add(-60 * 24 * time.Hour))
	for _, step := range []func() error{m.schools, m.pupils, m.people, m.past, m.days, m.post, m.centre} {
		if err := step(); err != nil {
			return World{}, fmt.Errorf("demo: %w", err)
		}
	}
	m.SetNow(time.Time{})
	return m.World, nil
}

type maker struct {
	Services
	World
	ctx    context.Context
	system auth.Actor
	by     auth.Actor // the system at the school
	homes  []school.Home
}

func (m *maker) schools() (err error) {
	if m.School, err = m.Auth.CreateSchool(m.ctx, m.system, auth.NewSchool{Name: "Basisschool De Wilg", Town: "Molenbeek", Email: "directie@dewilg.example", Phone: "+3225550100", Lang: "nl", Timezone: "Europe/Brussels"}); err != nil {
		return err
	}
	if m.Other, err = m.Auth.CreateSchool(m.ctx, m.system, auth.NewSchool{Name: "Basisschool De Els", Town: "Evere", Email: "directie@deels.example", Lang: "nl", Timezone: "Europe/Brussels"}); err != nil {
		return err
	}
	m.by = auth.ForSchool(m.School)
	return m.Schools.SetLogo(m.ctx, m.by, []byte(logo))
}

// logo is a willow, drawn for the demo.
const logo = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 72"><rect x="54" y="30" width="8" height="38" rx="3" fill="#7a5a3a"/><path d="M58 6C30 6 14 22 16 46c10-4 16-12 18-20-1 12 2 20 8 26 3-8 4-16 4-24 2 12 6 22 12 28 6-6 10-16 12-28 0 8 1 16 4 24 6-6 9-14 8-26 2 8 8 16 18 20C104 22 86 6 58 6z" fill="#2f7d5b"/><path d="M8 68h104" stroke="#0f5257" stroke-width="3" stroke-linecap="round"/></svg>`

// pupils brings the list in.
func (m *maker) pupils() error {
	_, err := m.Schools.ImportFiles(m.ctx, m.by, []roster.File{{Name: "de-wilg.csv", Data: Roster}}, school.Choices{}, true)
	if err != nil {
		return fmt.Errorf("bring in the list: %w", err)
	}
	if m.homes, err = m.Schools.Homes(m.ctx, m.by, school.Scope{Kind: school.ScopeSchool}); err != nil {
		return err
	}
	return m.choir()
}

// choir is a group of children of two classes, so that there is one to write to.
func (m *maker) choir() error {
	var in []string
	for i, h := range m.homes {
		for _, c := range h.Children {
			if i%4 == 1 && (c.ClassName == "3A" || c.ClassName == "5A") && !slices.Contains(in, c.PublicID) {
				in = append(in, c.PublicID)
			}
		}
	}
	choir, err := m.Schools.AddGroup(m.ctx, m.by, "Koor")
	if err != nil {
		return fmt.Errorf("group: %w", err)
	}
	return m.Schools.SetGroupPupils(m.ctx, m.by, choir, in, nil)
}

// listens are the families whose first guardian rather listens than reads; simple those who read simple words; texted those
// who get an SMS where no mail address is known.
var (
	listens = map[string]bool{"so": true, "ps": true}
	simple  = map[string]bool{"ti": true, "fa-AF": true, "fa": true}
	texted  = map[string]bool{"ti": true, "ar": true, "tr": true, "ro": true, "fr": true, "uk": true}
)

// people makes the staff, and what a teacher knows of guardians that no list tells.
func (m *maker) people() error {
	classes, err := m.Schools.Classes(m.ctx, m.by)
	if err != nil {
		return err
	}
	class := map[string]string{}
	for _, c := range classes {
		class[c.Name] = c.PublicID
	}
	add := func(to *auth.Created, at auth.School, name, email string, role auth.Role, in ...string) {
		if err != nil {
			return
		}
		var ids []string
		for _, n := range in {
			ids = append(ids, class[n])
		}
		*to, err = m.Auth.CreateAccount(m.ctx, m.system, auth.NewAccount{School: at, Name: name, Email: email, Lang: "nl", Role: role, Classes: ids, Password: Password})
	}
	var more auth.Created
	add(&m.Director, m.School, "Griet Verhaegen", "directie@dewilg.example", auth.Director)
	add(&m.Care, m.School, "Nele Aerts", "zorg@dewilg.example", auth.Care)
	add(&m.Teacher, m.School, "Els Daems", "els@dewilg.example", auth.Teacher, "3A")
	add(&m.Teacher5, m.School, "Tom Baert", "tom@dewilg.example", auth.Teacher, "5A")
	add(&more, m.School, "Hilde Moens", "hilde@dewilg.example", auth.Teacher, "K2", "1B")
	add(&m.Stranger, m.Other, "Jan Vos", "directie@deels.example", auth.Director)
	if err != nil {
		return err
	}
	if m.Support, err = m.Auth.CreateSupport(m.ctx, m.system, "Steunpunt Brug", "steunpunt@brug.example", "nl", Password); err != nil {
		return err
	}
	if err := m.Auth.AskLogin(m.ctx, auth.Ask{SchoolName: "Basisschool De Berk", Town: "Anderlecht", Person: "Karima Ouali", Role: "directeur", Email: "karima@deberk.example", Message: "Graag een login voor onze school.", Lang: "nl"}, "127.0.0.1"); err != nil {
		return err
	}
	for _, h := range m.homes {
		for _, g := range h.Guardians {
			in := school.GuardianInput{Name: g.Name, Relation: g.Relation, Email: g.Email, Phone: g.Phone, Lang: g.Lang, Langs: g.Langs, Reading: g.Reading, Roads: []school.Road{school.Paper}}
			switch {
			case listens[g.Lang]:
				in.Reading = school.Listens
				if g.Phone != "" {
					in.Roads = []school.Road{school.Call, school.Paper}
				}
			case simple[g.Lang]:
				in.Reading = school.Simple
				if g.Phone != "" && texted[g.Lang] {
					in.Roads = []school.Road{school.SMS, school.Paper}
				}
			case g.Email != "":
				in.Roads = []school.Road{school.Mail, school.Paper}
			case g.Phone != "" && texted[g.Lang]:
				in.Roads = []school.Road{school.SMS, school.Paper}
			default:
				continue
			}
			card, err := m.Schools.Guardian(m.ctx, m.by, g.PublicID)
			if err != nil {
				return err
			}
			if err := m.Schools.ChangeGuardian(m.ctx, m.by, g.PublicID, card.Version, in); err != nil {
				return fmt.Errorf("guardian: %w", err)
			}
		}
	}
	return nil
}

// past is eight weeks of slips, answers and talks in class 3A and 5A.
func (m *maker) past() error {
	classes, err := m.Schools.Classes(m.ctx, m.by)
	if err != nil {
		return err
	}
	for _, c := range classes {
		if c.Name != "3A" && c.Name != "5A" {
			continue
		}
		teacher := m.by
		teacher.Role, teacher.AccountID, teacher.Name = auth.Care, m.Teacher.AccountID, "Els Daems"
		slugs := []string{"numbers-around-us", "a-good-story"}
		if c.Name == "5A" {
			teacher.AccountID, teacher.Name = m.Teacher5.AccountID, "Tom Baert"
			slugs = []string{"proud-of", "living-together"}
		}
		scope := school.Scope{Kind: school.ScopeClass, PublicID: c.PublicID}
		for round, days := range []int{47, 33, 19, 5} {
			if err := m.round(teacher, scope, slugs[round%2], days, round, round == 3); err != nil {
				return err
			}
		}
		if err := m.talks(teacher, scope); err != nil {
			return err
		}
	}
	return nil
}

// talks are what a teacher noted between the slips: two talks at the gate, a call that nobody took, a home visit.
func (m *maker) talks(teacher auth.Actor, scope school.Scope) error {
	homes, err := m.Schools.Homes(m.ctx, m.by, scope)
	if err != nil {
		return err
	}
	for i, t := range []struct {
		home, days int
		road       contact.Road
		reached    bool
		tone       contact.Tone
	}{{8, 26, contact.Gate, true, contact.Positive}, {16, 12, contact.Gate, true, contact.Positive}, {0, 10, contact.Call, false, ""}, {12, 40, contact.HomeVisit, true, contact.Neutral}} {
		if t.home >= len(homes) {
			continue
		}
		m.SetNow(m.Now.Add(-time.Duration(t.days)*24*time.Hour + time.Duration(i)*time.Minute))
		if _, err := m.Contact.LogTalk(m.ctx, teacher, contact.Talk{Household: homes[t.home].PublicID, Road: t.road, Reached: t.reached, Tone: t.tone}); err != nil {
			return err
		}
	}
	return nil
}

// round prints and hands out one slip, and lets some families answer.
func (m *maker) round(teacher auth.Actor, scope school.Scope, slug string, days, round int, last bool) error {
	day := m.Now.Add(-time.Duration(days) * 24 * time.Hour)
	m.SetNow(day)
	ways, err := m.Packs.Rehearse(m.ctx, teacher, packs.Choice{Material: slug, Scope: scope})
	if err != nil {
		return fmt.Errorf("print %s: %w", slug, err)
	}
	for i, w := range ways {
		m.SetNow(day.Add(6*time.Hour + time.Duration(i)*time.Minute))
		// Who answers what is by the place in the class: some always, some now and then, three families never.
		silent := i%8 == 0
		asks := last && (w.Child == "Mohammed" || w.Child == "Natnael")
		if asks || !silent && (i+round)%3 != 0 {
			v, err := m.Contact.Open(m.ctx, w.Token, "127.0.0.1")
			if err != nil {
				return err
			}
			kind, text := contact.Understood, ""
			switch {
			case last && w.Child == "Mohammed":
				kind, text = contact.Question, "متى تبدأ الرحلة يوم الخميس؟ وماذا يجب أن يحمل معه؟"
			case asks:
				kind = contact.CallMe
			case (i+round)%5 == 0:
				kind = contact.Later
			case (i+round)%7 == 0:
				continue // opened, not answered
			}
			if err := m.Contact.Answer(m.ctx, v, kind, text, w.Lang); err != nil {
				return err
			}
		}
		if last {
			m.keep(w)
		}
	}
	return nil
}

// keep remembers the ways in that the demo shows: the first Dutch family, Mohammed's and a Tigrinya one.
func (m *maker) keep(w packs.Way) {
	way := Way{Child: w.Child, Lang: w.Lang, Code: w.Code}
	switch {
	case w.Lang == "nl" && m.Dutch.Token == "":
		m.Dutch = way
	case w.Lang == "ar" && (m.Arabic.Token == "" || w.Child == "Mohammed" && m.Arabic.Child != "Mohammed"):
		m.Arabic = way
	case w.Lang == "ti" && m.Tigrinya.Token == "":
		m.Tigrinya = way
	}
}
