package messages

import (
	"context"
	"encoding/json"
	"errors"
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
	"brug/internal/lang"
	"brug/internal/live"
	"brug/internal/material"
	"brug/internal/messages/letter"
	"brug/internal/phrase"
	"brug/internal/school"
)

// EntryText is the words of an entry in a language.
type EntryText struct {
	Text, Lang string
	Source     Source
	Engine     string // who made a Machine text
}

// Entry is one thing that was said in a conversation, for a reader of a language.
type Entry struct {
	PublicID  string
	Direction contact.Direction // Out: by the school
	Kind      EntryKind
	Road      contact.Road
	From      string // name of the colleague; "" the family
	At        time.Time
	Answer    contact.AnswerKind // of a Tap
	Original  EntryText          // as it was said; zero for a Tap and where there are no words
	Reading   EntryText          // the same in the other language; zero where it lacks, or is the same
	Beneath   EntryText          // own words that stand under phrases in Reading, in another language where they lack in that one
	Sealed    bool
	Seen      bool // by the other side
	Files     []EntryFile
	Refused   []RefusedFile // of Refused
	Agreement *Agreement    // of Agreed
}

// EntryFile is a recording, a photo or a document of an entry.
type EntryFile struct {
	PublicID, Name, Type string
	Bytes                int64
	Length               time.Duration // of a recording
}

// turn is whom a conversation waits for, and since when.
type turn struct {
	waits Side
	since time.Time
}

func turnOf(c q.Conversation) turn { return turn{Side(c.Waits), instant(c.WaitsSince)} }

// afterFamily is the turn when the family has spoken, and how long the school had waited for it. What needs a person waits
// from the first such word on: a second question does not put a family back in the line. "Later" answers nothing yet.
func (t turn) afterFamily(needs, later bool, now time.Time) (next turn, waited time.Duration) {
	if later && !needs {
		return t, 0
	}
	if t.waits == OfFamily {
		waited = now.Sub(t.since)
	}
	switch {
	case needs && t.waits != OfStaff:
		return turn{OfStaff, now}, waited
	case !needs && t.waits == OfFamily:
		return turn{}, waited
	}
	return t, waited
}

// afterStaff is the turn when the school has answered, and how long the family had waited for it.
func (t turn) afterStaff(now time.Time) (next turn, waited time.Duration) {
	switch t.waits {
	case OfStaff:
		return turn{OfFamily, now}, now.Sub(t.since)
	case OfFamily:
		return t, 0
	}
	return turn{OfFamily, now}, 0
}

// afterLast is the moment of a new entry: behind the latest one, though another process with another clock wrote that. Otherwise
// it would count as seen before it was there, and nobody would have waited for it.
func afterLast(c q.Conversation, now time.Time) time.Time {
	if last := instant(c.LastAt); c.Version > 1 && !now.After(last) { // of version 1 there is no entry yet
		return last.Add(time.Millisecond)
	}
	return now
}

// needsPerson: what somebody of the school has to read, hear or do something about.
func needsPerson(a contact.AnswerKind, body string, files int) bool {
	return a == contact.Question || a == contact.CallMe || body != "" || files > 0
}

// pageEntries is how many entries of a conversation stand on one page. fromLatest is before which of them a page ends that has the
// latest ones.
const (
	pageEntries = 50
	fromLatest  = int64(1) << 62
)

// Talk is a conversation as staff see it.
type Talk struct {
	PublicID   string
	Version    int64
	Title      string    // of the message that it is about; "" where the family began, or what it is about is sensitive
	Message    string    // public id, where who asks may open that message; ""
	MessageAt  time.Time // when that message went; zero where the conversation answers none
	Began      Side
	Sensitive  bool
	Waits      Side
	Since      time.Time // since when it waits
	Household  string    // public id
	Guardian   string    // public id; "" not known
	Name       string    // of the guardian
	Lang       string    // that the guardian reads
	Phone      string
	Listens    bool // rather listens than reads
	Quiet      bool // asked to hear nothing: an answer waits on the personal page
	Children   []TalkChild
	Owner      string // public id of the colleague who has it; "" the teachers of the class
	OwnerName  string
	Mine       bool    // Owner is who asks
	Entries    []Entry // the oldest first
	Earlier    string  // public id of the entry before which there are others (ConversationBefore); "" none
	Past       bool    // Entries are earlier ones, and not the latest
	Colleagues []Colleague
}

// TalkChild is a child that a conversation is about.
type TalkChild struct {
	ID                                      int64
	PublicID, Given, Family, Class, ClassID string // ClassID is a public id
}

// Colleague is somebody who can have a conversation.
type Colleague struct{ PublicID, Name string }

// talk finds a conversation that the actor may see: a teacher one about a child who is in a class of the teacher's today.
func (s *Service) talk(ctx context.Context, by auth.Actor, need auth.Permission, publicID string) (q.Conversation, []q.PupilsInConversationsRow, error) {
	if err := by.May(need); err != nil {
		return q.Conversation{}, nil, err
	}
	c, err := s.DB.Q().ConversationByPublicID(ctx, q.ConversationByPublicIDParams{SchoolID: by.School.ID, PublicID: publicID})
	if err != nil {
		return c, nil, db.NotFound(err, "conversation")
	}
	pupils, err := s.DB.Q().PupilsInConversations(ctx, q.PupilsInConversationsParams{SchoolID: by.School.ID, Pupils: c.Pupils})
	if err != nil {
		return c, nil, fmt.Errorf("pupils of conversation: %w", err)
	}
	if !by.AllClasses() && !slices.ContainsFunc(pupils, func(p q.PupilsInConversationsRow) bool { return by.HasClass(p.ClassID) }) {
		return c, nil, errs.NotFoundf("conversation %s is about a child of another class", publicID)
	}
	return c, pupils, nil
}

