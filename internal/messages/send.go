package messages

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"brug/internal/auth"
	"brug/internal/contact"
	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/errs"
	"brug/internal/id"
	"brug/internal/jobs"
	"brug/internal/journal"
	"brug/internal/lang"
	"brug/internal/live"
	"brug/internal/material"
	"brug/internal/phrase"
)

// MessageState is how far a message is.
type MessageState string

// The states of a message. What became of each recipient stands in its row.
const (
	Scheduled  MessageState = "scheduled" // waits for its time
	Going      MessageState = "going"     // is being brought: some recipients are Fresh, Waiting or Sending
	Finished   MessageState = "finished"  // every recipient has been settled, by a road, on paper's list or a caller's
	CalledBack MessageState = "stopped"   // called back: what had not gone stays
)

// To is whom a message is for: the guardians who may be contacted about the children of a place.
type To struct {
	Kind string   // one of the school.Scope constants; ScopeHousehold and ScopePupil for chosen families
	IDs  []string // public ids of classes, groups, households or pupils; empty for the whole school
}

// MaxFamilies is how many families can be chosen one by one.
const MaxFamilies = 200

// Draft is a message as it was written. At least one of Body, Phrases and Material has something in it.
type Draft struct {
	ID string // a new id.New() that the form carries along: the same draft sent twice goes out once; "" makes one
	To To

	Lang  string // BCP 47, of Title and Body; "" the school's
	Title string
	Body  string // free text; an empty line parts paragraphs

	Texts map[string]Text // Title and Body in other languages, where staff have written or looked over them

	Phrases  []Phrase
	Material string       // slug; "" none
	Fill     contact.Fill // date, time and place of the material; teacher and class are filled in for each family

	Files     []string // public ids of what KeepFile kept, at most MaxFiles
	About     contact.About
	Urgent    bool
	WhyUrgent string    // needed where Urgent; stands in the journal
	Sensitive bool      // sealed; the words stand on the page only, behind the second step
	SendAt    time.Time // zero: now
}

// Text is the free text of a message in a language. Title may be empty.
type Text struct {
	Title, Body string
	Source      Source // Staff or Machine
	Engine      string // who made a Machine text: "DeepL", "LibreTranslate"
}

// Phrase is a sentence of the phrase bank with its values, as phrase.Check takes them.
type Phrase struct {
	Slug  string        `json:"slug"`
	Slots phrase.Values `json:"slots,omitempty"`
}

// Limits of what is written, in characters. The editor tells of 150 words long before.
const (
	MaxTitle   = 80
	MaxBody    = 4000
	MaxPhrases = 12
	MaxWhy     = 200
	maxAhead   = 366 * 24 * time.Hour // a message is not planned for longer than a school year
)

// HoldForMachine is how long a message waits for its translation by machine. Then it goes without.
const HoldForMachine = time.Minute

// Send writes a message with a recipient's row for every guardian whom it is for, and asks for its planning, all in one
// transaction: when it returns nil, the message will go, whatever happens to this process. It answers with the public id.
//
// Invalid with the fields "to", "title", "body", "lang", "about", "material", "date", "time", "place", "files", "why", "at",
// "phrases" and, for the values of a phrase, "phrases.N.slot.NAME", for the texts "texts.LANG"; Forbidden for another teacher's
// class, and for the whole school without messages.school; NotFound for a scope that is not there.
func (s *Service) Send(ctx context.Context, by auth.Actor, d Draft) (publicID string, err error) {
	if err := by.May(auth.MessagesSend); err != nil {
		return "", err
	}
	if publicID, err = s.sentAlready(ctx, by, d.ID); err != nil || publicID != "" {
		return publicID, err
	}
	r, a, err := s.ready(ctx, by, d)
	if err != nil {
		return "", err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		mid, n, err := s.write(ctx, tx, by, r, a)
		if err != nil {
			return err
		}
		detail := map[string]string{"scope": a.scope, "recipients": fmt.Sprint(n)}
		if d.Urgent {
			detail["urgent"] = "yes"
		}
		if err := journal.Write(ctx, tx, journal.Entry{SchoolID: by.School.ID, AccountID: by.AccountID, Actor: by.Name, Action: "messages.send", Area: "messages", Ref: r.publicID, Detail: detail}); err != nil {
			return err
		}
		if err := s.Live.Publish(ctx, tx, live.Message(by.School.ID, r.publicID)); err != nil {
			return err
		}
		if r.translates {
			if err := s.Jobs.Enqueue(ctx, tx, TranslateArgs{by.School.ID, mid}, jobs.Tries(3)); err != nil {
				return err
			}
		}
		return s.enqueuePlan(ctx, tx, by.School.ID, mid, r.due)
	})
	if db.Duplicate(err) { // the form was sent twice in this moment
		if publicID, again := s.sentAlready(ctx, by, d.ID); again != nil || publicID != "" {
			return publicID, again
		}
	}
	if err != nil {
		return "", err
	}
	return r.publicID, nil
}

