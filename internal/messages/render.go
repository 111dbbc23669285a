package messages

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"brug/internal/contact"
	"brug/internal/db/q"
	"brug/internal/errs"
	"brug/internal/lang"
	"brug/internal/material"
	"brug/internal/messages/letter"
	"brug/internal/phrase"
	"brug/internal/school"
)

// Letters are the letters of a batch of recipients. What a message says in a language is made once and kept; a letter then
// differs by names and links only. When it is made it changes no more, and may be used by many goroutines.
type Letters struct {
	s        *Service
	messages map[int64]*source
	pupils   map[int64]q.PupilsForLettersRow
	teachers map[int64][]string // names, by class
	contents map[contentKey]*content
}

type contentKey struct {
	message int64
	lang    string
}

// source is what the letters of a message are made of.
type source struct {
	q.Message
	sender  string
	school  q.SchoolsForLettersRow
	texts   map[string]Text
	phrases []Phrase
	entry   *material.Entry
	fill    contact.Fill
	files   []letter.File
	closed  bool // sensitive, and not opened here: no word of it is told
}

// content is what a message says in one language. Names of children, teachers and classes still stand in it as placeholders.
type content struct {
	letter.Letter
	open bool // there are placeholders
}

// letters reads, in a few queries however many rows there are, what the letters of these recipients are made of. The rows may
// belong to many messages and schools. Of what is sensitive they have no words.
func (s *Service) letters(ctx context.Context, rows []q.Recipient) (*Letters, error) {
	return s.lettersWith(ctx, s.DB.Q(), rows, false)
}

// openLetters is letters with the words of what is sensitive, for the reader who took the second step and for staff. The caller
// writes into the journal who looked.
func (s *Service) openLetters(ctx context.Context, rows []q.Recipient) (*Letters, error) {
	return s.lettersWith(ctx, s.DB.Q(), rows, true)
}

func (s *Service) lettersWith(ctx context.Context, query *q.Queries, rows []q.Recipient, open bool) (*Letters, error) {
	ls := &Letters{s: s, messages: map[int64]*source{}, pupils: map[int64]q.PupilsForLettersRow{}, teachers: map[int64][]string{}, contents: map[contentKey]*content{}}
	var messages, pupils []int64
	for _, r := range rows {
		about, err := pupilList(r.Pupils)
		if err != nil {
			return nil, err
		}
		messages, pupils = append(messages, r.MessageID), append(pupils, about...)
	}
	if err := s.readSources(ctx, query, ls, unique(messages), open); err != nil {
		return nil, err
	}
	if err := s.readNames(ctx, query, ls, unique(pupils)); err != nil {
		return nil, err
	}
	for _, r := range rows {
		key := contentKey{r.MessageID, r.Lang}
		if src := ls.messages[r.MessageID]; src != nil && ls.contents[key] == nil {
			ls.contents[key] = src.content(r.Lang)
		}
	}
	return ls, nil
}

func (s *Service) readSources(ctx context.Context, query *q.Queries, ls *Letters, messages []int64, open bool) error {
	rows, err := query.MessagesForLetters(ctx, ids(messages))
	if err != nil {
		return fmt.Errorf("messages of letters: %w", err)
	}
	texts, err := query.TextsForLetters(ctx, ids(messages))
	if err != nil {
		return fmt.Errorf("texts of letters: %w", err)
	}
	var schools []int64
	var files []string
	for _, r := range rows {
		src := &source{Message: r.Message, sender: r.Sender, texts: map[string]Text{}, closed: r.Message.Sensitive && !open}
		ls.messages[src.ID] = src
		schools = append(schools, src.SchoolID)
		if src.closed {
			continue
		}
		attached, err := fileIDs(src.Files)
		if err != nil {
			return err
		}
		files = append(files, attached...)
	}
	for _, t := range texts {
		if src := ls.messages[t.MessageID]; !src.closed {
			src.texts[t.Lang] = Text{Title: t.Title, Body: t.Body, Source: Source(t.Source), Engine: t.Engine}
		}
	}
	known, err := query.SchoolsForLetters(ctx, ids(unique(schools)))
	if err != nil {
		return fmt.Errorf("schools of letters: %w", err)
	}
	kept := map[string]letter.File{}
	if len(files) > 0 {
		found, err := query.FilesForLetters(ctx, publicIDs(unique(files)))
		if err != nil {
			return fmt.Errorf("files of letters: %w", err)
		}
		for _, f := range found {
			kept[f.PublicID] = s.fileOf(f)
		}
	}
	for _, src := range ls.messages {
		if i := slices.IndexFunc(known, func(r q.SchoolsForLettersRow) bool { return r.ID == src.SchoolID }); i >= 0 {
			src.school = known[i]
		}
		if err := s.complete(ctx, query, src, kept); err != nil {
			return err
		}
	}
	return nil
}