// Conversation opens a conversation for staff, with the latest that was said in it. That the school saw it is written down, for the
// family to see; of a sensitive one also who looked. NotFound for one about children whom the actor may not see.
func (s *Service) Conversation(ctx context.Context, by auth.Actor, publicID string) (Talk, error) {
	return s.ConversationBefore(ctx, by, publicID, "")
}

// ConversationBefore is Conversation with what was said before an entry (Earlier of the page after it; "": the latest). A look at earlier
// words does not count as having seen the latest ones. NotFound also for an entry that is not in this conversation.
func (s *Service) ConversationBefore(ctx context.Context, by auth.Actor, publicID, before string) (Talk, error) {
	c, pupils, err := s.talk(ctx, by, auth.ConversationsSee, publicID)
	if err != nil {
		return Talk{}, err
	}
	who, err := s.DB.Q().ConversationPeople(ctx, q.ConversationPeopleParams{SchoolID: by.School.ID, ID: c.ID})
	if err != nil {
		return Talk{}, fmt.Errorf("people of conversation: %w", err)
	}
	t := Talk{PublicID: c.PublicID, Version: c.Version, Title: c.Title, MessageAt: instant(who.MessageAt), Past: before != "", Began: Side(c.Started), Sensitive: c.Sensitive, Waits: Side(c.Waits), Since: instant(c.WaitsSince),
		Household: who.Household, Guardian: who.Guardian, Name: who.GuardianName, Lang: who.Lang, Phone: who.Phone, Listens: who.Reading == string(school.Listens), Quiet: who.StoppedAt != 0 || who.PausedAt != 0,
		Owner: who.Owner, OwnerName: who.OwnerName, Mine: c.OwnerID.Valid && c.OwnerID.Int64 == by.AccountID, Children: talkChildren(pupils)}
	if t.Message, err = s.mayOpen(ctx, by, who.Message); err != nil {
		return Talk{}, err
	}
	if t.Entries, t.Earlier, err = s.entries(ctx, c, before, by.School.Lang, who.Lang, OfStaff); err != nil {
		return Talk{}, err
	}
	if t.Colleagues, err = s.colleagues(ctx, by, pupils); err != nil {
		return Talk{}, err
	}
	if !c.Sensitive && (c.SeenStaffAt >= c.LastAt || t.Past) {
		return t, nil
	}
	return t, s.DB.Write(ctx, func(tx *db.Tx) error {
		if !t.Past {
			if _, err := tx.SetSeenByStaff(ctx, q.SetSeenByStaffParams{SchoolID: by.School.ID, ID: c.ID, At: c.LastAt}); err != nil {
				return fmt.Errorf("seen by staff: %w", err)
			}
		}
		if !c.Sensitive {
			return nil
		}
		return s.note(ctx, tx, by, "conversations.see", publicID, nil)
	})
}

// mayOpen is the public id of a message where the actor may open it, else "".
func (s *Service) mayOpen(ctx context.Context, by auth.Actor, message string) (string, error) {
	if message == "" {
		return "", nil
	}
	_, err := s.messageFor(ctx, by, auth.MessagesSee, message)
	if errs.Is(err, errs.NotFound) || errs.Is(err, errs.Forbidden) {
		return "", nil
	}
	return message, err
}

// EntryFor is one entry of a conversation for staff, wherever it stands in it, and the language (BCP 47) that the family reads. Of a
// sensitive conversation the look is written down.
func (s *Service) EntryFor(ctx context.Context, by auth.Actor, conversation, entry string) (e Entry, theirs string, err error) {
	c, _, err := s.talk(ctx, by, auth.ConversationsSee, conversation)
	if err != nil {
		return e, "", err
	}
	who, err := s.DB.Q().ConversationPeople(ctx, q.ConversationPeopleParams{SchoolID: by.School.ID, ID: c.ID})
	if err != nil {
		return e, "", fmt.Errorf("people of conversation: %w", err)
	}
	row, err := s.DB.Q().EntryByPublicID(ctx, q.EntryByPublicIDParams{SchoolID: by.School.ID, ConversationID: c.ID, PublicID: entry})
	if err != nil {
		return e, "", db.NotFound(err, "entry")
	}
	list, err := s.read(ctx, c.SchoolID, []q.EntriesOfRow{q.EntriesOfRow(row)}, readBy(c, by.School.Lang, who.Lang, OfStaff))
	if err != nil {
		return e, "", err
	}
	if !c.Sensitive {
		return list[0], who.Lang, nil
	}
	return list[0], who.Lang, s.DB.Write(ctx, func(tx *db.Tx) error {
		return s.note(ctx, tx, by, "conversations.see", conversation, map[string]string{"entry": entry})
	})
}

func talkChildren(pupils []q.PupilsInConversationsRow) []TalkChild {
	out := make([]TalkChild, len(pupils))
	for i, p := range pupils {
		out[i] = TalkChild{p.ID, p.PublicID, p.Given, p.Family, p.ClassName, p.ClassPublicID}
	}
	return out
}

// colleagues are those who may see a child of the conversation, without who asks.
func (s *Service) colleagues(ctx context.Context, by auth.Actor, pupils []q.PupilsInConversationsRow) ([]Colleague, error) {
	var classes []int64
	for _, p := range pupils {
		classes = append(classes, p.ClassID)
	}
	rows, err := s.DB.Q().Colleagues(ctx, q.ColleaguesParams{SchoolID: by.School.ID, Classes: ids(classes)})
	if err != nil {
		return nil, fmt.Errorf("colleagues: %w", err)
	}
	var out []Colleague
	for _, r := range rows {
		if r.AccountID != by.AccountID {
			out = append(out, Colleague{r.PublicID, r.Name})
		}
	}
	return out, nil
}

