package material

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"brug/internal/auth"
	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/errs"
	"brug/internal/lang"
	"brug/internal/lang/catalogue"
	"brug/internal/pictogram"
)

// Who prefers a translation program takes the texts as a PO file: msgctxt is "slug/key", msgid the source, msgstr the target;
// fuzzy is a draft. The same rules read it back, for the texts of a school (ImportPO) and for the files of the library
// (ImportFiles).

const (
	poFuzzy = "fuzzy"
	poBy    = "Last-Translator"
)

// ExportPO is the items (all of one language) as a PO file: what lacks has an empty msgstr, what is a draft or stale is fuzzy.
// Words that come with a part from elsewhere are left out: they are translated there.
func ExportPO(tag string, items []TranslationItem) []byte {
	f := &catalogue.File{}
	f.SetField("Project-Id-Version", "Brug materials")
	f.SetField("Language", tag)
	f.SetField(poBy, "")
	f.SetField("MIME-Version", "1.0")
	f.SetField("Content-Type", "text/plain; charset=UTF-8")
	f.SetField("Content-Transfer-Encoding", "8bit")
	f.Header.Comments = []string{
		"# Materials of Brug. A line that is fuzzy is a draft. Write your name or role behind " + poBy + " above:",
		"# texts of which no line is fuzzy any more then count as reviewed by you.",
	}
	for _, it := range items {
		for _, p := range it.Pieces {
			if p.Fixed {
				continue
			}
			e := catalogue.Entry{Ctx: it.Slug + "/" + p.Key, ID: p.Source, Strs: []string{p.Target}, Extracted: []string{"#. " + poNote(it, p)}, Places: []string{string(it.Kind.Spec().Folder) + "/" + it.Slug}}
			if p.Target != "" && (it.Text.Status != Reviewed || p.Stale) {
				e.Flags = append(e.Flags, poFuzzy)
			}
			f.Entries = append(f.Entries, e)
		}
	}
	return f.Bytes()
}

// poNote tells a translator in English what a piece is, which picture stands beside it, and how long it may be.
func poNote(it TranslationItem, p TranslationPiece) string {
	name := string(p.Key)
	if p.Role != "" {
		name = p.Role.Text()
	}
	note := fmt.Sprintf("%s: %s. %s.", it.Kind.Spec().Name, oneLine(it.Texts[it.Main].Title), name)
	if p.Pictogram != "" {
		note += fmt.Sprintf(" Picture: %s.", pictogram.Alt(p.Pictogram))
	}
	return note + fmt.Sprintf(" At most %d letters.", p.Max)
}

// POPlan is what a PO file would change.
type POPlan struct {
	Lang    string
	Changes []POChange
	Faults  []POFault // lines that are not taken, the first first
	Same    int       // pieces that are as they were
	Empty   int       // pieces without words in the file: what is there stays
	Kept    int       // drafts in the file for texts that a speaker found right: those stay
	New     int       // pieces that lacked
	Changed int       // pieces with other words
}

// POChange is one material that gets other words.
type POChange struct {
	Slug, Title string // Title in the source language
	New         int
	Changed     int
	Reviewed    string // who found the whole text right; "" for a draft

	item   TranslationItem
	pieces Pieces
}

// POFault is a line that is not taken.
type POFault struct {
	Line int // of msgid, from 1
	Ctx  string
	What errs.Text
}

// errPO is an Invalid error at the field "file".
func errPO(id string, kv ...any) error { return errs.Field("file", id, kv...) }