// complete reads what a message names: phrases, material, files; and opens what is sealed.
func (s *Service) complete(ctx context.Context, query *q.Queries, src *source, kept map[string]letter.File) (err error) {
	if src.closed {
		return nil
	}
	if src.Sensitive {
		for _, part := range []struct {
			text *string
			what string
		}{{&src.Title, "title"}, {&src.Body, "body"}, {&src.Phrases, "phrases"}, {&src.Fill, "fill"}} {
			if *part.text, err = s.Secrets.Unseal(ctx, query, src.SchoolID, messageRow(src.PublicID, part.what), *part.text); err != nil {
				return err
			}
		}
		for tag, t := range src.texts {
			if t.Title, t.Body, err = s.unsealText(ctx, src.Message, tag, t.Title, t.Body); err != nil {
				return err
			}
			src.texts[tag] = t
		}
	}
	if src.phrases, err = phrasesOf(src.Phrases); err != nil {
		return err
	}
	if src.Material != "" {
		if src.entry, err = s.Material.Find(ctx, src.SchoolID, src.Material, src.MaterialVersion); err != nil {
			return fmt.Errorf("material of message: %w", err)
		}
	}
	if src.Fill != "" {
		if err := json.Unmarshal([]byte(src.Fill), &src.fill); err != nil {
			return fmt.Errorf("fill of message: %w", err)
		}
	}
	attached, err := fileIDs(src.Files)
	if err != nil {
		return err
	}
	for _, one := range attached {
		if f, ok := kept[one]; ok {
			src.files = append(src.files, f)
		}
	}
	return nil
}

func phrasesOf(doc string) ([]Phrase, error) {
	var out []Phrase
	if doc == "" {
		return nil, nil
	}
	if err := json.Unmarshal([]byte(doc), &out); err != nil {
		return nil, fmt.Errorf("phrases of message: %w", err)
	}
	return out, nil
}

// readNames reads whom letters are about. Teachers are read only where a text names them.
func (s *Service) readNames(ctx context.Context, query *q.Queries, ls *Letters, pupils []int64) error {
	rows, err := query.PupilsForLetters(ctx, ids(pupils))
	if err != nil {
		return fmt.Errorf("children of letters: %w", err)
	}
	var classes []int64
	for _, r := range rows {
		ls.pupils[r.ID] = r
		classes = append(classes, r.ClassID)
	}
	named := false
	for _, src := range ls.messages {
		named = named || src.namesTeacher()
	}
	if !named {
		return nil
	}
	teachers, err := query.TeachersForLetters(ctx, ids(unique(classes)))
	if err != nil {
		return fmt.Errorf("teachers of letters: %w", err)
	}
	for _, t := range teachers {
		ls.teachers[t.ClassID] = append(ls.teachers[t.ClassID], t.Name)
	}
	return nil
}

func (src *source) namesTeacher() bool {
	const mark = "{" + string(material.Teacher) + "}"
	if src.entry != nil && uses(src.entry, material.Teacher) || strings.Contains(src.Body, mark) || strings.Contains(src.Title, mark) {
		return true
	}
	for _, t := range src.texts {
		if strings.Contains(t.Title+t.Body, mark) {
			return true
		}
	}
	return false
}

// letterFor is the letter of one of the recipients that letters was called with; nil for any other. link is the guardian's
// personal page at this message, stop where one tap stops what comes, both whole addresses; "" where there is none. What is
// sensitive has no words in it, unless the letters were opened.
func (ls *Letters) letterFor(r q.Recipient, link, stop string) *letter.Letter {
	c := ls.contents[contentKey{r.MessageID, r.Lang}]
	if c == nil {
		return nil
	}
	l := c.Letter
	l.Link, l.StopLink = link, stop
	about, err := pupilList(r.Pupils)
	if err != nil {
		return nil
	}
	who := ls.about(about)
	l.About = who.children
	l.Hello = letter.Hello(l.Lang, lang.For(l.Lang).List(who.children))
	if !c.open {
		return &l
	}
	fills := map[string]material.Fill{}
	in := func(p letter.Piece) letter.Piece {
		if !strings.Contains(p.Text, "{") {
			return p
		}
		f, made := fills[p.Lang]
		if !made {
			f = who.fill(p.Lang)
			fills[p.Lang] = f
		}
		p.Text = f.In(p.Lang, p.Text)
		return p
	}
	l.Title = in(l.Title)
	l.Blocks = slices.Clone(l.Blocks)
	for i, b := range l.Blocks {
		l.Blocks[i].Piece, l.Blocks[i].Original = in(b.Piece), in(b.Original)
	}
	return &l
}