// note writes the journal: ids and counts, never words.
func (s *Service) note(ctx context.Context, tx *db.Tx, by auth.Actor, action, ref string, detail map[string]string) error {
	area, _, _ := strings.Cut(action, ".")
	return journal.Write(ctx, tx, journal.Entry{SchoolID: by.School.ID, AccountID: by.AccountID, Actor: string(by.Role), Action: action, Area: area, Ref: ref, Detail: detail, At: s.Now()})
}

// entries reads a page of the entries of a conversation, oldest first, in both languages: those before an entry (public id), or with ""
// the latest. earlier is the entry before which there are others, "" none.
func (s *Service) entries(ctx context.Context, c q.Conversation, before, schoolLang, familyLang string, reader Side) (list []Entry, earlier string, err error) {
	p := q.EntriesOfParams{SchoolID: c.SchoolID, ConversationID: c.ID, Before: fromLatest, Lim: pageEntries + 1}
	if before != "" {
		row, err := s.DB.Q().EntryByPublicID(ctx, q.EntryByPublicIDParams{SchoolID: c.SchoolID, ConversationID: c.ID, PublicID: before})
		if err != nil {
			return nil, "", db.NotFound(err, "entry at the end of a page")
		}
		p.Before = row.Entry.ID
	}
	rows, err := s.DB.Q().EntriesOf(ctx, p)
	if err != nil {
		return nil, "", fmt.Errorf("entries: %w", err)
	}
	if len(rows) > pageEntries {
		rows = rows[:pageEntries]
		earlier = rows[pageEntries-1].Entry.PublicID
	}
	slices.Reverse(rows)
	list, err = s.read(ctx, c.SchoolID, rows, readBy(c, schoolLang, familyLang, reader))
	return list, earlier, err
}

// readBy tells how a reader sees an entry. For staff what the family said is read in the school's language, and what the school said in
// the family's; for a family both in its own.
func readBy(c q.Conversation, schoolLang, familyLang string, reader Side) func(q.Entry) (lang string, seen bool) {
	return func(e q.Entry) (string, bool) {
		out := e.Direction == string(contact.Out)
		if reader == OfFamily || out {
			return familyLang, out && e.At <= c.SeenFamilyAt || !out && e.At <= c.SeenStaffAt
		}
		return schoolLang, e.At <= c.SeenStaffAt
	}
}

// read makes entries of rows, in three queries however many. want tells in which language an entry is to be read, and whether
// the other side has seen it.
func (s *Service) read(ctx context.Context, schoolID int64, rows []q.EntriesOfRow, want func(q.Entry) (lang string, seen bool)) ([]Entry, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	var entryIDs []int64
	var files, agreed []string
	var phrased []int64 // conversations with phrases
	for _, row := range rows {
		e := row.Entry
		if EntryKind(e.Kind) == Phrases {
			phrased = append(phrased, e.ConversationID)
		}
		entryIDs = append(entryIDs, e.ID)
		list, err := fileIDs(e.Files)
		if err != nil {
			return nil, err
		}
		files = append(files, list...)
		if EntryKind(e.Kind) == Agreed && e.Body != "" { // a list of conversations does not look into sealed ones
			agreed = append(agreed, e.Body)
		}
	}
	texts, err := s.DB.Q().EntryTextsOf(ctx, q.EntryTextsOfParams{SchoolID: schoolID, Entries: ids(entryIDs), Unsealed: false})
	if err != nil {
		return nil, fmt.Errorf("texts of entries: %w", err)
	}
	kept, err := s.filesOf(ctx, schoolID, files)
	if err != nil {
		return nil, err
	}
	agreements, err := s.agreementsByID(ctx, schoolID, agreed)
	if err != nil {
		return nil, err
	}
	children, err := s.childrenInTalks(ctx, schoolID, phrased)
	if err != nil {
		return nil, err
	}
	out := make([]Entry, len(rows))
	for i, row := range rows {
		r := row.Entry
		tag, seen := want(r)
		e := Entry{PublicID: r.PublicID, Direction: contact.Direction(r.Direction), Kind: EntryKind(r.Kind), Road: contact.Road(r.Road), From: row.AccountName, At: instant(r.At), Sealed: r.Sealed, Seen: seen}
		switch e.Kind {
		case Tap:
			e.Answer = contact.AnswerKind(r.Body)
		case Agreed:
			if a, has := agreements[r.Body]; has {
				mine := a.in(tag)
				e.Agreement = &mine
				e.Original, e.Reading = mine.Text, mine.Reading
			}
		case Refused:
			body, err := s.words(ctx, r)
			if err != nil {
				return nil, err
			}
			if e.Refused, err = refusedFiles(body); err != nil {
				return nil, err
			}
		case Phrases:
			if r.Phrases, err = s.slots(ctx, r); err != nil {
				return nil, err
			}
			if e.Original, e.Reading, err = phraseTexts(r.Phrases, r.Lang, tag, children[r.ConversationID]); err != nil {
				return nil, err
			}
			if r.Body != "" {
				if r.Body, err = s.words(ctx, r); err != nil {
					return nil, err
				}
				if e.Reading.Text != "" { // the phrases are there in the reader's language; the words beneath may be, too
					if e.Beneath, err = s.reading(ctx, schoolID, r, texts, tag); err != nil {
						return nil, err
					}
					if e.Beneath.Text == "" {
						e.Beneath = EntryText{Text: r.Body, Lang: r.Lang, Source: Original}
					}
				}
				e.Original.Text += "\n\n" + r.Body
				e.Original.Source = Original
			}
		default:
			body, err := s.words(ctx, r)
			if err != nil {
				return nil, err
			}
			if body != "" {
				e.Original = EntryText{Text: body, Lang: r.Lang, Source: Original}
				if e.Reading, err = s.reading(ctx, schoolID, r, texts, tag); err != nil {
					return nil, err
				}
			}
		}
		list, err := fileIDs(r.Files)
		if err != nil {
			return nil, err
		}
		for _, f := range list {
			if have, ok := kept[f]; ok {
				e.Files = append(e.Files, have)
			}
		}
		out[i] = e
	}
	return out, nil
}