var formOfID = regexp.MustCompile(`^[3467cdfghjkmnpqrtvwx]{16}$`)

// sentAlready is the id again when this draft was sent by this person; "" when not.
func (s *Service) sentAlready(ctx context.Context, by auth.Actor, publicID string) (string, error) {
	if publicID == "" {
		return "", nil
	}
	m, err := s.DB.Q().MessageByPublicID(ctx, q.MessageByPublicIDParams{SchoolID: by.School.ID, PublicID: publicID})
	switch {
	case db.Missing(err):
		return "", nil
	case err != nil:
		return "", fmt.Errorf("message: %w", err)
	case m.Message.AccountID.Int64 != by.AccountID:
		return "", errs.Forbiddenf("message %s is somebody else's", publicID)
	}
	return publicID, nil
}

// ready is a draft that was checked, as it is written down.
type ready struct {
	Draft
	publicID, phrases, fill string
	version                 int64 // of the material
	sendAt, due             time.Time
	state                   MessageState
	translates              bool
}

// ready checks everything that can be checked before something is written.
func (s *Service) ready(ctx context.Context, by auth.Actor, d Draft) (ready, audience, error) {
	now := s.Now()
	d = d.clean(by.School.Lang)
	if err := d.check(now, zoneOf(by.School)); err != nil {
		return ready{}, audience{}, err
	}
	a, err := s.audience(ctx, s.DB.Q(), by, d.To)
	if err != nil {
		return ready{}, audience{}, err
	}
	r, err := s.readyWords(ctx, s.DB.Q(), by, d, false)
	if err != nil {
		return ready{}, audience{}, err
	}
	r.sendAt, r.due, r.state = now, now, Going
	r.translates = s.Translator != nil && d.Body != "" && !d.Sensitive
	switch {
	case d.SendAt.After(now):
		r.sendAt, r.due, r.state = d.SendAt, d.SendAt, Scheduled
	case r.translates:
		r.due = now.Add(HoldForMachine)
	}
	return r, a, nil
}

