package material

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"brug/internal/auth"
	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/errs"
	"brug/internal/id"
	"brug/internal/journal"
)

// A school may have its own words in a language for a material that it did not write: better ones, or the first ones. They
// stand in the table material_translations, each piece with the digest of the source that it was made from. Where the source
// has changed since, the piece is stale: it is not shown to families any more, and stands on the translator's list again.

// Pieces are the words of a material in one language by their keys: "title", "intro", "close", "do1" (see Keys).
type Pieces map[string]string

// Pieces are the words in a language; nil where there are none.
func (e *Entry) Pieces(tag string) Pieces {
	t, has := e.Texts[tag]
	if !has {
		return nil
	}
	out := Pieces{}
	for _, l := range t.pieces(e.Parts) {
		if l.text != "" {
			out[l.key] = l.text
		}
	}
	return out
}

// Theirs tells whether the entry is not the school's own: its translations stand beside it.
func (e *Entry) Theirs() bool { return !e.Own }

// digest is of one piece, or of a whole text: 16 signs, enough to see that it changed.
func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:8])
}

// sourceDigest is the digest of all that is to be translated.
func (e *Entry) sourceDigest() string {
	var b strings.Builder
	for _, l := range e.Texts[e.Main].pieces(e.Parts) {
		b.WriteString(l.key + "\x00" + l.text + "\x00")
	}
	return digest(b.String())
}

// ours is a school's own words as they are stored: by key, with the digest of the source piece.
type ours map[string]ourPiece

type ourPiece struct {
	Text string `json:"text"`
	Of   string `json:"of"`
}

// made is the pieces with the digests of the source that they were made from.
func (e *Entry) made(pieces Pieces) ours {
	source := e.Pieces(e.Main)
	out := ours{}
	for key, s := range pieces {
		if s != "" && source[key] != "" {
			out[key] = ourPiece{s, digest(source[key])}
		}
	}
	return out
}

// overlay lays the school's own words over entries that it did not write. One query, none if all are its own.
func (s *Service) overlay(ctx context.Context, schoolID int64, entries []*Entry) error {
	type slug struct {
		Slug string `json:"slug"`
	}
	bySlug := map[string]*Entry{}
	var slugs []slug
	for _, e := range entries {
		if e.Theirs() {
			bySlug[e.Slug] = e
			slugs = append(slugs, slug{e.Slug})
		}
	}
	if len(slugs) == 0 || schoolID == 0 {
		return nil
	}
	doc, err := json.Marshal(slugs)
	if err != nil {
		return fmt.Errorf("translations: %w", err)
	}
	rows, err := s.DB.Q().TranslationsOfMaterials(ctx, q.TranslationsOfMaterialsParams{SchoolID: schoolID, Slugs: string(doc)})
	if err != nil {
		return fmt.Errorf("translations: %w", err)
	}
	for _, r := range rows {
		if err := bySlug[r.Material].lay(r); err != nil {
			return err
		}
	}
	return nil
}

// lay lays one translation of the school over the entry. What others share is copied before it is changed.
func (e *Entry) lay(r q.TranslationsOfMaterialsRow) error {
	var o ours
	if err := json.Unmarshal([]byte(r.Body), &o); err != nil {
		return fmt.Errorf("translation %s of %s: %w", r.Lang, r.Material, err)
	}
	if e.translated == nil {
		m := *e.Material
		m.Texts = maps.Clone(m.Texts)
		e.Material, e.translated = &m, map[string]translated{}
	}
	source := e.Pieces(e.Main)
	t := e.Texts[r.Lang]
	t.Lang = r.Lang
	t.Parts = slices.Clone(t.Parts)
	for len(t.Parts) < len(e.Parts) {
		t.Parts = append(t.Parts, "")
	}
	tr := translated{version: r.Version, stale: Pieces{}}
	used := 0
	put := func(key string, to *string) {
		switch p, has := o[key]; {
		case !has:
		case p.Of == digest(source[key]):
			*to = p.Text
			used++
		default:
			tr.stale[key] = p.Text
		}
	}
	put("title", &t.Title)
	put("intro", &t.Intro)
	put("close", &t.Close)
	for i, key := range Keys(e.Parts) {
		put(key, &t.Parts[i])
	}
	if r.Digest == e.sourceDigest() && len(tr.stale) == 0 {
		t.Status, t.ReviewedBy, t.ReviewedOn = Status(r.Status), r.ReviewedBy, r.ReviewedOn
	} else if used > 0 || t.Status == "" {
		t.Status, t.ReviewedBy, t.ReviewedOn = Draft, "", ""
	}
	e.translated[r.Lang] = tr
	if used > 0 || t.Title != "" {
		e.Texts[r.Lang] = t
	}
	return nil
}