// childrenInTalks are the first names of the children whom conversations are about.
func (s *Service) childrenInTalks(ctx context.Context, schoolID int64, talks []int64) (map[int64][]string, error) {
	out := map[int64][]string{}
	if len(talks) == 0 {
		return out, nil
	}
	rows, err := s.DB.Q().ChildrenOfTalks(ctx, q.ChildrenOfTalksParams{SchoolID: schoolID, Conversations: ids(talks)})
	if err != nil {
		return nil, fmt.Errorf("children of conversations: %w", err)
	}
	for _, r := range rows {
		out[r.ID] = append(out[r.ID], r.Given)
	}
	return out, nil
}

// words is the body of an entry, opened where it is sealed.
func (s *Service) words(ctx context.Context, e q.Entry) (string, error) {
	if !e.Sealed || e.Body == "" || EntryKind(e.Kind) == Tap || EntryKind(e.Kind) == Agreed {
		return e.Body, nil
	}
	return s.Secrets.Unseal(ctx, s.DB.Q(), e.SchoolID, entryRow(e.PublicID), e.Body)
}

// slots are the phrases of an entry with what was filled in, opened where they are sealed.
func (s *Service) slots(ctx context.Context, e q.Entry) (string, error) {
	if !e.Sealed || e.Phrases == noPhrases {
		return e.Phrases, nil
	}
	return s.Secrets.Unseal(ctx, s.DB.Q(), e.SchoolID, phrasesRow(e.PublicID), e.Phrases)
}

// noPhrases is the list of phrases of an entry without any. It is never sealed: it tells nothing.
const noPhrases = "[]"

func entryRow(publicID string) string { return "entries/" + publicID }

func phrasesRow(publicID string) string { return "entries/" + publicID + "/phrases" }

func entryTextRow(publicID, tag string) string { return "entry_texts/" + publicID + "/" + tag }

// reading is what an entry says in a language; zero where that is its own, or it lacks.
func (s *Service) reading(ctx context.Context, schoolID int64, e q.Entry, texts []q.EntryTextsOfRow, tag string) (EntryText, error) {
	if sameLang(e.Lang, tag) {
		return EntryText{}, nil
	}
	var best *q.EntryTextsOfRow
	for i, t := range texts {
		if t.EntryID == e.ID && sameLang(t.Lang, tag) && (best == nil || t.Own > best.Own) {
			best = &texts[i]
		}
	}
	if best == nil {
		return EntryText{}, nil
	}
	body := best.Body
	if e.Sealed && best.Own == 1 {
		var err error
		if body, err = s.Secrets.Unseal(ctx, s.DB.Q(), schoolID, entryTextRow(e.PublicID, best.Lang), body); err != nil {
			return EntryText{}, err
		}
	}
	return EntryText{Text: body, Lang: best.Lang, Source: Source(best.Source), Engine: best.Engine}, nil
}

// phraseTexts are phrases of the bank in the language they were written in and in another one.
func phraseTexts(doc, from, to string, children []string) (original, reading EntryText, err error) {
	var list []Phrase
	if err := json.Unmarshal([]byte(doc), &list); err != nil {
		return original, reading, fmt.Errorf("phrases of an entry: %w", err)
	}
	render := func(tag string) (string, bool) {
		var lines []string
		for _, one := range list {
			ph, ok := phrase.Shipped().Find(one.Slug)
			if !ok {
				continue // the bank dropped it since
			}
			line, ok := phrase.Shipped().Render(tag, ph, one.Slots)
			if !ok {
				return "", false
			}
			lines = append(lines, material.Fill{Child: lang.For(tag).List(children)}.In(tag, line))
		}
		return strings.Join(lines, "\n"), len(lines) > 0
	}
	if text, ok := render(from); ok {
		original = EntryText{Text: text, Lang: from, Source: Exact}
	}
	if text, ok := render(to); ok && !sameLang(from, to) {
		reading = EntryText{Text: text, Lang: to, Source: Exact}
	}
	return original, reading, nil
}

// ids is a list of database ids as queries take it.
func ids(list []int64) string {
	if len(list) == 0 {
		return "[]"
	}
	b, err := json.Marshal(list)
	if err != nil {
		panic(err) // numbers can always be written
	}
	return string(b)
}

// pupilList reads ids of pupils from the JSON that rows keep them in.
func pupilList(doc string) ([]int64, error) {
	var out []int64
	if err := json.Unmarshal([]byte(doc), &out); err != nil {
		return nil, fmt.Errorf("list of ids: %w", err)
	}
	return out, nil
}

func fileIDs(doc string) ([]string, error) {
	var out []string
	if err := json.Unmarshal([]byte(doc), &out); err != nil {
		return nil, fmt.Errorf("files of an entry: %w", err)
	}
	return out, nil
}

// publicIDs is a list of public ids as queries take it.
func publicIDs(list []string) string {
	rows := make([]map[string]string, len(list))
	for i, one := range list {
		rows[i] = map[string]string{"id": one}
	}
	b, err := json.Marshal(rows)
	if err != nil {
		panic(err) // text can always be written
	}
	return string(b)
}

func (s *Service) filesOf(ctx context.Context, schoolID int64, list []string) (map[string]EntryFile, error) {
	out := map[string]EntryFile{}
	if len(list) == 0 {
		return out, nil
	}
	rows, err := s.DB.Q().FilesByPublicID(ctx, q.FilesByPublicIDParams{SchoolID: schoolID, Files: publicIDs(list)})
	if err != nil {
		return nil, fmt.Errorf("files of entries: %w", err)
	}
	for _, f := range rows {
		out[f.PublicID] = EntryFile{PublicID: f.PublicID, Name: f.Name, Type: f.Type, Bytes: f.Bytes, Length: time.Duration(f.Millis) * time.Millisecond}
	}
	return out, nil
}

