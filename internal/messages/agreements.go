package messages

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"brug/internal/auth"
	"brug/internal/contact"
	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/errs"
	"brug/internal/id"
	"brug/internal/journal"
	"brug/internal/live"
	"brug/internal/school"
)

// Doer is who does what was agreed.
type Doer string

// Who can do it.
const (
	BySchool Doer = "school"
	ByHome   Doer = "home"
	ByBoth   Doer = "both"
)

// How an agreement can end. None of them says that somebody failed.
const (
	EndedDone    = "done"    // it has done its work
	EndedChanged = "changed" // something else was agreed
	EndedDropped = "dropped" // it was not for us
)

// Agreement is what was agreed with a family: who does what until when, and when both look back at it.
type Agreement struct {
	PublicID     string
	Child        string // first name; "" for all children of the home
	Who          Doer
	Text         EntryText // as it was written
	Reading      EntryText // in the reader's language; zero where it lacks, or is the same
	Until        string    // YYYY-MM-DD; "" until further notice
	LookBack     string    // YYYY-MM-DD; ""
	At           time.Time
	By           string // name of the colleague
	Confirmed    time.Time
	Ended        time.Time
	How          string // how it ended; one of the Ended constants
	Conversation string // public id; ""
	Locked       bool   // sealed, and the second step was not taken in this browser: its day to look back has come, and nothing else is told

	texts map[string]agreedText
}

// agreedText is what an agreement says in another language, as it is stored.
type agreedText struct {
	Body   string `json:"body"`
	Source Source `json:"source"`
	Engine string `json:"engine,omitempty"`
}

// in is the agreement for a reader of a language.
func (a Agreement) in(tag string) Agreement {
	a.Reading = EntryText{}
	if sameLang(a.Text.Lang, tag) {
		return a
	}
	for lang, t := range a.texts {
		if sameLang(lang, tag) {
			a.Reading = EntryText{Text: t.Body, Lang: lang, Source: t.Source, Engine: t.Engine}
		}
	}
	return a
}

// AgreementDraft is what staff write down of what was agreed.
type AgreementDraft struct {
	Household    string // public id
	Child        string // public id; "" for all children of the home
	Conversation string // public id of the one in which it was agreed: it then goes to the guardian; ""
	Who          Doer
	Body         string // in the school's language
	Theirs       string // the same in the family's, where the colleague wrote it; ""
	Until        string // YYYY-MM-DD; ""
	LookBack     string // YYYY-MM-DD; ""
}

// MaxAgreement is the longest text of an agreement, in characters: one thing, that fits on a line of the page at home.
const MaxAgreement = 300

// checkAgreement: today is a day of the school, YYYY-MM-DD.
func checkAgreement(d AgreementDraft, today string) error {
	var c errs.Check
	c.That(d.Who == BySchool || d.Who == ByHome || d.Who == ByBoth, "who", "Choose who does it.")
	c.That(d.Body != "", "body", "Write what was agreed.")
	c.That(len([]rune(d.Body)) <= MaxAgreement, "body", "This text is too long. Write at most {max} letters.", "max", MaxAgreement)
	c.That(len([]rune(d.Theirs)) <= MaxAgreement, "theirs", "This text is too long. Write at most {max} letters.", "max", MaxAgreement)
	checkDay(&c, d.Until, "until", today)
	if checkDay(&c, d.LookBack, "lookback", today) && d.Until != "" {
		c.That(d.LookBack <= lastLookBack(d.Until), "lookback", "Look back at most {n} months after it ends.", "n", lookBackMonths)
	}
	return c.Err()
}

// lookBackMonths is how long after its end people may look back at an agreement: what ends before the summer is looked at when
// school begins again. A later day is a slip of the finger, or belongs to something new.
const lookBackMonths = 3

// lastLookBack is the last day to look back at an agreement that ends on a day, both YYYY-MM-DD. A day that is none gives "9":
// it is refused by itself.
func lastLookBack(until string) string {
	end, err := time.Parse(time.DateOnly, until)
	if err != nil {
		return "9"
	}
	return end.AddDate(0, lookBackMonths, 0).Format(time.DateOnly)
}

