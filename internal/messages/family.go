package messages

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"brug/internal/contact"
	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/errs"
	"brug/internal/id"
	"brug/internal/journal"
	"brug/internal/live"
	"brug/internal/material"
	"brug/internal/messages/letter"
)

// Received is a message as it stands on the personal page of a guardian.
type Received struct {
	Recipient    string // public id
	At           time.Time
	Title        letter.Piece
	Letter       *letter.Letter  // without words where it is sensitive and not opened by See after the second step
	Material     *material.Entry // that stands in it, which somebody may have read aloud; nil none, or not opened
	Urgent       bool
	Sensitive    bool
	Locked       bool // sensitive, and the second step was not taken in this browser: there is something, and nothing of it is told
	Opened       time.Time
	Answer       contact.AnswerKind // the latest tap; "" none
	Conversation string             // public id of the conversation about it; "" none yet
}

// Said is what a guardian says: a tap, words, a recording, a photo, in one go or by themselves.
type Said struct {
	Answer  contact.AnswerKind // a tap; "" none
	Body    string             // at most contact.MaxBody characters
	Lang    string             // BCP 47, of Body; "": as the guardian reads
	Files   []Upload           // recordings, photos and PDFs, at most MaxSaidFiles
	Child   string             // public id of the child; "": about all. Only where it begins a conversation
	Private bool               // it is a worry: kept sealed. Only where it begins a conversation

	refused []RefusedFile // of a mail
}

// Upload is a file as it came in. What it is, is found from its bytes.
type Upload struct {
	Name string
	Data []byte
}

// MaxSaidFiles is how many recordings, photos and PDFs come with one answer.
const MaxSaidFiles = 3

// Thread is a conversation as a guardian sees it.
type Thread struct {
	PublicID  string
	Title     string // of the message that it is about: as the guardian reads it where the conversation is opened, in lists as it was written; "" where the family began
	Lang      string // of Title
	Recipient string // public id of that message's letter to this guardian, which See opens; "" none, and in lists
	Sent      time.Time
	Children  []string
	With      string  // name of the colleague who has it; "" the school
	Waits     Side    // who is to answer
	Last      Entry   // zero where Locked, and where nothing was said
	Entries   []Entry // the oldest first; empty in lists and where Locked
	Earlier   string  // public id of the entry before which there are others (ThreadBefore); "" none
	Past      bool    // Entries are earlier ones, and not the latest
	Unseen    bool    // something of the school was not seen yet
	Locked    bool    // sensitive, and the second step was not taken in this browser
	At        time.Time
}

// speakerOf is a guardian on the personal page.
func speakerOf(g contact.Guest) speaker {
	sp := speaker{school: g.School, householdID: g.HouseholdID, guardianID: g.GuardianID, lang: g.Lang}
	for _, c := range g.Children {
		sp.children = append(sp.children, heardChild{id: c.ID, classID: c.ClassID, publicID: c.PublicID})
	}
	return sp
}

// hears tells whether something about these pupils is for this person: at least one of them is a child whom the person may see.
func (sp speaker) hears(pupils []int64) bool {
	return slices.ContainsFunc(sp.children, func(c heardChild) bool { return slices.Contains(pupils, c.id) })
}

// Mine are the latest messages for this guardian, the newest first, at most n of them, with their letters in the guardian's
// language. before is the Recipient of the last one on the page before ("": from the newest); more tells that there are others.
// Answers of staff in a conversation are not in it: see Threads.
func (s *Service) Mine(ctx context.Context, g contact.Guest, before string, n int) (list []Received, more bool, err error) {
	end := int64(1) << 62
	if before != "" {
		r, err := s.recipientOf(ctx, g, before)
		if err != nil {
			return nil, false, err
		}
		end = r.ID
	}
	rows, err := s.DB.Q().RecipientsOnPage(ctx, q.RecipientsOnPageParams{SchoolID: g.School.ID, GuardianID: g.GuardianID, Now: millis(s.Now()), Before: end, Lim: int64(n) + 1})
	if err != nil {
		return nil, false, fmt.Errorf("messages of guardian: %w", err)
	}
	if len(rows) > n {
		rows, more = rows[:n], true
	}
	list, err = s.received(ctx, g, rows, false)
	return list, more, err
}

