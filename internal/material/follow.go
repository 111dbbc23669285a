package material

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"brug/internal/auth"
	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/errs"
)

// Digest says in a few letters what the material is in its main language: its words and the roles of its parts. It
// changes when they change, and not with a translation or a picture.
func (e *Entry) Digest() string {
	t := e.Texts[e.Main]
	h := sha256.New()
	put := func(words ...string) {
		for _, w := range words {
			fmt.Fprintf(h, "%d:%s", len(w), w)
		}
	}
	put(e.Main, t.Title, t.Intro, t.Close)
	for i, p := range e.Parts {
		put(string(p.Role), e.word(e.Main, i))
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// snapshot is what an origin said, as it is kept with the material that was made from it.
type snapshot struct {
	Main  string          `json:"main"`
	Parts []item          `json:"parts"`
	Texts map[string]body `json:"texts"`
}

// snapshot gives the digest and the stored form of what e says.
func (e *Entry) snapshot() (digest, stored string, err error) {
	s := snapshot{Main: e.Main, Texts: map[string]body{}}
	for _, p := range e.Parts {
		s.Parts = append(s.Parts, item(p))
	}
	for tag, t := range e.Texts {
		s.Texts[tag] = body{Title: t.Title, Intro: t.Intro, Close: t.Close, Parts: t.Parts}
	}
	b, err := json.Marshal(s)
	if err != nil {
		return "", "", fmt.Errorf("words of origin: %w", err)
	}
	return e.Digest(), string(b), nil
}

// readSnapshot makes an entry of a stored snapshot.
func readSnapshot(stored string) (*Entry, error) {
	var s snapshot
	if err := json.Unmarshal([]byte(stored), &s); err != nil {
		return nil, fmt.Errorf("words of origin: %w", err)
	}
	e := &Entry{Material: &Material{Texts: map[string]Text{}}, Main: s.Main}
	for _, it := range s.Parts {
		e.Parts = append(e.Parts, Part(it))
	}
	for tag, b := range s.Texts {
		e.Texts[tag] = b.text(len(e.Parts))
	}
	return e, nil
}

// origin finds what an own version may be made from: a shipped material, or one that the support centre publishes now.
func (s *Service) origin(ctx context.Context, schoolID int64, slug string) (*Entry, error) {
	if m, ok := s.library().Find(slug); ok {
		return shipped(m), nil
	}
	if !strings.HasPrefix(slug, CentrePrefix) {
		return nil, errs.NotFoundf("no own version is made from %s", slug)
	}
	return s.find(ctx, schoolID, slug, 0)
}

// markChanged notes on own versions whether their origin, which stands in the same list, says something else by now.
func markChanged(all []*Entry) {
	origins := map[string]*Entry{}
	for _, e := range all {
		if !e.Own {
			origins[e.Slug] = e
		}
	}
	for _, e := range all {
		if o := origins[e.Origin]; e.Own && e.originDigest != "" && o != nil {
			e.Changed = o.Digest() != e.originDigest
		}
	}
}

// maxChanged is how many own versions OriginChanged shows at a time; the next ones come when these are done.
const maxChanged = 50

// OriginChanged are the school's own versions whose origin says something else than when the school last looked, the latest
// first. Three queries, and two more for each that is found.
func (s *Service) OriginChanged(ctx context.Context, by auth.Actor) ([]*Entry, error) {
	if err := by.May(auth.MaterialSee); err != nil {
		return nil, err
	}
	rows, err := s.DB.Q().MaterialOrigins(ctx, by.School.ID)
	if err != nil {
		return nil, fmt.Errorf("origins of materials: %w", err)
	}
	centre, err := s.listPublished(ctx, by.School.ID)
	if err != nil {
		return nil, err
	}
	now := map[string]string{} // digest of each origin as it is, "" for one that is no longer there
	for _, e := range centre {
		now[e.Slug] = e.Digest()
	}
	var out []*Entry
	for _, r := range rows {
		digest, known := now[r.Origin]
		if m, is := s.library().Find(r.Origin); is && !known {
			digest = shipped(m).Digest()
			now[r.Origin] = digest
		}
		if digest == "" || digest == r.OriginDigest {
			continue
		}
		e, err := s.find(ctx, by.School.ID, r.Slug, 0)
		if err != nil {
			return nil, err
		}
		e.Changed = true
		if out = append(out, e); len(out) == maxChanged {
			break
		}
	}
	return out, nil
}

// Follow is an own version beside what it was made from: what that said when the school last looked, and what it says now.
type Follow struct {
	Changed bool
	Entry   *Entry // the school's own
	Origin  *Entry // as it is now
	Digest  string // of the origin now: whoever chooses says which one was seen
	Pieces  []FollowPiece
}

// FollowPiece is one piece in its three forms. An empty Text means that it is not there.
type FollowPiece struct {
	Key    string // "title", "intro", "close", "part1" …: names the piece when choosing
	Role   Role   // of a part
	Before Piece  // of the origin, when the school last looked
	Now    Piece  // of the origin
	Ours   Piece

	Changed bool // the origin has changed it, and ours does not say the same already
	Touched bool // ours says something else than the origin did: the school has changed it

	now, ours int // of a part: its place in the origin and in ours; -1 where it is not
}

// Follow shows an own version beside its origin. NotFound if it was made from nothing, or from what is no longer there.
func (s *Service) Follow(ctx context.Context, by auth.Actor, slug string) (Follow, error) {
	e, err := s.Get(ctx, by, slug)
	if err != nil {
		return Follow{}, err
	}
	return s.follow(ctx, by, e)
}

func (s *Service) follow(ctx context.Context, by auth.Actor, e *Entry) (Follow, error) {
	if !e.Own || e.originDigest == "" {
		return Follow{}, errs.NotFoundf("%s remembers no origin", e.Slug)
	}
	now, err := s.origin(ctx, by.School.ID, e.Origin)
	if err != nil {
		return Follow{}, err
	}
	row, err := s.DB.Q().MaterialOrigin(ctx, q.MaterialOriginParams{SchoolID: by.School.ID, ID: e.id})
	if err != nil {
		return Follow{}, db.NotFound(err, "origin of "+e.Slug)
	}
	before, err := readSnapshot(row.OriginTexts)
	if err != nil {
		return Follow{}, err
	}
	f := Follow{Entry: e, Origin: now, Digest: now.Digest(), Pieces: threeWays(before, now, e)}
	f.Changed = f.Digest != row.OriginDigest
	return f, nil
}

// threeWays sets the pieces of three texts side by side. A piece is shown in the school's language if the origin has changed
// it there, else in the language that the origin was written in.
func threeWays(before, now, ours *Entry) []FollowPiece {
	in := func(e *Entry, tag string, i int) string {
		if i < 0 {
			return ""
		}
		return e.word(tag, i)
	}
	// fill is told how to read the piece in each of the three.
	fill := func(p FollowPiece, was, is, own func(tag string) string) FollowPiece {
		tag := ours.Main
		if was(tag) == is(tag) || is(tag) == "" {
			tag = now.Main
		}
		p.Before, p.Now, p.Ours = Piece{was(tag), tag}, Piece{is(tag), tag}, Piece{own(ours.Main), ours.Main}
		differs := was(now.Main) != is(now.Main)
		p.Changed = differs && (own(now.Main) != is(now.Main) || own(ours.Main) == "")
		p.Touched = own(ours.Main) != was(ours.Main)
		if p.Now.Text == "" && p.Ours.Text == "" {
			p.Changed = false // they took away what the school took away
		}
		return p
	}
	field := func(key string, read func(t Text) string) FollowPiece {
		at := func(e *Entry) func(string) string { return func(tag string) string { return read(e.Texts[tag]) } }
		return fill(FollowPiece{Key: key, now: -1, ours: -1}, at(before), at(now), at(ours))
	}
	out := []FollowPiece{field("title", func(t Text) string { return t.Title }), field("intro", func(t Text) string { return t.Intro })}
	for i, r := range threeRows(places(before, before.Main), places(now, now.Main), placesLike(ours, before)) {
		p := FollowPiece{Key: "part" + strconv.Itoa(i+1), now: r.now, ours: r.ours}
		for _, at := range []struct {
			e *Entry
			i int
		}{{before, r.before}, {now, r.now}, {ours, r.ours}} {
			if at.i >= 0 {
				p.Role = at.e.Parts[at.i].Role
			}
		}
		at := func(e *Entry, i int) func(string) string { return func(tag string) string { return in(e, tag, i) } }
		out = append(out, fill(p, at(before, r.before), at(now, r.now), at(ours, r.ours)))
	}
	return append(out, field("close", func(t Text) string { return t.Close }))
}

// placesLike are the parts of e in the language of the other one, where e has it, so that their words can be compared.
func placesLike(e, other *Entry) []spot {
	if _, has := e.Texts[other.Main]; has {
		return places(e, other.Main)
	}
	return places(e, e.Main)
}

// row is where a part stands in three lists; -1 where it does not.
type row struct{ before, now, ours int }

// threeRows lines up three lists of parts. The parts of each stand in their own order.
func threeRows(before, now, ours []spot) []row {
	var rows []row
	at := map[int]int{} // row of each part of before
	for _, p := range align(before, now) {
		if p.a >= 0 {
			at[p.a] = len(rows)
		}
		rows = append(rows, row{p.a, p.b, -1})
	}
	// Ours come to the row of the same part of before; what only we have comes behind the part that it follows.
	type extra struct{ behind, ours int }
	var extras []extra
	last := -1
	for _, p := range align(before, ours) {
		switch {
		case p.a >= 0 && p.b >= 0:
			rows[at[p.a]].ours, last = p.b, at[p.a]
		case p.a >= 0:
			last = at[p.a]
		default:
			behind := last
			for n := last + 1; n < len(rows) && rows[n].before < 0; n++ { // the school has added the same by itself
				if rows[n].ours < 0 && now[rows[n].now] == ours[p.b] {
					rows[n].ours, behind = p.b, -2
					last = n
					break
				}
			}
			if behind != -2 {
				extras = append(extras, extra{behind, p.b})
			}
		}
	}
	var out []row
	put := func(behind int) {
		for _, x := range extras {
			if x.behind == behind {
				out = append(out, row{-1, -1, x.ours})
			}
		}
	}
	put(-1)
	for i, r := range rows {
		out = append(out, r)
		put(i)
	}
	return out
}

// KeepOurs says that the school has seen what its origin says now (digest) and keeps its own words: it is asked no more until
// the origin changes again. Conflict if somebody has changed either meanwhile.
func (s *Service) KeepOurs(ctx context.Context, by auth.Actor, slug string, read int64, digest string) error {
	_, f, err := s.chosen(ctx, by, slug, read, digest)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := s.followed(ctx, tx, by, f, read); err != nil {
			return err
		}
		return note(ctx, tx, by, "keep", slug, "origin", f.Origin.Slug)
	})
}

