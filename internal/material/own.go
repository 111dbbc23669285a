package material

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"brug/internal/auth"
	"brug/internal/blob"
	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/errs"
	"brug/internal/id"
	"brug/internal/journal"
	"brug/internal/lang"
	"brug/internal/pictogram"
)

// Config is what the service is made of.
type Config struct {
	DB      *db.DB
	Blobs   blob.Store // of photos; without it there can be none
	Now     func() time.Time
	Library *Library // nil: what Brug ships
}

// Service has the operations on materials: what Brug ships and what a school makes of it.
type Service struct{ Config }

// New makes the service.
func New(c Config) *Service { return &Service{c} }

// library is what is shipped. It is read when it is first needed.
func (s *Service) library() *Library {
	if s.Library != nil {
		return s.Library
	}
	return Shipped()
}

// OwnPrefix begins the slug of every material of a school, CentrePrefix that of one which the support centre publishes, as
// other schools see it. No shipped slug begins so.
const (
	OwnPrefix    = "own-"
	CentrePrefix = "centre-"
)

// CentreSlug is the slug by which schools know a text of the support centre's house; that of a shipped one stays.
func CentreSlug(slug string) string {
	if name, own := strings.CutPrefix(slug, OwnPrefix); own {
		return CentrePrefix + name
	}
	return slug
}

// Entry is a material as a school has it: shipped, published by the support centre, or its own version of one.
type Entry struct {
	*Material
	Main    string // the language that stands in where another lacks
	Own     bool
	Centre  string // name of the support centre that published it, "" for what is the school's own or shipped
	Version int64  // of this entry; 0 for a shipped material
	Latest  int64
	Origin  string   // slug that an own one was made from, "" if none
	For     ForClass // an own one may be for one class only; zero: for the whole school
	Updated time.Time

	Published int64 // of the support centre's own: the version that schools see; 0: none. Of what it published: Version
	Changed   bool  // what this own one was made from says something else now: see Follow

	id           int64
	schoolID     int64
	classID      int64 // of For
	archived     bool
	originDigest string
	translated   map[string]translated // the school's own words for what it did not write, by language
}

// ForClass is the class that a version is for.
type ForClass struct{ PublicID, Name string }

// AtCentre is the slug of the same text in the support centre's house; "" for a school's own, which the centre does not have.
func (e *Entry) AtCentre() string {
	switch name, centre := strings.CutPrefix(e.Slug, CentrePrefix); {
	case e.Own:
		return ""
	case centre:
		return OwnPrefix + name
	}
	return e.Slug
}

// Edit is what an editor sends: the whole material in as many languages as there are. Empty strings lack.
type Edit struct {
	Kind      Kind
	Audiences []Audience // empty: for all ages
	Practices []Practice
	Support   []Support
	Reader    Reader
	Picture   string
	Class     string            // public id of the class that it is for; "" for the whole school
	Title     map[string]string // by language tag
	Intro     map[string]string
	Close     map[string]string
	Parts     []EditPart
}

// EditPart is one part, taken from a shipped text, a phrase, or the school's own.
type EditPart struct {
	Part
	Texts map[string]string // of a part of one's own; what was taken brings its own texts
}

// MaxTitle is the longest title in characters; the other lengths depend on the kind (KindSpec).
const MaxTitle = 60

// item is a part as it is stored.
type item struct {
	Role      Role              `json:"role,omitempty"` // "": a question, as the first versions had nothing else
	Pictogram string            `json:"pictogram"`
	From      string            `json:"from,omitempty"`
	Slots     map[string]string `json:"slots,omitempty"`
	Name      string            `json:"name,omitempty"`
	Photo     string            `json:"photo,omitempty"`
}

// head is what a version says of itself besides its words, as it is stored. The row of the material says the same of the
// latest version, for filters.
type head struct {
	Audiences []Audience `json:"audiences,omitempty"`
	Practices []Practice `json:"practices,omitempty"`
	Support   []Support  `json:"support,omitempty"`
	Reader    Reader     `json:"reader"`
	Picture   string     `json:"picture,omitempty"`
}

// body is a text as it is stored.
type body struct {
	Title     string   `json:"title"`
	Intro     string   `json:"intro"`
	Parts     []string `json:"parts"`
	Questions []string `json:"questions,omitempty"` // the parts of what was written before there were other kinds
	Close     string   `json:"close,omitempty"`
}

// text is the body as a Text of a material with this many parts.
func (b body) text(parts int) Text {
	t := Text{Title: b.Title, Intro: b.Intro, Close: b.Close, Parts: append(b.Parts, b.Questions...)}
	for len(t.Parts) < parts {
		t.Parts = append(t.Parts, "")
	}
	return t
}

