package demo

import (
	"fmt"
	"slices"
	"time"

	"brug/internal/auth"
	"brug/internal/calendar"
	"brug/internal/contact"
	"brug/internal/db"
	"brug/internal/errs"
	"brug/internal/messages"
	"brug/internal/packs"
	"brug/internal/phrase"
	"brug/internal/school"
)

// post is the messages of the past four weeks, by all roads, with what families said to them.
func (m *maker) post() error {
	els := auth.Actor{AccountID: m.Teacher.AccountID, Name: "Els Daems", Lang: "nl", Role: auth.Teacher, School: m.School}
	tom := auth.Actor{AccountID: m.Teacher5.AccountID, Name: "Tom Baert", Lang: "nl", Role: auth.Teacher, School: m.School}
	griet := auth.Actor{AccountID: m.Director.AccountID, Name: "Griet Verhaegen", Lang: "nl", Role: auth.Director, School: m.School}
	classes, err := m.Schools.Classes(m.ctx, m.by)
	if err != nil {
		return err
	}
	class := map[string]string{}
	for _, c := range classes {
		class[c.Name] = c.PublicID
		switch c.Name {
		case "3A":
			els.Classes = []auth.Class{{ID: c.ID, PublicID: c.PublicID, Name: c.Name}}
		case "5A":
			tom.Classes = []auth.Class{{ID: c.ID, PublicID: c.PublicID, Name: c.Name}}
		}
	}
	in := func(name string) messages.To {
		return messages.To{Kind: school.ScopeClass, IDs: []string{class[name]}}
	}
	day := func(ahead int) string { return m.weekday(-ahead, 9).Format(time.DateOnly) }
	for _, one := range []struct {
		by   auth.Actor
		days int // ago
		hour int
		d    messages.Draft
	}{
		{griet, 26, 9, messages.Draft{To: messages.To{Kind: school.ScopeSchool}, About: contact.Logistics, Title: "Fietsenmarkt op school",
			Body: "Op zaterdag is er een fietsenmarkt op de speelplaats.\n\nHebt u een kinderfiets die te klein is? Breng hem mee. Hebt u een fiets nodig? Kom kijken. Het is gratis.",
			Texts: map[string]messages.Text{
				"fr": {Title: "Marché aux vélos à l’école", Body: "Samedi, il y a un marché aux vélos dans la cour de récréation.\n\nVous avez un vélo d’enfant trop petit ? Apportez-le. Vous avez besoin d’un vélo ? Venez voir. C’est gratuit.", Source: messages.Staff},
				"ar": {Title: "سوق الدراجات في المدرسة", Body: "يوم السبت هناك سوق للدراجات في ساحة المدرسة.\n\nهل لديكم دراجة أطفال صارت صغيرة؟ أحضروها. هل تحتاجون إلى دراجة؟ تعالوا وانظروا. كل شيء مجاني.", Source: messages.Staff},
			}}},
		{els, 20, 9, messages.Draft{To: in("3A"), About: contact.Logistics, Title: "Zwemmen",
			Phrases: []messages.Phrase{
				{Slug: "swimming", Slots: phrase.Values{phrase.Date: day(-16)}},
				{Slug: "bring-on", Slots: phrase.Values{phrase.Date: day(-16), phrase.Thing: "thing/swimming-things\nthing/towel"}},
			}}},
		{tom, 19, 9, messages.Draft{To: in("5A"), About: contact.Learning, Material: "words-while-cooking"}},
		{griet, 12, 11, messages.Draft{To: messages.To{Kind: school.ScopeSchool}, About: contact.Logistics, Title: "School sluit vandaag om 12 uur", Urgent: true, WhyUrgent: "Er is geen water in het gebouw.",
			Phrases: []messages.Phrase{{Slug: "school-ends-early", Slots: phrase.Values{phrase.Date: day(-12), phrase.Time: "12:00"}}, {Slug: "call-us"}}}},
		{els, 9, 9, messages.Draft{To: in("3A"), About: contact.Learning, Material: "a-bedtime-story"}},
		{els, 3, 9, messages.Draft{To: in("3A"), About: contact.Learning, Title: "Wij maken een stadsplan",
			Body: "Deze week tekenen wij een plan van onze buurt.\n\nVraag uw kind: welke weg neem jij naar school? Wat zie je onderweg? Praten mag in uw eigen taal."}},
	} {
		if err := m.send(one.by, m.weekday(one.days, one.hour), one.d); err != nil {
			return fmt.Errorf("message %q: %w", one.d.Title, err)
		}
		if one.days == 12 { // the papers so far were printed and given
			if err := m.handOut(els, school.Scope{Kind: school.ScopeClass, PublicID: class["3A"]}); err != nil {
				return err
			}
		}
	}
	if err := m.answers(els, class["3A"]); err != nil {
		return err
	}
	if err := m.calls(els); err != nil {
		return err
	}
	// What waits for its time: tomorrow, or on Monday.
	m.SetNow(m.Now)
	at := m.weekday(-1, 16)
	if !at.After(m.Now) {
		at = at.Add(24 * time.Hour)
	}
	_, err = m.Messages.Send(m.ctx, els, messages.Draft{To: in("3A"), About: contact.Logistics, SendAt: at, Title: "Bibliotheek",
		Phrases: []messages.Phrase{{Slug: "books-back", Slots: phrase.Values{phrase.Count: "2"}}}})
	if err != nil {
		return fmt.Errorf("message for later: %w", err)
	}
	return m.carry()
}