// TakeTheirs makes what the origin says now the next version, in all its languages; the class that it is for stays. Errors
// as KeepOurs, and Invalid if the origin is not there in the language of the own one.
func (s *Service) TakeTheirs(ctx context.Context, by auth.Actor, slug string, read int64, digest string) error {
	e, f, err := s.chosen(ctx, by, slug, read, digest)
	if err != nil {
		return err
	}
	if f.Origin.Texts[e.Main].Title == "" {
		return errs.New(errs.Invalid, "This text is not there in the language of your own version yet. Take single pieces, or keep yours.")
	}
	if err := s.overlay(ctx, by.School.ID, []*Entry{f.Origin}); err != nil { // with what the school has translated of it
		return err
	}
	d := f.Origin.Copy()
	d.Class = e.For.PublicID
	return s.take(ctx, by, f, read, d, "all")
}

// TakePieces makes the next version of ours with some pieces of the origin, by their keys. With none it is KeepOurs. Errors
// as TakeTheirs, Invalid at the key of the piece.
func (s *Service) TakePieces(ctx context.Context, by auth.Actor, slug string, read int64, digest string, keys []string) error {
	if len(keys) == 0 {
		return s.KeepOurs(ctx, by, slug, read, digest)
	}
	e, f, err := s.chosen(ctx, by, slug, read, digest)
	if err != nil {
		return err
	}
	if err := s.overlay(ctx, by.School.ID, []*Entry{f.Origin}); err != nil {
		return err
	}
	theirs, d := f.Origin.Copy(), e.Edit()
	var c errs.Check
	taken := func(key string, from map[string]string) map[string]string {
		c.That(from[e.Main] != "" || from[f.Origin.Main] == "", key, "This piece is not there in the language of your own version yet.")
		return maps.Clone(from)
	}
	var parts []EditPart
	for _, p := range f.Pieces {
		take := slices.Contains(keys, p.Key)
		switch {
		case p.Key == "title" && take:
			d.Title = taken(p.Key, theirs.Title)
		case p.Key == "intro" && take:
			d.Intro = taken(p.Key, theirs.Intro)
		case p.Key == "close" && take:
			d.Close = taken(p.Key, theirs.Close)
		case !strings.HasPrefix(p.Key, "part"):
		case take && p.now >= 0:
			part := theirs.Parts[p.now]
			part.Texts = taken(p.Key, part.Texts)
			parts = append(parts, part)
		case !take && p.ours >= 0:
			parts = append(parts, d.Parts[p.ours])
		}
	}
	if err := c.Err(); err != nil {
		return err
	}
	d.Parts = parts
	return s.take(ctx, by, f, read, d, strings.Join(keys, " "))
}

