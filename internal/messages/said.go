package messages

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"path"
	"strings"
	"time"

	"brug/internal/audio"
	"brug/internal/auth"
	"brug/internal/contact"
	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/errs"
	"brug/internal/id"
	"brug/internal/jobs"
	"brug/internal/journal"
	"brug/internal/lang"
	"brug/internal/photo"
)

// speaker is who answers for a family: from the personal page, or by mail and SMS.
type speaker struct {
	school      auth.School
	householdID int64
	guardianID  int64
	lang        string
	children    []heardChild // whom this person may be heard on
}

type heardChild struct {
	id, classID int64
	publicID    string
}

func (sp speaker) ids() []int64 {
	out := make([]int64, len(sp.children))
	for i, c := range sp.children {
		out[i] = c.id
	}
	return out
}

// saidPerDay bounds what one guardian says in a day, against a stuck button or a child at play.
const saidPerDay = 60

// checkSaid is what must hold for anything that a family says.
func checkSaid(said Said) error {
	var c errs.Check
	switch said.Answer {
	case "", contact.Understood, contact.Question, contact.CallMe, contact.Later:
	default:
		c.That(false, "answer", "Choose an answer.")
	}
	c.That(said.Answer != "" || said.Body != "" || len(said.Files) > 0, "body", "Write something, record it, or choose an answer.")
	c.That(len([]rune(said.Body)) <= contact.MaxBody, "body", "This text is too long. Write at most {max} letters.", "max", contact.MaxBody)
	c.That(len(said.Files) <= MaxSaidFiles, "files", "Choose at most {max} files.", "max", MaxSaidFiles)
	return c.Err()
}

// piece is one entry of what was said.
type piece struct {
	kind EntryKind
	body string
	file *keptFile
}

// pieces are the entries that something said is made of. What was not taken is one, however many files it was.
func pieces(said Said, files []keptFile) []piece {
	var out []piece
	if said.Answer != "" {
		out = append(out, piece{kind: Tap, body: string(said.Answer)})
	}
	if said.Body != "" {
		out = append(out, piece{kind: Words, body: said.Body})
	}
	for i, f := range files {
		kind := Picture
		switch {
		case f.audio():
			kind = Voice
		case f.kind == typePDF:
			kind = Document
		}
		out = append(out, piece{kind: kind, file: &files[i]})
	}
	if len(said.refused) > 0 {
		out = append(out, piece{kind: Refused, body: refusedDoc(said.refused)})
	}
	return out
}