// open is letterFor with the words of what is sensitive, for the reader who took the second step. The caller writes down that
// somebody looked. Without links.
func (ls *Letters) open(ctx context.Context, r q.Recipient) (*letter.Letter, error) {
	opened, err := ls.s.openLetters(ctx, []q.Recipient{r})
	if err != nil {
		return nil, err
	}
	if l := opened.letterFor(r, "", ""); l != nil {
		return l, nil
	}
	return nil, errs.NotFoundf("letter of recipient %d", r.ID)
}

// whom is who a letter is about.
type whom struct{ children, classes, teachers []string }

func (ls *Letters) about(pupils []int64) whom {
	var w whom
	for _, id := range pupils {
		p := ls.pupils[id]
		w.children = append(w.children, p.Given)
		if p.ClassName != "" {
			w.classes = append(w.classes, p.ClassName)
		}
		w.teachers = append(w.teachers, ls.teachers[p.ClassID]...)
	}
	w.classes, w.teachers = unique(w.classes), unique(w.teachers)
	slices.SortFunc(w.classes, school.NaturalCompare)
	return w
}

// fill is what the names stand for in a text of a language. What nobody knows is said in words: a line to write on makes no
// sense in a message.
func (w whom) fill(tag string) material.Fill {
	l := lang.For(tag)
	f := letter.Unknown(tag)
	for _, part := range []struct {
		to    *string
		names []string
	}{{&f.Child, w.children}, {&f.Class, w.classes}, {&f.Teacher, w.teachers}} {
		if len(part.names) > 0 {
			*part.to = l.List(part.names)
		}
	}
	return f
}

// later are the placeholders that stay until it is known whom a letter is about.
var later = material.Fill{Child: "{child}", Class: "{class}", Teacher: "{teacher}"}

// isolated: a placeholder that stays was put in as a value, and got isolating marks in right-to-left texts.
var isolated = strings.NewReplacer("\u2068{child}\u2069", "{child}", "\u2068{class}\u2069", "{class}", "\u2068{teacher}\u2069", "{teacher}")

// fillFor is what is known of the message itself.
func (src *source) fillFor(tag string) material.Fill {
	f := later
	unknown := letter.Unknown(tag)
	f.School, f.Phone = src.school.Name, src.school.Phone
	if f.Phone == "" {
		f.Phone = unknown.Phone
	}
	f.Date, f.Time, f.Place = src.fill.Date, src.fill.Time, src.fill.Place
	return f
}

func (src *source) in(tag, text string) string {
	if !strings.Contains(text, "{") {
		return text
	}
	return isolated.Replace(src.fillFor(tag).In(tag, text))
}

// content is what the message says to a reader of tag.
func (src *source) content(tag string) *content {
	frame := lang.For(tag).Tag()
	c := &content{Letter: letter.Letter{Lang: frame, School: src.school.Name, From: src.from(), Phone: src.school.Phone, Hours: letter.Hours(frame, src.school.Office), Urgent: src.Urgent, Sensitive: src.closed}}
	if src.closed {
		c.Title = letter.Untitled(frame, src.school.Name)
		return c
	}
	w := &writer{src: src, c: c, tag: tag, frame: frame}
	w.freeText()
	w.phrases()
	w.material()
	if c.Title.Text == "" {
		c.Title = letter.Untitled(frame, src.school.Name)
	}
	if w.lacks != "" {
		c.Lacks = true
		c.Notes = append(c.Notes, letter.NotInYours(frame, w.lacks)...)
	}
	if c.Machine {
		c.Notes = append(c.Notes, letter.ByMachine(frame))
	}
	c.Files = src.files
	c.open = strings.Contains(c.Title.Text, "{")
	for _, b := range c.Blocks {
		c.open = c.open || strings.Contains(b.Text, "{") || strings.Contains(b.Original.Text, "{")
	}
	return c
}

// from is who wrote, with the class where it is one.
func (src *source) from() string {
	if src.sender != "" && src.Scope == school.ScopeClass && src.ScopeName != "" {
		return src.sender + ", " + src.ScopeName
	}
	return src.sender
}

// writer puts a message together for one language.
type writer struct {
	src        *source
	c          *content
	tag, frame string
	lacks      string // the language in which something stands that the reader's lacks
	titled     bool   // what comes first gives the title: the one of the message is all that the reader's language lacks
}