// recipientOf finds the row of a message to this guardian. What is about no child whom the guardian may see now is not there.
func (s *Service) recipientOf(ctx context.Context, g contact.Guest, recipient string) (q.Recipient, error) {
	r, err := s.DB.Q().RecipientOfGuardian(ctx, q.RecipientOfGuardianParams{SchoolID: g.School.ID, PublicID: recipient, GuardianID: g.GuardianID, Now: millis(s.Now())})
	if err != nil {
		return r, db.NotFound(err, "message of guardian")
	}
	pupils, err := pupilList(r.Pupils)
	if err != nil {
		return r, err
	}
	if !speakerOf(g).hears(pupils) {
		return r, errs.NotFoundf("message %s is about no child whom the guardian may see", recipient)
	}
	return r, nil
}

// received makes letters of rows, in a few queries however many. opened: the one that is being read, whose sealed words are
// opened after the second step; a list never opens any.
func (s *Service) received(ctx context.Context, g contact.Guest, rows []q.Recipient, opened bool) ([]Received, error) {
	sp := speakerOf(g)
	var kept []q.Recipient
	var messages []int64
	for _, r := range rows {
		pupils, err := pupilList(r.Pupils)
		if err != nil {
			return nil, err
		}
		if sp.hears(pupils) {
			r.Lang = g.Lang // as the guardian reads the page now
			kept, messages = append(kept, r), append(messages, r.MessageID)
		}
	}
	if len(kept) == 0 {
		return nil, nil
	}
	made, err := s.letters(ctx, kept)
	if err != nil {
		return nil, err
	}
	talks, err := s.DB.Q().ConversationsAbout(ctx, q.ConversationsAboutParams{SchoolID: g.School.ID, GuardianID: g.GuardianID, Messages: ids(messages)})
	if err != nil {
		return nil, fmt.Errorf("conversations about messages: %w", err)
	}
	about := map[int64]string{}
	for _, t := range talks {
		about[t.MessageID.Int64] = t.PublicID
	}
	out := make([]Received, 0, len(kept))
	for _, r := range kept {
		l := made.letterFor(r, "", "")
		if l == nil {
			continue // the message is no more
		}
		one := Received{Recipient: r.PublicID, At: s.shownAt(r), Title: l.Title, Letter: l, Material: made.messages[r.MessageID].entry, Urgent: l.Urgent, Opened: instant(r.OpenedAt), Answer: contact.AnswerKind(r.Answer), Conversation: about[r.MessageID]}
		if one.Sensitive, one.Locked = l.Sensitive, l.Sensitive && !g.Second; opened && one.Sensitive && !one.Locked {
			words, err := s.openLetters(ctx, []q.Recipient{r})
			if err != nil {
				return nil, err
			}
			if one.Letter = words.letterFor(r, "", ""); one.Letter != nil {
				one.Title, one.Material = one.Letter.Title, words.messages[r.MessageID].entry
			}
		}
		out = append(out, one)
	}
	return out, nil
}

// See opens one message, and the conversation about it (zero PublicID: none yet). That it was opened is written down once: in
// its row, and as arrived in the ledger; of a sensitive one only after the second step, and each look. NotFound for a message that
// is another guardian's.
func (s *Service) See(ctx context.Context, g contact.Guest, recipient string) (Received, Thread, error) {
	r, err := s.recipientOf(ctx, g, recipient)
	if err != nil {
		return Received{}, Thread{}, err
	}
	list, err := s.received(ctx, g, []q.Recipient{r}, true)
	if err != nil {
		return Received{}, Thread{}, err
	}
	if len(list) == 0 {
		return Received{}, Thread{}, errs.NotFoundf("message of recipient %s", recipient)
	}
	m := list[0]
	var t Thread
	if m.Conversation != "" {
		if t, err = s.thread(ctx, g, m.Conversation, ""); err != nil {
			return m, t, err
		}
	}
	if m.Locked || !m.Opened.IsZero() && !m.Sensitive {
		return m, t, nil
	}
	return m, t, s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := s.opened(ctx, tx, g, r); err != nil || !m.Sensitive {
			return err
		}
		return journal.Write(ctx, tx, journal.Entry{SchoolID: g.School.ID, Actor: "guardian", Action: "messages.see", Area: "messages", Ref: recipient, At: s.Now()})
	})
}