// Filter narrows a list. Zero values narrow nothing.
type Filter struct {
	Kind     Kind
	Audience Audience
	Practice Practice
	Support  Support
	Reader   Reader
	Own      bool   // only the school's own
	Lang     string // only what exists in this language
	Class    string // public id: versions for this class stand first, those for other classes are left out
}

func (f Filter) has(e *Entry) bool {
	if f.Kind != "" && e.Kind != f.Kind || f.Audience != "" && !e.Fits(f.Audience) || f.Own && !e.Own || f.Reader != "" && e.Reader != f.Reader {
		return false
	}
	if f.Practice != "" && !slices.Contains(e.Practices, f.Practice) || f.Support != "" && !slices.Contains(e.Support, f.Support) {
		return false
	}
	if f.Lang != "" {
		if _, has := e.Texts[f.Lang]; !has {
			return false
		}
	}
	return f.Class == "" || e.For.PublicID == "" || e.For.PublicID == f.Class
}

// FamilyLangs are the languages (BCP 47) that guardians of the school read, those of the most people first: the ones that
// are worth translating for. One query.
func (s *Service) FamilyLangs(ctx context.Context, by auth.Actor) ([]string, error) {
	if err := by.May(auth.MaterialSee); err != nil {
		return nil, err
	}
	tags, err := s.DB.Q().FamilyLangs(ctx, by.School.ID)
	if err != nil {
		return nil, fmt.Errorf("languages of families: %w", err)
	}
	return tags, nil
}

// ReadFirst are the languages of families besides main: those that families of a school read (as FamilyLangs says, first in
// number) before those that nobody there reads yet.
func ReadFirst(main string, read []string) (all []string, first int) {
	for _, tag := range read {
		if base, _, _ := strings.Cut(tag, "-"); !slices.Contains(lang.Family, tag) {
			tag = base
		}
		if tag != main && slices.Contains(lang.Family, tag) && !slices.Contains(all, tag) {
			all = append(all, tag)
		}
	}
	first = len(all)
	for _, tag := range lang.Family {
		if tag != main && !slices.Contains(all, tag) {
			all = append(all, tag)
		}
	}
	return all, first
}

// List is the school's own materials, latest first (before them those for the asked class, or for a teacher's own classes),
// then what the support centre publishes, then the shipped ones, for the youngest first. Four queries.
func (s *Service) List(ctx context.Context, by auth.Actor, f Filter) ([]*Entry, error) {
	if err := by.May(auth.MaterialSee); err != nil {
		return nil, err
	}
	var out []*Entry
	if by.School.ID != 0 {
		own, err := s.listOwn(ctx, by.School.ID)
		if err != nil {
			return nil, err
		}
		near := func(e *Entry) int {
			if e.classID != 0 && (e.For.PublicID == f.Class || f.Class == "" && !by.AllClasses() && by.HasClass(e.classID)) {
				return 0
			}
			return 1
		}
		slices.SortStableFunc(own, func(a, b *Entry) int { return near(a) - near(b) })
		out = own
	}
	centre, err := s.listPublished(ctx, by.School.ID)
	if err != nil {
		return nil, err
	}
	out = append(out, centre...)
	for _, m := range s.library().All() {
		out = append(out, shipped(m))
	}
	markChanged(out)
	if err := s.overlay(ctx, by.School.ID, out); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(out, func(e *Entry) bool { return !f.has(e) }), nil
}