// planPO reads a PO file against what is there.
func planPO(data []byte, items func(tag string) ([]TranslationItem, error)) (POPlan, error) {
	if !utf8.Valid(data) {
		return POPlan{}, errPO("This file is not UTF-8. Save it as UTF-8.")
	}
	f, err := catalogue.Parse("file", strings.TrimPrefix(string(data), "\ufeff"))
	if err != nil {
		return POPlan{}, errPO("This is not a PO file that we can read: {why}", "why", strings.TrimPrefix(err.Error(), "file:"))
	}
	plan := POPlan{Lang: lang.Canonical(f.Field("Language"))}
	if _, known := letters(plan.Lang); !known {
		return POPlan{}, errPO("The file does not say its language (Language: in its first lines), or it is not one of ours.")
	}
	all, err := items(plan.Lang)
	if err != nil {
		return POPlan{}, err
	}
	type target struct {
		item  int
		piece TranslationPiece
	}
	at := map[string]target{}
	for i, it := range all {
		for _, p := range it.Pieces {
			at[it.Slug+"/"+p.Key] = target{i, p}
		}
	}
	byItem := map[int]*poText{}
	seen := map[string]bool{}
	for _, e := range f.Entries {
		fault := func(id string, kv ...any) {
			plan.Faults = append(plan.Faults, POFault{e.Line, e.Ctx, errs.T(id, kv...)})
		}
		t, known := at[e.Ctx]
		words := onOneLine(e.Strs[0])
		switch {
		case !known:
			fault("There is no such text: it was taken out, or the file is of another place.")
			continue
		case seen[e.Ctx]:
			fault("This text stands in the file twice. The first one counts.")
			continue
		case e.ID != t.piece.Source:
			fault("The source says something else by now. Export again, then translate this one anew.")
			continue
		}
		seen[e.Ctx] = true
		text := byItem[t.item]
		if text == nil {
			text = &poText{pieces: Pieces{}, sure: true}
			byItem[t.item] = text
		}
		fuzzy := slices.Contains(e.Flags, poFuzzy)
		text.sure = text.sure && !fuzzy && words != ""
		switch {
		case t.piece.Fixed:
			fault("These words come with the part and are not translated here.")
			continue
		case words == "":
			plan.Empty++
			continue
		case words == onOneLine(t.piece.Target) && !t.piece.Stale:
			plan.Same++
			text.pieces[t.piece.Key] = t.piece.Target
			text.seen++
			continue
		case fuzzy && t.piece.Stale && words == onOneLine(t.piece.Target):
			plan.Same++ // still stale: a draft of before the source changed
			continue
		case fuzzy && all[t.item].Text.Status == Reviewed && !t.piece.Stale && t.piece.Target != "":
			plan.Kept++
			text.pieces[t.piece.Key] = t.piece.Target
			continue
		}
		var c errs.Check
		all[t.item].check(&c, Pieces{t.piece.Key: words})
		if what, wrong := errs.FieldsOf(c.Err())[t.piece.Key]; wrong {
			plan.Faults = append(plan.Faults, POFault{e.Line, e.Ctx, what})
			text.sure = false
			continue
		}
		text.pieces[t.piece.Key] = words
		text.seen++
		if t.piece.Target == "" {
			text.new++
			plan.New++
		} else {
			text.changed++
			plan.Changed++
		}
	}
	who := strings.TrimSpace(f.Field(poBy))
	for i, it := range all {
		text := byItem[i]
		if text == nil {
			continue
		}
		reviewed := ""
		if who != "" && text.sure && text.seen == it.writable() && (it.Text.Status != Reviewed || text.new+text.changed > 0) {
			reviewed = who
		}
		if text.new+text.changed == 0 && reviewed == "" {
			continue
		}
		for _, p := range it.Pieces { // what the file does not say stays
			if _, has := text.pieces[p.Key]; !has && !p.Stale && p.Target != "" {
				text.pieces[p.Key] = p.Target
			}
		}
		plan.Changes = append(plan.Changes, POChange{Slug: it.Slug, Title: it.Texts[it.Main].Title, New: text.new, Changed: text.changed, Reviewed: reviewed, item: it, pieces: text.pieces})
	}
	return plan, nil
}

// onOneLine is a text without line ends; a space that does not break stays what it is.
func onOneLine(s string) string {
	return strings.TrimSpace(lineEnds.Replace(s))
}

var lineEnds = strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ", "\t", " ", "\v", " ", "\f", " ", "\u0085", " ", "\u2028", " ", "\u2029", " ")

// writable is how many pieces a translator writes.
func (it TranslationItem) writable() int {
	n := 0
	for _, p := range it.Pieces {
		if !p.Fixed {
			n++
		}
	}
	return n
}