// say adds to a conversation what a family said, with the line in the ledger; the same again within a minute counts once.
// recipientID is the letter that it answers, 0: none.
func (s *Service) say(ctx context.Context, tx *db.Tx, sp speaker, conversationID int64, road contact.Road, recipientID int64, said Said, files []keptFile, now time.Time) (q.Conversation, error) {
	c, err := tx.HoldConversation(ctx, q.HoldConversationParams{SchoolID: sp.school.ID, ID: conversationID})
	if err != nil {
		return c, db.NotFound(err, "conversation")
	}
	now = afterLast(c, now)
	list, err := s.newPieces(ctx, tx, c, pieces(said, files), now)
	if err != nil || len(list) == 0 {
		return c, err
	}
	n, err := tx.CountSaid(ctx, q.CountSaidParams{SchoolID: sp.school.ID, GuardianID: sp.guardianID, Since: millis(now.Add(-24 * time.Hour))})
	if err != nil {
		return c, fmt.Errorf("count what was said: %w", err)
	}
	if n >= saidPerDay {
		return c, &errs.Error{Kind: errs.TooMany, Text: errs.T("There are many answers today already. Please call the school."), Wait: 24 * time.Hour}
	}
	if said.Lang == "" {
		said.Lang = sp.lang
	}
	later := said.Answer == contact.Later
	next, waited := turnOf(c).afterFamily(needsPerson(said.Answer, said.Body, len(files)+len(said.refused)), later, now)
	first := ""
	for _, p := range list {
		ref := id.New()
		if first == "" {
			first = ref
		}
		if err := s.addPiece(ctx, tx, sp, c, ref, road, recipientID, said.Lang, p, waited, now); err != nil {
			return c, err
		}
		waited = 0 // the wait ended with the first word
	}
	e := contact.Entry{HouseholdID: c.HouseholdID, PupilID: c.PupilID.Int64, GuardianID: sp.guardianID, Area: contact.AreaConversations, Ref: first, Road: road, Direction: contact.In, Stage: contact.Answered, Lang: said.Lang, At: now}
	if said.Private {
		e.Tone = contact.Worry
	}
	if c.MessageID.Valid {
		m, err := tx.MessageByID(ctx, q.MessageByIDParams{SchoolID: c.SchoolID, ID: c.MessageID.Int64})
		if err != nil {
			return c, fmt.Errorf("message of conversation: %w", err)
		}
		e.About = contact.About(m.About)
		if err := s.tellMessage(ctx, tx, c.SchoolID, m.PublicID); err != nil { // its page tells who has answered
			return c, err
		}
	}
	if _, err := s.Contact.Log(ctx, tx, c.SchoolID, []contact.Entry{e}); err != nil {
		return c, err
	}
	if recipientID != 0 {
		answer := string(said.Answer)
		if answer == "" {
			answer = string(list[0].kind)
		}
		if err := tx.SetRecipientAnswered(ctx, q.SetRecipientAnsweredParams{SchoolID: c.SchoolID, ID: recipientID, At: millis(now), Answer: answer}); err != nil {
			return c, fmt.Errorf("answered: %w", err)
		}
	}
	if err := s.move(ctx, tx, c, next, now); err != nil {
		return c, err
	}
	return c, journal.Write(ctx, tx, journal.Entry{SchoolID: c.SchoolID, Actor: "guardian", Action: "conversations.say", Area: "conversations", Ref: first, Detail: map[string]string{"road": string(road)}, At: now})
}

// addPiece writes one entry. A machine is asked for its words in the school's language, unless they are sealed.
func (s *Service) addPiece(ctx context.Context, tx *db.Tx, sp speaker, c q.Conversation, ref string, road contact.Road, recipientID int64, tag string, p piece, waited time.Duration, now time.Time) error {
	var files []string
	if p.file != nil {
		var err error
		if files, err = s.addFiles(ctx, tx, c, 0, []keptFile{*p.file}, now); err != nil {
			return err
		}
	}
	e := q.Entry{PublicID: ref, SchoolID: c.SchoolID, Kind: string(p.kind), Body: p.body, Phrases: noPhrases}
	if c.Sensitive {
		if err := s.sealEntry(ctx, tx, &e); err != nil {
			return err
		}
	}
	entry, err := tx.AddEntry(ctx, q.AddEntryParams{PublicID: ref, SchoolID: c.SchoolID, ConversationID: c.ID, Direction: string(contact.In), Kind: string(p.kind), Road: string(road), Body: e.Body, Lang: tag, Phrases: e.Phrases,
		Files: textList(files), Sealed: c.Sensitive, RecipientID: nullID(recipientID), Waited: waited.Milliseconds(), At: millis(now)})
	if err != nil {
		return fmt.Errorf("add entry: %w", err)
	}
	if p.kind != Words || c.Sensitive || s.Translator == nil || s.Jobs == nil || sameLang(tag, sp.school.Lang) {
		return nil
	}
	return s.Jobs.Enqueue(ctx, tx, EntryArgs{SchoolID: c.SchoolID, EntryID: entry}, jobs.Tries(5))
}

// newPieces are those that were not said in this conversation within the last minute: a second tap, a page sent twice.
func (s *Service) newPieces(ctx context.Context, tx *db.Tx, c q.Conversation, list []piece, now time.Time) ([]piece, error) {
	rows, err := tx.EntriesOf(ctx, q.EntriesOfParams{SchoolID: c.SchoolID, ConversationID: c.ID, Before: fromLatest, Lim: 8})
	if err != nil {
		return nil, fmt.Errorf("latest entries: %w", err)
	}
	var out []piece
	for _, p := range list {
		twice := false
		for _, row := range rows {
			e := row.Entry
			if e.Direction != string(contact.In) || now.Sub(instant(e.At)) >= time.Minute || EntryKind(e.Kind) != p.kind || p.file != nil {
				continue
			}
			body := e.Body
			if e.Sealed && (p.kind == Words || p.kind == Refused) {
				if body, err = s.Secrets.Unseal(ctx, tx.Queries, c.SchoolID, entryRow(e.PublicID), body); err != nil {
					return nil, err
				}
			}
			twice = twice || body == p.body
		}
		if !twice {
			out = append(out, p)
		}
	}
	return out, nil
}