// checkDay tells whether a day was named that can be used.
func checkDay(c *errs.Check, day, field, today string) bool {
	if day == "" {
		return false
	}
	_, err := time.Parse(time.DateOnly, day)
	return c.That(err == nil, field, "Choose a day.") && c.That(day >= today, field, "Choose a day from today on.")
}

// Agree writes down what was agreed with a family. In a conversation it goes to the guardian like an answer; else it stands on the
// family's page. Invalid with the fields "who", "body", "theirs", "until" and "lookback".
func (s *Service) Agree(ctx context.Context, by auth.Actor, d AgreementDraft) (publicID string, err error) {
	if err := by.May(auth.ConversationsAnswer); err != nil {
		return "", err
	}
	var conversation q.Conversation
	theirLang := ""
	if d.Conversation != "" {
		if conversation, _, err = s.talk(ctx, by, auth.ConversationsAnswer, d.Conversation); err != nil {
			return "", err
		}
		who, err := s.DB.Q().ConversationPeople(ctx, q.ConversationPeopleParams{SchoolID: by.School.ID, ID: conversation.ID})
		if err != nil {
			return "", fmt.Errorf("people of conversation: %w", err)
		}
		d.Household, theirLang = who.Household, who.Lang
	}
	home, child, err := s.homeOf(ctx, by, d.Household, d.Child)
	if err != nil {
		return "", err
	}
	d.Body, d.Theirs = cleanText(d.Body), cleanText(d.Theirs)
	if err := checkAgreement(d, s.School.Today(by)); err != nil {
		return "", err
	}
	texts := map[string]agreedText{}
	if theirLang == "" {
		theirLang = home.Lang(by.School.Lang)
	}
	if d.Theirs != "" {
		texts[theirLang] = agreedText{Body: d.Theirs, Source: Staff}
	}
	doc, err := json.Marshal(texts)
	if err != nil {
		return "", fmt.Errorf("texts of agreement: %w", err)
	}
	ref := id.New()
	return ref, s.DB.Write(ctx, func(tx *db.Tx) error {
		body, stored := d.Body, string(doc) // sealed below: within, for it may all be done twice
		if conversation.ID != 0 {
			// Read again while nobody else has it: it may have been marked as sensitive.
			held, err := tx.HoldConversation(ctx, q.HoldConversationParams{SchoolID: by.School.ID, ID: conversation.ID})
			if err != nil {
				return fmt.Errorf("conversation of agreement: %w", err)
			}
			if held.Sensitive {
				if body, stored, err = s.sealAgreement(ctx, tx, by.School.ID, ref, body, stored); err != nil {
					return err
				}
			}
		}
		if err := tx.AddAgreement(ctx, q.AddAgreementParams{PublicID: ref, SchoolID: by.School.ID, HouseholdID: home.ID, PupilID: nullID(child), ConversationID: nullID(conversation.ID), Body: body, Lang: by.School.Lang,
			Texts: stored, Who: string(d.Who), ToDay: d.Until, LookBack: d.LookBack, CreatedBy: nullID(by.AccountID), CreatedAt: millis(s.Now())}); err != nil {
			return fmt.Errorf("add agreement: %w", err)
		}
		if conversation.ID != 0 {
			e := entryDraft{kind: Agreed, body: ref, letter: agreedTitle(by.School.Lang) + ": " + d.Body, theirs: d.Theirs}
			if err := s.answer(ctx, tx, by, conversation.ID, e, false); err != nil {
				return err
			}
		}
		return s.note(ctx, tx, by, "agreements.add", ref, nil)
	})
}

// sealAgreement seals what an agreement says, in all languages.
func (s *Service) sealAgreement(ctx context.Context, tx *db.Tx, schoolID int64, ref, body, texts string) (string, string, error) {
	body, err := s.Secrets.Seal(ctx, tx, schoolID, "agreements/"+ref+"/body", body)
	if err != nil {
		return "", "", err
	}
	texts, err = s.Secrets.Seal(ctx, tx, schoolID, "agreements/"+ref+"/texts", texts)
	return body, texts, err
}