// StaffAnswer is what a colleague answers in a conversation: words, phrases, a recording, or several of these.
type StaffAnswer struct {
	Body    string
	Lang    string // BCP 47, of Body; "" the school's
	Theirs  string // Body in the family's language, where the colleague wrote it; ""
	Phrases []Phrase
	Voice   *Upload
	Done    bool // nothing more is expected: the conversation waits for nobody
}

// MaxAnswer is the longest answer of staff, in characters.
const MaxAnswer = 2000

// Reply answers a family. It goes out by the road of this guardian, outside the budget and in no quiet hours, and stands on the
// personal page at once. Invalid with the fields "body", "theirs", "phrases" and "voice"; Conflict where the guardian may not be
// written to any more.
func (s *Service) Reply(ctx context.Context, by auth.Actor, conversation string, a StaffAnswer) error {
	c, _, err := s.talk(ctx, by, auth.ConversationsAnswer, conversation)
	if err != nil {
		return err
	}
	a.Body, a.Theirs = cleanText(a.Body), cleanText(a.Theirs)
	var check errs.Check
	check.That(a.Body != "" || len(a.Phrases) > 0 || a.Voice != nil, "body", "Write an answer, choose phrases, or record one.")
	check.That(len([]rune(a.Body)) <= MaxAnswer, "body", "This text is too long. Write at most {max} letters.", "max", MaxAnswer)
	check.That(len([]rune(a.Theirs)) <= MaxAnswer, "theirs", "This text is too long. Write at most {max} letters.", "max", MaxAnswer)
	check.That(a.Theirs == "" || a.Body != "", "body", "Write it in the language of the school too, for your colleagues.")
	if err := check.Err(); err != nil {
		return err
	}
	var voice []keptFile
	if a.Voice != nil {
		f, err := s.keepVoice(ctx, by.School.ID, *a.Voice)
		if err != nil {
			return err
		}
		voice = append(voice, f)
	}
	entry := entryDraft{kind: Words, body: a.Body, lang: a.Lang, theirs: a.Theirs, phrases: a.Phrases, files: voice}
	switch {
	case len(a.Phrases) > 0:
		entry.kind = Phrases
	case a.Body == "":
		entry.kind = Voice
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error { return s.answer(ctx, tx, by, c.ID, entry, a.Done) })
	return s.orForget(ctx, voice, err)
}

// entryDraft is what staff add to a conversation.
type entryDraft struct {
	kind    EntryKind
	body    string // of Agreed: the agreement's public id
	letter  string // what the letter says, where that is not the body
	lang    string
	theirs  string // the letter's words in the family's language, by staff
	phrases []Phrase
	files   []keptFile
}

// answer writes an entry of staff with the letter that brings it, in one transaction.
func (s *Service) answer(ctx context.Context, tx *db.Tx, by auth.Actor, conversationID int64, e entryDraft, done bool) error {
	c, err := tx.HoldConversation(ctx, q.HoldConversationParams{SchoolID: by.School.ID, ID: conversationID})
	if err != nil {
		return db.NotFound(err, "conversation")
	}
	who, err := tx.ConversationPeople(ctx, q.ConversationPeopleParams{SchoolID: by.School.ID, ID: c.ID})
	if err != nil {
		return fmt.Errorf("people of conversation: %w", err)
	}
	if e.lang == "" {
		e.lang = by.School.Lang
	}
	if e.letter == "" {
		e.letter = e.body
	}
	now := afterLast(c, s.Now())
	files, err := s.addFiles(ctx, tx, c, by.AccountID, e.files, now)
	if err != nil {
		return err
	}
	pupils, err := pupilList(c.Pupils)
	if err != nil {
		return err
	}
	d := Draft{Lang: e.lang, Title: c.Title, Body: e.letter, Phrases: e.phrases, Files: files, Sensitive: c.Sensitive}
	if d.Title == "" && !c.Sensitive {
		d.Title = answerTitle(e.lang)
	}
	if d.Body == "" && len(d.Phrases) == 0 { // a recording alone
		d.Body, d.Texts = spokenText(e.lang), spokenIn(who.Lang, e.lang)
	}
	if e.theirs != "" {
		d.Texts = map[string]Text{who.Lang: {Title: answerTitle(who.Lang), Body: e.theirs, Source: Staff}}
	}
	_, recipientID, err := s.sendTo(ctx, tx, by, One{HouseholdID: c.HouseholdID, GuardianID: c.GuardianID.Int64, Pupils: pupils, Conversation: c.PublicID, Lang: who.Lang}, d)
	if errs.Is(err, errs.NotFound) {
		return errs.New(errs.Conflict, "This person may not be written to any more. Look at the family's page.")
	}
	if err != nil {
		return err
	}
	next, waited := turnOf(c).afterStaff(now)
	if done {
		next = turn{}
	}
	ref := id.New()
	phrases, err := json.Marshal(orEmpty(e.phrases))
	if err != nil {
		return fmt.Errorf("phrases: %w", err)
	}
	entry := q.Entry{PublicID: ref, SchoolID: by.School.ID, Kind: string(e.kind), Body: e.body, Phrases: string(phrases)}
	if c.Sensitive {
		if err := s.sealEntry(ctx, tx, &entry); err != nil {
			return err
		}
	}
	entryID, err := tx.AddEntry(ctx, q.AddEntryParams{PublicID: ref, SchoolID: by.School.ID, ConversationID: c.ID, Direction: string(contact.Out), Kind: string(e.kind), Road: string(contact.Link), Body: entry.Body, Lang: e.lang,
		Phrases: entry.Phrases, Files: textList(files), Sealed: c.Sensitive, AccountID: nullID(by.AccountID), RecipientID: nullID(recipientID), Waited: waited.Milliseconds(), At: millis(now)})
	if err != nil {
		return fmt.Errorf("add entry: %w", err)
	}
	if e.theirs != "" && e.kind != Agreed {
		if err := s.setEntryText(ctx, tx, by, c, entryID, ref, who.Lang, Staff, "", e.theirs); err != nil {
			return err
		}
	}
	if err := s.move(ctx, tx, c, next, now); err != nil {
		return err
	}
	return s.note(ctx, tx, by, "conversations.answer", c.PublicID, map[string]string{"entry": ref, "kind": string(e.kind)})
}

