package material

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"brug/internal/auth"
	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/errs"
	"brug/internal/id"
	"brug/internal/journal"
	"brug/internal/pictogram"
)

// Config is what the service is made of.
type Config struct {
	DB  *db.DB
	Now func() time.Time
}

// Service has the operations on materials: what Brug ships and what a school makes of it.
type Service struct{ Config }

// New makes the service.
func New(c Config) *Service { return &Service{c} }

// OwnPrefix begins the slug of every material of a school, so that no shipped slug, of today or later, is one.
const OwnPrefix = "own-"

// Entry is a material as a school has it: shipped, or its own version of one.
type Entry struct {
	*Material
	Main    string // the language that stands in where another lacks
	Own     bool
	Version int64 // of this entry; 0 for a shipped material
	Latest  int64
	Origin  string   // shipped slug that an own one was made from, "" if none
	From    []string // for each question the shipped one it was taken from ("slug/2"), "" for the school's own
	Updated time.Time

	id       int64
	archived bool
}

// Edit is what an editor sends: the whole text in as many languages as there are. Empty strings lack.
type Edit struct {
	Audience  Audience
	Practices []Practice
	Title     map[string]string // by language tag
	Intro     map[string]string
	Close     map[string]string
	Questions []EditQuestion
}

// EditQuestion is one question, taken from a shipped slip or the school's own.
type EditQuestion struct {
	From      string            // "slug/2" (counted from 1), or "" for an own question
	Pictogram string            // a name of package pictogram
	Texts     map[string]string // of an own question; what was taken brings its own texts
}

// Fewest and most questions on a slip, and the longest texts in characters: what fits a sheet and a patient child.
const (
	MinQuestions = 1
	MaxQuestions = 6
	MaxTitle     = 60
	MaxQuestion  = 140
	MaxIntro     = 300
)

type item struct {
	Pictogram string `json:"pictogram"`
	From      string `json:"from,omitempty"`
}

type body struct {
	Title     string   `json:"title"`
	Intro     string   `json:"intro"`
	Questions []string `json:"questions"`
	Close     string   `json:"close,omitempty"`
}

// Filter narrows a list. Zero values narrow nothing.
type Filter struct {
	Audience Audience
	Practice Practice
	Own      bool   // only the school's own
	Lang     string // only what exists in this language
}