func (s *Service) listOwn(ctx context.Context, schoolID int64) ([]*Entry, error) {
	rows, err := s.DB.Q().Materials(ctx, schoolID)
	if err != nil {
		return nil, fmt.Errorf("materials of school: %w", err)
	}
	texts, err := s.DB.Q().LatestMaterialTexts(ctx, schoolID)
	if err != nil {
		return nil, fmt.Errorf("texts of materials: %w", err)
	}
	out := make([]*Entry, 0, len(rows))
	for _, r := range rows {
		e, err := entry(q.MaterialBySlugRow(r))
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, addTexts(out, texts)
}

// addTexts gives each entry its texts.
func addTexts(entries []*Entry, texts []q.LatestMaterialTextsRow) error {
	byID := map[int64]*Entry{}
	for _, e := range entries {
		byID[e.id] = e
	}
	for _, t := range texts {
		if e := byID[t.MaterialID]; e != nil {
			if err := e.addText(q.MaterialTextsRow{Lang: t.Lang, Status: t.Status, ReviewedBy: t.ReviewedBy, ReviewedOn: t.ReviewedOn, Body: t.Body}); err != nil {
				return err
			}
		}
	}
	return nil
}

func shipped(m *Material) *Entry { return &Entry{Material: m, Main: SourceLanguage} }

// Get finds a material for staff. NotFound also for one that was put away.
func (s *Service) Get(ctx context.Context, by auth.Actor, slug string) (*Entry, error) {
	if err := by.May(auth.MaterialSee); err != nil {
		return nil, err
	}
	e, err := s.Find(ctx, by.School.ID, slug, 0)
	if err != nil {
		return nil, err
	}
	if e.archived {
		return nil, errs.NotFoundf("material %s is put away", slug)
	}
	if e.Own && e.originDigest != "" {
		o, err := s.origin(ctx, by.School.ID, e.Origin)
		if err != nil && !errs.Is(err, errs.NotFound) { // what is no longer there asks nothing of anybody
			return nil, err
		}
		e.Changed = err == nil && o.Digest() != e.originDigest
	}
	return e, nil
}

// Find finds a material by slug and version (0: the latest) for codes and jobs, which have checked who asks; also one
// that was put away, or withdrawn by the support centre, after it was printed.
func (s *Service) Find(ctx context.Context, schoolID int64, slug string, version int64) (*Entry, error) {
	e, err := s.find(ctx, schoolID, slug, version)
	if err != nil {
		return nil, err
	}
	return e, s.overlay(ctx, schoolID, []*Entry{e})
}

// find is Find without the school's own words for what others wrote.
func (s *Service) find(ctx context.Context, schoolID int64, slug string, version int64) (*Entry, error) {
	if m, ok := s.library().Find(slug); ok {
		return shipped(m), nil
	}
	var row q.MaterialBySlugRow
	var err error
	if name, of := strings.CutPrefix(slug, CentrePrefix); of {
		var r q.PublishedBySlugRow
		r, err = s.DB.Q().PublishedBySlug(ctx, q.PublishedBySlugParams{SchoolID: schoolID, Slug: OwnPrefix + name, Version: version})
		row = q.MaterialBySlugRow(r)
	} else {
		row, err = s.DB.Q().MaterialBySlug(ctx, q.MaterialBySlugParams{SchoolID: schoolID, Slug: slug, Version: version})
	}
	if err != nil {
		return nil, db.NotFound(err, "material "+slug)
	}
	e, err := entry(row)
	if err != nil {
		return nil, err
	}
	texts, err := s.DB.Q().MaterialTexts(ctx, q.MaterialTextsParams{SchoolID: e.schoolID, MaterialID: row.ID, Version: row.Version})
	if err != nil {
		return nil, fmt.Errorf("texts of material: %w", err)
	}
	for _, t := range texts {
		if err := e.addText(t); err != nil {
			return nil, err
		}
	}
	if e.Own {
		s.library().complete(e)
	}
	return e, nil
}

func entry(r q.MaterialBySlugRow) (*Entry, error) {
	var items []item
	if err := json.Unmarshal([]byte(r.Items), &items); err != nil {
		return nil, fmt.Errorf("items of material %s: %w", r.Slug, err)
	}
	e := &Entry{Material: &Material{Slug: r.Slug, Kind: Kind(r.Kind), Audiences: split[Audience](r.Audience), Practices: split[Practice](r.Practices), Support: split[Support](r.Support),
		Reader: Reader(r.Reader), Picture: r.Picture, Texts: map[string]Text{}}, Main: r.Lang, Own: true, Version: r.Version, Latest: r.Latest,
		Origin: r.Origin, For: ForClass{r.ClassPublicID, r.ClassName}, Updated: time.UnixMilli(r.UpdatedAt), id: r.ID, schoolID: r.SchoolID, classID: r.ClassID, archived: r.ArchivedAt != 0,
		originDigest: r.OriginDigest}
	if r.Head != "" { // "": from before versions said so themselves
		var h head
		if err := json.Unmarshal([]byte(r.Head), &h); err != nil {
			return nil, fmt.Errorf("head of material %s: %w", r.Slug, err)
		}
		e.Audiences, e.Practices, e.Support, e.Reader, e.Picture = h.Audiences, h.Practices, h.Support, h.Reader, h.Picture
	}
	if r.PublishedAt != 0 {
		e.Published = r.Published
	}
	if r.Centre != "" { // as another school sees it
		e.Own, e.Centre, e.Origin, e.originDigest = false, r.Centre, "", ""
		e.Slug = CentreSlug(r.Slug)
	}
	for _, it := range items {
		if e.Centre != "" {
			it.Photo = "" // it is in the centre's house, and nobody else's
		}
		e.Parts = append(e.Parts, Part{Role: cmp.Or(it.Role, Question), Pictogram: it.Pictogram, From: it.From, Slots: it.Slots, Name: it.Name, Photo: it.Photo})
	}
	if e.Picture == "" && len(e.Parts) > 0 {
		e.Picture = e.Parts[0].Pictogram
	}
	return e, nil
}

// split reads what join wrote.
func split[T ~string](s string) []T {
	var out []T
	for _, w := range strings.Split(s, ",") {
		if w != "" {
			out = append(out, T(w))
		}
	}
	return out
}

func (e *Entry) addText(t q.MaterialTextsRow) error {
	var b body
	if err := json.Unmarshal([]byte(t.Body), &b); err != nil {
		return fmt.Errorf("text %s of material %s: %w", t.Lang, e.Slug, err)
	}
	text := b.text(len(e.Parts))
	text.Lang, text.Status, text.ReviewedBy, text.ReviewedOn = t.Lang, Status(t.Status), t.ReviewedBy, t.ReviewedOn
	e.Texts[t.Lang] = text
	return nil
}

// Create makes a material of the school's own; origin is the slug that it began as (a shipped material, or one that the
// support centre publishes), or "". What the origin says now is remembered, so that the school can follow it (Follow).
func (s *Service) Create(ctx context.Context, by auth.Actor, origin string, d Edit) (slug string, err error) {
	if err := mayChange(by); err != nil {
		return "", err
	}
	var digest, texts string
	if origin != "" {
		o, err := s.origin(ctx, by.School.ID, origin)
		if err != nil {
			return "", err
		}
		if digest, texts, err = o.snapshot(); err != nil {
			return "", err
		}
	}
	d, class, err := s.ready(ctx, by, by.School.Lang, s.library().fetch(d, by.School.Lang, nil))
	if err != nil {
		return "", err
	}
	now := s.Now().UnixMilli()
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		taken, err := tx.MaterialSlugs(ctx, by.School.ID)
		if err != nil {
			return fmt.Errorf("slugs of materials: %w", err)
		}
		slug = freeSlug(d.Title[by.School.Lang], taken)
		mid, err := tx.AddMaterial(ctx, q.AddMaterialParams{PublicID: id.New(), SchoolID: by.School.ID, Slug: slug, Kind: string(d.Kind), Audience: join(d.Audiences), Practices: join(d.Practices),
			Support: join(d.Support), Reader: string(d.Reader), Picture: d.Picture, ClassID: class, Origin: origin, OriginDigest: digest, OriginTexts: texts, Lang: by.School.Lang, CreatedBy: account(by), CreatedAt: now})
		if err != nil {
			return fmt.Errorf("add material: %w", err)
		}
		if err := s.addVersion(ctx, tx, by, mid, 1, nil, d); err != nil {
			return err
		}
		return note(ctx, tx, by, "create", slug)
	})
	return slug, err
}