// opened writes down, once, that a letter was opened.
func (s *Service) opened(ctx context.Context, tx *db.Tx, g contact.Guest, r q.Recipient) error {
	now := s.Now()
	n, err := tx.SetRecipientOpened(ctx, q.SetRecipientOpenedParams{SchoolID: g.School.ID, ID: r.ID, At: millis(now)})
	if err != nil || n == 0 {
		return err
	}
	m, err := tx.MessageByID(ctx, q.MessageByIDParams{SchoolID: g.School.ID, ID: r.MessageID})
	if err != nil {
		return fmt.Errorf("message that was opened: %w", err)
	}
	pupils, err := pupilList(r.Pupils)
	if err != nil {
		return err
	}
	e := contact.Entry{HouseholdID: r.HouseholdID, GuardianID: g.GuardianID, Area: contact.AreaMessages, Ref: r.PublicID, Road: contact.Link, Direction: contact.Out, Stage: contact.Arrived, Lang: g.Lang, About: contact.About(m.About), At: now}
	if len(pupils) == 1 {
		e.PupilID = pupils[0]
	}
	if _, err := s.Contact.Log(ctx, tx, g.School.ID, []contact.Entry{e}); err != nil {
		return err
	}
	return s.Live.Publish(ctx, tx, live.Message(g.School.ID, m.PublicID))
}

// AnswerMessage is what a guardian says to a message. The same again within a minute counts once. It gives the public id of
// the conversation. Invalid with the fields "answer", "body" and "files"; TooMany after a day's worth of answers.
func (s *Service) AnswerMessage(ctx context.Context, g contact.Guest, recipient string, said Said) (conversation string, err error) {
	said.Body = cleanText(said.Body)
	if err := checkSaid(said); err != nil {
		return "", err
	}
	r, err := s.recipientOf(ctx, g, recipient)
	if err != nil {
		return "", err
	}
	files, _, err := s.keepSaid(ctx, g.School.ID, said.Files, true)
	if err != nil {
		return "", err
	}
	title, err := s.titleFor(ctx, r)
	if err != nil {
		return "", s.orForget(ctx, files, err)
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		c, err := s.conversationOf(ctx, tx, speakerOf(g), r, title)
		if err != nil {
			return err
		}
		conversation = c.PublicID
		if !c.Sensitive { // whoever answers has read it
			if err := s.opened(ctx, tx, g, r); err != nil {
				return err
			}
		}
		_, err = s.say(ctx, tx, speakerOf(g), c.ID, contact.Link, r.ID, said, files, s.Now())
		return err
	})
	return conversation, s.orForget(ctx, files, err)
}