// EntryArgs is the job that has the words of a family translated for the school.
type EntryArgs struct {
	SchoolID int64 `json:"school"`
	EntryID  int64 `json:"entry"`
}

// Kind implements river.JobArgs.
func (EntryArgs) Kind() string { return "messages.entry" }

// workEntry asks the machine. What a person has written meanwhile stays.
func (s *Service) workEntry(ctx context.Context, a EntryArgs) error {
	e, err := s.DB.Q().EntryByID(ctx, q.EntryByIDParams{SchoolID: a.SchoolID, ID: a.EntryID})
	if db.Missing(err) {
		return jobs.GiveUp(fmt.Errorf("entry to translate: %w", err))
	}
	if err != nil {
		return fmt.Errorf("entry to translate: %w", err)
	}
	if e.Sealed || s.Translator == nil {
		return nil
	}
	to, err := s.DB.Q().SchoolLang(ctx, a.SchoolID)
	if err != nil {
		return fmt.Errorf("language of school: %w", err)
	}
	names, err := s.DB.Q().NamesInConversation(ctx, q.NamesInConversationParams{SchoolID: a.SchoolID, ConversationID: e.ConversationID})
	if err != nil {
		return fmt.Errorf("names in conversation: %w", err)
	}
	texts, engine, err := s.Translator.Translate(ctx, e.Lang, to, []string{markNames(e.Body, names)})
	if err != nil {
		return err
	}
	if len(texts) != 1 || strings.TrimSpace(texts[0]) == "" {
		return nil
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		// Read again while nobody else has the conversation: it may have been marked as sensitive, or put right by a person.
		c, err := tx.HoldConversation(ctx, q.HoldConversationParams{SchoolID: a.SchoolID, ID: e.ConversationID})
		if err != nil {
			return err
		}
		now, err := tx.EntryByID(ctx, q.EntryByIDParams{SchoolID: a.SchoolID, ID: a.EntryID})
		if err != nil || now.Sealed {
			return err
		}
		if err := tx.AddEntryMachineText(ctx, q.AddEntryMachineTextParams{SchoolID: a.SchoolID, EntryID: e.ID, Lang: to, Source: string(Machine), Engine: engine, Body: unmarkNames(texts[0], to), UpdatedAt: millis(s.Now())}); err != nil {
			return fmt.Errorf("machine text: %w", err)
		}
		return s.changed(ctx, tx, c)
	})
}

// keptFile is a file that was checked and lies in the store, before its row is written.
type keptFile struct {
	publicID, key, name, kind string
	bytes                     int64
	length                    time.Duration
}

func (f keptFile) audio() bool { return strings.HasPrefix(f.kind, "audio/") }

// keepSaid checks and stores what came with an answer: recordings without what the phone wrote into them, photos drawn anew, PDFs
// as they are. With refuse the first file that cannot be taken is an error at the field "files"; else those come back in refused.
func (s *Service) keepSaid(ctx context.Context, schoolID int64, list []Upload, refuse bool) (out []keptFile, refused []RefusedFile, err error) {
	for _, u := range list {
		f, data, why := keptFile{}, []byte(nil), TooMany
		if len(out) < MaxSaidFiles {
			f, data, why = checkUpload(u)
		}
		switch {
		case why == "":
			err = s.put(ctx, schoolID, &f, data)
		case refuse:
			err = why.at("files")
		default:
			refused = append(refused, RefusedFile{Name: nameRefused(u), Why: why})
			continue
		}
		if err != nil {
			return nil, nil, s.orForget(ctx, out, err)
		}
		out = append(out, f)
	}
	return out, refused, nil
}