// mayChange: materials are made at a school, or in the support centre's own house.
func mayChange(by auth.Actor) error {
	if err := by.May(auth.MaterialChange); err != nil {
		return err
	}
	if by.School.ID == 0 {
		return errs.Forbiddenf("a material is made at a school")
	}
	return nil
}

// ownOf finds what the actor may change: a material of the actor's school, and not one for somebody else's class.
func (s *Service) ownOf(ctx context.Context, by auth.Actor, slug string) (*Entry, error) {
	if err := mayChange(by); err != nil {
		return nil, err
	}
	e, err := s.Get(ctx, by, slug)
	if err != nil {
		return nil, err
	}
	if !e.ChangeableBy(by) {
		return nil, errs.Forbiddenf("%s is not the school's own, or for a class that is not the actor's: it is changed by making an own version", slug)
	}
	return e, nil
}

// ChangeableBy tells whether the actor may change this very material: one of the own school, and not for a class of others.
func (e *Entry) ChangeableBy(by auth.Actor) bool {
	return mayChange(by) == nil && e.Own && (e.schoolID == by.School.ID) && (e.classID == 0 || by.HasClass(e.classID) || by.School.Centre)
}

// ready checks an edit that Library.fetch has made whole, finds its class, and leaves out a photo that is gone.
func (s *Service) ready(ctx context.Context, by auth.Actor, main string, d Edit) (Edit, nullInt, error) {
	if err := d.check(main); err != nil {
		return d, nullInt{}, err
	}
	class, err := s.class(ctx, by, d.Class)
	if err != nil {
		return d, nullInt{}, err
	}
	d, err = s.withPhotos(ctx, by.School.ID, d)
	return d, class, err
}

// note writes the journal's line about a material.
func note(ctx context.Context, tx *db.Tx, by auth.Actor, what, slug string, kv ...string) error {
	e := journal.Entry{SchoolID: by.School.ID, AccountID: by.AccountID, Actor: by.Name, Action: "materials." + what, Area: "materials", Ref: slug}
	for i := 0; i+1 < len(kv); i += 2 {
		if e.Detail == nil {
			e.Detail = map[string]string{}
		}
		e.Detail[kv[i]] = kv[i+1]
	}
	return journal.Write(ctx, tx, e)
}

// Change writes the next version of a material. read is the version that the editor began from: Conflict if somebody has
// written another one since (nothing is stored then; the caller still has the draft, and Get has the other text). A part that
// was taken keeps the words that it has, also when the library says it in other words by now.
func (s *Service) Change(ctx context.Context, by auth.Actor, slug string, read int64, d Edit) error {
	old, err := s.ownOf(ctx, by, slug)
	if err != nil {
		return err
	}
	return s.change(ctx, by, old, read, s.library().fetch(d, old.Main, old), nil)
}