// move writes down whose turn it is after an entry, and tells the pages that are open.
func (s *Service) move(ctx context.Context, tx *db.Tx, c q.Conversation, next turn, now time.Time) error {
	since := int64(0)
	if next.waits != "" {
		since = millis(next.since)
	}
	if err := tx.MoveConversation(ctx, q.MoveConversationParams{SchoolID: c.SchoolID, ID: c.ID, Waits: string(next.waits), WaitsSince: since, LastAt: millis(now), OwnerID: c.OwnerID}); err != nil {
		return fmt.Errorf("move conversation: %w", err)
	}
	return s.changed(ctx, tx, c)
}

func (s *Service) changed(ctx context.Context, tx *db.Tx, c q.Conversation) error {
	return s.Live.Publish(ctx, tx, live.Inbox(c.SchoolID), live.Conversation(c.SchoolID, c.PublicID))
}

func (s *Service) setEntryText(ctx context.Context, tx *db.Tx, by auth.Actor, c q.Conversation, entryID int64, entry, tag string, source Source, engine, body string) error {
	if c.Sensitive {
		var err error
		if body, err = s.Secrets.Seal(ctx, tx, c.SchoolID, entryTextRow(entry, tag), body); err != nil {
			return err
		}
	}
	if err := tx.SetEntryText(ctx, q.SetEntryTextParams{SchoolID: c.SchoolID, EntryID: entryID, Lang: tag, Source: string(source), Engine: engine, Body: body, UpdatedBy: nullID(by.AccountID), UpdatedAt: millis(s.Now())}); err != nil {
		return fmt.Errorf("text of entry: %w", err)
	}
	return nil
}

// Correct writes what an entry says in a language, by a person: a colleague or an interpreter knows better than the machine.
// What the family said is put into the school's language, what the school said into the family's. Invalid with the field "text".
func (s *Service) Correct(ctx context.Context, by auth.Actor, conversation, entry, text string) error {
	c, _, err := s.talk(ctx, by, auth.ConversationsAnswer, conversation)
	if err != nil {
		return err
	}
	text = cleanText(text)
	var check errs.Check
	check.That(text != "", "text", "Write what it says.")
	check.That(len([]rune(text)) <= MaxAnswer, "text", "This text is too long. Write at most {max} letters.", "max", MaxAnswer)
	if err := check.Err(); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		c, err := tx.HoldConversation(ctx, q.HoldConversationParams{SchoolID: by.School.ID, ID: c.ID})
		if err != nil {
			return db.NotFound(err, "conversation")
		}
		row, err := tx.EntryByPublicID(ctx, q.EntryByPublicIDParams{SchoolID: by.School.ID, ConversationID: c.ID, PublicID: entry})
		if err != nil {
			return db.NotFound(err, "entry")
		}
		e := row.Entry
		if slices.Contains([]EntryKind{Tap, Agreed, Phrases, Refused}, EntryKind(e.Kind)) {
			return errs.Forbiddenf("entry %s is exact in every language", entry)
		}
		tag := by.School.Lang
		if e.Direction == string(contact.Out) {
			who, err := tx.ConversationPeople(ctx, q.ConversationPeopleParams{SchoolID: by.School.ID, ID: c.ID})
			if err != nil {
				return fmt.Errorf("people of conversation: %w", err)
			}
			tag = who.Lang
		}
		if err := s.setEntryText(ctx, tx, by, c, e.ID, e.PublicID, tag, Staff, "", text); err != nil {
			return err
		}
		if err := s.changed(ctx, tx, c); err != nil {
			return err
		}
		return s.note(ctx, tx, by, "conversations.correct", conversation, map[string]string{"entry": entry, "lang": tag})
	})
}

// HandOver gives a conversation to a colleague, or with "" back to the teachers of the class. Only somebody who may see a child
// that it is about can have it: anybody else is errs.Invalid at "colleague".
func (s *Service) HandOver(ctx context.Context, by auth.Actor, conversation, staff string) error {
	c, pupils, err := s.talk(ctx, by, auth.ConversationsAnswer, conversation)
	if err != nil {
		return err
	}
	owner := nullID(0)
	if staff != "" {
		var classes []int64
		for _, p := range pupils {
			classes = append(classes, p.ClassID)
		}
		rows, err := s.DB.Q().Colleagues(ctx, q.ColleaguesParams{SchoolID: by.School.ID, Classes: ids(classes)})
		if err != nil {
			return fmt.Errorf("colleagues: %w", err)
		}
		i := slices.IndexFunc(rows, func(r q.ColleaguesRow) bool { return r.PublicID == staff })
		if i < 0 {
			return errs.Field("colleague", "Choose a colleague who may see this child.")
		}
		owner = nullID(rows[i].AccountID)
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.HandOverConversation(ctx, q.HandOverConversationParams{SchoolID: by.School.ID, ID: c.ID, OwnerID: owner}); err != nil {
			return fmt.Errorf("hand over: %w", err)
		}
		if err := s.changed(ctx, tx, c); err != nil {
			return err
		}
		return s.note(ctx, tx, by, "conversations.handOver", conversation, map[string]string{"to": staff})
	})
}