// whole tells whether phrases and material, and there are some, stand in the reader's language from end to end.
func (w *writer) whole() bool {
	bank := phrase.Shipped()
	for _, p := range w.src.phrases {
		if ph, ok := bank.Find(p.Slug); ok {
			if _, ok = bank.Render(w.tag, ph, p.Slots); !ok || !sameLang(w.frame, w.tag) {
				return false
			}
		}
	}
	if e := w.src.entry; e != nil {
		return !e.Sheet(w.tag, w.src.fillFor(w.tag)).Lacks
	}
	return len(w.src.phrases) > 0
}

// freeText is title and body: as they were written where the reader reads that, else as somebody or a machine translated them,
// else as they were written, which is told. A title alone, over phrases and a material that the reader has, is left out: nothing of
// the text lacks.
func (w *writer) freeText() {
	src := w.src
	if src.Body == "" && src.Title == "" {
		return
	}
	original := func(text string) letter.Piece { return letter.Piece{Text: src.in(src.Lang, text), Lang: src.Lang} }
	t, in, ok := src.textFor(w.tag)
	if !ok && src.Body == "" && !sameLang(w.tag, src.Lang) && w.whole() {
		w.titled = true
		return
	}
	if sameLang(w.tag, src.Lang) || !ok {
		if !sameLang(w.tag, src.Lang) {
			w.lacks = src.Lang
		}
		w.c.Title = original(src.Title)
		for _, p := range paragraphs(src.Body) {
			w.c.Blocks = append(w.c.Blocks, letter.Block{Piece: original(p)})
		}
		return
	}
	machine := t.Source == Machine
	w.c.Machine = w.c.Machine || machine
	w.c.Title = letter.Piece{Text: src.in(in, t.Title), Lang: in}
	if t.Title == "" {
		w.c.Title = original(src.Title)
	}
	theirs, ours := paragraphs(t.Body), paragraphs(src.Body)
	for i, p := range theirs {
		b := letter.Block{Piece: letter.Piece{Text: src.in(in, p), Lang: in}, Machine: machine}
		switch {
		case len(ours) == len(theirs):
			b.Original = original(ours[i])
		case i == 0: // paragraphs were put together otherwise: all of it stands with the first
			b.Original = original(src.Body)
		}
		w.c.Blocks = append(w.c.Blocks, b)
	}
}

// textFor is the translation for a reader: in the very language, or in the one that it is a regional form of.
func (src *source) textFor(tag string) (Text, string, bool) {
	if t, ok := src.texts[tag]; ok {
		return t, tag, true
	}
	for _, have := range sortedTags(src.texts) {
		if sameLang(have, tag) {
			return src.texts[have], have, true
		}
	}
	return Text{}, "", false
}

func paragraphs(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n\n")
}

// phrases are exact in every language that has them.
func (w *writer) phrases() {
	bank := phrase.Shipped()
	for _, p := range w.src.phrases {
		ph, ok := bank.Find(p.Slug)
		if !ok {
			continue
		}
		for _, tag := range []string{w.tag, w.src.Lang, w.src.school.Lang, phrase.Source} {
			text, ok := bank.Render(tag, ph, p.Slots)
			if !ok {
				continue
			}
			in := lang.For(tag).Tag()
			if !sameLang(in, w.tag) {
				w.lacks = in
			}
			words := letter.Piece{Text: w.src.in(in, text), Lang: in}
			if w.titled && w.c.Title.Text == "" {
				w.c.Title = words
			}
			w.c.Blocks = append(w.c.Blocks, letter.Block{Piece: words, Pictogram: ph.Picture, Role: material.Point})
			break
		}
	}
}

// material stands as it is, under its title where the message has one of its own.
func (w *writer) material() {
	e := w.src.entry
	if e == nil {
		return
	}
	alone := len(w.c.Blocks) == 0
	s := e.Sheet(w.tag, w.src.fillFor(w.tag))
	if s.Lacks {
		w.lacks = s.Other
	}
	piece := func(p material.Piece) letter.Piece { p.Text = isolated.Replace(p.Text); return p }
	add := func(b letter.Block) {
		if b.Text != "" {
			w.c.Blocks = append(w.c.Blocks, b)
		}
	}
	switch {
	case w.c.Title.Text == "":
		w.c.Title = piece(s.Title)
	case s.Title.Text != "":
		add(letter.Block{Piece: piece(s.Title), Role: material.Subhead})
	}
	add(letter.Block{Piece: piece(s.Intro)})
	for _, p := range s.Parts {
		add(letter.Block{Piece: piece(p.Piece), Pictogram: p.Pictogram, Role: p.Role, Name: p.Name})
	}
	add(letter.Block{Piece: piece(s.Close)})
	if alone {
		w.c.Kind = e.Kind
	}
}