// change writes an edit that Library.fetch has made whole; also, if set, happens in the same transaction.
func (s *Service) change(ctx context.Context, by auth.Actor, old *Entry, read int64, d Edit, also func(tx *db.Tx) error) error {
	d.Kind = old.Kind
	d, class, err := s.ready(ctx, by, old.Main, d)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if also != nil {
			if err := also(tx); err != nil {
				return err
			}
		}
		return s.write(ctx, tx, by, old, read, d, class)
	})
}

// write stores the next version, after ready, in a transaction of the caller.
func (s *Service) write(ctx context.Context, tx *db.Tx, by auth.Actor, old *Entry, read int64, d Edit, class nullInt) error {
	n, err := tx.SetMaterialVersion(ctx, q.SetMaterialVersionParams{SchoolID: by.School.ID, ID: old.id, Version: read, Next: read + 1, Audience: join(d.Audiences), Practices: join(d.Practices), Support: join(d.Support),
		Reader: string(d.Reader), Picture: d.Picture, ClassID: class, UpdatedAt: s.Now().UnixMilli()})
	if err != nil {
		return fmt.Errorf("next version of material: %w", err)
	}
	if n == 0 {
		return changedMeanwhile()
	}
	if err := s.addVersion(ctx, tx, by, old.id, read+1, old, d); err != nil {
		return err
	}
	return note(ctx, tx, by, "change", old.Slug, "version", fmt.Sprint(read+1))
}

func changedMeanwhile() error {
	return errs.New(errs.Conflict, "Somebody else has changed this text meanwhile. Your text is still here; look at theirs and save again.")
}

// Restore makes an older version the next one, in the words that it had.
func (s *Service) Restore(ctx context.Context, by auth.Actor, slug string, version int64) error {
	now, err := s.ownOf(ctx, by, slug)
	if err != nil {
		return err
	}
	old, err := s.Find(ctx, by.School.ID, slug, version)
	if err != nil {
		return err
	}
	return s.change(ctx, by, now, now.Version, s.library().fetch(old.Edit(), now.Main, old), nil)
}

// Archive puts a material away: it stands in no list any more; what was printed of it keeps working.
func (s *Service) Archive(ctx context.Context, by auth.Actor, slug string) error {
	e, err := s.ownOf(ctx, by, slug)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.ArchiveMaterial(ctx, q.ArchiveMaterialParams{SchoolID: by.School.ID, ID: e.id, ArchivedAt: s.Now().UnixMilli()}); err != nil {
			return fmt.Errorf("archive material: %w", err)
		}
		return note(ctx, tx, by, "archive", slug)
	})
}

// Confirm notes that a person who speaks the language has read a text of the school's own and found it right. who is a
// name or a role.
func (s *Service) Confirm(ctx context.Context, by auth.Actor, slug, tag, who string) error {
	if err := mayChange(by); err != nil {
		return err
	}
	who = strings.TrimSpace(who)
	var c errs.Check
	c.That(who != "", "who", "Write who has read this text: a name or a role.")
	c.That(utf8.RuneCountInString(who) <= 80, "who", "This is too long. Write at most {max} letters.", "max", 80)
	if err := c.Err(); err != nil {
		return err
	}
	e, err := s.Get(ctx, by, slug)
	if err != nil {
		return err
	}
	if e.Theirs() {
		return s.confirmTheirs(ctx, by, e, tag, who)
	}
	if !e.ChangeableBy(by) {
		return errs.Forbiddenf("%s is for a class that is not the actor's", slug)
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error { return s.reviewed(ctx, tx, by, e, e.Version, tag, who) })
}

// reviewed notes who has read a version of a text of the school's own.
func (s *Service) reviewed(ctx context.Context, tx *db.Tx, by auth.Actor, e *Entry, version int64, tag, who string) error {
	n, err := tx.SetTextReviewed(ctx, q.SetTextReviewedParams{SchoolID: by.School.ID, MaterialID: e.id, Version: version, Lang: tag, ReviewedBy: who, ReviewedOn: s.Now().Format(time.DateOnly)})
	if err != nil {
		return fmt.Errorf("confirm text: %w", err)
	}
	if n == 0 {
		return errs.NotFoundf("text %s of %s", tag, e.Slug)
	}
	return note(ctx, tx, by, "confirm", e.Slug, "lang", tag)
}

// VersionInfo is one line of a material's history.
type VersionInfo struct {
	Version int64
	At      time.Time
	By      string
}

