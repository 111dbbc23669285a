// Package apptest builds the whole program around the demo school, for tests that go through every page: the walk of
// package guard and the looks of the browser in package app. The clock stands still, and no job runs once it is built.
//
// It owns no tables; it fills those of everybody through their operations.
package apptest

import (
	"bytes"
	"context"
	"encoding/binary"
	"image"
	"image/png"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"brug/internal/app"
	"brug/internal/auth"
	"brug/internal/calendar"
	"brug/internal/contact"
	"brug/internal/db"
	"brug/internal/demo"
	"brug/internal/id"
	"brug/internal/material"
	"brug/internal/messages"
	"brug/internal/packs"
	"brug/internal/phrase"
	"brug/internal/roster"
	"brug/internal/school"
	"brug/internal/voice"
)

// World is the built house, the demo school in it, and a value for each placeholder of a route.
type World struct {
	*app.App
	Demo   demo.World
	Now    time.Time
	People []Person
	Values Values // of class 3A and its teacher
	Centre Values // what can be named in the support centre's own house
	Lend   Values // by language: the token of a link to lend a voice in it
	Guests Values // by language: the token of the personal link of a guardian who reads it
	Named  Values // by language: the name of that guardian

	t     testing.TB
	ctx   context.Context
	clock *clock
}

// Person is somebody who goes through the pages.
type Person struct {
	Name   string
	Role   auth.Role // at the school of the demo; Nobody for who is not signed in
	Cookie string    // the token of a session; "" for Nobody
	Else   bool      // works elsewhere: another school, or another class
	email  string
}

// New builds it on a migrated, empty database.
func New(t testing.TB, url string) *World {
	t.Helper()
	w := &World{t: t, ctx: t.Context(), Now: time.Now().Truncate(time.Millisecond), clock: &clock{}, Values: Values{}}
	w.clock.set(w.Now)
	a, err := app.Open(w.ctx, app.Config{DB: url, Data: t.TempDir(), BaseURL: "https://brug.test", Demo: true, Now: w.clock.now, Log: slog.New(slog.NewTextHandler(failures{t}, &slog.HandlerOptions{Level: slog.LevelError}))})
	w.ok(err)
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	w.App = a
	w.Demo, err = demo.Make(w.ctx, demo.Services{Auth: a.Auth, Schools: a.School, Contact: a.Contact, Packs: a.Packs, Material: a.Material, Messages: a.Messages, Calendar: a.Calendar, SetNow: w.clock.set, Now: w.Now})
	w.ok(err)
	w.clock.set(w.Now)
	w.people()
	w.fill()
	return w
}

// failures puts what the program logs as an error into the test: an internal error is always a failure.
type failures struct{ t testing.TB }

func (f failures) Write(b []byte) (int, error) {
	f.t.Errorf("the program says: %s", b)
	return len(b), nil
}

func (w *World) people() {
	w.People = []Person{
		{Name: "nobody"},
		{Name: "director of another school", Role: auth.Director, Else: true, email: "directie@deels.example"},
		{Name: "support centre", Role: auth.Support, email: "steunpunt@brug.example"},
		{Name: "teacher of another class", Role: auth.Teacher, Else: true, email: "tom@dewilg.example"},
		{Name: "teacher of the class", Role: auth.Teacher, email: "els@dewilg.example"},
		{Name: "care coordinator", Role: auth.Care, email: "zorg@dewilg.example"},
		{Name: "director", Role: auth.Director, email: "directie@dewilg.example"},
	}
	for i := range w.People {
		if p := &w.People[i]; p.email != "" {
			p.Cookie = w.signIn(p.email)
		}
	}
}

func (w *World) signIn(email string) string {
	w.t.Helper()
	s, err := w.Auth.SignIn(w.ctx, email, demo.Password, auth.Visit{IP: "127.0.0.1", UserAgent: "test", Keep: true})
	w.ok(err)
	return s.Token
}

// Person is one of the People.
func (w *World) Person(name string) Person {
	w.t.Helper()
	i := slices.IndexFunc(w.People, func(p Person) bool { return p.Name == name })
	if i < 0 {
		w.t.Fatalf("nobody is called %q", name)
	}
	return w.People[i]
}

// Actor is who a person is at the school of the demo.
func (w *World) Actor(p Person) auth.Actor {
	w.t.Helper()
	a, err := w.Auth.Actor(w.ctx, p.Cookie, w.Demo.School.Slug)
	w.ok(err)
	return a
}