// translated is what is known of the school's own words in one language.
type translated struct {
	version int64
	stale   Pieces // made from a source that has changed since
}

// TranslationItem is one material before a translator: source and target, piece by piece.
type TranslationItem struct {
	*Entry
	Tag    string
	Text   Text  // as families get it; zero if there is none
	Read   int64 // what Translate wants back
	Pieces []TranslationPiece
}

// TranslationPiece is one piece of it.
type TranslationPiece struct {
	Key       string
	Role      Role // "" for title, intro and close
	Pictogram string
	Source    string
	Target    string
	Stale     bool // Target was made from a source that has changed since: families do not get it
	Fixed     bool // its words come with the part (from the library or the phrases) and are not translated here
	Max       int  // characters at most
}

// Placeholders are those that the target must have too, each once.
func (p TranslationPiece) Placeholders() []string { return placeholdersIn(p.Source) }

// Item is the entry (as Get and List give it) before a translator of a language.
func (e *Entry) Item(tag string) TranslationItem {
	it := TranslationItem{Entry: e, Tag: tag, Text: e.Texts[tag], Read: e.Version}
	tr := e.translated[tag]
	if e.Theirs() {
		it.Read = tr.version
	}
	target := e.Pieces(tag)
	at := map[string]int{}
	for i, key := range Keys(e.Parts) {
		at[key] = i
	}
	for _, l := range e.Texts[e.Main].pieces(e.Parts) {
		if l.text == "" {
			continue
		}
		p := TranslationPiece{Key: l.key, Role: l.role, Source: l.text, Target: target[l.key], Max: translatedLength(e.Material, l.key, l.role, tag, e.Main)}
		if i, is := at[l.key]; is {
			p.Pictogram, p.Fixed = e.Parts[i].Pictogram, e.Own && e.Parts[i].From != ""
		}
		if old, was := tr.stale[l.key]; was {
			p.Stale, p.Target = true, cmp.Or(p.Target, old)
		}
		it.Pieces = append(it.Pieces, p)
	}
	return it
}

// Complete tells whether nothing lacks in the language.
func (it TranslationItem) Complete() bool {
	return !slices.ContainsFunc(it.Pieces, func(p TranslationPiece) bool { return p.Target == "" || p.Stale })
}

// translatedLength is how long a piece may be, by the kind.
func translatedLength(m *Material, key string, role Role, tag, main string) int {
	switch key {
	case "title":
		return MaxTitle
	case "intro":
		return lengthIn(tag, main, m.Kind.Spec().Intro)
	case "close":
		return lengthIn(tag, main, m.Kind.Spec().Close)
	}
	return lengthIn(tag, main, m.Kind.Spec().Role(role).Length)
}