// Versions are the versions of an own material, latest first.
func (s *Service) Versions(ctx context.Context, by auth.Actor, slug string) ([]VersionInfo, error) {
	e, err := s.Get(ctx, by, slug)
	if err != nil {
		return nil, err
	}
	rows, err := s.DB.Q().MaterialVersions(ctx, q.MaterialVersionsParams{SchoolID: by.School.ID, MaterialID: e.id})
	if err != nil {
		return nil, fmt.Errorf("versions of material: %w", err)
	}
	out := make([]VersionInfo, len(rows))
	for i, r := range rows {
		out[i] = VersionInfo{r.Version, time.UnixMilli(r.CreatedAt), r.Person}
	}
	return out, nil
}

// addVersion stores the texts of a draft. A text that is the same as before keeps its review.
func (s *Service) addVersion(ctx context.Context, tx *db.Tx, by auth.Actor, materialID, version int64, old *Entry, d Edit) error {
	items := make([]item, len(d.Parts))
	for i, p := range d.Parts {
		items[i] = item(p.Part)
	}
	doc, err := json.Marshal(items)
	if err != nil {
		return fmt.Errorf("items: %w", err)
	}
	about, err := json.Marshal(head{d.Audiences, d.Practices, d.Support, d.Reader, d.Picture})
	if err != nil {
		return fmt.Errorf("head: %w", err)
	}
	if err := tx.AddMaterialVersion(ctx, q.AddMaterialVersionParams{SchoolID: by.School.ID, MaterialID: materialID, Version: version, Items: string(doc), Head: string(about), CreatedBy: account(by), CreatedAt: s.Now().UnixMilli()}); err != nil {
		return fmt.Errorf("add version: %w", err)
	}
	type row struct {
		Lang       string `json:"lang"`
		Status     Status `json:"status"`
		ReviewedBy string `json:"reviewed_by"`
		ReviewedOn string `json:"reviewed_on"`
		Body       body   `json:"body"`
	}
	main := by.School.Lang
	if old != nil {
		main = old.Main // the language it was first written in, also when the school has changed its own since
	}
	var rows []row
	for _, tag := range d.languages() {
		b := d.body(tag)
		r := row{Lang: tag, Status: Draft, Body: b}
		if tag == main {
			r.Status = Source
		}
		if old != nil {
			if t, had := old.Texts[tag]; had && t.Status == Reviewed && slices.Equal(t.Parts, b.Parts) && t.Title == b.Title && t.Intro == b.Intro && t.Close == b.Close {
				r.Status, r.ReviewedBy, r.ReviewedOn = Reviewed, t.ReviewedBy, t.ReviewedOn
			}
		}
		rows = append(rows, r)
	}
	doc, err = json.Marshal(rows)
	if err != nil {
		return fmt.Errorf("texts: %w", err)
	}
	if err := tx.AddMaterialTexts(ctx, q.AddMaterialTextsParams{SchoolID: by.School.ID, MaterialID: materialID, Version: version, Rows: string(doc)}); err != nil {
		return fmt.Errorf("add texts: %w", err)
	}
	return s.remember(ctx, tx, by, materialID, d)
}

// Edit is the entry as an editor takes it up.
func (e *Entry) Edit() Edit {
	d := Edit{Kind: e.Kind, Audiences: slices.Clone(e.Audiences), Practices: slices.Clone(e.Practices), Support: slices.Clone(e.Support), Reader: e.Reader, Picture: e.Picture, Class: e.For.PublicID,
		Title: map[string]string{}, Intro: map[string]string{}, Close: map[string]string{}}
	for _, p := range e.Parts {
		d.Parts = append(d.Parts, EditPart{Part: p, Texts: map[string]string{}})
	}
	for tag, t := range e.Texts {
		d.Title[tag], d.Intro[tag], d.Close[tag] = t.Title, t.Intro, t.Close
		for i := range d.Parts {
			if i < len(t.Parts) {
				d.Parts[i].Texts[tag] = t.Parts[i]
			}
		}
	}
	return d
}

// Copy is the entry as the beginning of an own version: each part of a shipped material keeps the link to it, so that all
// languages come along.
func (e *Entry) Copy() Edit {
	d := e.Edit()
	if !e.Own && e.Centre == "" {
		for i, key := range Keys(e.Parts) {
			d.Parts[i].From = e.Slug + "/" + key
		}
	}
	return d
}

// Taken is the shipped part that "slug/do2" names, with its pictogram and its texts in all languages. A number alone counts
// questions: so it was written before there were other kinds.
func Taken(from string) (EditPart, bool) { return Shipped().Taken(from) }

// Taken is the same of any library.
func (l *Library) Taken(from string) (EditPart, bool) {
	slug, key, _ := strings.Cut(from, "/")
	m, ok := l.Find(slug)
	if !ok {
		return EditPart{}, false
	}
	if _, err := strconv.Atoi(key); err == nil {
		key = string(Question) + key
	}
	i := slices.Index(Keys(m.Parts), key)
	if i < 0 {
		return EditPart{}, false
	}
	p := EditPart{Part: m.Parts[i], Texts: map[string]string{}}
	p.From = from
	for tag, t := range m.Texts {
		p.Texts[tag] = t.Parts[i]
	}
	return p, true
}

