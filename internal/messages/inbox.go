package messages

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"brug/internal/auth"
	"brug/internal/contact"
	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/errs"
	"brug/internal/school"
)

// InboxView is which conversations are shown.
type InboxView string

// The views. Waiting is the zero value: what waits for staff, the longest on top, together with the answers to codes on paper.
const (
	WaitingForUs InboxView = ""
	MineOnly     InboxView = "mine" // those that the actor has, the latest first
	Everything   InboxView = "all"  // the latest first
)

// InboxFilter says what to show.
type InboxFilter struct {
	View  InboxView
	Class string // public id; "": all classes of the actor
	After string // Next of the page before; ""
	Max   int    // lines of a page; 0: 25
}

// InboxLine is one line: a conversation, or an answer to a code on paper.
type InboxLine struct {
	Conversation string       // public id; "" for an answer from paper
	Paper        contact.Open // zero for a conversation
	Household    string
	Name         string // of the guardian; "" not known
	Phone        string
	Listens      bool
	Children     []TalkChild
	Title        string
	Began        Side
	Sensitive    bool
	Waits        Side
	Since        time.Time // since when it waits; of the last word where it waits for nobody
	Owner        string    // name
	Mine         bool
	Last         Entry // of the family where it waits for staff, else of anybody; without words where sensitive
}

// InboxPage is a page of the inbox. Next is "" on the last one.
type InboxPage struct {
	Lines []InboxLine
	Next  string
}

// Inbox reads a page of the conversations that the actor may see: a teacher those about children who are in a class of the
// teacher's today. It costs the same few queries however many conversations a school has.
func (s *Service) Inbox(ctx context.Context, by auth.Actor, f InboxFilter) (InboxPage, error) {
	if err := by.May(auth.ConversationsSee); err != nil {
		return InboxPage{}, err
	}
	if f.Max == 0 {
		f.Max = 25
	}
	all, classes, err := s.classesFor(ctx, by, f.Class)
	if err != nil {
		return InboxPage{}, err
	}
	at, key, err := cursorOf(f.After)
	if err != nil {
		return InboxPage{}, err
	}
	rows, err := s.inboxRows(ctx, by, f, all, classes, at, key)
	if err != nil {
		return InboxPage{}, err
	}
	lines, err := s.inboxLines(ctx, by, rows, f.View)
	if err != nil {
		return InboxPage{}, err
	}
	keys := make([]int64, len(rows))
	for i, r := range rows {
		keys[i] = r.ID
	}
	if f.View == WaitingForUs {
		if lines, keys, err = s.withPaper(ctx, by, f, lines, keys, at, key); err != nil {
			return InboxPage{}, err
		}
	}
	page := InboxPage{Lines: lines}
	if len(lines) > f.Max {
		last := f.Max - 1
		page.Lines, page.Next = lines[:f.Max], cursor(lines[last].Since, keys[last])
	}
	return page, nil
}

// classesFor are the classes whose children are shown: one that was chosen, or all of the actor's.
func (s *Service) classesFor(ctx context.Context, by auth.Actor, class string) (all bool, classes []int64, err error) {
	if class == "" {
		return by.AllClasses(), by.ClassIDs(), nil
	}
	c, err := s.School.Class(ctx, by, class)
	if err != nil {
		return false, nil, err
	}
	return false, []int64{c.ID}, nil
}

func (s *Service) inboxRows(ctx context.Context, by auth.Actor, f InboxFilter, all bool, classes []int64, at, key int64) ([]q.InboxWaitingRow, error) {
	lim := int64(f.Max) + 1
	if f.View == WaitingForUs {
		rows, err := s.DB.Q().InboxWaiting(ctx, q.InboxWaitingParams{SchoolID: by.School.ID, Since: at, AfterID: key, AllClasses: all, Classes: ids(classes), Lim: lim})
		if err != nil {
			return nil, fmt.Errorf("inbox: %w", err)
		}
		return rows, nil
	}
	p := q.InboxLatestParams{SchoolID: by.School.ID, Before: at, BeforeID: key, AllClasses: all, Classes: ids(classes), Lim: lim}
	if f.After == "" {
		p.Before = 1 << 62
	}
	if f.View == MineOnly {
		p.OwnerID = by.AccountID
	}
	latest, err := s.DB.Q().InboxLatest(ctx, p)
	if err != nil {
		return nil, fmt.Errorf("inbox: %w", err)
	}
	rows := make([]q.InboxWaitingRow, len(latest))
	for i, r := range latest {
		rows[i] = q.InboxWaitingRow(r)
	}
	return rows, nil
}