func (f Filter) has(e *Entry) bool {
	if f.Audience != "" && e.Audience != f.Audience || f.Own && !e.Own {
		return false
	}
	if f.Practice != "" && !slices.Contains(e.Practices, f.Practice) {
		return false
	}
	if f.Lang != "" {
		if _, has := e.Texts[f.Lang]; !has {
			return false
		}
	}
	return true
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

// List is the school's own materials, latest first, then the shipped ones, for the youngest first. Two queries.
func (s *Service) List(ctx context.Context, by auth.Actor, f Filter) ([]*Entry, error) {
	if err := by.May(auth.MaterialSee); err != nil {
		return nil, err
	}
	var out []*Entry
	if by.School.ID != 0 {
		rows, err := s.DB.Q().Materials(ctx, by.School.ID)
		if err != nil {
			return nil, fmt.Errorf("materials of school: %w", err)
		}
		texts, err := s.DB.Q().LatestMaterialTexts(ctx, by.School.ID)
		if err != nil {
			return nil, fmt.Errorf("texts of materials: %w", err)
		}
		byID := map[int64]*Entry{}
		for _, r := range rows {
			e, err := entry(q.MaterialBySlugRow{ID: r.ID, PublicID: r.PublicID, Slug: r.Slug, Kind: r.Kind, Audience: r.Audience, Practices: r.Practices, Origin: r.Origin,
				Lang: r.Lang, Latest: r.Version, UpdatedAt: r.UpdatedAt, Version: r.Version, Items: r.Items})
			if err != nil {
				return nil, err
			}
			byID[r.ID] = e
			out = append(out, e)
		}
		for _, t := range texts {
			if e := byID[t.MaterialID]; e != nil {
				if err := e.addText(q.MaterialTextsRow{Lang: t.Lang, Status: t.Status, ReviewedBy: t.ReviewedBy, ReviewedOn: t.ReviewedOn, Body: t.Body}); err != nil {
					return nil, err
				}
			}
		}
	}
	for _, m := range Shipped().All() {
		out = append(out, shipped(m))
	}
	return slices.DeleteFunc(out, func(e *Entry) bool { return !f.has(e) }), nil
}

func shipped(m *Material) *Entry {
	e := &Entry{Material: m, Main: SourceLanguage, From: make([]string, len(m.Pictograms))}
	for i := range e.From {
		e.From[i] = m.Slug + "/" + strconv.Itoa(i+1)
	}
	return e
}

// Get finds a material for staff. NotFound also for one that was put away.
func (s *Service) Get(ctx context.Context, by auth.Actor, slug string) (*Entry, error) {
	if err := by.May(auth.MaterialSee); err != nil {
		return nil, err
	}
	e, err := s.Find(ctx, by.School.ID, slug, 0)
	if err == nil && e.archived {
		return nil, errs.NotFoundf("material %s is put away", slug)
	}
	return e, err
}

// Find finds a material by slug and version (0: the latest) for codes and jobs, which have checked who asks; also one
// that was put away after it was printed.
func (s *Service) Find(ctx context.Context, schoolID int64, slug string, version int64) (*Entry, error) {
	if m, ok := Shipped().Find(slug); ok {
		return shipped(m), nil
	}
	row, err := s.DB.Q().MaterialBySlug(ctx, q.MaterialBySlugParams{SchoolID: schoolID, Slug: slug, Version: version})
	if err != nil {
		return nil, db.NotFound(err, "material "+slug)
	}
	e, err := entry(row)
	if err != nil {
		return nil, err
	}
	texts, err := s.DB.Q().MaterialTexts(ctx, q.MaterialTextsParams{SchoolID: schoolID, MaterialID: row.ID, Version: row.Version})
	if err != nil {
		return nil, fmt.Errorf("texts of material: %w", err)
	}
	for _, t := range texts {
		if err := e.addText(t); err != nil {
			return nil, err
		}
	}
	return e, nil
}

func entry(r q.MaterialBySlugRow) (*Entry, error) {
	var items []item
	if err := json.Unmarshal([]byte(r.Items), &items); err != nil {
		return nil, fmt.Errorf("items of material %s: %w", r.Slug, err)
	}
	e := &Entry{Material: &Material{Slug: r.Slug, Kind: Kind(r.Kind), Audience: Audience(r.Audience), Texts: map[string]Text{}}, Main: r.Lang, Own: true, Version: r.Version, Latest: r.Latest,
		Origin: r.Origin, Updated: time.UnixMilli(r.UpdatedAt), id: r.ID, archived: r.ArchivedAt != 0}
	for _, p := range strings.Split(r.Practices, ",") {
		if p != "" {
			e.Practices = append(e.Practices, Practice(p))
		}
	}
	for _, it := range items {
		e.Pictograms = append(e.Pictograms, it.Pictogram)
		e.From = append(e.From, it.From)
	}
	return e, nil
}

func (e *Entry) addText(t q.MaterialTextsRow) error {
	var b body
	if err := json.Unmarshal([]byte(t.Body), &b); err != nil {
		return fmt.Errorf("text %s of material %s: %w", t.Lang, e.Slug, err)
	}
	for len(b.Questions) < len(e.Pictograms) {
		b.Questions = append(b.Questions, "")
	}
	e.Texts[t.Lang] = Text{Lang: t.Lang, Status: Status(t.Status), ReviewedBy: t.ReviewedBy, ReviewedOn: t.ReviewedOn, Title: b.Title, Intro: b.Intro, Questions: b.Questions, Close: b.Close}
	return nil
}

// Create makes a material of the school's own; origin is the shipped slug that it began as, or "".
func (s *Service) Create(ctx context.Context, by auth.Actor, origin string, d Edit) (slug string, err error) {
	if err := by.May(auth.MaterialChange); err != nil {
		return "", err
	}
	if origin != "" {
		if _, ok := Shipped().Find(origin); !ok {
			return "", errs.NotFoundf("shipped material %s", origin)
		}
	}
	if err := d.check(by.School.Lang); err != nil {
		return "", err
	}
	now := s.Now().UnixMilli()
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		taken, err := tx.MaterialSlugs(ctx, by.School.ID)
		if err != nil {
			return fmt.Errorf("slugs of materials: %w", err)
		}
		slug = freeSlug(d.Title[by.School.Lang], taken)
		mid, err := tx.AddMaterial(ctx, q.AddMaterialParams{PublicID: id.New(), SchoolID: by.School.ID, Slug: slug, Kind: string(QuestionSlip), Audience: string(d.Audience), Practices: join(d.Practices),
			Origin: origin, Lang: by.School.Lang, CreatedBy: account(by), CreatedAt: now})
		if err != nil {
			return fmt.Errorf("add material: %w", err)
		}
		if err := s.addVersion(ctx, tx, by, mid, 1, nil, d); err != nil {
			return err
		}
		return journal.Write(ctx, tx, journal.Entry{SchoolID: by.School.ID, AccountID: by.AccountID, Actor: by.Name, Action: "materials.create", Area: "materials", Ref: slug})
	})
	return slug, err
}