// sealAgreements seals the agreements of a conversation that is marked as sensitive.
func (s *Service) sealAgreements(ctx context.Context, tx *db.Tx, c q.Conversation) error {
	rows, err := tx.AgreementsOfConversation(ctx, q.AgreementsOfConversationParams{SchoolID: c.SchoolID, HouseholdID: c.HouseholdID, ConversationID: c.ID})
	if err != nil {
		return fmt.Errorf("agreements to seal: %w", err)
	}
	for _, r := range rows { // one or two
		body, texts, err := s.sealAgreement(ctx, tx, c.SchoolID, r.PublicID, r.Body, r.Texts)
		if err != nil {
			return err
		}
		if err := tx.SealAgreement(ctx, q.SealAgreementParams{SchoolID: c.SchoolID, ID: r.ID, Body: body, Texts: texts}); err != nil {
			return fmt.Errorf("seal agreement: %w", err)
		}
	}
	return nil
}

// homeOf finds a household as the actor may see it, and the child in it.
func (s *Service) homeOf(ctx context.Context, by auth.Actor, household, child string) (school.Home, int64, error) {
	homes, err := s.School.Homes(ctx, by, school.Scope{Kind: school.ScopeHousehold, PublicID: household})
	if err != nil {
		return school.Home{}, 0, err
	}
	if len(homes) == 0 {
		return school.Home{}, 0, errs.NotFoundf("household %s", household)
	}
	if child == "" {
		return homes[0], 0, nil
	}
	i := slices.IndexFunc(homes[0].Children, func(c school.Child) bool { return c.PublicID == child })
	if i < 0 {
		return school.Home{}, 0, errs.NotFoundf("pupil %s in household %s", child, household)
	}
	return homes[0], homes[0].Children[i].ID, nil
}

// Agreements are those with a household about children whom the actor may see, those that hold first; in the family's language
// beside the school's.
func (s *Service) Agreements(ctx context.Context, by auth.Actor, household string) ([]Agreement, error) {
	if err := by.May(auth.ConversationsSee); err != nil {
		return nil, err
	}
	home, _, err := s.homeOf(ctx, by, household, "")
	if err != nil {
		return nil, err
	}
	var pupils []int64
	for _, c := range home.Children {
		pupils = append(pupils, c.ID)
	}
	// What is sealed is left out: a list is no look.
	rows, err := s.DB.Q().AgreementsOfHousehold(ctx, q.AgreementsOfHouseholdParams{SchoolID: by.School.ID, HouseholdID: home.ID, Pupils: ids(pupils), Lim: staffAgreements})
	if err != nil {
		return nil, fmt.Errorf("agreements: %w", err)
	}
	out := make([]Agreement, len(rows))
	for i, r := range rows {
		a, err := s.agreementFrom(ctx, q.AgreementsByPublicIDRow(r))
		if err != nil {
			return nil, err
		}
		out[i] = a.in(home.Lang(by.School.Lang))
	}
	return out, nil
}

// staffAgreements is how many agreements stand on the card of a family.
const staffAgreements = 30