// keepVoice is keepSaid for a recording of staff.
func (s *Service) keepVoice(ctx context.Context, schoolID int64, u Upload) (keptFile, error) {
	f, data, why := checkUpload(u)
	switch {
	case why == WrongType, why == Damaged, why == "" && !f.audio():
		return f, errs.Field("voice", "This file has no sound that can be played. Choose a recording.")
	case why != "":
		return f, why.at("voice")
	}
	err := s.put(ctx, schoolID, &f, data)
	return f, err
}

// Text is what a family is told: what is wrong with a file, and what to send in its place.
func (r Refusal) Text() errs.Text {
	switch r {
	case TooLarge:
		return errs.T("This file is too large. At most {size} MB is taken.", "size", MaxFileBytes>>20)
	case TooHeavy:
		return errs.T("This recording is too large. At most {size} MB is taken.", "size", audio.MaxBytes>>20)
	case TooLong:
		return errs.T("This is too long. Record at most {n} minutes.", "n", int(audio.MaxLength/time.Minute))
	case Film:
		return errs.T("This is a film. Send a recording of a voice, or a photo.")
	case TooManyDots:
		return errs.T("This photo is too large. Send a smaller one.")
	case TooSmall:
		return errs.T("This photo is too small. Send a larger one.")
	case Damaged:
		return errs.T("This file is damaged. Send it once more.")
	case TooMany:
		return errs.T("Choose at most {max} files.", "max", MaxSaidFiles)
	}
	return errs.T("This file is no photo, no recording and no PDF. Send one of these.")
}

// at is the refusal as what is wrong with a field.
func (r Refusal) at(field string) error {
	return &errs.Error{Kind: errs.Invalid, Fields: map[string]errs.Text{field: r.Text()}}
}

// checkUpload finds out from the bytes what a file is, and makes it fit. What it is called counts for nothing: a large file of
// another kind is told to be of another kind, and not to be a long recording.
func checkUpload(u Upload) (keptFile, []byte, Refusal) {
	switch kind := http.DetectContentType(u.Data); {
	case beginsAsPDF(u.Data):
		return checkPDF(u)
	case kind == "image/jpeg", kind == "image/png", kind == "image/webp":
		return checkPhoto(u)
	}
	return checkSound(u)
}

func checkPDF(u Upload) (keptFile, []byte, Refusal) {
	switch {
	case len(u.Data) > MaxFileBytes:
		return keptFile{}, nil, TooLarge
	case !endsAsPDF(u.Data):
		return keptFile{}, nil, Damaged
	}
	return keptFile{name: fileName(u.Name, typePDF), kind: typePDF, bytes: int64(len(u.Data))}, u.Data, ""
}

func checkPhoto(u Upload) (keptFile, []byte, Refusal) {
	p, err := photo.Make(u.Data, photo.Whole)
	switch {
	case err == nil:
		return keptFile{name: fileName(u.Name, "image/jpeg"), kind: "image/jpeg", bytes: int64(len(p.JPEG))}, p.JPEG, ""
	case errors.Is(err, photo.ErrTooLarge):
		return keptFile{}, nil, TooLarge
	case errors.Is(err, photo.ErrPixels):
		return keptFile{}, nil, TooManyDots
	case errors.Is(err, photo.ErrTooSmall):
		return keptFile{}, nil, TooSmall
	}
	return keptFile{}, nil, Damaged
}

func checkSound(u Upload) (keptFile, []byte, Refusal) {
	info, err := audio.Check(u.Data)
	heavy := errors.Is(err, audio.ErrTooLarge)
	if heavy { // what it is was not looked at yet
		if info, err = audio.Read(u.Data); err == nil && info.Length > audio.MaxLength {
			err = audio.ErrTooLong
		}
	}
	switch {
	case errors.Is(err, audio.ErrTooLong):
		return keptFile{}, nil, TooLong
	case errors.Is(err, audio.ErrVideo):
		return keptFile{}, nil, Film
	case errors.Is(err, audio.ErrNotAudio):
		return keptFile{}, nil, WrongType
	case heavy:
		return keptFile{}, nil, TooHeavy
	case err != nil:
		return keptFile{}, nil, Damaged
	}
	data := audio.Strip(u.Data)
	return keptFile{name: fileName(u.Name, info.Type), kind: info.Type, bytes: int64(len(data)), length: info.Length}, data, ""
}