// Change writes the next version of a material. read is the version that the editor began from: Conflict if somebody has
// written another one since (nothing is stored then; the caller still has the draft, and Get has the other text).
func (s *Service) Change(ctx context.Context, by auth.Actor, slug string, read int64, d Edit) error {
	if err := by.May(auth.MaterialChange); err != nil {
		return err
	}
	old, err := s.Get(ctx, by, slug)
	if err != nil {
		return err
	}
	if !old.Own {
		return errs.Forbiddenf("shipped material %s is changed by making an own version", slug)
	}
	if err := d.check(old.Main); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.SetMaterialVersion(ctx, q.SetMaterialVersionParams{SchoolID: by.School.ID, ID: old.id, Version: read, Next: read + 1, Audience: string(d.Audience), Practices: join(d.Practices), UpdatedAt: s.Now().UnixMilli()})
		if err != nil {
			return fmt.Errorf("next version of material: %w", err)
		}
		if n == 0 {
			return errs.New(errs.Conflict, "Somebody else has changed this slip meanwhile. Your text is still here; look at theirs and save again.")
		}
		if err := s.addVersion(ctx, tx, by, old.id, read+1, old, d); err != nil {
			return err
		}
		return journal.Write(ctx, tx, journal.Entry{SchoolID: by.School.ID, AccountID: by.AccountID, Actor: by.Name, Action: "materials.change", Area: "materials", Ref: slug, Detail: map[string]string{"version": fmt.Sprint(read + 1)}})
	})
}

// Restore makes an older version the next one.
func (s *Service) Restore(ctx context.Context, by auth.Actor, slug string, version int64) error {
	now, err := s.Get(ctx, by, slug)
	if err != nil {
		return err
	}
	old, err := s.Find(ctx, by.School.ID, slug, version)
	if err != nil {
		return err
	}
	return s.Change(ctx, by, slug, now.Version, old.Edit())
}