// inboxLines brings to the rows the children and the last word, in a few queries.
func (s *Service) inboxLines(ctx context.Context, by auth.Actor, rows []q.InboxWaitingRow, view InboxView) ([]InboxLine, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	var talks, pupils []int64
	about := map[int64][]int64{}
	for _, r := range rows {
		list, err := pupilList(r.Pupils)
		if err != nil {
			return nil, err
		}
		talks, pupils, about[r.ID] = append(talks, r.ID), append(pupils, list...), list
	}
	children := map[int64]TalkChild{}
	named, err := s.DB.Q().PupilsInConversations(ctx, q.PupilsInConversationsParams{SchoolID: by.School.ID, Pupils: ids(pupils)})
	if err != nil {
		return nil, fmt.Errorf("pupils of inbox: %w", err)
	}
	for _, c := range talkChildren(named) {
		children[c.ID] = c
	}
	direction := ""
	if view == WaitingForUs {
		direction = string(contact.In)
	}
	last, err := s.lastWords(ctx, by, talks, direction)
	if err != nil {
		return nil, err
	}
	out := make([]InboxLine, len(rows))
	for i, r := range rows {
		line := InboxLine{Conversation: r.PublicID, Household: r.Household, Name: r.GuardianName, Phone: r.Phone, Listens: r.Reading == string(school.Listens), Title: r.Title, Began: Side(r.Started), Sensitive: r.Sensitive,
			Waits: Side(r.Waits), Since: instant(r.LastAt), Owner: r.OwnerName, Mine: r.OwnerID.Valid && r.OwnerID.Int64 == by.AccountID, Last: last[r.ID]}
		if view == WaitingForUs {
			line.Since = instant(r.WaitsSince)
		}
		for _, p := range about[r.ID] {
			if c, has := children[p]; has {
				line.Children = append(line.Children, c)
			}
		}
		out[i] = line
	}
	return out, nil
}

// lastWords are the latest entries of conversations, by conversation. What is sealed stays closed: a list is no look.
func (s *Service) lastWords(ctx context.Context, by auth.Actor, talks []int64, direction string) (map[int64]Entry, error) {
	rows, err := s.DB.Q().LatestEntriesOf(ctx, q.LatestEntriesOfParams{SchoolID: by.School.ID, Direction: direction, Conversations: ids(talks)})
	if err != nil {
		return nil, fmt.Errorf("last entries: %w", err)
	}
	closed := make([]q.EntriesOfRow, len(rows))
	for i, r := range rows {
		closed[i] = q.EntriesOfRow(r)
		if e := &closed[i].Entry; e.Sealed && EntryKind(e.Kind) != Tap {
			e.Body, e.Phrases = "", noPhrases
		}
	}
	entries, err := s.read(ctx, by.School.ID, closed, func(q.Entry) (string, bool) { return by.School.Lang, false })
	if err != nil {
		return nil, err
	}
	out := map[int64]Entry{}
	for i, e := range entries {
		talk := rows[i].Entry.ConversationID
		if said, has := out[talk]; has {
			e = together(said, e)
		}
		out[talk] = e
	}
	return out, nil
}

// together is what was said in one moment as one line: the tap tells what is wanted, the words and what came along stand with
// it.
func together(a, b Entry) Entry {
	weight := func(e Entry) int {
		switch e.Kind {
		case Tap:
			return 2
		case Words, Phrases:
			return 1
		}
		return 0
	}
	if weight(b) > weight(a) {
		a, b = b, a
	}
	if a.Original.Text == "" {
		a.Original, a.Reading = b.Original, b.Reading
	}
	a.Files = append(slices.Clone(a.Files), b.Files...)
	a.Sealed = a.Sealed || b.Sealed
	return a
}