// agreementsByID are agreements by their public id.
func (s *Service) agreementsByID(ctx context.Context, schoolID int64, list []string) (map[string]Agreement, error) {
	out := map[string]Agreement{}
	if len(list) == 0 {
		return out, nil
	}
	rows, err := s.DB.Q().AgreementsByPublicID(ctx, q.AgreementsByPublicIDParams{SchoolID: schoolID, Agreements: publicIDs(list)})
	if err != nil {
		return nil, fmt.Errorf("agreements: %w", err)
	}
	for _, r := range rows {
		if out[r.PublicID], err = s.agreementFrom(ctx, r); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (s *Service) agreementFrom(ctx context.Context, r q.AgreementsByPublicIDRow) (Agreement, error) {
	if r.Sealed {
		for part, text := range map[string]*string{"body": &r.Body, "texts": &r.Texts} {
			var err error
			if *text, err = s.Secrets.Unseal(ctx, s.DB.Q(), r.SchoolID, "agreements/"+r.PublicID+"/"+part, *text); err != nil {
				return Agreement{}, err
			}
		}
	}
	a := Agreement{PublicID: r.PublicID, Child: r.Given, Who: Doer(r.Who), Text: EntryText{Text: r.Body, Lang: r.Lang, Source: Original}, Until: r.ToDay, LookBack: r.LookBack, At: instant(r.CreatedAt),
		By: r.AccountName, Confirmed: instant(r.ConfirmedAt), Ended: instant(r.EndedAt), How: r.How, Conversation: r.Conversation}
	if err := json.Unmarshal([]byte(r.Texts), &a.texts); err != nil {
		return a, fmt.Errorf("texts of agreement: %w", err)
	}
	return a, nil
}

// EndAgreement ends an agreement; how is one of the Ended constants. Conflict when it has ended before.
func (s *Service) EndAgreement(ctx context.Context, by auth.Actor, agreement, how string) error {
	if err := by.May(auth.ConversationsAnswer); err != nil {
		return err
	}
	if how != EndedDone && how != EndedChanged && how != EndedDropped {
		return errs.Field("how", "Choose how it ended.")
	}
	a, err := s.agreementFor(ctx, by, agreement)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.EndAgreement(ctx, q.EndAgreementParams{SchoolID: by.School.ID, ID: a.ID, At: millis(s.Now()), How: how})
		if err != nil {
			return fmt.Errorf("end agreement: %w", err)
		}
		if n == 0 {
			return errs.New(errs.Conflict, "A colleague has settled this already.")
		}
		return s.note(ctx, tx, by, "agreements.end", agreement, map[string]string{"how": how})
	})
}

// agreementFor finds an agreement about a child whom the actor may see; one that is sealed, where the actor may see the conversation.
func (s *Service) agreementFor(ctx context.Context, by auth.Actor, publicID string) (q.Agreement, error) {
	found, err := s.DB.Q().AgreementByPublicID(ctx, q.AgreementByPublicIDParams{SchoolID: by.School.ID, PublicID: publicID})
	a := found.Agreement
	if err != nil {
		return a, db.NotFound(err, "agreement")
	}
	if found.Sealed {
		_, _, err := s.talk(ctx, by, auth.ConversationsAnswer, found.Conversation)
		return a, err
	}
	household, err := s.DB.Q().HouseholdPublicID(ctx, q.HouseholdPublicIDParams{SchoolID: by.School.ID, ID: a.HouseholdID})
	if err != nil {
		return a, db.NotFound(err, "household of agreement")
	}
	home, _, err := s.homeOf(ctx, by, household, "")
	if err != nil {
		return a, err
	}
	if a.PupilID.Valid && !slices.ContainsFunc(home.Children, func(c school.Child) bool { return c.ID == a.PupilID.Int64 }) {
		return a, errs.NotFoundf("agreement %s is about a child of another class", publicID)
	}
	return a, nil
}

// DueAgreement is an agreement whose day to look back has come.
type DueAgreement struct {
	PublicID, LookBack     string
	Household, Child, Body string // "" where Sealed: a reminder tells that there is something, and nothing of it
	Conversation           string // public id of the one in which it was agreed; ""
	Sealed                 bool
}

// LookBacks are the agreements of the actor's classes whose day to look back has come, the oldest first, at most n. One that is
// sealed reminds those who may see its conversation, without a word of it.
func (s *Service) LookBacks(ctx context.Context, by auth.Actor, n int) ([]DueAgreement, error) {
	if err := by.May(auth.ConversationsSee); err != nil {
		return nil, err
	}
	rows, err := s.DB.Q().AgreementsToLookBack(ctx, q.AgreementsToLookBackParams{SchoolID: by.School.ID, Today: s.School.Today(by), AllClasses: by.AllClasses(), Classes: ids(by.ClassIDs()), Lim: int64(n)})
	if err != nil {
		return nil, fmt.Errorf("agreements to look back at: %w", err)
	}
	out := make([]DueAgreement, len(rows))
	for i, r := range rows {
		out[i] = DueAgreement{PublicID: r.PublicID, LookBack: r.LookBack, Conversation: r.Conversation, Sealed: r.Sealed}
		if !r.Sealed {
			out[i].Household, out[i].Child, out[i].Body = r.Household, r.Given, r.Body
		}
	}
	return out, nil
}