// Translate stores the words of a material in a language: for a material of the school's own as its next version, for any other
// one beside it. Pieces that are empty lack. read is Item.Read: Conflict if somebody has written since (nothing is stored then).
// who, if not "", is the name or role of a person who speaks the language and finds this text right: it is marked as reviewed.
// Errors stand at the key of the piece, or at "who".
func (s *Service) Translate(ctx context.Context, by auth.Actor, slug, tag string, read int64, pieces Pieces, who string) error {
	e, err := s.toTranslate(ctx, by, slug, tag)
	if err != nil {
		return err
	}
	who = strings.TrimSpace(who)
	it := e.Item(tag)
	var c errs.Check
	it.check(&c, pieces)
	c.That(utf8.RuneCountInString(who) <= 80, "who", "This is too long. Write at most {max} letters.", "max", 80)
	if err := c.Err(); err != nil {
		return err
	}
	if !e.Own {
		return s.DB.Write(ctx, func(tx *db.Tx) error { return s.translateTheirs(ctx, tx, by, it, read, pieces, who) })
	}
	old, err := s.ownOf(ctx, by, slug)
	if err != nil {
		return err
	}
	d, class, err := s.ready(ctx, by, old.Main, s.library().fetch(it.edited(pieces), old.Main, old))
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := s.write(ctx, tx, by, old, read, d, class); err != nil || who == "" {
			return err
		}
		return s.reviewed(ctx, tx, by, old, read+1, tag, who)
	})
}

// toTranslate finds the entry and asks whether its words in a language may be written.
func (s *Service) toTranslate(ctx context.Context, by auth.Actor, slug, tag string) (*Entry, error) {
	if err := mayChange(by); err != nil {
		return nil, err
	}
	if _, known := letters(tag); !known {
		return nil, errs.NotFoundf("language %s", tag)
	}
	e, err := s.Get(ctx, by, slug)
	if err != nil {
		return nil, err
	}
	if e.Main == tag {
		return nil, errs.NotFoundf("%s is the source of %s", tag, slug)
	}
	return e, nil
}

// check: the placeholders of the source, no more and no less, and not too long.
func (it TranslationItem) check(c *errs.Check, pieces Pieces) {
	known := map[string]bool{}
	for _, p := range it.Pieces {
		known[p.Key] = true
		s := pieces[p.Key]
		if s == "" || p.Fixed {
			continue
		}
		c.That(utf8.RuneCountInString(s) <= p.Max, p.Key, "This is too long. Write at most {max} letters.", "max", p.Max)
		c.That(badBraces(s) == "", p.Key, "Take a name or a date from the buttons: {found} is not known.", "found", badBraces(s))
		if badBraces(s) != "" {
			continue
		}
		want, have := p.Placeholders(), placeholdersIn(s)
		for _, w := range want {
			c.That(slices.Contains(have, w), p.Key, "This lacks: {what}. It stands in the source too.", "what", w)
		}
		for _, h := range have {
			c.That(slices.Contains(want, h), p.Key, "{found} does not stand in the source. Take it out.", "found", h)
		}
	}
	for key, s := range pieces {
		c.That(known[key] || s == "", key, "The source does not have this piece.")
	}
}

// edited is an own material with these words in it.
func (it TranslationItem) edited(pieces Pieces) Edit {
	d := it.Edit()
	set := func(m map[string]string, key string) {
		if m[it.Tag] = pieces[key]; pieces[key] == "" {
			delete(m, it.Tag)
		}
	}
	set(d.Title, "title")
	set(d.Intro, "intro")
	set(d.Close, "close")
	for i, key := range Keys(it.Parts) {
		if d.Parts[i].From == "" {
			set(d.Parts[i].Texts, key)
		}
	}
	return d
}