// poText is what a file says of one material.
type poText struct {
	pieces       Pieces
	sure         bool // no line of it is fuzzy, empty or wrong
	seen         int  // pieces with words
	new, changed int
}

// ItemsOf are the materials of a school before a translator of a language, in the order of List: those whose words the actor
// may write, and so not what is for somebody else's class.
func (s *Service) ItemsOf(ctx context.Context, by auth.Actor, tag string, f Filter) ([]TranslationItem, error) {
	list, err := s.List(ctx, by, f)
	if err != nil {
		return nil, err
	}
	var out []TranslationItem
	for _, e := range list {
		if e.Main != tag && (e.Theirs() || e.ChangeableBy(by)) {
			out = append(out, e.Item(tag))
		}
	}
	return out, nil
}

// ImportPO reads a PO file and tells what it changes; with apply it changes it, all of it or nothing. Invalid at the field
// "file" where the file cannot be read.
func (s *Service) ImportPO(ctx context.Context, by auth.Actor, data []byte, apply bool) (POPlan, error) {
	if err := mayChange(by); err != nil {
		return POPlan{}, err
	}
	plan, err := planPO(data, func(tag string) ([]TranslationItem, error) { return s.ItemsOf(ctx, by, tag, Filter{}) })
	if err != nil || !apply {
		return plan, err
	}
	rows := []translationRow{}
	type ownChange struct {
		POChange
		edit  Edit
		class nullInt
	}
	var own []ownChange
	for _, c := range plan.Changes {
		if c.item.Theirs() {
			row, err := s.translationRow(c.item.Entry, plan.Lang, c.pieces, c.Reviewed)
			if err != nil {
				return plan, err
			}
			rows = append(rows, row)
			continue
		}
		if _, err := s.ownOf(ctx, by, c.Slug); err != nil {
			return plan, err
		}
		d, class, err := s.ready(ctx, by, c.item.Main, s.library().fetch(c.item.edited(c.pieces), c.item.Main, c.item.Entry))
		if err != nil {
			return plan, err
		}
		own = append(own, ownChange{c, d, class})
	}
	doc, err := json.Marshal(rows)
	if err != nil {
		return plan, fmt.Errorf("import translations: %w", err)
	}
	return plan, s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := tx.PutTranslations(ctx, q.PutTranslationsParams{SchoolID: by.School.ID, UpdatedBy: account(by), UpdatedAt: s.Now().UnixMilli(), Rows: string(doc)}); err != nil {
			return fmt.Errorf("import translations: %w", err)
		}
		for _, c := range own { // a school has few of its own; each gets a version
			if err := s.write(ctx, tx, by, c.item.Entry, c.item.Version, c.edit, c.class); err != nil {
				return err
			}
			if c.Reviewed == "" {
				continue
			}
			if err := s.reviewed(ctx, tx, by, c.item.Entry, c.item.Version+1, plan.Lang, c.Reviewed); err != nil {
				return err
			}
		}
		return note(ctx, tx, by, "import", plan.Lang, "texts", fmt.Sprint(len(plan.Changes)))
	})
}

// LibraryItems are the shipped materials before a translator of a language.
func LibraryItems(l *Library, tag string) []TranslationItem {
	var out []TranslationItem
	for _, m := range l.ordered {
		if tag != SourceLanguage {
			out = append(out, shipped(m).Item(tag))
		}
	}
	return out
}