// chosen is an own version with its origin, as whoever chooses has seen both.
func (s *Service) chosen(ctx context.Context, by auth.Actor, slug string, read int64, digest string) (*Entry, Follow, error) {
	e, err := s.ownOf(ctx, by, slug)
	if err != nil {
		return nil, Follow{}, err
	}
	f, err := s.follow(ctx, by, e)
	if err != nil {
		return nil, Follow{}, err
	}
	if e.Version != read || f.Digest != digest {
		return nil, Follow{}, errs.New(errs.Conflict, "One of the texts has changed meanwhile. Look at them again, then choose.")
	}
	return e, f, nil
}

// take writes the next version. Pieces of ours that were once taken from the origin, and that it says differently now, keep
// their words: fetch sees to it, for it finds them in ours; a piece that was taken just now has the words of now.
func (s *Service) take(ctx context.Context, by auth.Actor, f Follow, read int64, d Edit, what string) error {
	fresh := map[int]EditPart{}
	for i, p := range d.Parts {
		if t, ok := s.library().taken(p.Part); ok && t.Texts[f.Entry.Main] == p.Texts[f.Entry.Main] {
			p.Texts = t.Texts
			fresh[i] = p
		}
	}
	d = s.library().fetch(d, f.Entry.Main, f.Entry)
	for i, p := range fresh {
		d.Parts[i] = p
	}
	return s.change(ctx, by, f.Entry, read, d, func(tx *db.Tx) error {
		if err := s.followed(ctx, tx, by, f, read); err != nil {
			return err
		}
		return note(ctx, tx, by, "follow", f.Entry.Slug, "origin", f.Origin.Slug, "pieces", what)
	})
}

// followed remembers that the school has seen the origin as it is in f.
func (s *Service) followed(ctx context.Context, tx *db.Tx, by auth.Actor, f Follow, read int64) error {
	digest, stored, err := f.Origin.snapshot()
	if err != nil {
		return err
	}
	n, err := tx.SetMaterialOrigin(ctx, q.SetMaterialOriginParams{SchoolID: by.School.ID, ID: f.Entry.id, Version: read, OriginDigest: digest, OriginTexts: stored})
	if err != nil {
		return fmt.Errorf("origin of material: %w", err)
	}
	if n == 0 {
		return changedMeanwhile()
	}
	return nil
}