// readyWords finds material and files, and writes down what stands in rows as JSON. toOne: files of the conversation may go.
func (s *Service) readyWords(ctx context.Context, query *q.Queries, by auth.Actor, d Draft, toOne bool) (ready, error) {
	r := ready{Draft: d, publicID: d.ID}
	if !formOfID.MatchString(r.publicID) {
		r.publicID = id.New()
	}
	if d.Material != "" {
		e, err := s.Material.Get(ctx, by, d.Material)
		if errs.Is(err, errs.NotFound) {
			return r, errs.Field("material", "This text is not there any more. Choose another one.")
		}
		if err != nil {
			return r, err
		}
		if err := checkMaterial(e, d.Fill); err != nil {
			return r, err
		}
		r.version = e.Version
	}
	if err := s.checkFiles(ctx, query, by, d.Files, toOne); err != nil {
		return r, err
	}
	for _, part := range []struct {
		to   *string
		what any
	}{{&r.phrases, orEmpty(d.Phrases)}, {&r.fill, d.Fill}} {
		doc, err := json.Marshal(part.what)
		if err != nil {
			return r, fmt.Errorf("message: %w", err)
		}
		*part.to = string(doc)
	}
	if d.Fill == (contact.Fill{}) {
		r.fill = ""
	}
	return r, nil
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// write adds the message, its texts and its recipients.
func (s *Service) write(ctx context.Context, tx *db.Tx, by auth.Actor, r ready, a audience) (messageID, recipients int64, err error) {
	if messageID, err = s.writeMessage(ctx, tx, by, r, a.scope, a.name, a.ids); err != nil {
		return 0, 0, err
	}
	if recipients, err = a.write(ctx, tx.Queries, by.School.ID, messageID, by.School.Lang, millis(r.due)); err != nil {
		return 0, 0, fmt.Errorf("recipients of message: %w", err)
	}
	if recipients == 0 {
		return 0, 0, errs.Field("to", "There is no family here that a message could go to.")
	}
	return messageID, recipients, nil
}

func (s *Service) writeMessage(ctx context.Context, tx *db.Tx, by auth.Actor, r ready, scope, name string, scopeIDs []string) (int64, error) {
	now := millis(s.Now())
	if r.Sensitive {
		for _, part := range []struct {
			text *string
			what string
		}{{&r.Title, "title"}, {&r.Body, "body"}, {&r.phrases, "phrases"}, {&r.fill, "fill"}} {
			sealed, err := s.Secrets.Seal(ctx, tx, by.School.ID, messageRow(r.publicID, part.what), *part.text)
			if err != nil {
				return 0, err
			}
			*part.text = sealed
		}
	}
	mid, err := tx.AddMessage(ctx, q.AddMessageParams{PublicID: r.publicID, SchoolID: by.School.ID, AccountID: nullID(by.AccountID), Scope: scope, ScopeIds: textList(scopeIDs), ScopeName: name, Title: r.Title, Lang: r.Lang,
		Body: r.Body, Phrases: r.phrases, Material: r.Material, MaterialVersion: r.version, Fill: r.fill, Files: textList(r.Files), About: string(r.About), Urgent: r.Urgent, WhyUrgent: r.WhyUrgent,
		Sensitive: r.Sensitive, State: string(r.state), SendAt: millis(r.sendAt), CreatedAt: now})
	if err != nil {
		return 0, fmt.Errorf("add message: %w", err)
	}
	for _, tag := range sortedTags(r.Texts) { // a handful, written by hand
		if err := s.setText(ctx, tx, by, mid, r.publicID, r.Sensitive, tag, r.Texts[tag]); err != nil {
			return 0, err
		}
	}
	if len(r.Files) > 0 {
		if err := tx.UseFiles(ctx, q.UseFilesParams{SchoolID: by.School.ID, UsedAt: now, Ids: publicIDs(r.Files)}); err != nil {
			return 0, fmt.Errorf("files of message: %w", err)
		}
	}
	return mid, nil
}

// messageRow says where a sealed part of a message stands.
func messageRow(publicID, part string) string { return "messages/" + publicID + "/" + part }

// One is the single person that sendTo writes to.
type One struct {
	HouseholdID  int64
	GuardianID   int64   // 0: nobody by name, on paper "to the family of"
	Pupils       []int64 // whom it is about; empty: all children of the home that the guardian may be told of
	Conversation string  // public id
	Lang         string  // BCP 47, that the guardian reads: where Body is not in it, a machine is asked
}

// sendTo writes a message to one guardian within the caller's transaction: the answer of staff in a conversation. d.To is not
// looked at; of the rest everything holds that holds for Send, and the caller has asked for the permission. Its scope is
// 'conversation': the budget does not count it. Answers with the ids of the message and of the recipient.
// NotFound when the guardian may not be contacted about any of these pupils.
func (s *Service) sendTo(ctx context.Context, tx *db.Tx, by auth.Actor, to One, d Draft) (messageID, recipientID int64, err error) {
	now := s.Now()
	d = d.clean(by.School.Lang)
	if err := d.check(now, zoneOf(by.School)); err != nil {
		return 0, 0, err
	}
	r, err := s.readyWords(ctx, tx.Queries, by, d, true)
	if err != nil {
		return 0, 0, err
	}
	r.sendAt, r.due, r.state = now, now, Going
	_, has := d.Texts[to.Lang]
	if r.translates = s.Translator != nil && d.Body != "" && !d.Sensitive && to.Lang != "" && !has && !sameLang(d.Lang, to.Lang); r.translates {
		r.due = now.Add(HoldForMachine)
	}
	if messageID, err = s.writeMessage(ctx, tx, by, r, scopeConversation, "", []string{to.Conversation}); err != nil {
		return 0, 0, err
	}
	if to.GuardianID != 0 {
		recipientID, err = tx.AddRecipient(ctx, q.AddRecipientParams{SchoolID: by.School.ID, MessageID: messageID, GuardianID: to.GuardianID, AllPupils: len(to.Pupils) == 0, Pupils: ids(to.Pupils),
			SchoolLang: by.School.Lang, DueAt: millis(r.due)})
	} else {
		recipientID, err = tx.AddRecipientHome(ctx, q.AddRecipientHomeParams{SchoolID: by.School.ID, MessageID: messageID, HouseholdID: to.HouseholdID, AllPupils: len(to.Pupils) == 0, Pupils: ids(to.Pupils),
			SchoolLang: by.School.Lang, DueAt: millis(r.due)})
	}
	if err != nil {
		return 0, 0, db.NotFound(err, "somebody who may be written to")
	}
	if r.translates {
		if err := s.Jobs.Enqueue(ctx, tx, TranslateArgs{by.School.ID, messageID}, jobs.Tries(3)); err != nil {
			return 0, 0, err
		}
	}
	return messageID, recipientID, s.enqueuePlan(ctx, tx, by.School.ID, messageID, r.due)
}

// Stop calls a message back: recipients to whom it has not gone yet do not get it, papers and calls fall away. It answers how
// many do not get it now. Conflict when it was called back before; Forbidden when it is neither the actor's own nor does the
// actor see all classes.
func (s *Service) Stop(ctx context.Context, by auth.Actor, publicID string) (kept int, err error) {
	if err := by.May(auth.MessagesSend); err != nil {
		return 0, err
	}
	m, err := s.DB.Q().MessageByPublicID(ctx, q.MessageByPublicIDParams{SchoolID: by.School.ID, PublicID: publicID})
	if err != nil {
		return 0, db.NotFound(err, "message")
	}
	if !by.AllClasses() && m.Message.AccountID.Int64 != by.AccountID {
		return 0, errs.Forbiddenf("message %s is a colleague's", publicID)
	}
	now := millis(s.Now())
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.StopMessage(ctx, q.StopMessageParams{SchoolID: by.School.ID, ID: m.Message.ID, FinishedAt: now})
		if err != nil {
			return fmt.Errorf("stop message: %w", err)
		}
		if n == 0 {
			return errs.New(errs.Conflict, "This message was called back before.")
		}
		gone, err := tx.CancelRecipients(ctx, q.CancelRecipientsParams{SchoolID: by.School.ID, MessageID: m.Message.ID})
		if err != nil {
			return fmt.Errorf("cancel recipients: %w", err)
		}
		kept = len(gone)
		// Other letters were to go along with these: they go by themselves.
		if _, err := tx.FreeFollowers(ctx, q.FreeFollowersParams{SchoolID: by.School.ID, Leads: ids(gone), DueAt: now}); err != nil {
			return fmt.Errorf("free followers: %w", err)
		}
		if err := s.Live.Publish(ctx, tx, live.Message(by.School.ID, publicID)); err != nil {
			return err
		}
		if err := s.enqueuePlan(ctx, tx, by.School.ID, m.Message.ID, s.Now()); err != nil {
			return err
		}
		return journal.Write(ctx, tx, journal.Entry{SchoolID: by.School.ID, AccountID: by.AccountID, Actor: by.Name, Action: "messages.stop", Area: "messages", Ref: publicID,
			Detail: map[string]string{"recipients": fmt.Sprint(kept)}})
	})
	return kept, err
}