// ImportFiles reads a PO file against a library and gives the files that change, by their names in the library, with all that
// was in them: remarks stay. A material that the language does not have yet must come whole. on is the day of a review.
func ImportFiles(l *Library, read func(name string) (string, error), data []byte, on time.Time) (POPlan, map[string]string, error) {
	plan, err := planPO(data, func(tag string) ([]TranslationItem, error) { return LibraryItems(l, tag), nil })
	if err != nil {
		return plan, nil, err
	}
	if plan.Lang == SourceLanguage {
		return plan, nil, errPO("The source is not translated. Change its file.")
	}
	files := map[string]string{}
	var changes []POChange
	for _, c := range plan.Changes {
		if len(c.pieces) < len(c.item.Pieces) {
			plan.Faults = append(plan.Faults, POFault{Ctx: c.Slug, What: errs.T("Some pieces lack; a text of the library comes whole or not at all.")})
			continue
		}
		name := c.item.Kind.Spec().Folder + "/" + plan.Lang + ".txt"
		if _, has := files[name]; !has {
			if files[name], err = read(name); err != nil {
				return plan, nil, err
			}
		}
		status := string(Draft)
		if c.Reviewed != "" {
			status = strings.Join([]string{string(Reviewed), oneLine(c.Reviewed), on.Format(time.DateOnly)}, " ")
		}
		files[name] = setSection(files[name], c, status)
		changes = append(changes, c)
	}
	plan.Changes = changes
	return plan, files, nil
}

// setSection writes the words of one material into a file of the library.
func setSection(text string, c POChange, status string) string {
	if strings.TrimSpace(text) == "" {
		text = "status: " + string(Draft) + "\n"
	}
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	head, begin, end, inside := "", -1, len(lines), false
	for i, l := range lines {
		l = strings.TrimSpace(strings.TrimPrefix(l, "\ufeff"))
		section := strings.HasPrefix(l, "[") && strings.HasSuffix(l, "]")
		inside = inside || section
		switch {
		case section && begin >= 0 && end == len(lines):
			end = i
		case l == "["+c.Slug+"]":
			begin = i
		case !inside && strings.HasPrefix(l, "status:"):
			head = strings.TrimSpace(strings.TrimPrefix(l, "status:"))
		}
	}
	if begin < 0 {
		lines = append(lines, "", "["+c.Slug+"]")
		begin, end = len(lines)-1, len(lines)
	}
	set := sectionLines{lines: slices.Clone(lines[begin+1 : end])}
	if status == head {
		set.remove("status")
	} else {
		set.put("status", status, true)
	}
	for _, p := range c.item.Pieces {
		set.put(p.Key, c.pieces[p.Key], false)
	}
	out := append(slices.Clone(lines[:begin+1]), set.lines...)
	return strings.Join(append(out, lines[end:]...), "\n") + "\n"
}

// sectionLines are the lines of one material in a file.
type sectionLines struct{ lines []string }

// find is where a key stands, with the lines that go on.
func (s sectionLines) find(key string) (from, to int) {
	for i, l := range s.lines {
		k, _, ok := strings.Cut(strings.TrimSpace(l), ":")
		if !ok || strings.TrimSpace(k) != key || l == "" || l[0] == ' ' || l[0] == '\t' || l[0] == '#' {
			continue
		}
		to = i + 1
		for to < len(s.lines) && s.lines[to] != "" && (s.lines[to][0] == ' ' || s.lines[to][0] == '\t') && strings.TrimSpace(s.lines[to]) != "" {
			to++
		}
		return i, to
	}
	return -1, -1
}

func (s *sectionLines) remove(key string) {
	if from, to := s.find(key); from >= 0 {
		s.lines = slices.Delete(s.lines, from, to)
	}
}

// put sets a key; one that is new stands first, or behind the last line that is not empty.
func (s *sectionLines) put(key, value string, first bool) {
	line := key + ": " + onOneLine(value)
	from, to := s.find(key)
	switch {
	case from >= 0 && to == from+1 && strings.TrimSpace(s.lines[from]) == line:
	case from >= 0:
		s.lines = slices.Replace(s.lines, from, to, line)
	case first:
		s.lines = slices.Insert(s.lines, 0, line)
	default:
		n := len(s.lines)
		for n > 0 && strings.TrimSpace(s.lines[n-1]) == "" {
			n--
		}
		s.lines = slices.Insert(s.lines, n, line)
	}
}

// Summary is a plan in one English line, for the command line.
func (p POPlan) Summary() string {
	return fmt.Sprintf("%s: %d new, %d changed, %d the same, %d empty, %d kept because they are reviewed, %d not taken; %d texts change",
		cmp.Or(p.Lang, "?"), p.New, p.Changed, p.Same, p.Empty, p.Kept, len(p.Faults), len(p.Changes))
}
