// Package contacttest gives tests of floor 5 and above one small believable school on a real database: two classes, a
// child with two homes, siblings, four languages, a barred guardian, and a second school for strangers.
package contacttest

import (
	"context"
	"testing"
	"time"

	"brug/internal/auth"
	"brug/internal/blob"
	"brug/internal/contact"
	"brug/internal/db"
	"brug/internal/jobs"
	"brug/internal/roster"
	"brug/internal/school"
	"brug/internal/secret"
)

// World is the school and the services around it. Clock is what they take for now; move it.
type World struct {
	T       testing.TB
	Ctx     context.Context
	DB      *db.DB
	Clock   time.Time
	Jobs    *jobs.Runner
	Blobs   blob.Store
	Auth    *auth.Service
	Schools *school.Service
	Contact *contact.Service
	Keys    *secret.Keys
	School  auth.School
	Other   auth.School
	System  auth.Actor // the operator at School
	Teacher auth.Actor // of class 3A
	Other1B auth.Actor // teacher of class 1B
	Alien   auth.Actor // director of the other school
	Class   map[string]string
}

// roster: Ali and Badra are siblings in two classes; Cas has two homes; Desta's mother rather listens; Ela's father is
// barred by hand below.
const list = "Stamnummer;Klas;Familienaam;Voornaam;Adres;Postcode;Gemeente;Ouder 1;Gsm ouder 1;Taal ouder 1;Ouder 2;Gsm ouder 2;Taal ouder 2;Adres ouder 2;Postcode ouder 2;Gemeente ouder 2\r\n" +
	"1;3A;Haddad;Ali;Kerkstraat 1;1080;Molenbeek;Nadia Haddad;0499 00 00 01;Arabisch;;;;;;\r\n" +
	"2;1B;Haddad;Badra;Kerkstraat 1;1080;Molenbeek;Nadia Haddad;0499 00 00 01;Arabisch;;;;;;\r\n" +
	"3;3A;Maes;Cas;Molenstraat 3;1080;Molenbeek;An Maes;0499 00 00 02;Nederlands;Piotr Nowak;0499 00 00 03;Pools;Vaartstraat 9;1000;Brussel\r\n" +
	"4;3A;Haile;Desta;Parklaan 4;1080;Molenbeek;Tsega Haile;0499 00 00 04;Tigrinya;;;;;;\r\n" +
	"5;1B;Stan;Ela;Zandweg 5;1080;Molenbeek;Ana Stan;0499 00 00 05;Roemeens;Ion Stan;0499 00 00 06;Roemeens;Dijk 7;1070;Anderlecht\r\n"

// New builds the world in an empty database.
func New(t testing.TB, d *db.DB) *World {
	t.Helper()
	w := &World{T: t, Ctx: t.Context(), DB: d, Clock: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), Class: map[string]string{}}
	now := func() time.Time { return w.Clock }
	var err error
	w.Blobs, err = blob.Open(t.TempDir())
	w.OK(err)
	w.Jobs = jobs.New(d, jobs.Config{})
	w.Auth, err = auth.New(auth.Config{DB: d, Now: now, BaseURL: "https://brug.test", Demo: true})
	w.OK(err)
	w.Schools = school.New(school.Config{DB: d, Blobs: w.Blobs, Jobs: w.Jobs, Now: now})
	w.Keys, err = secret.Open(t.TempDir(), "")
	w.OK(err)
	w.Contact = contact.New(contact.Config{DB: d, School: w.Schools, Auth: w.Auth, Keys: w.Keys, Now: now})
	operator := auth.Actor{Role: auth.System, Name: "operator", Lang: "nl"}
	w.School, err = w.Auth.CreateSchool(w.Ctx, operator, auth.NewSchool{Name: "De Brug", Town: "Brussel", Email: "de@brug.test", Lang: "nl", Timezone: "Europe/Brussels"})
	w.OK(err)
	w.Other, err = w.Auth.CreateSchool(w.Ctx, operator, auth.NewSchool{Name: "Het Anker", Town: "Aalst", Email: "het@anker.test", Lang: "nl", Timezone: "Europe/Brussels"})
	w.OK(err)
	w.System = auth.ForSchool(w.School)
	_, err = w.Schools.ImportFiles(w.Ctx, w.System, []roster.File{{Name: "list.csv", Data: []byte(list)}}, school.Choices{}, true)
	w.OK(err)
	classes, err := w.Schools.Classes(w.Ctx, w.System)
	w.OK(err)
	ids := map[string]int64{}
	for _, c := range classes {
		w.Class[c.Name], ids[c.Name] = c.PublicID, c.ID
	}
	w.Teacher = w.staff(w.School, "Els", "els@brug.test", auth.Teacher, "3A", ids)
	w.Other1B = w.staff(w.School, "Tom", "tom@brug.test", auth.Teacher, "1B", ids)
	w.Alien = w.staff(w.Other, "Jan", "jan@anker.test", auth.Director, "", nil)
	w.bar()
	return w
}