// Settle says that nothing has to be answered any more. Conflict when a colleague did it before.
func (s *Service) Settle(ctx context.Context, by auth.Actor, conversation string) error {
	c, _, err := s.talk(ctx, by, auth.ConversationsAnswer, conversation)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error { return s.settleTalk(ctx, tx, by, c) })
}

func (s *Service) settleTalk(ctx context.Context, tx *db.Tx, by auth.Actor, c q.Conversation) error {
	n, err := tx.SettleConversation(ctx, q.SettleConversationParams{SchoolID: by.School.ID, ID: c.ID})
	if err != nil {
		return fmt.Errorf("settle conversation: %w", err)
	}
	if n == 0 {
		return errs.New(errs.Conflict, "A colleague has settled this already.")
	}
	if err := s.changed(ctx, tx, c); err != nil {
		return err
	}
	return s.note(ctx, tx, by, "conversations.settle", c.PublicID, nil)
}

// Called notes a call or a talk about a conversation in the ledger, with the guardian and the one child that it is about; one that
// reached the family settles it. A guardian whom the school may not write to, or who is gone, is not named in it.
func (s *Service) Called(ctx context.Context, by auth.Actor, conversation string, t contact.Talk) error {
	c, pupils, err := s.talk(ctx, by, auth.ConversationsAnswer, conversation)
	if err != nil {
		return err
	}
	who, err := s.DB.Q().ConversationPeople(ctx, q.ConversationPeopleParams{SchoolID: by.School.ID, ID: c.ID})
	if err != nil {
		return fmt.Errorf("people of conversation: %w", err)
	}
	home, _, err := s.homeOf(ctx, by, who.Household, "")
	if err != nil {
		return err
	}
	t.Household = who.Household
	if slices.ContainsFunc(home.Guardians, func(g school.Guardian) bool { return g.PublicID == who.Guardian }) {
		t.Guardian = who.Guardian
	}
	if len(pupils) == 1 && slices.ContainsFunc(home.Children, func(p school.Child) bool { return p.ID == pupils[0].ID }) {
		t.Pupil = pupils[0].PublicID
	}
	if _, err := s.Contact.LogTalk(ctx, by, t); err != nil || !t.Reached {
		return err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error { return s.settleTalk(ctx, tx, by, c) })
	if errs.Is(err, errs.Conflict) {
		return nil // the talk was had all the same
	}
	return err
}

// MarkSensitive seals a conversation: what stands in it and what will be said. From then on every look is written down, the
// family sees it after the second step only, and a letter about it says only that there is something. It cannot be undone.
func (s *Service) MarkSensitive(ctx context.Context, by auth.Actor, conversation string) error {
	c, _, err := s.talk(ctx, by, auth.ConversationsAnswer, conversation)
	if err != nil {
		return err
	}
	if s.Secrets == nil {
		return errors.New("messages: sealing needs the key of the installation")
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.SetConversationSensitive(ctx, q.SetConversationSensitiveParams{SchoolID: by.School.ID, ID: c.ID, Yes: true})
		if err != nil {
			return fmt.Errorf("mark sensitive: %w", err)
		}
		if n == 0 {
			return nil // it is already
		}
		if err := s.sealAll(ctx, tx, c); err != nil {
			return err
		}
		if err := s.sealLetters(ctx, tx, by, c); err != nil {
			return err
		}
		if err := s.sealAgreements(ctx, tx, c); err != nil {
			return err
		}
		if err := tx.EmptyOutbox(ctx, q.EmptyOutboxParams{SchoolID: c.SchoolID, ConversationID: c.ID}); err != nil {
			return fmt.Errorf("empty outbox: %w", err)
		}
		if err := s.changed(ctx, tx, c); err != nil {
			return err
		}
		return s.note(ctx, tx, by, "conversations.sensitive", conversation, nil)
	})
}

type sealedRow struct {
	ID      int64  `json:"id"`
	Lang    string `json:"lang,omitempty"`
	Body    string `json:"body"`
	Phrases string `json:"phrases,omitempty"`
}

// sealEntry seals what an entry says: words, and what was filled into phrases. A tap and the id of an agreement tell nothing.
func (s *Service) sealEntry(ctx context.Context, tx *db.Tx, e *q.Entry) (err error) {
	if k := EntryKind(e.Kind); k == Tap || k == Agreed {
		return nil
	}
	if e.Phrases != noPhrases {
		if e.Phrases, err = s.Secrets.Seal(ctx, tx, e.SchoolID, phrasesRow(e.PublicID), e.Phrases); err != nil {
			return err
		}
	}
	e.Body, err = s.Secrets.Seal(ctx, tx, e.SchoolID, entryRow(e.PublicID), e.Body)
	return err
}