// conversationOf is the one conversation of a guardian about a message, made with the first word; of a letter that brought an
// answer of staff, the conversation in which they answered.
func (s *Service) conversationOf(ctx context.Context, tx *db.Tx, sp speaker, r q.Recipient, title string) (q.Conversation, error) {
	c, err := tx.ConversationOfRecipient(ctx, q.ConversationOfRecipientParams{SchoolID: sp.school.ID, RecipientID: r.ID})
	if err == nil || !db.Missing(err) {
		return c, err
	}
	m, err := tx.MessageByID(ctx, q.MessageByIDParams{SchoolID: sp.school.ID, ID: r.MessageID})
	if err != nil {
		return c, fmt.Errorf("message of conversation: %w", err)
	}
	pupils, err := pupilList(r.Pupils)
	if err != nil {
		return c, err
	}
	add := q.AddConversationParams{PublicID: id.New(), SchoolID: sp.school.ID, HouseholdID: sp.householdID, GuardianID: nullID(sp.guardianID), Pupils: ids(pupils), MessageID: nullID(m.ID), Started: string(OfStaff),
		Sensitive: m.Sensitive, ClassID: r.ClassID, At: millis(s.Now())}
	if !m.Sensitive {
		add.Title = title
	}
	if len(pupils) == 1 {
		add.PupilID = nullID(pupils[0])
	}
	if _, err := tx.AddConversation(ctx, add); err != nil {
		return c, fmt.Errorf("add conversation: %w", err)
	}
	c, err = tx.ConversationAbout(ctx, q.ConversationAboutParams{SchoolID: sp.school.ID, GuardianID: sp.guardianID, MessageID: m.ID})
	if err != nil {
		return c, fmt.Errorf("conversation about message: %w", err)
	}
	return c, nil
}

// titleFor is what the message of a recipient is called. It is asked before a transaction, for a material of the school may
// have to be read, and a transaction must not wait for a second connection.
func (s *Service) titleFor(ctx context.Context, r q.Recipient) (string, error) {
	m, err := s.DB.Q().MessageByID(ctx, q.MessageByIDParams{SchoolID: r.SchoolID, ID: r.MessageID})
	if err != nil {
		return "", fmt.Errorf("message of recipient: %w", err)
	}
	if m.Sensitive { // its title is sealed
		return "", nil
	}
	return s.titleOf(ctx, r.SchoolID, m)
}