// fileName is a short name without folders, ending as its kind wants.
func fileName(name, kind string) string {
	ends := map[string]string{"image/jpeg": ".jpg", typePDF: ".pdf", audio.WebM: ".webm", audio.Ogg: ".ogg", audio.MP4: ".m4a", audio.MP3: ".mp3", audio.WAV: ".wav"}
	name = path.Base(strings.ReplaceAll(name, "\\", "/"))
	name = tame(strings.TrimSuffix(name, path.Ext(name)))
	if name == "" || name == "." {
		name = "brug"
	}
	return name + ends[kind]
}

// tame is a name without signs that mean something to a program, of at most 60 letters.
func tame(name string) string {
	name = strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`"<>:|?*/\`, r) {
			return -1
		}
		return r
	}, name)
	if r := []rune(name); len(r) > 60 {
		name = string(r[:60])
	}
	return name
}

// put seals the bytes of a file and stores them. All files are sealed, whatever they go with: what is written down today may
// become sensitive tomorrow, and nobody can take an open file out of yesterday's backup.
func (s *Service) put(ctx context.Context, schoolID int64, f *keptFile, data []byte) error {
	f.publicID = id.New()
	f.key = "said/" + f.publicID
	sealed, err := s.Secrets.SealBytes(ctx, s.DB, schoolID, fileRow(f.publicID), data)
	if err != nil {
		return err
	}
	return s.Blobs.Put(ctx, f.key, bytes.NewReader(sealed))
}

func fileRow(publicID string) string { return "files/" + publicID }

// orForget takes files away again when what they belong to was not written.
func (s *Service) orForget(ctx context.Context, files []keptFile, err error) error {
	if err == nil {
		return nil
	}
	for _, f := range files {
		err = errors.Join(err, s.Blobs.Delete(context.WithoutCancel(ctx), f.key))
	}
	return err
}

// addFiles writes the rows of files that come into a conversation. In a sensitive one their names are forgotten.
func (s *Service) addFiles(ctx context.Context, tx *db.Tx, c q.Conversation, accountID int64, files []keptFile, now time.Time) ([]string, error) {
	var out []string
	for _, f := range files { // at most MaxSaidFiles
		if c.Sensitive {
			f.name = fileName("", f.kind)
		}
		if err := tx.AddSaidFile(ctx, q.AddSaidFileParams{PublicID: f.publicID, SchoolID: c.SchoolID, HouseholdID: nullID(c.HouseholdID), BlobKey: f.key, Name: f.name, Type: f.kind, Bytes: f.bytes,
			Millis: f.length.Milliseconds(), CreatedBy: nullID(accountID), CreatedAt: millis(now)}); err != nil {
			return nil, fmt.Errorf("add file: %w", err)
		}
		out = append(out, f.publicID)
	}
	return out, nil
}

// What a letter says that brings an answer of staff, in the reader's language.

func answerTitle(tag string) string { return lang.For(tag).T("An answer from school") }

func spokenText(tag string) string {
	return lang.For(tag).T("You have a spoken message. You hear it on your page.")
}

func agreedTitle(tag string) string { return lang.For(tag).T("What we agreed") }

// spokenIn is the letter about a recording in the reader's language, where that is not the one of the school.
func spokenIn(tag, from string) map[string]Text {
	if sameLang(tag, from) || !lang.For(tag).Has("You have a spoken message. You hear it on your page.") {
		return nil
	}
	return map[string]Text{tag: {Title: answerTitle(tag), Body: spokenText(tag), Source: Staff}}
}

// sameLang compares tags by their language: nl and nl-BE are read by the same people.
func sameLang(a, b string) bool {
	a, _, _ = strings.Cut(a, "-")
	b, _, _ = strings.Cut(b, "-")
	return strings.EqualFold(a, b)
}

func textList(list []string) string {
	if len(list) == 0 {
		return "[]"
	}
	b, err := json.Marshal(list)
	if err != nil {
		panic(err) // text can always be written
	}
	return string(b)
}

func nullID(v int64) sql.NullInt64 { return sql.NullInt64{Int64: v, Valid: v != 0} }