// fetch gives each part that was taken its words in all languages, whatever the form sent. A part that old has already
// keeps the words of old when the library has changed its own since: then it is a part of the school's own, until the school
// chooses (Follow). What was never there keeps its From without words, and check says so.
func (l *Library) fetch(d Edit, main string, old *Entry) Edit {
	d.Parts = slices.Clone(d.Parts)
	for i, p := range d.Parts {
		if p.From == "" {
			continue
		}
		t, ok := l.taken(p.Part)
		at := -1
		if old != nil {
			at = slices.IndexFunc(old.Parts, func(o Part) bool { return o.From == p.From && maps.Equal(o.Slots, p.Slots) })
		}
		switch {
		case at < 0 && !ok:
			d.Parts[i].Texts = nil
		case at >= 0 && (!ok || t.Texts[main] != old.word(main, at)):
			own := EditPart{Part: old.Parts[at], Texts: map[string]string{}}
			own.From, own.Slots = "", nil
			for tag := range old.Texts {
				own.Texts[tag] = old.word(tag, at)
			}
			d.Parts[i] = own
		default:
			d.Parts[i].Texts = t.Texts
		}
	}
	return d
}

// complete adds to parts that were taken from the library the languages that it has got since, as long as it still says the
// same in the main language: so an own version of before speaks them too.
func (l *Library) complete(e *Entry) {
	for i, p := range e.Parts {
		if p.From == "" || strings.HasPrefix(p.From, PhrasePrefix) { // phrases had all languages from the start
			continue
		}
		t, ok := l.taken(p)
		if !ok || t.Texts[e.Main] != e.word(e.Main, i) {
			continue
		}
		for tag, words := range t.Texts {
			if words == "" || e.word(tag, i) != "" {
				continue
			}
			text := e.Texts[tag]
			text.Lang, text.Parts = tag, slices.Clone(text.Parts)
			for len(text.Parts) < len(e.Parts) {
				text.Parts = append(text.Parts, "")
			}
			text.Parts[i] = words
			text.Status, text.ReviewedBy, text.ReviewedOn = Draft, "", "" // nobody has read this piece
			e.Texts[tag] = text
		}
	}
}

// word is what part i says in a language; "" if it lacks.
func (e *Entry) word(tag string, i int) string {
	if t := e.Texts[tag]; i < len(t.Parts) {
		return t.Parts[i]
	}
	return ""
}