// titleOf is what a message is called: its title, or that of its material.
func (s *Service) titleOf(ctx context.Context, schoolID int64, m q.Message) (string, error) {
	if m.Title != "" || m.Material == "" {
		return m.Title, nil
	}
	e, err := s.Material.Find(ctx, schoolID, m.Material, m.MaterialVersion)
	if errs.Is(err, errs.NotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return e.TitleIn(m.Lang), nil
}

// Threads are the conversations of this guardian, the latest first, at most n.
func (s *Service) Threads(ctx context.Context, g contact.Guest, n int) ([]Thread, error) {
	rows, err := s.DB.Q().ConversationsOfGuardian(ctx, q.ConversationsOfGuardianParams{SchoolID: g.School.ID, GuardianID: g.GuardianID, Lim: int64(n)})
	if err != nil {
		return nil, fmt.Errorf("conversations of guardian: %w", err)
	}
	var out []Thread
	var open []int64
	at := map[int64]int{}
	for _, r := range rows {
		c := r.Conversation
		t, may, err := s.threadOf(g, c, r.OwnerName)
		if err != nil {
			return nil, err
		}
		if !may {
			continue
		}
		at[c.ID] = len(out)
		if !c.Sensitive { // a list never opens what is sealed
			open = append(open, c.ID)
		}
		out = append(out, t)
	}
	last, err := s.DB.Q().LatestEntriesOf(ctx, q.LatestEntriesOfParams{SchoolID: g.School.ID, Conversations: ids(open)})
	if err != nil {
		return nil, fmt.Errorf("last entries: %w", err)
	}
	latest := make([]q.EntriesOfRow, len(last))
	for i, r := range last {
		latest[i] = q.EntriesOfRow(r)
	}
	entries, err := s.read(ctx, g.School.ID, latest, func(q.Entry) (string, bool) { return g.Lang, false })
	if err != nil {
		return nil, err
	}
	for i, r := range last {
		out[at[r.Entry.ConversationID]].Last = entries[i]
	}
	return out, nil
}

// threadOf is a conversation without its entries; may is false for one about no child whom the guardian may see now.
func (s *Service) threadOf(g contact.Guest, c q.Conversation, owner string) (t Thread, may bool, err error) {
	pupils, err := pupilList(c.Pupils)
	if err != nil || !speakerOf(g).hears(pupils) {
		return t, false, err
	}
	t = Thread{PublicID: c.PublicID, Title: c.Title, Lang: g.School.Lang, With: owner, Waits: Side(c.Waits), Unseen: c.SeenFamilyAt < c.LastAt, Locked: c.Sensitive && !g.Second, At: instant(c.LastAt)}
	for _, child := range g.Children {
		if slices.Contains(pupils, child.ID) {
			t.Children = append(t.Children, child.Given)
		}
	}
	return t, true, nil
}

// ownTalk finds a conversation of this guardian. NotFound for any other.
func (s *Service) ownTalk(ctx context.Context, g contact.Guest, conversation string) (q.Conversation, Thread, error) {
	c, err := s.DB.Q().ConversationByPublicID(ctx, q.ConversationByPublicIDParams{SchoolID: g.School.ID, PublicID: conversation})
	if err != nil {
		return c, Thread{}, db.NotFound(err, "conversation of guardian")
	}
	if c.GuardianID.Int64 != g.GuardianID {
		return c, Thread{}, errs.NotFoundf("conversation %s is another guardian's", conversation)
	}
	t, may, err := s.threadOf(g, c, "")
	if err == nil && !may {
		err = errs.NotFoundf("conversation %s is about no child whom the guardian may see", conversation)
	}
	return c, t, err
}

// Thread opens a conversation, with the latest that was said in it; that the family saw it is written down, also for the school
// to see.
func (s *Service) Thread(ctx context.Context, g contact.Guest, conversation string) (Thread, error) {
	return s.ThreadBefore(ctx, g, conversation, "")
}

// ThreadBefore is Thread with what was said before an entry (Earlier of the page after it; "": the latest). A look at earlier words does
// not count as having seen the latest ones. NotFound also for an entry that is not in this conversation.
func (s *Service) ThreadBefore(ctx context.Context, g contact.Guest, conversation, before string) (Thread, error) {
	t, err := s.thread(ctx, g, conversation, before)
	if err != nil || t.Recipient == "" {
		return t, err
	}
	r, err := s.recipientOf(ctx, g, t.Recipient)
	if errs.Is(err, errs.NotFound) { // not for this guardian to open any more
		t.Recipient, t.Sent = "", time.Time{}
		return t, nil
	}
	if err != nil || t.Title == "" { // what is sensitive has no title
		return t, err
	}
	list, err := s.received(ctx, g, []q.Recipient{r}, false)
	if err == nil && len(list) == 1 && list[0].Title.Text != "" {
		t.Title, t.Lang = list[0].Title.Text, list[0].Title.Lang
	}
	return t, err
}

// thread is ThreadBefore with the title as it was written.
func (s *Service) thread(ctx context.Context, g contact.Guest, conversation, before string) (Thread, error) {
	c, t, err := s.ownTalk(ctx, g, conversation)
	if err != nil || t.Locked {
		return t, err
	}
	who, err := s.DB.Q().ConversationPeople(ctx, q.ConversationPeopleParams{SchoolID: g.School.ID, ID: c.ID})
	if err != nil {
		return t, fmt.Errorf("people of conversation: %w", err)
	}
	t.With, t.Past = who.OwnerName, before != ""
	if t.Recipient, t.Sent, err = s.letterAbout(ctx, c); err != nil {
		return t, err
	}
	if t.Entries, t.Earlier, err = s.entries(ctx, c, before, g.School.Lang, g.Lang, OfFamily); err != nil {
		return t, err
	}
	if len(t.Entries) > 0 {
		t.Last = t.Entries[len(t.Entries)-1]
	}
	if (c.SeenFamilyAt >= c.LastAt || t.Past) && !c.Sensitive {
		return t, nil
	}
	return t, s.DB.Write(ctx, func(tx *db.Tx) error {
		if !t.Past {
			if err := s.seenByFamily(ctx, tx, g, c); err != nil {
				return err
			}
		}
		if !c.Sensitive {
			return nil
		}
		return journal.Write(ctx, tx, journal.Entry{SchoolID: g.School.ID, Actor: "guardian", Action: "conversations.see", Area: "conversations", Ref: conversation, At: s.Now()})
	})
}

// letterAbout is the letter to a guardian that a conversation is about, and when it went; "" where it is about none, or that
// was called back.
func (s *Service) letterAbout(ctx context.Context, c q.Conversation) (recipient string, sent time.Time, err error) {
	if !c.MessageID.Valid {
		return "", sent, nil
	}
	r, err := s.DB.Q().RecipientAbout(ctx, q.RecipientAboutParams{SchoolID: c.SchoolID, MessageID: c.MessageID.Int64, HouseholdID: c.HouseholdID, GuardianID: c.GuardianID.Int64})
	if err != nil {
		return "", sent, ignoreMissing(err)
	}
	return r.PublicID, s.shownAt(r), nil
}

// shownAt is the day that a letter has on the personal page: when it went; it stands there before its road's hour has come.
func (s *Service) shownAt(r q.Recipient) time.Time {
	at := instant(r.DueAt)
	if r.SentAt != 0 {
		at = instant(r.SentAt)
	}
	if now := s.Now(); at.After(now) {
		return now
	}
	return at
}

// seenByFamily writes down that the answers of staff were seen: in the conversation, and the letters that brought them.
func (s *Service) seenByFamily(ctx context.Context, tx *db.Tx, g contact.Guest, c q.Conversation) error {
	n, err := tx.SetSeenByFamily(ctx, q.SetSeenByFamilyParams{SchoolID: c.SchoolID, ID: c.ID, At: c.LastAt})
	if err != nil {
		return fmt.Errorf("seen by family: %w", err)
	}
	if n == 0 {
		return nil
	}
	letters, err := tx.UnseenLetters(ctx, q.UnseenLettersParams{SchoolID: c.SchoolID, ConversationID: c.ID, Until: c.LastAt})
	if err != nil {
		return fmt.Errorf("letters of conversation: %w", err)
	}
	for _, r := range letters { // those since the last look: one or two
		if err := s.opened(ctx, tx, g, r); err != nil {
			return err
		}
	}
	return s.Live.Publish(ctx, tx, live.Conversation(c.SchoolID, c.PublicID))
}

// Write is what a guardian says in a conversation, or with "" to begin one. It gives the public id of the conversation. The
// same errors as AnswerMessage.
func (s *Service) Write(ctx context.Context, g contact.Guest, conversation string, said Said) (string, error) {
	said.Body = cleanText(said.Body)
	if err := checkSaid(said); err != nil {
		return "", err
	}
	var begin q.AddConversationParams
	var talk q.Conversation
	var err error
	if conversation == "" {
		begin, err = s.begin(g, said)
	} else {
		talk, _, err = s.ownTalk(ctx, g, conversation)
	}
	if err != nil {
		return "", err
	}
	files, _, err := s.keepSaid(ctx, g.School.ID, said.Files, true)
	if err != nil {
		return "", err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		c := talk
		if conversation == "" {
			twice, err := s.begunJustNow(ctx, tx, g, said)
			if err != nil {
				return err
			}
			if twice != "" {
				begin.PublicID = twice
			} else if _, err := tx.AddConversation(ctx, begin); err != nil {
				return fmt.Errorf("begin conversation: %w", err)
			}
			if c, err = tx.ConversationByPublicID(ctx, q.ConversationByPublicIDParams{SchoolID: g.School.ID, PublicID: begin.PublicID}); err != nil {
				return fmt.Errorf("conversation that was begun: %w", err)
			}
		}
		talk = c
		_, err := s.say(ctx, tx, speakerOf(g), c.ID, contact.Link, 0, said, files, s.Now())
		return err
	})
	return talk.PublicID, s.orForget(ctx, files, err)
}