// clean brings what was typed into the form in which it is kept.
func (d Draft) clean(schoolLang string) Draft {
	d.Lang = cmp.Or(d.Lang, schoolLang)
	d.Title, d.Body, d.WhyUrgent = strings.Join(strings.Fields(d.Title), " "), tidyText(d.Body), strings.TrimSpace(d.WhyUrgent)
	d.Files = unique(d.Files)
	texts := map[string]Text{}
	for tag, t := range d.Texts {
		t.Title, t.Body = strings.Join(strings.Fields(t.Title), " "), tidyText(t.Body)
		if t.Source != Machine {
			t.Source, t.Engine = Staff, ""
		}
		if t.Body != "" || t.Title != "" {
			texts[tag] = t
		}
	}
	d.Texts = texts
	d.Fill.Date, d.Fill.Time, d.Fill.Place = strings.TrimSpace(d.Fill.Date), strings.TrimSpace(d.Fill.Time), strings.TrimSpace(d.Fill.Place)
	d.Fill.Teacher, d.Fill.Class = "", ""
	return d
}

var emptyLines = regexp.MustCompile(`\n[ \t]*\n\s*`)

// tidyText has one kind of line end, and one empty line between paragraphs.
func tidyText(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)
	return strings.TrimSpace(emptyLines.ReplaceAllString(s, "\n\n"))
}