// weekday is so many days ago (or ahead, below 0) at an hour in the school's zone, moved to a day on which there is school.
func (m *maker) weekday(ago, hour int) time.Time {
	zone, err := time.LoadLocation(m.School.Timezone)
	if err != nil {
		zone = time.UTC
	}
	d := m.Now.In(zone).AddDate(0, 0, -ago)
	step := -1
	if ago < 0 {
		step = 1
	}
	for d.Weekday() == time.Saturday || d.Weekday() == time.Sunday {
		d = d.AddDate(0, 0, step)
	}
	return time.Date(d.Year(), d.Month(), d.Day(), hour, 0, 0, 0, zone)
}

// send sends at a moment of the past, and brings at once what is due then.
func (m *maker) send(by auth.Actor, at time.Time, d messages.Draft) error {
	m.SetNow(at)
	if _, err := m.Messages.Send(m.ctx, by, d); err != nil {
		return err
	}
	return m.carry()
}

func (m *maker) carry() error {
	if _, err := m.Messages.Plan(m.ctx); err != nil {
		return err
	}
	_, err := m.Messages.Carry(m.ctx)
	return err
}

// handOut prints the letters that wait for paper in a class, and gives them. Where none waits nothing is done.
func (m *maker) handOut(by auth.Actor, place school.Scope) error {
	_, err := m.Packs.Rehearse(m.ctx, by, packs.Choice{Scope: place, Options: packs.Options{Letters: true}})
	if errs.Is(err, errs.Invalid) {
		return nil
	}
	return err
}

// answers lets the families of a class open what came, and say something to it.
func (m *maker) answers(teacher auth.Actor, class string) error {
	homes, err := m.Schools.Homes(m.ctx, m.by, school.Scope{Kind: school.ScopeClass, PublicID: class})
	if err != nil {
		return err
	}
	var people []int64
	for _, h := range homes {
		for _, g := range h.Guardians {
			people = append(people, g.ID)
		}
	}
	m.SetNow(m.Now.Add(-30 * 24 * time.Hour))
	paths := map[int64]string{}
	err = m.Contact.DB.Write(m.ctx, func(tx *db.Tx) (err error) {
		paths, err = m.Contact.EnsureLinks(m.ctx, tx, m.School.ID, people)
		return err
	})
	if err != nil {
		return err
	}
	bounced := false
	for i, h := range homes {
		for k, g := range h.Guardians {
			m.keepLink(h, g, paths[g.ID])
			talks := slices.Contains(talkers, h.Children[0].Given)
			if k > 0 || i%6 == 5 && !talks { // one of each home; some open nothing
				continue
			}
			guest, err := m.Contact.OpenLink(m.ctx, paths[g.ID][len("/m/"):], "127.0.0.1")
			if err != nil {
				return err
			}
			if !bounced && i > 2 && g.Email != "" && !talks {
				if bounced, err = m.bounce(guest); err != nil {
					return err
				}
				continue
			}
			if err := m.reads(guest, i); err != nil {
				return err
			}
			if err := m.says(teacher, guest, h.Children[0].Given); err != nil {
				return err
			}
		}
	}
	return nil
}

// calls are those that a teacher made: of what is older than a week all, once without anybody there.
func (m *maker) calls(by auth.Actor) error {
	m.SetNow(m.Now)
	tasks, _, err := m.Messages.Tasks(m.ctx, by, "")
	if err != nil {
		return err
	}
	for i, t := range tasks {
		done := messages.Done{Outcome: messages.Told, Tone: contact.Positive}
		switch {
		case t.Since.After(m.Now.Add(-8 * 24 * time.Hour)):
			continue
		case i == 1:
			done = messages.Done{Outcome: messages.NoReply}
		}
		m.SetNow(t.Since.Add(time.Duration(6+i) * time.Hour))
		if err := m.Messages.Handle(m.ctx, by, t.Recipient, done); err != nil {
			return err
		}
	}
	return nil
}