// sealAll seals every entry of a conversation, with its translations and the names of its files, in three statements. The files
// themselves are sealed since they came in.
func (s *Service) sealAll(ctx context.Context, tx *db.Tx, c q.Conversation) error {
	rows, err := tx.EntriesOf(ctx, q.EntriesOfParams{SchoolID: c.SchoolID, ConversationID: c.ID, Before: fromLatest, Lim: 1 << 40})
	if err != nil {
		return fmt.Errorf("entries to seal: %w", err)
	}
	var open, texts []sealedRow
	var entryIDs []int64
	var files []string
	ref := map[int64]string{}
	for _, row := range rows {
		e := row.Entry
		if e.Sealed {
			continue
		}
		if err := s.sealEntry(ctx, tx, &e); err != nil {
			return err
		}
		open = append(open, sealedRow{ID: e.ID, Body: e.Body, Phrases: e.Phrases})
		entryIDs, ref[e.ID] = append(entryIDs, e.ID), e.PublicID
		list, err := fileIDs(e.Files)
		if err != nil {
			return err
		}
		files = append(files, list...)
	}
	if len(open) == 0 {
		return nil
	}
	if err := s.forgetNames(ctx, tx, c.SchoolID, files); err != nil {
		return err
	}
	have, err := tx.EntryTextsOf(ctx, q.EntryTextsOfParams{SchoolID: c.SchoolID, Entries: ids(entryIDs), Unsealed: false})
	if err != nil {
		return fmt.Errorf("texts to seal: %w", err)
	}
	own := func(t q.EntryTextsOfRow) bool { return t.Own == 1 }
	for _, t := range have {
		if !own(t) && slices.ContainsFunc(have, func(o q.EntryTextsOfRow) bool { return own(o) && o.EntryID == t.EntryID && o.Lang == t.Lang }) {
			continue
		}
		body, err := s.Secrets.Seal(ctx, tx, c.SchoolID, entryTextRow(ref[t.EntryID], t.Lang), t.Body)
		if err != nil {
			return err
		}
		if own(t) {
			texts = append(texts, sealedRow{ID: t.EntryID, Lang: t.Lang, Body: body})
			continue
		}
		// What was translated with the letter alone, one for each answer of staff: a sealed entry is read by itself.
		if err := tx.SetEntryText(ctx, q.SetEntryTextParams{SchoolID: c.SchoolID, EntryID: t.EntryID, Lang: t.Lang, Source: t.Source, Engine: t.Engine, Body: body, UpdatedAt: millis(s.Now())}); err != nil {
			return fmt.Errorf("text of entry: %w", err)
		}
	}
	doc, err := json.Marshal(open)
	if err != nil {
		return fmt.Errorf("sealed entries: %w", err)
	}
	if err := tx.SealEntries(ctx, q.SealEntriesParams{SchoolID: c.SchoolID, Rows: string(doc), Yes: true}); err != nil {
		return fmt.Errorf("seal entries: %w", err)
	}
	if len(texts) == 0 {
		return nil
	}
	if doc, err = json.Marshal(texts); err != nil {
		return fmt.Errorf("sealed texts: %w", err)
	}
	if err := tx.SealEntryTexts(ctx, q.SealEntryTextsParams{SchoolID: c.SchoolID, Rows: string(doc)}); err != nil {
		return fmt.Errorf("seal texts: %w", err)
	}
	return nil
}

// forgetNames gives files names that tell nothing.
func (s *Service) forgetNames(ctx context.Context, tx *db.Tx, schoolID int64, files []string) error {
	if len(files) == 0 {
		return nil
	}
	rows, err := tx.FilesByPublicID(ctx, q.FilesByPublicIDParams{SchoolID: schoolID, Files: publicIDs(files)})
	if err != nil {
		return fmt.Errorf("files to seal: %w", err)
	}
	type named struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}
	list := make([]named, len(rows))
	for i, f := range rows {
		list[i] = named{f.PublicID, fileName("", f.Type)}
	}
	doc, err := json.Marshal(list)
	if err != nil {
		return fmt.Errorf("names of files: %w", err)
	}
	if err := tx.RenameFiles(ctx, q.RenameFilesParams{SchoolID: schoolID, Rows: string(doc)}); err != nil {
		return fmt.Errorf("names of files: %w", err)
	}
	return nil
}

// sealLetters seals the letters that brought the answers of a conversation: what they say stands a second time in them.
func (s *Service) sealLetters(ctx context.Context, tx *db.Tx, by auth.Actor, c q.Conversation) error {
	rows, err := tx.OpenLettersOf(ctx, q.OpenLettersOfParams{SchoolID: c.SchoolID, ConversationID: c.ID, Yes: true})
	if err != nil {
		return fmt.Errorf("letters to seal: %w", err)
	}
	for _, m := range rows { // one for each answer of staff
		for _, part := range []struct {
			text *string
			what string
		}{{&m.Title, "title"}, {&m.Body, "body"}, {&m.Phrases, "phrases"}} {
			if *part.text, err = s.Secrets.Seal(ctx, tx, c.SchoolID, messageRow(m.PublicID, part.what), *part.text); err != nil {
				return err
			}
		}
		if err := tx.SealLetter(ctx, q.SealLetterParams{SchoolID: c.SchoolID, ID: m.ID, Title: m.Title, Body: m.Body, Phrases: m.Phrases, Yes: true}); err != nil {
			return fmt.Errorf("seal letter: %w", err)
		}
		texts, err := tx.TextsOfLetter(ctx, q.TextsOfLetterParams{SchoolID: c.SchoolID, MessageID: m.ID})
		if err != nil {
			return fmt.Errorf("texts of letter: %w", err)
		}
		for _, t := range texts {
			if err := s.setText(ctx, tx, by, m.ID, m.PublicID, true, t.Lang, Text{Title: t.Title, Body: t.Body, Source: Source(t.Source), Engine: t.Engine}); err != nil {
				return err
			}
		}
	}
	return nil
}

// cleanText is what a person typed, without blanks around it and with lines that end one way.
func cleanText(s string) string {
	return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n"))
}

// ConversationFile opens a recording or a photo of a conversation that the actor may see; of a sensitive one the look is written
// down.
func (s *Service) ConversationFile(ctx context.Context, by auth.Actor, conversation, file string) (letter.File, error) {
	c, _, err := s.talk(ctx, by, auth.ConversationsSee, conversation)
	if err != nil {
		return letter.File{}, err
	}
	f, err := s.DB.Q().ConversationFile(ctx, q.ConversationFileParams{SchoolID: by.School.ID, ConversationID: c.ID, PublicID: file})
	if err != nil {
		return letter.File{}, db.NotFound(err, "file of conversation")
	}
	out := s.fileOf(f)
	if out.Watched = c.Sensitive; !c.Sensitive {
		return out, nil
	}
	return out, s.DB.Write(ctx, func(tx *db.Tx) error {
		return s.note(ctx, tx, by, "conversations.see", conversation, map[string]string{"file": file})
	})
}