// check is the rule of what can be sent. zone is the school's: the days that a phrase names are its days.
func (d Draft) check(now time.Time, zone *time.Location) error {
	var c errs.Check
	long := func(text, field string, max int) {
		c.That(utf8.RuneCountInString(text) <= max, field, "This is too long. Write at most {max} letters.", "max", max)
	}
	c.That(d.Body != "" || len(d.Phrases) > 0 || d.Material != "", "body", "Write something, choose phrases, or choose a text.")
	long(d.Title, "title", MaxTitle)
	long(d.Body, "body", MaxBody)
	c.That(lang.Canonical(d.Lang) != "", "lang", "Choose a language.")
	for _, tag := range sortedTags(d.Texts) {
		t := d.Texts[tag]
		c.That(lang.Canonical(tag) != "" && !sameLang(tag, d.Lang), "texts."+tag, "Choose a language.")
		c.That(d.Body == "" || t.Body != "", "texts."+tag, "Write the whole text in this language, or leave it empty.")
		long(t.Title, "texts."+tag, MaxTitle)
		long(t.Body, "texts."+tag, 2*MaxBody)
	}
	c.That(d.About == "" || d.About == contact.Logistics || d.About == contact.Learning, "about", "Choose what it is about.")
	if d.Urgent {
		c.That(d.WhyUrgent != "", "why", "Write why it is urgent: it may reach families at night.")
		long(d.WhyUrgent, "why", MaxWhy)
	}
	c.That(len(d.Files) <= MaxFiles, "files", "Choose at most {max} files.", "max", MaxFiles)
	c.That(d.SendAt.IsZero() || d.SendAt.Before(now.Add(maxAhead)), "at", "Choose a day within a year.")
	c.That(len(d.Phrases) <= MaxPhrases, "phrases", "Choose at most {max}.", "max", MaxPhrases)
	today := now.In(zone).Format(time.DateOnly)
	for i, p := range d.Phrases {
		ph, ok := phrase.Shipped().Find(p.Slug)
		if !c.That(ok, "phrases", "One of these phrases is not there any more.") {
			continue
		}
		if p.Slots == nil {
			p.Slots = phrase.Values{}
			d.Phrases[i].Slots = p.Slots
		}
		for field, text := range errs.FieldsOf(phrase.Shipped().Check(ph, p.Slots, today)) {
			c.That(false, fmt.Sprintf("phrases.%d.%s", i, field), text.ID, pairs(text.Args)...)
		}
	}
	return c.Err()
}

func pairs(args map[string]any) []any {
	var out []any
	for k, v := range args {
		out = append(out, k, v)
	}
	return out
}

// checkMaterial asks whether a material can be sent: it is for families, and what it leaves open is told.
func checkMaterial(e *material.Entry, f contact.Fill) error {
	var c errs.Check
	c.That(e.Reader != material.ForTeam, "material", "This text is for the team. Choose one for families.")
	for _, ph := range []struct {
		material.Placeholder
		value, field string
	}{{material.Date, f.Date, "date"}, {material.Time, f.Time, "time"}, {material.Where, f.Place, "place"}} {
		c.That(ph.value != "" || !uses(e, ph.Placeholder), ph.field, "Fill this in.")
		c.That(utf8.RuneCountInString(ph.value) <= MaxTitle, ph.field, "This is too long. Write at most {max} letters.", "max", MaxTitle)
	}
	// Every language writes day and hour in its own way, so they must be a day and an hour.
	if f.Date != "" {
		_, err := time.Parse(time.DateOnly, f.Date)
		c.That(err == nil, "date", "Choose a day.")
	}
	if f.Time != "" {
		_, err := time.Parse("15:04", f.Time)
		c.That(err == nil, "time", "Write a time as 08:30.")
	}
	return c.Err()
}

// Asks tells which of date, time and place a material leaves open, so that the form asks for them.
func Asks(e *material.Entry) (date, time, place bool) {
	return uses(e, material.Date), uses(e, material.Time), uses(e, material.Where)
}

// uses tells whether a text of the material, in any language, has a placeholder.
func uses(e *material.Entry, ph material.Placeholder) bool {
	mark := "{" + string(ph) + "}"
	for _, t := range e.Texts {
		if strings.Contains(t.Title, mark) || strings.Contains(t.Intro, mark) || strings.Contains(t.Close, mark) || strings.Contains(strings.Join(t.Parts, "\n"), mark) {
			return true
		}
	}
	return false
}

// zoneOf is the time zone of a school.
func zoneOf(s auth.School) *time.Location {
	zone, err := time.LoadLocation(s.Timezone)
	if err != nil {
		return time.UTC
	}
	return zone
}