// Values are what stands in a path for a placeholder: by its name, or by the beginning of the pattern where the same
// name means several things ("/demo/{token}").
type Values map[string]string

// Path fills the placeholders of a pattern. missing names one that is not known.
func (v Values) Path(pattern string) (path, missing string) {
	path = strings.TrimSuffix(pattern, "{$}")
	for {
		before, rest, found := strings.Cut(path, "{")
		if !found {
			return path, ""
		}
		name, after, _ := strings.Cut(rest, "}")
		value, known := v[before+"{"+name+"}"]
		if !known {
			value, known = v[name]
		}
		if !known {
			return "", name
		}
		path = before + value + after
	}
}

// With is a copy with other values.
func (v Values) With(kv ...string) Values {
	out := Values{}
	for k, x := range v {
		out[k] = x
	}
	for i := 0; i+1 < len(kv); i += 2 {
		out[kv[i]] = kv[i+1]
	}
	return out
}

// Placeholders are the names in a pattern.
func Placeholders(pattern string) []string {
	var out []string
	for _, part := range strings.Split(pattern, "{")[1:] {
		if name, _, _ := strings.Cut(part, "}"); name != "$" {
			out = append(out, name)
		}
	}
	return out
}

// fill finds or makes one of each thing that a path can name.
func (w *World) fill() {
	director, teacher := w.Actor(w.Person("director")), w.Actor(w.Person("teacher of the class"))
	v := w.Values
	v["school"] = w.Demo.School.Slug
	v["class"] = teacher.Classes[0].PublicID
	v["token"] = w.Demo.Arabic.Token
	v["rest..."] = "nowhere/at/all"
	w.family(teacher)
	w.talks(teacher)
	w.guests(director)
	w.post(teacher, director)
	w.pack(teacher)
	w.desk(director)
	w.lists(director)
	v["day"] = w.clock.now().AddDate(0, 0, 1).Format(time.DateOnly)
	var err error
	v["event"], err = w.Calendar.Add(w.ctx, director, calendar.Input{Kind: calendar.Trip, Day: v["day"], Class: v["class"]})
	w.ok(err)
}

// family is a household of the class only, with a question that waits, a code, and a talk noted.
func (w *World) family(teacher auth.Actor) {
	v := w.Values
	open, err := w.Contact.OpenAnswers(w.ctx, teacher)
	w.ok(err)
	for _, o := range open {
		homes, err := w.School.Homes(w.ctx, auth.ForSchool(w.Demo.School), school.Scope{Kind: school.ScopeHousehold, PublicID: o.Household})
		w.ok(err)
		if len(homes) != 1 || slices.ContainsFunc(homes[0].Children, func(c school.Child) bool { return c.ClassPublicID != v["class"] }) {
			continue
		}
		v["answer"], v["household"], v["pupil"], v["guardian"] = o.PublicID, o.Household, homes[0].Children[0].PublicID, homes[0].Guardians[0].PublicID
	}
	if v["answer"] == "" {
		w.t.Fatal("no answer of a family of this class only waits in the demo")
	}
	codes, err := w.Contact.Codes(w.ctx, teacher, v["household"])
	w.ok(err)
	v["code"] = codes[0].PublicID
	homes, err := w.School.Homes(w.ctx, teacher, school.Scope{Kind: school.ScopeClass, PublicID: v["class"]})
	w.ok(err)
	for _, h := range homes { // another family: a talk with this one would settle its question
		if h.PublicID != v["household"] {
			v["contact"], err = w.Contact.LogTalk(w.ctx, teacher, contact.Talk{Household: h.PublicID, Road: contact.Gate, Reached: true, Note: "Opa haalt af op vrijdag."})
			w.ok(err)
			return
		}
	}
	w.t.Fatal("the class has one family only")
}

// guests are guardians with a personal link who read the languages of the pages: a message to each, a conversation with a
// photo in it, and what was agreed there. What is theirs stands in Values behind their own link.
func (w *World) guests(director auth.Actor) {
	homes, err := w.School.Homes(w.ctx, director, school.Scope{Kind: school.ScopeSchool})
	w.ok(err)
	w.Guests, w.Named = Values{}, Values{}
	for _, tag := range []string{"nl", "fr", "ar"} {
		for _, h := range homes {
			for _, g := range h.Guardians {
				if g.Lang == tag && w.Guests[tag] == "" && h.PublicID != w.Values["household"] {
					w.guest(director, tag, g)
				}
			}
		}
		if w.Guests[tag] == "" {
			w.t.Fatalf("no guardian who reads %s has got a message", tag)
		}
	}
	w.Values["/m/{token}"] = w.Guests["ar"]
}