// FamilyAgreements are the agreements with this guardian's home about children whom the guardian may see: those that hold first, then
// the latest that ended, at most n of them. What is sealed only the guardian sees with whom it was agreed: after the second step,
// and the look is written down; before it, that its day to look back has come, and nothing else.
func (s *Service) FamilyAgreements(ctx context.Context, g contact.Guest, n int) ([]Agreement, error) {
	rows, err := s.DB.Q().AgreementsOfHousehold(ctx, q.AgreementsOfHouseholdParams{SchoolID: g.School.ID, HouseholdID: g.HouseholdID, SealedFor: g.GuardianID, Pupils: ids(speakerOf(g).ids()), Lim: int64(n)})
	if err != nil {
		return nil, fmt.Errorf("agreements: %w", err)
	}
	today := s.Now().In(zoneOf(g.School)).Format(time.DateOnly)
	out := make([]Agreement, 0, len(rows))
	var opened []string
	for _, r := range rows {
		if r.Sealed && !g.Second {
			if r.EndedAt == 0 && r.LookBack != "" && r.LookBack <= today {
				out = append(out, Agreement{LookBack: r.LookBack, Conversation: r.Conversation, Locked: true})
			}
			continue
		}
		a, err := s.agreementFrom(ctx, q.AgreementsByPublicIDRow(r))
		if err != nil {
			return nil, err
		}
		if out = append(out, a.in(g.Lang)); r.Sealed {
			opened = append(opened, r.PublicID)
		}
	}
	if len(opened) == 0 {
		return out, nil
	}
	return out, s.DB.Write(ctx, func(tx *db.Tx) error {
		return journal.Write(ctx, tx, journal.Entry{SchoolID: g.School.ID, Actor: "guardian", Action: "agreements.see", Area: "agreements", Ref: opened[0],
			Detail: map[string]string{"agreements": strings.Join(opened, " ")}, At: s.Now()})
	})
}

// ConfirmAgreement is the guardian's tap that this was agreed. Twice is no error. NotFound for another home's, and for a sealed one of
// another guardian or before the second step: nobody says yes to what they cannot read.
func (s *Service) ConfirmAgreement(ctx context.Context, g contact.Guest, agreement string) error {
	found, err := s.DB.Q().AgreementByPublicID(ctx, q.AgreementByPublicIDParams{SchoolID: g.School.ID, PublicID: agreement})
	if err != nil {
		return db.NotFound(err, "agreement")
	}
	if found.Sealed && (found.GuardianID != g.GuardianID || !g.Second) {
		return errs.NotFoundf("agreement %s is sealed for this guardian now", agreement)
	}
	a := found.Agreement
	if a.HouseholdID != g.HouseholdID || a.PupilID.Valid && !slices.Contains(speakerOf(g).ids(), a.PupilID.Int64) {
		return errs.NotFoundf("agreement %s of another home", agreement)
	}
	now := s.Now()
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.ConfirmAgreement(ctx, q.ConfirmAgreementParams{SchoolID: g.School.ID, ID: a.ID, At: millis(now)})
		if err != nil || n == 0 {
			return err
		}
		if _, err := s.Contact.Log(ctx, tx, g.School.ID, []contact.Entry{{HouseholdID: g.HouseholdID, PupilID: a.PupilID.Int64, GuardianID: g.GuardianID, Area: contact.AreaConversations, Ref: agreement, Road: contact.Link,
			Direction: contact.In, Stage: contact.Answered, Lang: g.Lang, About: contact.Learning, At: now}}); err != nil {
			return err
		}
		if err := s.Live.Publish(ctx, tx, live.Inbox(g.School.ID)); err != nil {
			return err
		}
		return journal.Write(ctx, tx, journal.Entry{SchoolID: g.School.ID, Actor: "guardian", Action: "agreements.confirm", Area: "agreements", Ref: agreement, At: now})
	})
}