func (w *World) staff(at auth.School, name, email string, role auth.Role, class string, ids map[string]int64) auth.Actor {
	w.T.Helper()
	in := auth.NewAccount{School: at, Name: name, Email: email, Lang: "nl", Role: role, Password: "vier appels onder de tafel"}
	a := auth.Actor{Name: name, Lang: "nl", Role: role, School: at}
	if class != "" {
		in.Classes = []string{w.Class[class]}
		a.Classes = []auth.Class{{ID: ids[class], PublicID: w.Class[class], Name: class}}
	}
	made, err := w.Auth.CreateAccount(w.Ctx, auth.Actor{Role: auth.System, Name: "operator"}, in)
	w.OK(err)
	a.AccountID, a.StaffID = made.AccountID, made.StaffID
	return a
}

// bar takes all rights about Ela from her father, who has a home of his own.
func (w *World) bar() {
	w.T.Helper()
	home := w.Home("Ela", "Ion Stan")
	child, g := home.Children[0], home.Guardians[0]
	card, err := w.Schools.Guardian(w.Ctx, w.System, g.PublicID)
	w.OK(err)
	w.OK(w.Schools.ChangeGuardian(w.Ctx, w.System, g.PublicID, card.Version, school.GuardianInput{Name: g.Name, Relation: g.Relation, Phone: g.Phone, Lang: g.Lang, Langs: g.Langs, Reading: school.ReadsWell,
		Roads: []school.Road{school.Paper}, Rights: map[string]school.Rights{child.PublicID: {Barred: true}}}))
}

// Home is the household of a child with this guardian ("" is the first); that child stands first in it.
func (w *World) Home(child, guardian string) school.Home {
	w.T.Helper()
	homes, err := w.Schools.Homes(w.Ctx, w.System, school.Scope{Kind: school.ScopeSchool})
	w.OK(err)
	for _, h := range homes {
		for i, c := range h.Children {
			if c.Given == child && (guardian == "" || len(h.Guardians) > 0 && h.Guardians[0].Name == guardian) {
				h.Children[0], h.Children[i] = h.Children[i], h.Children[0]
				return h
			}
		}
	}
	w.T.Fatalf("no home of %s with %q in %+v", child, guardian, homes)
	return school.Home{}
}

// Code gives a household a code about its first child, as printing does.
func (w *World) Code(h school.Home, lang string) contact.Code {
	w.T.Helper()
	codes := contact.Secrets(1)
	w.OK(w.DB.Write(w.Ctx, func(tx *db.Tx) error {
		return w.Contact.KeepCodes(w.Ctx, tx, w.School.ID, []contact.CodeFor{{HouseholdID: h.ID, PupilID: h.Children[0].ID, Material: "water", Lang: lang}}, codes)
	}))
	return codes[0]
}

// OK ends the test when err is not nil.
func (w *World) OK(err error) {
	w.T.Helper()
	if err != nil {
		w.T.Fatal(err)
	}
}