// guest fills in what is a guardian's, if a message came.
func (w *World) guest(director auth.Actor, tag string, guardian school.Guardian) {
	v, secret := w.Values, w.link(guardian.ID)
	guest, err := w.Contact.OpenLink(w.ctx, secret, "127.0.0.1")
	w.ok(err)
	received, _, err := w.Messages.Mine(w.ctx, guest, "", 20)
	w.ok(err)
	read := slices.IndexFunc(received, func(m messages.Received) bool { return m.Material != nil })
	if read < 0 || guest.Lang != tag {
		return
	}
	at := "/m/" + secret
	v[at+"/voice/{recipient}"] = received[read].Recipient
	_, err = w.Voice.Add(w.ctx, director, voice.Take{Material: received[read].Material.Slug, Lang: tag, File: silence(), Speaker: "Juf An", Consent: true})
	w.ok(err)
	w.Guests[tag], w.Named[tag], v[at+"/messages/{recipient}"] = secret, guardian.Name, received[0].Recipient
	talk, err := w.Messages.Write(w.ctx, guest, "", messages.Said{Body: "?", Files: []messages.Upload{{Name: "foto.png", Data: photo()}}})
	w.ok(err)
	v[at+"/conversations/{conversation}"] = talk
	v[at+"/agreements/{agreement}"], err = w.Messages.Agree(w.ctx, director, messages.AgreementDraft{Conversation: talk, Who: messages.ByBoth, Body: "Elke avond tien minuten lezen."})
	w.ok(err)
	thread, err := w.Messages.Thread(w.ctx, guest, talk)
	w.ok(err)
	for _, e := range thread.Entries {
		for _, f := range e.Files {
			v[at+"/files/{file}"] = f.PublicID
		}
	}
}

// link is the token of a guardian's personal link.
func (w *World) link(guardian int64) string {
	var path string
	w.ok(w.Base.Write(w.ctx, func(tx *db.Tx) error {
		paths, err := w.Contact.EnsureLinks(w.ctx, tx, w.Demo.School.ID, []int64{guardian})
		path = paths[guardian]
		return err
	}))
	return path[strings.LastIndex(path, "/")+1:]
}

// talks are a conversation of a family of the class with a photo in it, seen by the teacher, and what was agreed in it.
func (w *World) talks(teacher auth.Actor) {
	v := w.Values
	var guardian int64
	w.ok(w.Base.SQL().QueryRowContext(w.ctx, "select id from guardians where public_id = $1", v["guardian"]).Scan(&guardian))
	secret := w.link(guardian)
	guest, err := w.Contact.OpenLink(w.ctx, secret, "127.0.0.1")
	w.ok(err)
	v["conversation"], err = w.Messages.Write(w.ctx, guest, "", messages.Said{Body: "Mag ik iets vragen?", Files: []messages.Upload{{Name: "foto.png", Data: photo()}}})
	w.ok(err)
	v["agreement"], err = w.Messages.Agree(w.ctx, teacher, messages.AgreementDraft{Conversation: v["conversation"], Who: messages.ByBoth, Body: "Elke avond tien minuten lezen."})
	w.ok(err)
	talk, err := w.Messages.Conversation(w.ctx, teacher, v["conversation"])
	w.ok(err)
	for _, e := range talk.Entries {
		if e.Kind == messages.Words {
			v["entry"] = e.PublicID
		}
		for _, f := range e.Files {
			v["file"] = f.PublicID
		}
	}
	w.clock.set(w.clock.now().Add(time.Second))
	_, err = w.Messages.Conversation(w.ctx, teacher, v["conversation"])
	w.ok(err)
}