// withPaper puts the answers to codes on paper between the conversations, by how long they wait.
func (s *Service) withPaper(ctx context.Context, by auth.Actor, f InboxFilter, lines []InboxLine, keys []int64, at, key int64) ([]InboxLine, []int64, error) {
	var from time.Time
	if f.After != "" {
		from = time.UnixMilli(at)
	}
	open, err := s.Contact.OpenAnswersOf(ctx, by, f.Class, from)
	if err != nil {
		return nil, nil, err
	}
	type keyed struct {
		InboxLine
		key int64
	}
	all := make([]keyed, 0, len(lines)+len(open))
	for i, l := range lines {
		all = append(all, keyed{l, keys[i]})
	}
	for _, o := range open {
		// Answers have no number among the conversations: of the same moment they stand before these.
		if f.Class != "" && o.ClassPublicID != f.Class || f.After != "" && (millis(o.At) < at || millis(o.At) == at && key >= 0) {
			continue
		}
		all = append(all, keyed{InboxLine{Paper: o, Household: o.Household, Phone: o.Phone, Listens: o.Listens, Waits: OfStaff, Since: o.At, Began: OfStaff,
			Children: []TalkChild{{Given: o.Given, Family: o.Family, Class: o.Class, ClassID: o.ClassPublicID}}}, 0})
	}
	slices.SortStableFunc(all, func(a, b keyed) int {
		return cmp.Or(cmp.Compare(millis(a.Since), millis(b.Since)), cmp.Compare(a.key, b.key))
	})
	if len(all) > f.Max+1 {
		all = all[:f.Max+1]
	}
	lines, keys = lines[:0], keys[:0]
	for _, k := range all {
		lines, keys = append(lines, k.InboxLine), append(keys, k.key)
	}
	return lines, keys, nil
}

// HouseholdConversations are the latest conversations with a household about children whom the actor may see, at most n.
func (s *Service) HouseholdConversations(ctx context.Context, by auth.Actor, household string, n int) ([]InboxLine, error) {
	if err := by.May(auth.ConversationsSee); err != nil {
		return nil, err
	}
	home, _, err := s.homeOf(ctx, by, household, "")
	if err != nil {
		return nil, err
	}
	found, err := s.DB.Q().InboxOfHousehold(ctx, q.InboxOfHouseholdParams{SchoolID: by.School.ID, HouseholdID: home.ID, AllClasses: by.AllClasses(), Classes: ids(by.ClassIDs()), Lim: int64(n)})
	if err != nil {
		return nil, fmt.Errorf("conversations of household: %w", err)
	}
	rows := make([]q.InboxWaitingRow, len(found))
	for i, r := range found {
		rows[i] = q.InboxWaitingRow(r)
	}
	return s.inboxLines(ctx, by, rows, Everything)
}

// cursor is where a page ends: a moment and a number, for nobody to read.
func cursor(at time.Time, key int64) string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(millis(at), 36) + "." + strconv.FormatInt(key, 36)))
}

func cursorOf(s string) (at, key int64, err error) {
	if s == "" {
		return -1, -1, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err == nil {
		moment, number, ok := strings.Cut(string(b), ".")
		at, err = strconv.ParseInt(moment, 36, 64)
		if err == nil && ok {
			key, err = strconv.ParseInt(number, 36, 64)
		}
	}
	if err != nil {
		return 0, 0, errs.NotFoundf("no page of the inbox begins so")
	}
	return at, key, nil
}

// mostCounted is up to where waiting conversations are counted for a mark beside a word.
const mostCounted = 100

// WaitingCount is how many conversations and answers to codes on paper wait for the actor, at most 100: the lines of Inbox,
// without reading what they say.
func (s *Service) WaitingCount(ctx context.Context, by auth.Actor) (int, error) {
	if err := by.May(auth.ConversationsSee); err != nil {
		return 0, err
	}
	n, err := s.DB.Q().CountWaiting(ctx, q.CountWaitingParams{SchoolID: by.School.ID, AllClasses: by.AllClasses(), Classes: ids(by.ClassIDs()), Lim: mostCounted})
	if err != nil {
		return 0, fmt.Errorf("count waiting: %w", err)
	}
	open, err := s.Contact.OpenAnswers(ctx, by)
	if err != nil {
		return 0, err
	}
	return min(int(n)+len(open), mostCounted), nil
}

// PaperTitle is what a code on paper is about, for staff who read tag: a text of the library or of the school, or a message that was
// printed ("message:PUBLICID"); "" where that is sensitive or no more.
func (s *Service) PaperTitle(ctx context.Context, by auth.Actor, material string, version int64, tag string) (string, error) {
	if letter, ok := strings.CutPrefix(material, "message:"); ok {
		m, err := s.DB.Q().MessageByPublicID(ctx, q.MessageByPublicIDParams{SchoolID: by.School.ID, PublicID: letter})
		if err != nil || m.Message.Sensitive {
			return "", ignoreMissing(err)
		}
		return s.titleOf(ctx, by.School.ID, m.Message)
	}
	e, err := s.Material.Find(ctx, by.School.ID, material, version)
	if errs.Is(err, errs.NotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return e.TitleIn(tag), nil
}

func ignoreMissing(err error) error {
	if db.Missing(err) {
		return nil
	}
	return err
}