// translateTheirs writes these words beside a material that is not the school's own.
func (s *Service) translateTheirs(ctx context.Context, tx *db.Tx, by auth.Actor, it TranslationItem, read int64, pieces Pieces, who string) error {
	row, err := s.translationRow(it.Entry, it.Tag, pieces, who)
	if err != nil {
		return err
	}
	n := int64(0)
	if read == 0 {
		n, err = tx.AddTranslation(ctx, q.AddTranslationParams{PublicID: row.PublicID, SchoolID: by.School.ID, Material: row.Material, Lang: row.Lang, Digest: row.Digest, Status: string(row.Status),
			ReviewedBy: row.ReviewedBy, ReviewedOn: row.ReviewedOn, Body: row.Body, UpdatedBy: account(by), UpdatedAt: s.Now().UnixMilli()})
	} else {
		n, err = tx.SetTranslation(ctx, q.SetTranslationParams{SchoolID: by.School.ID, Material: row.Material, Lang: row.Lang, Version: read, Digest: row.Digest, Status: string(row.Status),
			ReviewedBy: row.ReviewedBy, ReviewedOn: row.ReviewedOn, Body: row.Body, UpdatedBy: account(by), UpdatedAt: s.Now().UnixMilli()})
	}
	if err != nil {
		return fmt.Errorf("store translation: %w", err)
	}
	if n == 0 {
		return changedMeanwhile()
	}
	return journal.Write(ctx, tx, journal.Entry{SchoolID: by.School.ID, AccountID: by.AccountID, Actor: by.Name, Action: "materials.translate", Area: "materials", Ref: it.Slug,
		Detail: map[string]string{"lang": it.Tag, "status": string(row.Status)}})
}

// translationRow is a row of material_translations, also as PutTranslations takes it.
type translationRow struct {
	PublicID   string `json:"public_id"`
	Material   string `json:"material"`
	Lang       string `json:"lang"`
	Digest     string `json:"digest"`
	Status     Status `json:"status"`
	ReviewedBy string `json:"reviewed_by"`
	ReviewedOn string `json:"reviewed_on"`
	Body       string `json:"body"`
}

func (s *Service) translationRow(e *Entry, tag string, pieces Pieces, who string) (translationRow, error) {
	body, err := json.Marshal(e.made(pieces))
	if err != nil {
		return translationRow{}, fmt.Errorf("translation: %w", err)
	}
	r := translationRow{PublicID: id.New(), Material: e.Slug, Lang: tag, Digest: e.sourceDigest(), Status: Draft, Body: string(body)}
	if who != "" {
		r.Status, r.ReviewedBy, r.ReviewedOn = Reviewed, who, s.Now().Format(time.DateOnly)
	}
	return r, nil
}

// confirmTheirs notes that a person who speaks the language finds the text right, as families get it today: the school keeps these
// words, also when a later version of Brug brings others.
func (s *Service) confirmTheirs(ctx context.Context, by auth.Actor, e *Entry, tag, who string) error {
	t, has := e.Texts[tag]
	if !has {
		return errs.NotFoundf("text %s of %s", tag, e.Slug)
	}
	if t.Status == Source {
		return errs.NotFoundf("%s is the source of %s", tag, e.Slug)
	}
	it := e.Item(tag)
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		return s.translateTheirs(ctx, tx, by, it, it.Read, e.Pieces(tag), who)
	})
}

// Progress is how far the texts of a language are.
type Progress struct {
	Lang     string
	Texts    int // materials
	Written  int // those of which nothing lacks
	Reviewed int // of these, those that a speaker found right, or that are the source
}

// Draft is how many are written and wait for a speaker.
func (p Progress) Draft() int { return p.Written - p.Reviewed }

// Lacks is how many are not there, or not whole.
func (p Progress) Lacks() int { return p.Texts - p.Written }

// ProgressOf counts the entries (as List gives them) in some languages.
func ProgressOf(entries []*Entry, tags []string) []Progress {
	out := make([]Progress, len(tags))
	for i, tag := range tags {
		p := Progress{Lang: tag, Texts: len(entries)}
		for _, e := range entries {
			if e.Main == tag {
				p.Written++
				p.Reviewed++
				continue
			}
			if !e.Item(tag).Complete() {
				continue
			}
			p.Written++
			if e.Texts[tag].Status == Reviewed {
				p.Reviewed++
			}
		}
		out[i] = p
	}
	return out
}