// post is a message that waits for its time, somebody on the call list of another one, and a letter in the outbox.
func (w *World) post(teacher, director auth.Actor) {
	v := w.Values
	site := "/s/" + w.Demo.School.Slug
	file, err := w.Messages.KeepFile(w.ctx, teacher, messages.Upload{Name: "kaart.png", Data: photo()})
	w.ok(err)
	message, err := w.Messages.Send(w.ctx, teacher, messages.Draft{Title: "Uitstap", Body: "Wij gaan naar het bos.", Lang: "nl", To: messages.To{Kind: school.ScopeClass, IDs: []string{v["class"]}}, SendAt: w.Now.Add(48 * time.Hour), Files: []string{file.PublicID}})
	w.ok(err)
	v[site+"/messages/{message}"], v[site+"/messages/"+message+"/files/{file}"] = message, file.PublicID
	v["message"] = message // as the same message is asked for at another school
	tasks, _, err := w.Messages.Tasks(w.ctx, teacher, "")
	w.ok(err)
	v["recipient"] = tasks[0].Recipient
	letters, _, err := w.Messages.Outbox(w.ctx, director, messages.OutboxFilter{Road: contact.Mail}, 0, 1)
	w.ok(err)
	v["letter"] = letters[0].PublicID
}

// photo is a picture as a phone would send it.
func photo() []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewRGBA(image.Rect(0, 0, 320, 240))); err != nil {
		panic(err) // into memory
	}
	return b.Bytes()
}

// pack prints the class by the real job.
func (w *World) pack(teacher auth.Actor) {
	v := w.Values
	var err error
	v["pack"], err = w.Packs.Start(w.ctx, teacher, packs.Choice{Material: material.Shipped().All()[0].Slug, Scope: school.Scope{Kind: school.ScopeClass, PublicID: v["class"]}})
	w.ok(err)
	w.ok(w.Start(w.ctx))
	w.ok(w.Jobs.Quiet(w.ctx))
	w.ok(w.Jobs.Stop(w.ctx))
	p, err := w.Packs.Get(w.ctx, teacher, v["pack"])
	w.ok(err)
	if p.State != packs.Finished || len(p.Slip) == 0 {
		w.t.Fatalf("the pack of the class is %s, with %d slips", p.State, len(p.Slip))
	}
	v["slip"] = p.Slip[0].PublicID
}

// desk is what belongs to accounts: staff, sessions, requests, links.
func (w *World) desk(director auth.Actor) {
	v := w.Values
	staff, err := w.Auth.Staff(w.ctx, director)
	w.ok(err)
	for _, m := range staff {
		if m.Email == "hilde@dewilg.example" { // none of those who walk
			v["staff"] = m.PublicID
		}
	}
	w.signIn("directie@dewilg.example") // on another computer
	sessions, err := w.Auth.Sessions(w.ctx, director)
	w.ok(err)
	v["session"] = sessions[len(sessions)-1].PublicID
	waiting, _, err := w.Auth.Requests(w.ctx, w.outside(w.Person("support centre")))
	w.ok(err)
	v["request"] = waiting[0].PublicID
	v["/demo/{token}"], err = w.Auth.DemoLink(w.ctx, w.Demo.Teacher.AccountID)
	w.ok(err)
	operator := auth.Actor{Role: auth.System, Name: "operator"}
	url, err := w.Auth.ResetLink(w.ctx, operator, "hilde@dewilg.example")
	w.ok(err)
	v["/reset/{token}"] = url[strings.LastIndex(url, "/")+1:]
	made, err := w.Auth.CreateAccount(w.ctx, operator, auth.NewAccount{School: w.Demo.School, Name: "An Peeters", Email: "an@dewilg.example", Lang: "nl", Role: auth.Care})
	w.ok(err)
	v["/welcome/{token}"] = made.Link[strings.LastIndex(made.Link, "/")+1:]
}

// outside is who a person is at no school.
func (w *World) outside(p Person) auth.Actor {
	a, err := w.Auth.Actor(w.ctx, p.Cookie, "")
	w.ok(err)
	return a
}