// bounce tells that the mailbox of a guardian is no more: the letter goes by the next road.
func (m *maker) bounce(g contact.Guest) (bool, error) {
	m.SetNow(m.weekday(3, 10))
	list, _, err := m.Messages.Mine(m.ctx, g, "", 1)
	if err != nil || len(list) == 0 {
		return false, err
	}
	if err := m.Messages.Bounced(m.ctx, contact.Mail, list[0].Recipient, "550 5.1.1", true); err != nil {
		return false, err
	}
	return true, m.carry()
}

// reads opens what came, some of it, and taps an answer now and then.
func (m *maker) reads(g contact.Guest, i int) error {
	m.SetNow(m.Now)
	list, _, err := m.Messages.Mine(m.ctx, g, "", 10)
	if err != nil {
		return err
	}
	slices.Reverse(list) // the oldest first
	for n, one := range list {
		if (i+n)%4 == 3 {
			continue
		}
		m.SetNow(one.At.Add(time.Duration(2+(i*7+n*5)%9+24*((i+n)%2)) * time.Hour))
		if _, _, err := m.Messages.See(m.ctx, g, one.Recipient); err != nil {
			return err
		}
		if (i+n)%3 != 0 {
			continue
		}
		if _, err := m.Messages.AnswerMessage(m.ctx, g, one.Recipient, messages.Said{Answer: contact.Understood}); err != nil {
			return err
		}
	}
	return nil
}

// talkers are the children whose families have a conversation with the school.
var talkers = []string{"Mohammed", "Natnael"}

// says are the conversations of the demo: a question in Arabic with its answer, and what a family began by itself.
func (m *maker) says(teacher auth.Actor, g contact.Guest, child string) error {
	switch {
	case child == "Mohammed" && g.Lang == "ar":
		m.SetNow(m.weekday(2, 18))
		talk, err := m.Messages.Write(m.ctx, g, "", messages.Said{Lang: "ar", Body: "هل يمكن لمحمد أن يحضر خريطة من بيتنا القديم في حلب؟ هو يحب أن يرسم الشوارع."})
		if err != nil {
			return err
		}
		m.SetNow(m.weekday(1, 12))
		return m.Messages.Reply(m.ctx, teacher, talk, messages.StaffAnswer{Body: "Ja, heel graag! Dan kijken wij er samen naar in de klas.", Theirs: "نعم، بكل سرور! سننظر إليها معًا في الصف."})
	case child == "Natnael":
		m.SetNow(m.weekday(1, 19))
		_, err := m.Messages.Write(m.ctx, g, "", messages.Said{Lang: "ti", Body: "ናትናኤል ሎሚ ርእሱ ኣሚምዎ። ጽባሕ ክመጽእ ይኽእል ድዩ?"})
		return err
	}
	return nil
}

// keepLink remembers the personal pages that the demo shows: those of the families of its three ways.
func (m *maker) keepLink(h school.Home, g school.Guardian, path string) {
	for _, way := range []*Way{&m.Dutch, &m.Arabic, &m.Tigrinya} {
		if way.Page == "" && g.Lang == way.Lang && len(h.Children) > 0 && h.Children[0].Given == way.Child {
			way.Page = path
		}
	}
}

// days is the calendar: school holidays, days of the class, and what parents come to.
func (m *maker) days() error {
	if m.Calendar == nil {
		return nil
	}
	class := ""
	for _, h := range m.homes {
		for _, c := range h.Children {
			if c.ClassName == "3A" {
				class = c.ClassPublicID
			}
		}
	}
	m.SetNow(m.Now.Add(-35 * 24 * time.Hour))
	day := func(ahead int) string { return m.weekday(-ahead, 9).Format(time.DateOnly) }
	for _, in := range []calendar.Input{
		{Kind: calendar.NoSchool, Day: day(17), Title: "Pedagogische studiedag"},
		{Kind: calendar.Holiday, Day: m.Now.AddDate(0, 0, 30).Format(time.DateOnly), ToDay: m.Now.AddDate(0, 0, 43).Format(time.DateOnly)},
		{Kind: calendar.Gathering, Day: day(11), From: "19:00", To: "20:30", Place: "Refter"},
		{Kind: calendar.Swim, Day: day(4), From: "10:00", Class: class},
		{Kind: calendar.Library, Day: day(6), Class: class},
		{Kind: calendar.Look, Day: day(8), From: "08:30", To: "09:30", Class: class},
		{Kind: calendar.Trip, Day: day(22), Title: "Naar het bos", Place: "Zoniënwoud", From: "09:00", To: "15:00", Class: class},
	} {
		if _, err := m.Calendar.Add(m.ctx, m.by, in); err != nil {
			return fmt.Errorf("%s: %w", in.Kind, err)
		}
	}
	return nil
}