// languages are those in which the draft has anything, sorted.
func (d Edit) languages() []string {
	has := map[string]bool{}
	for _, m := range append([]map[string]string{d.Title, d.Intro, d.Close}, d.partTexts()...) {
		for tag, s := range m {
			if s != "" {
				has[tag] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(has))
}

func (d Edit) partTexts() []map[string]string {
	out := make([]map[string]string, len(d.Parts))
	for i, p := range d.Parts {
		out[i] = p.Texts
	}
	return out
}

func (d Edit) body(tag string) body {
	b := body{Title: d.Title[tag], Intro: d.Intro[tag], Close: d.Close[tag], Parts: make([]string, len(d.Parts))}
	for i, t := range d.partTexts() {
		b.Parts[i] = t[tag]
	}
	return b
}

// check: the draft must be whole in the school's language; other languages may lack pieces. Field names: title.nl,
// intro.nl, close.nl, part1.nl, part1.pictogram, part1.name, audience, practices, support, picture, parts.
func (d *Edit) check(main string) error {
	var c errs.Check
	spec := d.Kind.Spec()
	if spec.Kind == "" {
		return errs.Field("kind", "Choose from the list.")
	}
	if d.Reader == "" {
		d.Reader = ForFamily
	}
	for _, a := range d.Audiences {
		c.That(slices.Contains(Audiences(), a), "audience", "Choose from the list.")
	}
	for _, p := range d.Practices {
		c.That(slices.Contains(Practices(), p), "practices", "Choose from the list.")
	}
	for _, s := range d.Support {
		c.That(slices.Contains(Supports(), s), "support", "Choose from the list.")
	}
	c.That(d.Reader == ForFamily || d.Reader == ForTeam, "reader", "Choose from the list.")
	c.That(d.Picture == "" || pictogram.Known(d.Picture), "picture", "Choose a picture.")
	c.That(d.Title[main] != "", "title."+main, "Write a title.")
	c.That(!strings.ContainsAny(d.Title[main], "{}"), "title."+main, "No name of a child or date here: lists show the title.")
	c.That(spec.Intro == 0 || len(spec.Roles) > 0 || d.Intro[main] != "", "intro."+main, "Write the text.")
	for _, r := range spec.Roles {
		n := 0
		for _, p := range d.Parts {
			if p.Role == r.Role {
				n++
			}
		}
		switch {
		case n < r.Min && r.Role == Question:
			c.That(false, "parts", "Choose or write at least one question.")
		case n < r.Min:
			c.That(false, "parts", "This lacks: {what}. There must be {n} at least.", "what", errs.T(r.Role.Text()), "n", r.Min)
		case n > r.Max && r.Role == Question:
			c.That(false, "parts", "A slip has at most {max} questions.", "max", r.Max)
		case n > r.Max:
			c.That(false, "parts", "This is too much of one kind: {what}. There may be {max} at most.", "what", errs.T(r.Role.Text()), "max", r.Max)
		}
	}
	long := func(field, s string, max int) {
		c.That(utf8.RuneCountInString(s) <= max, field, "This is too long. Write at most {max} letters.", "max", max)
		c.That(badBraces(s) == "", field, "Take a name or a date from the buttons: {found} is not known.", "found", badBraces(s))
	}
	for tag, s := range d.Title {
		long("title."+tag, s, MaxTitle)
	}
	for tag, s := range d.Intro {
		long("intro."+tag, s, lengthIn(tag, main, spec.Intro))
	}
	for tag, s := range d.Close {
		long("close."+tag, s, lengthIn(tag, main, spec.Close))
	}
	for i, p := range d.Parts {
		field := fmt.Sprintf("part%d", i+1)
		have := spec.Role(p.Role)
		c.That(have.Max > 0, field+".role", "Choose from the list.")
		if p.From != "" { // fetch has looked it up
			c.That(p.Texts != nil, field+"."+main, "This question is no longer in the library. Choose another one.")
			continue
		}
		if p.Role == Question {
			c.That(p.Texts[main] != "", field+"."+main, "Write the question.")
			c.That(pictogram.Known(p.Pictogram), field+".pictogram", "Choose a picture.")
		} else {
			c.That(p.Texts[main] != "", field+"."+main, "Write the text.")
			c.That(p.Pictogram == "" || pictogram.Known(p.Pictogram), field+".pictogram", "Choose a picture.")
		}
		long(field+".name", p.Name, 80)
		for tag, s := range p.Texts {
			long(field+"."+tag, s, lengthIn(tag, main, have.Length))
		}
	}
	return c.Err()
}

// lengthIn is how long a text may be in a language: a translation may need half as much again.
func lengthIn(tag, main string, max int) int {
	if tag != main {
		return max + max/2
	}
	return max
}

func join[T ~string](values []T) string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return strings.Join(out, ",")
}

func account(by auth.Actor) (v nullInt) {
	v.Int64, v.Valid = by.AccountID, by.AccountID != 0
	return v
}

// class finds the class that a version is for. A teacher writes for classes of one's own only.
func (s *Service) class(ctx context.Context, by auth.Actor, publicID string) (v nullInt, err error) {
	if publicID == "" {
		return v, nil
	}
	row, err := s.DB.Q().ClassOfMaterial(ctx, q.ClassOfMaterialParams{SchoolID: by.School.ID, PublicID: publicID})
	if err != nil {
		if errs.Is(db.NotFound(err, "class"), errs.NotFound) {
			return v, errs.Field("class", "Choose from the list.")
		}
		return v, fmt.Errorf("class of material: %w", err)
	}
	if !by.AllClasses() && !by.HasClass(row) {
		return v, errs.Field("class", "Choose from the list.")
	}
	v.Int64, v.Valid = row, true
	return v, nil
}

// DropStale takes away translations that no longer say what the main text says: where the main text of a piece was
// changed against base and its translation was not, the translation goes, so that no family reads something else than
// the school wrote. A part is known by its words, wherever it stands by now: in base, or in the library, where words come
// from that were taken over and then changed.
func (d Edit) DropStale(base Edit, main string) Edit {
	drop := func(now, before map[string]string) {
		if before == nil || now[main] == before[main] {
			return
		}
		for tag, s := range now {
			if tag != main && s == before[tag] {
				delete(now, tag)
			}
		}
	}
	drop(d.Title, base.Title)
	drop(d.Intro, base.Intro)
	drop(d.Close, base.Close)
	var library []EditPart
	for _, m := range Shipped().All() {
		if m.Kind == d.Kind {
			library = append(library, shipped(m).Edit().Parts...)
		}
	}
	for _, p := range d.Parts {
		same := func(k EditPart) bool { return k.Texts[main] == p.Texts[main] }
		if p.From != "" || len(p.Texts) < 2 || slices.ContainsFunc(base.Parts, same) || slices.ContainsFunc(library, same) {
			continue
		}
		for _, known := range [][]EditPart{base.Parts, library} {
			for _, k := range known {
				drop(p.Texts, k.Texts)
			}
		}
	}
	return d
}