// begin is a conversation that a family begins, about one child or all of its children.
func (s *Service) begin(g contact.Guest, said Said) (q.AddConversationParams, error) {
	add := q.AddConversationParams{PublicID: id.New(), SchoolID: g.School.ID, HouseholdID: g.HouseholdID, GuardianID: nullID(g.GuardianID), Pupils: ids(speakerOf(g).ids()), Started: string(OfFamily), Sensitive: said.Private, At: millis(s.Now())}
	i := slices.IndexFunc(g.Children, func(c contact.GuestChild) bool { return c.PublicID == said.Child })
	if said.Child != "" && i < 0 {
		return add, errs.Field("child", "Choose one of your children.")
	}
	if said.Child == "" && len(g.Children) == 1 {
		i = 0
	}
	if i >= 0 {
		c := g.Children[i]
		add.PupilID, add.ClassID, add.Pupils = nullID(c.ID), nullID(c.ClassID), ids([]int64{c.ID})
	}
	return add, nil
}

// begunJustNow is the conversation that the same words began within the last minute: a form that was sent twice.
func (s *Service) begunJustNow(ctx context.Context, tx *db.Tx, g contact.Guest, said Said) (string, error) {
	rows, err := tx.ConversationsOfGuardian(ctx, q.ConversationsOfGuardianParams{SchoolID: g.School.ID, GuardianID: g.GuardianID, Lim: 1})
	if err != nil || len(rows) == 0 {
		return "", err
	}
	r := rows[0].Conversation
	if r.Started != string(OfFamily) || r.Sensitive != said.Private || s.Now().Sub(instant(r.CreatedAt)) >= time.Minute || len(said.Files) > 0 {
		return "", nil
	}
	fresh, err := s.newPieces(ctx, tx, q.Conversation{ID: r.ID, SchoolID: r.SchoolID}, pieces(said, nil), s.Now())
	if err != nil || len(fresh) > 0 {
		return "", err
	}
	return r.PublicID, nil
}