// lists are a list that is being brought in, a group, and a slip of the school's own, for the class.
func (w *World) lists(director auth.Actor) {
	v := w.Values
	w.ok(w.School.SetLogo(w.ctx, auth.ForSchool(w.Demo.Other), []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9" fill="#0f5257"/></svg>`)))
	var err error
	v["group"], err = w.School.AddGroup(w.ctx, director, "Zwemgroep")
	w.ok(err)
	w.ok(w.School.SetGroupPupils(w.ctx, director, v["group"], []string{v["pupil"]}, nil))
	v["material"], err = w.Material.Create(w.ctx, director, "", material.Edit{Kind: material.QuestionSlip, Class: v["class"], Audiences: []material.Audience{school.Grades34}, Practices: []material.Practice{material.Talk},
		Title: map[string]string{"nl": "Op uitstap"}, Intro: map[string]string{"nl": "We gaan op uitstap naar het bos."},
		Parts: []material.EditPart{{Part: material.Part{Role: material.Question, Pictogram: "outside"}, Texts: map[string]string{"nl": "Wat zag je in het bos?"}}}})
	w.ok(err)
	w.things(director)
	// Last: what is changed among pupils and groups makes its plan stale.
	v["import"], err = w.School.Upload(w.ctx, director, []roster.File{{Name: "de-wilg.csv", Data: demo.Roster}})
	w.ok(err)
	m, _, err := w.School.Columns(w.ctx, director, v["import"])
	w.ok(err)
	_, err = w.School.SetColumns(w.ctx, director, v["import"], m, school.Choices{})
	w.ok(err)
}

// things are what belongs to materials, at the school and in the house of the support centre: a message, a word of the list, a
// photo, a recording, and links to make one; and a voice for the texts that the families of the demo open.
func (w *World) things(director auth.Actor) {
	v := w.Values
	w.made(director, v)
	ready, ok := phrase.Shipped().Find("bring-what-you-have")
	if !ok {
		w.t.Fatal("the bank has lost a phrase")
	}
	var err error
	v["wording"], err = w.Material.Create(w.ctx, director, "", material.Edit{Kind: material.Message, Practices: []material.Practice{material.Messages}, Picture: "message",
		Title: map[string]string{"nl": "Knutselen"}, Parts: []material.EditPart{material.PhrasePart(ready, nil)}})
	w.ok(err)
	w.Lend = Values{}
	for _, tag := range []string{"nl", "fr", "ar"} {
		w.Lend[tag], _, err = w.Voice.MakeLink(w.ctx, director, "animals", tag)
		w.ok(err)
	}
	v["/v/{token}"] = w.Lend["ar"]
	for _, way := range []demo.Way{w.Demo.Arabic, w.Demo.Dutch} {
		opened, err := w.Contact.Open(w.ctx, way.Token, "127.0.0.1")
		w.ok(err)
		_, err = w.Voice.Add(w.ctx, director, voice.Take{Material: opened.Material, Lang: way.Lang, File: silence(), Speaker: "Juf An", Consent: true})
		w.ok(err)
	}
	kim, err := w.Auth.Actor(w.ctx, w.Person("support centre").Cookie, w.Demo.Centre.Slug)
	w.ok(err)
	own, err := w.Material.List(w.ctx, kim, material.Filter{Own: true})
	w.ok(err)
	w.Centre = Values{"school": w.Demo.Centre.Slug, "material": own[0].Slug}
	w.made(kim, w.Centre)
}

// made makes what a person at a school or in the house of the centre can make besides texts.
func (w *World) made(by auth.Actor, v Values) {
	v["lang"] = "ar"
	w.ok(w.Material.AddWord(w.ctx, by, "refter", "eetzaal"))
	words, err := w.Material.Words(w.ctx, by)
	w.ok(err)
	v["word"] = words[0].ID
	var picture bytes.Buffer
	w.ok(png.Encode(&picture, image.NewRGBA(image.Rect(0, 0, 200, 250))))
	v["photo"], err = w.Material.AddPhoto(w.ctx, by, material.NewPhoto{Data: picture.Bytes(), About: "Juf An"})
	w.ok(err)
	v["recording"], err = w.Voice.Add(w.ctx, by, voice.Take{Material: v["material"], Lang: "nl", File: silence(), Speaker: "Juf An", Consent: true})
	w.ok(err)
}

// silence is a second of it: WAV, 8,000 samples of 16 bits.
func silence() []byte {
	const samples = 8000
	out := []byte("RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00")
	out = binary.LittleEndian.AppendUint32(out, samples)   // a second
	out = binary.LittleEndian.AppendUint32(out, 2*samples) // bytes
	out = append(out, 2, 0, 16, 0)
	out = append(out, "data"...)
	out = binary.LittleEndian.AppendUint32(out, 2*samples)
	out = append(out, make([]byte, 2*samples)...)
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8))
	return out
}

// Unknown are values that belong to nothing, for the same school.
func (w *World) Unknown() Values {
	out := Values{}
	for k := range w.Values {
		out[k] = id.New()
	}
	out["school"] = w.Values["school"]
	return out
}

func (w *World) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}