// Archive puts a material away: it stands in no list any more; what was printed of it keeps working.
func (s *Service) Archive(ctx context.Context, by auth.Actor, slug string) error {
	if err := by.May(auth.MaterialChange); err != nil {
		return err
	}
	e, err := s.Get(ctx, by, slug)
	if err != nil {
		return err
	}
	if !e.Own {
		return errs.Forbiddenf("shipped material %s cannot be put away", slug)
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.ArchiveMaterial(ctx, q.ArchiveMaterialParams{SchoolID: by.School.ID, ID: e.id, ArchivedAt: s.Now().UnixMilli()}); err != nil {
			return fmt.Errorf("archive material: %w", err)
		}
		return journal.Write(ctx, tx, journal.Entry{SchoolID: by.School.ID, AccountID: by.AccountID, Actor: by.Name, Action: "materials.archive", Area: "materials", Ref: slug})
	})
}

// Confirm notes that a person who speaks the language has read a text of the school's own and found it right. who is a
// name or a role.
func (s *Service) Confirm(ctx context.Context, by auth.Actor, slug, tag, who string) error {
	if err := by.May(auth.MaterialChange); err != nil {
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
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.SetTextReviewed(ctx, q.SetTextReviewedParams{SchoolID: by.School.ID, MaterialID: e.id, Version: e.Version, Lang: tag, ReviewedBy: who, ReviewedOn: s.Now().Format(time.DateOnly)})
		if err != nil {
			return fmt.Errorf("confirm text: %w", err)
		}
		if n == 0 {
			return errs.NotFoundf("text %s of %s", tag, slug)
		}
		return journal.Write(ctx, tx, journal.Entry{SchoolID: by.School.ID, AccountID: by.AccountID, Actor: by.Name, Action: "materials.confirm", Area: "materials", Ref: slug, Detail: map[string]string{"lang": tag}})
	})
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
	items := make([]item, len(d.Questions))
	for i, dq := range d.Questions {
		items[i] = item{dq.Pictogram, dq.From}
	}
	doc, err := json.Marshal(items)
	if err != nil {
		return fmt.Errorf("items: %w", err)
	}
	if err := tx.AddMaterialVersion(ctx, q.AddMaterialVersionParams{SchoolID: by.School.ID, MaterialID: materialID, Version: version, Items: string(doc), CreatedBy: account(by), CreatedAt: s.Now().UnixMilli()}); err != nil {
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
			if t, had := old.Texts[tag]; had && t.Status == Reviewed && slices.Equal(t.Questions, b.Questions) && t.Title == b.Title && t.Intro == b.Intro && t.Close == b.Close {
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
	return nil
}

// Edit is the entry as an editor takes it up.
func (e *Entry) Edit() Edit {
	d := Edit{Audience: e.Audience, Practices: slices.Clone(e.Practices), Title: map[string]string{}, Intro: map[string]string{}, Close: map[string]string{}}
	for i, p := range e.Pictograms {
		d.Questions = append(d.Questions, EditQuestion{From: e.From[i], Pictogram: p, Texts: map[string]string{}})
	}
	for tag, t := range e.Texts {
		d.Title[tag], d.Intro[tag], d.Close[tag] = t.Title, t.Intro, t.Close
		for i := range d.Questions {
			if i < len(t.Questions) {
				d.Questions[i].Texts[tag] = t.Questions[i]
			}
		}
	}
	return d
}

// Taken is the shipped question that "slug/2" names, with its pictogram and its texts in all languages.
func Taken(from string) (EditQuestion, bool) {
	slug, n, _ := strings.Cut(from, "/")
	m, ok := Shipped().Find(slug)
	i, err := strconv.Atoi(n)
	if !ok || err != nil || i < 1 || i > len(m.Pictograms) {
		return EditQuestion{}, false
	}
	dq := EditQuestion{From: from, Pictogram: m.Pictograms[i-1], Texts: map[string]string{}}
	for tag, t := range m.Texts {
		dq.Texts[tag] = t.Questions[i-1]
	}
	return dq, true
}

// languages are those in which the draft has anything, sorted.
func (d Edit) languages() []string {
	has := map[string]bool{}
	for _, m := range append([]map[string]string{d.Title, d.Intro, d.Close}, d.questionTexts()...) {
		for tag, s := range m {
			if s != "" {
				has[tag] = true
			}
		}
	}
	tags := make([]string, 0, len(has))
	for t := range has {
		tags = append(tags, t)
	}
	slices.Sort(tags)
	return tags
}

func (d Edit) questionTexts() []map[string]string {
	out := make([]map[string]string, len(d.Questions))
	for i, dq := range d.Questions {
		out[i] = dq.texts()
	}
	return out
}

// texts: a taken question speaks all languages of the library, whatever the form sent.
func (dq EditQuestion) texts() map[string]string {
	if dq.From != "" {
		if t, ok := Taken(dq.From); ok {
			return t.Texts
		}
	}
	return dq.Texts
}

func (d Edit) body(tag string) body {
	b := body{Title: d.Title[tag], Intro: d.Intro[tag], Close: d.Close[tag], Questions: make([]string, len(d.Questions))}
	for i, t := range d.questionTexts() {
		b.Questions[i] = t[tag]
	}
	return b
}

// check: the draft must be whole in the school's language; other languages may lack pieces. Field names: title.nl,
// intro.nl, q1.nl, q1.pictogram, audience, practices, questions.
func (d Edit) check(main string) error {
	var c errs.Check
	c.That(slices.Contains(Audiences(), d.Audience), "audience", "Choose for which age this is.")
	for _, p := range d.Practices {
		c.That(slices.Contains(Practices(), p), "practices", "Choose from the list.")
	}
	c.That(d.Title[main] != "", "title."+main, "Write a title.")
	c.That(len(d.Questions) >= MinQuestions, "questions", "Choose or write at least one question.")
	c.That(len(d.Questions) <= MaxQuestions, "questions", "A slip has at most {max} questions.", "max", MaxQuestions)
	long := func(field, s string, max int) {
		c.That(utf8.RuneCountInString(s) <= max, field, "This is too long. Write at most {max} letters.", "max", max)
		c.That(goodBraces(s), field, "Only {child} may stand between braces.", "child", ChildPlaceholder)
	}
	for tag, s := range d.Title {
		long("title."+tag, s, MaxTitle)
	}
	for tag, s := range d.Intro {
		long("intro."+tag, s, MaxIntro)
	}
	for tag, s := range d.Close {
		long("close."+tag, s, MaxIntro)
	}
	for i, dq := range d.Questions {
		field := fmt.Sprintf("q%d", i+1)
		if dq.From != "" {
			_, ok := Taken(dq.From)
			c.That(ok, field+"."+main, "This question is no longer in the library. Choose another one.")
			continue
		}
		c.That(dq.Texts[main] != "", field+"."+main, "Write the question.")
		for tag, s := range dq.Texts {
			long(field+"."+tag, s, MaxQuestion)
		}
		_, ok := pictogram.SVG(dq.Pictogram)
		c.That(ok || slices.Contains(pictogram.Names(), dq.Pictogram), field+".pictogram", "Choose a picture.")
	}
	return c.Err()
}

// goodBraces: the only thing between braces is the child's name.
func goodBraces(s string) bool {
	s = strings.ReplaceAll(s, ChildPlaceholder, "")
	return !strings.ContainsAny(s, "{}")
}

func join(ps []Practice) string {
	out := make([]string, len(ps))
	for i, p := range ps {
		out[i] = string(p)
	}
	return strings.Join(out, ",")
}

func account(by auth.Actor) (v nullInt) {
	v.Int64, v.Valid = by.AccountID, by.AccountID != 0
	return v
}

// DropStale takes away translations that no longer say what the main text says: where the main text of a piece was
// changed against base and its translation was not, the translation goes, so that no family reads something else than
// the school wrote.
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
	for i := range d.Questions {
		if d.Questions[i].From == "" && i < len(base.Questions) && base.Questions[i].From == "" {
			drop(d.Questions[i].Texts, base.Questions[i].Texts)
		}
	}
	return d
}