// FamilyFile opens a file of a message to this guardian, or of one of the guardian's conversations; of what is sensitive only after the
// second step, and the look is written down. NotFound for any other, and for one about no child whom the guardian may see now.
func (s *Service) FamilyFile(ctx context.Context, g contact.Guest, file string) (letter.File, error) {
	f, action, ref, pupils, err := s.fileFor(ctx, g, file)
	if err != nil {
		return letter.File{}, db.NotFound(err, "file of guardian")
	}
	about, err := pupilList(pupils)
	if err != nil {
		return letter.File{}, err
	}
	if !speakerOf(g).hears(about) || f.Watched && !g.Second {
		return letter.File{}, errs.NotFoundf("file %s is not for this guardian to see now", file)
	}
	if !f.Watched {
		return f, nil
	}
	area, _, _ := strings.Cut(action, ".")
	return f, s.DB.Write(ctx, func(tx *db.Tx) error {
		return journal.Write(ctx, tx, journal.Entry{SchoolID: g.School.ID, Actor: "guardian", Action: action, Area: area, Ref: ref, Detail: map[string]string{"file": file}, At: s.Now()})
	})
}

// fileFor finds a file in the conversations of a guardian or in the letters, what the journal calls a look at it, where it
// stands, and whom that is about.
func (s *Service) fileFor(ctx context.Context, g contact.Guest, file string) (f letter.File, action, ref, pupils string, err error) {
	said, err := s.DB.Q().SaidFile(ctx, q.SaidFileParams{SchoolID: g.School.ID, PublicID: file, GuardianID: g.GuardianID})
	if err == nil {
		f = s.fileOf(said.File)
		f.Watched = said.Sensitive
		return f, "conversations.see", said.Conversation, said.Pupils, nil
	}
	if !db.Missing(err) {
		return f, "", "", "", err
	}
	sent, err := s.DB.Q().SentFile(ctx, q.SentFileParams{SchoolID: g.School.ID, PublicID: file, GuardianID: g.GuardianID, Now: millis(s.Now())})
	if err != nil {
		return f, "", "", "", err
	}
	f = s.fileOf(sent.File)
	f.Watched = sent.Sensitive
	return f, "messages.see", sent.Recipient, sent.Pupils, nil
}
