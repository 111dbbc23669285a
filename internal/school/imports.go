package school

import (
	"archive/zip"
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"brug/internal/auth"
	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/errs"
	"brug/internal/id"
	"brug/internal/jobs"
	"brug/internal/roster"
)

// The states of an import.
const (
	ImportReading = "reading" // sent; a person looks at the columns
	ImportPlanned = "planned" // a person looks at what would change
	ImportRunning = "running"
	ImportDone    = "done"
	ImportFailed  = "failed"
	ImportDropped = "dropped"
)

// MaxUpload is the most that can be sent at once, in bytes.
const MaxUpload = 20_000_000

// keepUnfinished is how long a file that nobody brought in is kept.
const keepUnfinished = 7 * 24 * time.Hour

// rescueAfter is when a job looks after an import of the command line.
const rescueAfter = 10 * time.Minute

// Import is one import as its page shows it.
type Import struct {
	PublicID   string
	Filename   string
	State      string
	Problem    string // English message id, for ImportFailed
	Done       int    // pupils
	Total      int
	Counts     Counts
	Plan       Plan // for ImportPlanned
	Choices    Choices
	CreatedAt  int64
	FinishedAt int64
	Version    int64 // of the people, homes and classes that the plan was made against

	id int64
}

// ImportRow is an import in a list.
type ImportRow struct {
	PublicID, Filename, State, Person string
	Counts                            Counts
	Done, Total                       int
	CreatedAt, FinishedAt             int64
}

// Imports are the latest imports, newest first.
func (s *Service) Imports(ctx context.Context, by auth.Actor) ([]ImportRow, error) {
	if err := by.May(auth.RosterImport); err != nil {
		return nil, err
	}
	rows, err := s.db.Q().ImportRows(ctx, q.ImportRowsParams{SchoolID: by.School.ID, Lim: 20})
	if err != nil {
		return nil, err
	}
	var out []ImportRow
	for _, r := range rows {
		c, err := countsFrom(r.Summary)
		if err != nil {
			return nil, err
		}
		out = append(out, ImportRow{PublicID: r.PublicID, Filename: r.Filename, State: r.State, Person: r.Person, Counts: c,
			Done: int(r.Done), Total: int(r.Total), CreatedAt: r.CreatedAt, FinishedAt: r.FinishedAt})
	}
	return out, nil
}

// Upload takes the files of a list and guesses how to read them; what was chosen for the same columns before is chosen again.
// Nothing of it is brought in yet. Invalid at field "file" where it cannot be read, in words that say what to do.
func (s *Service) Upload(ctx context.Context, by auth.Actor, files []roster.File) (string, error) {
	if err := by.May(auth.RosterImport); err != nil {
		return "", err
	}
	if len(files) == 0 {
		return "", errs.Field("file", "Choose the file with the list.")
	}
	size := 0
	for _, f := range files {
		size += len(f.Data)
	}
	if size > MaxUpload {
		return "", errs.Field("file", "That is too large: at most {n} MB can be sent at once. Send the classes in parts.", "n", MaxUpload/1_000_000)
	}
	m, _, err := roster.Guess(files)
	if err != nil {
		return "", err
	}
	if m, err = s.recall(ctx, by, files, m); err != nil {
		return "", err
	}
	data, name, err := bundle(files)
	if err != nil {
		return "", err
	}
	if err := s.dropOld(ctx, by); err != nil {
		return "", err
	}
	public := id.New()
	key := "imports/" + by.School.PublicID + "/" + public
	if err := s.blobs.Put(ctx, key, bytes.NewReader(data)); err != nil {
		return "", err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.AddImport(ctx, q.AddImportParams{PublicID: public, SchoolID: by.School.ID, AccountID: account(by), Filename: name,
			BlobKey: key, Mapping: jsonOf(m), State: ImportReading, CreatedAt: s.ms()})
		if err != nil {
			return err
		}
		return s.note(ctx, tx, by, "imports.upload", public, map[string]any{"bytes": size})
	})
	if err != nil {
		err = errors.Join(err, s.blobs.Delete(ctx, key))
	}
	return public, err
}

// recall gives the guess m with what was chosen for the same columns before, and reads the files as was chosen then where
// the guess would be wrong again.
func (s *Service) recall(ctx context.Context, by auth.Actor, files []roster.File, m roster.Mapping) (roster.Mapping, error) {
	earlier, known, err := s.remembered(ctx, by, m.Fingerprint)
	if err != nil || !known {
		return m, err
	}
	if !earlier.Chosen.None() {
		again, _, err := roster.GuessAs(files, earlier.Chosen)
		if err == nil && again.Fingerprint == earlier.Fingerprint {
			again.Guessed = m.Fingerprint
			return again.Recall(earlier), nil
		}
		if err != nil && !errs.Is(err, errs.Invalid) {
			return m, err
		}
	}
	if m.Fingerprint != earlier.Fingerprint {
		return m, nil // other columns than those that the choice was for
	}
	return m.Recall(earlier), nil
}

func (s *Service) remembered(ctx context.Context, by auth.Actor, fingerprint string) (m roster.Mapping, known bool, err error) {
	doc, err := s.db.Q().MappingFor(ctx, q.MappingForParams{SchoolID: by.School.ID, Fingerprint: fingerprint})
	if db.Missing(err) {
		return m, false, nil
	}
	if err != nil {
		return m, false, err
	}
	if err := json.Unmarshal([]byte(doc), &m); err != nil {
		return m, false, fmt.Errorf("school: remembered columns: %w", err)
	}
	return m, true, nil
}

// dropOld forgets files that were sent and never brought in.
func (s *Service) dropOld(ctx context.Context, by auth.Actor) error {
	rows, err := s.db.Q().UnfinishedImports(ctx, q.UnfinishedImportsParams{SchoolID: by.School.ID, Before: s.now().Add(-keepUnfinished).UnixMilli()})
	if err != nil {
		return err
	}
	for _, r := range rows {
		if err := s.DropImport(ctx, by, r.PublicID); err != nil {
			return err
		}
	}
	return nil
}

// Import is one import.
func (s *Service) Import(ctx context.Context, by auth.Actor, publicID string) (Import, error) {
	row, err := s.importRow(ctx, by, publicID)
	if err != nil {
		return Import{}, err
	}
	im := Import{PublicID: row.PublicID, Filename: row.Filename, State: row.State, Problem: row.Problem, Done: int(row.Done),
		Total: int(row.Total), CreatedAt: row.CreatedAt, FinishedAt: row.FinishedAt, Version: row.RosterVersion, id: row.ID}
	if im.Counts, err = countsFrom(row.Summary); err != nil {
		return im, err
	}
	if im.Choices, err = choicesFrom(row.Choices); err != nil {
		return im, err
	}
	if row.State == ImportPlanned {
		if err := json.Unmarshal([]byte(row.Plan), &im.Plan); err != nil {
			return im, fmt.Errorf("school: plan of import %s: %w", publicID, err)
		}
		im.Counts = im.Plan.Counts
	}
	return im, nil
}

// Columns are how the file will be read and its first rows, for a person to correct.
func (s *Service) Columns(ctx context.Context, by auth.Actor, publicID string) (roster.Mapping, roster.Preview, error) {
	row, err := s.importRow(ctx, by, publicID)
	if err != nil {
		return roster.Mapping{}, roster.Preview{}, err
	}
	if row.State != ImportReading && row.State != ImportPlanned {
		return roster.Mapping{}, roster.Preview{}, errs.New(errs.Conflict, "This list has been dealt with already.")
	}
	files, m, err := s.filesOf(ctx, row)
	if err != nil {
		return m, roster.Preview{}, err
	}
	_, preview, err := roster.GuessAs(files, m.Chosen)
	return m, preview, err
}

// ReadAs reads the file anew by m.Chosen and guesses its columns again; a plan that was made is void. Tables that are
// read as before keep what m says of them; others get what was chosen for the same columns before, if anything.
// Invalid at "separator", "charset", "sheet" or roster.TitlesField where the file cannot be read so, and without a field
// for a kind of file that leaves nothing to choose.
func (s *Service) ReadAs(ctx context.Context, by auth.Actor, publicID string, m roster.Mapping, c Choices) error {
	row, err := s.importRow(ctx, by, publicID)
	if err != nil {
		return err
	}
	if row.State != ImportReading && row.State != ImportPlanned {
		return errs.New(errs.Conflict, "This list has been dealt with already.")
	}
	files, _, err := s.filesOf(ctx, row)
	if err != nil {
		return err
	}
	guess, _, err := roster.Guess(files)
	if err != nil {
		return err
	}
	again, _, err := roster.GuessAs(files, m.Chosen)
	if err != nil {
		return err
	}
	if len(again.Tables) == 0 && !m.Chosen.None() {
		return errs.New(errs.Invalid, "This kind of file tells itself what is what. There is nothing to choose.")
	}
	if again.Fingerprint != guess.Fingerprint {
		again.Guessed = guess.Fingerprint
	}
	if earlier, known, err := s.remembered(ctx, by, again.Fingerprint); err != nil {
		return err
	} else if known {
		again = again.Recall(earlier)
	}
	again = again.Keep(m)
	return s.db.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.SetImportReading(ctx, q.SetImportReadingParams{Mapping: jsonOf(again), Choices: jsonOf(c), SchoolID: by.School.ID, ID: row.ID})
		if err == nil && n == 0 {
			err = errs.New(errs.Conflict, "This list has been dealt with already.")
		}
		if err != nil {
			return err
		}
		return s.note(ctx, tx, by, "imports.read", publicID, map[string]any{"separator": m.Chosen.Separator, "charset": m.Chosen.Charset,
			"sheet": m.Chosen.Sheet != "", "titles": len(m.Chosen.Titles) > 0})
	})
}

// SetColumns keeps what a person corrected, also for the next file with the same columns, and makes the plan.
func (s *Service) SetColumns(ctx context.Context, by auth.Actor, publicID string, m roster.Mapping, c Choices) (Plan, error) {
	row, err := s.importRow(ctx, by, publicID)
	if err != nil {
		return Plan{}, err
	}
	if err := checkMapping(m); err != nil {
		return Plan{}, err
	}
	doc := jsonOf(m)
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.SetImportMapping(ctx, q.SetImportMappingParams{Mapping: doc, SchoolID: by.School.ID, ID: row.ID})
		if err == nil && n == 0 {
			return errs.New(errs.Conflict, "This list has been dealt with already.")
		}
		if err != nil {
			return err
		}
		for _, print := range []string{m.Fingerprint, m.Guessed} { // the next file may be guessed wrong in the same way
			if print == "" {
				continue
			}
			if err := tx.KeepMapping(ctx, q.KeepMappingParams{SchoolID: by.School.ID, Fingerprint: print, Mapping: doc, UsedAt: s.ms()}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return Plan{}, err
	}
	row.Mapping = doc
	return s.replan(ctx, by, row, c)
}

// checkMapping: a table of pupils needs a name; the same field may not stand on two columns of one table.
func checkMapping(m roster.Mapping) error {
	var c errs.Check
	for t, table := range m.Tables {
		if !c.That(table.Layout.Known(), fmt.Sprintf("layout.%d", t), "Choose from the list.") || table.Layout == roster.Ignored {
			continue
		}
		seen := map[roster.Field]bool{}
		for i, col := range table.Columns {
			field := fmt.Sprintf("col.%d.%d", t, i)
			if !c.That(col.Field.Known(), field, "Choose from the list.") {
				continue
			}
			c.That(col.Field == roster.Skip || !seen[col.Field], field, "Another column is “{field}” already.", "field", col.Field.Text().ID)
			seen[col.Field] = true
		}
		if table.Layout == roster.RowPerPupil || table.Layout == roster.RowPerGuardian {
			named := seen[roster.PupilGiven] || seen[roster.PupilName] || seen[roster.PupilFamilyName] || seen[roster.PupilFamily]
			c.That(named, fmt.Sprintf("layout.%d", t), "Say in which column the name of the pupil stands.")
		}
	}
	return c.Err()
}

// PlanAgain makes the plan again: with other choices, or because something was changed in Brug in between.
func (s *Service) PlanAgain(ctx context.Context, by auth.Actor, publicID string, c Choices) (Plan, error) {
	row, err := s.importRow(ctx, by, publicID)
	if err != nil {
		return Plan{}, err
	}
	if row.State != ImportPlanned && row.State != ImportReading {
		return Plan{}, errs.New(errs.Conflict, "This list has been dealt with already.")
	}
	return s.replan(ctx, by, row, c)
}

func (s *Service) replan(ctx context.Context, by auth.Actor, row q.Import, c Choices) (Plan, error) {
	in, err := s.read(ctx, by, row)
	if err != nil {
		return Plan{}, err
	}
	now, err := s.state(ctx, by)
	if err != nil {
		return Plan{}, err
	}
	plan, _ := makePlan(now, in, c)
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.SetImportPlan(ctx, q.SetImportPlanParams{Plan: jsonOf(plan), Choices: jsonOf(c), RosterVersion: now.version,
			Total: int64(len(in.pupils)), SchoolID: by.School.ID, ID: row.ID})
		if err == nil && n == 0 {
			err = errs.New(errs.Conflict, "This list has been dealt with already.")
		}
		return err
	})
	return plan, err
}

// Fresh tells whether a plan is still true: nobody changed people, homes or classes since.
func (s *Service) Fresh(ctx context.Context, by auth.Actor, im Import) (bool, error) {
	v, err := s.db.Q().RosterVersion(ctx, by.School.ID)
	return v == im.Version, err
}

// StartImport brings the list in, in the background. Conflict: another import is being brought in; or something was changed
// in Brug since the plan was made (then the plan has been made again, and a person should look at it).
func (s *Service) StartImport(ctx context.Context, by auth.Actor, publicID string, c Choices) error {
	row, err := s.start(ctx, by, publicID, c)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if err := s.begin(ctx, tx, by, row, c); err != nil {
			return err
		}
		return s.jobs.Enqueue(ctx, tx, importArgs{School: by.School.ID, Import: row.ID}, jobs.Once(), jobs.Tries(5))
	})
}

// start checks what can be checked before the transaction.
func (s *Service) start(ctx context.Context, by auth.Actor, publicID string, c Choices) (q.Import, error) {
	row, err := s.importRow(ctx, by, publicID)
	if err != nil {
		return row, err
	}
	if row.State != ImportPlanned {
		return row, errs.New(errs.Conflict, "This list has been dealt with already.")
	}
	version, err := s.db.Q().RosterVersion(ctx, by.School.ID)
	if err != nil {
		return row, err
	}
	plan, err := s.replan(ctx, by, row, c)
	if err != nil {
		return row, err
	}
	if version != row.RosterVersion {
		return row, errs.New(errs.Conflict, "Somebody changed something in Brug since this page was made. It has been made again: please look once more.")
	}
	if plan.Counts.Gone > 0 && c.Gone == "" {
		return row, errs.Field("gone", "Say what should happen with those who are not on the list any more.")
	}
	row.Summary = jsonOf(plan.Counts)
	return row, nil
}

// begin takes the school for this import: within the transaction no other import of the school can be taken.
func (s *Service) begin(ctx context.Context, tx *db.Tx, by auth.Actor, row q.Import, c Choices) error {
	n, err := tx.TakeRoster(ctx, q.TakeRosterParams{SchoolID: by.School.ID, RosterVersion: row.RosterVersion})
	if err != nil {
		return err
	}
	running, err := tx.RunningImports(ctx, q.RunningImportsParams{SchoolID: by.School.ID, Besides: row.ID})
	if err != nil {
		return err
	}
	if len(running) > 0 {
		return errs.New(errs.Conflict, "Another list is being brought in right now. Wait until it is done, then look at this page again.")
	}
	if n == 0 {
		return errs.New(errs.Conflict, "Somebody changed something in Brug since this page was made. It has been made again: please look once more.")
	}
	n, err = tx.StartImport(ctx, q.StartImportParams{Choices: jsonOf(c), Summary: row.Summary, SchoolID: by.School.ID, ID: row.ID})
	if err == nil && n == 0 {
		err = errs.New(errs.Conflict, "This list has been dealt with already.")
	}
	return err
}

// DropImport forgets a list that was not brought in, with its file.
func (s *Service) DropImport(ctx context.Context, by auth.Actor, publicID string) error {
	row, err := s.importRow(ctx, by, publicID)
	if err != nil {
		return err
	}
	if row.State != ImportReading && row.State != ImportPlanned {
		return errs.New(errs.Conflict, "This list has been dealt with already.")
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.FinishImport(ctx, q.FinishImportParams{State: ImportDropped, FinishedAt: s.ms(), SchoolID: by.School.ID, ID: row.ID})
		if err != nil {
			return err
		}
		return s.note(ctx, tx, by, "imports.drop", publicID, nil)
	})
	if err != nil {
		return err
	}
	return s.blobs.Delete(ctx, row.BlobKey)
}

// ImportFiles does all at once, for the command line: it guesses the columns (or recalls them), makes the plan and, with yes,
// brings the list in before it returns. Without yes nothing stays behind.
func (s *Service) ImportFiles(ctx context.Context, by auth.Actor, files []roster.File, c Choices, yes bool) (Plan, error) {
	public, err := s.Upload(ctx, by, files)
	if err != nil {
		return Plan{}, err
	}
	plan, err := s.planGuess(ctx, by, public, c)
	if err != nil || !yes {
		return plan, errors.Join(err, s.DropImport(ctx, by, public))
	}
	if c.Gone == "" {
		c.Gone = GoneKeep
	}
	row, err := s.start(ctx, by, public, c)
	if err == nil {
		err = s.db.Write(ctx, func(tx *db.Tx) error {
			if err := s.begin(ctx, tx, by, row, c); err != nil || s.jobs == nil {
				return err
			}
			// should this process end on the way, a serving one goes on where it stopped
			return s.jobs.Enqueue(ctx, tx, importArgs{School: by.School.ID, Import: row.ID}, jobs.Once(), jobs.Tries(5), jobs.At(s.now().Add(rescueAfter)))
		})
	}
	if err != nil {
		return plan, errors.Join(err, s.DropImport(ctx, by, public))
	}
	if err := s.run(ctx, by, row.ID); err != nil {
		return plan, errors.Join(err, s.fail(ctx, by, row.ID))
	}
	return plan, nil
}

func (s *Service) planGuess(ctx context.Context, by auth.Actor, public string, c Choices) (Plan, error) {
	m, _, err := s.Columns(ctx, by, public)
	if err != nil {
		return Plan{}, err
	}
	return s.SetColumns(ctx, by, public, m, c)
}

func (s *Service) importRow(ctx context.Context, by auth.Actor, publicID string) (q.Import, error) {
	if err := by.May(auth.RosterImport); err != nil {
		return q.Import{}, err
	}
	row, err := s.db.Q().ImportByPublicID(ctx, q.ImportByPublicIDParams{SchoolID: by.School.ID, PublicID: publicID})
	return row, db.NotFound(err, "import "+publicID)
}

// filesOf are the files of an import and how to read them.
func (s *Service) filesOf(ctx context.Context, row q.Import) ([]roster.File, roster.Mapping, error) {
	var m roster.Mapping
	if err := json.Unmarshal([]byte(row.Mapping), &m); err != nil {
		return nil, m, fmt.Errorf("school: columns of import %s: %w", row.PublicID, err)
	}
	data, err := s.readBlob(ctx, row.BlobKey, 2*MaxUpload)
	if err != nil {
		return nil, m, err
	}
	return []roster.File{{Name: row.Filename, Data: data}}, m, nil
}

// read reads the file of an import and builds its homes.
func (s *Service) read(ctx context.Context, by auth.Actor, row q.Import) (incoming, error) {
	files, m, err := s.filesOf(ctx, row)
	if err != nil {
		return incoming{}, err
	}
	list, issues, err := roster.Read(files, m)
	if err != nil {
		return incoming{}, err
	}
	sc, err := s.db.Q().SchoolByID(ctx, by.School.ID)
	if err != nil {
		return incoming{}, err
	}
	var own roster.Own
	if n, ok := roster.ParsePhone(sc.Phone); ok {
		own.Phones = append(own.Phones, n)
	}
	if a, ok := roster.ParseEmail(sc.Email); ok {
		own.Emails = append(own.Emails, a)
	}
	return incoming{pupils: list.Pupils, homes: roster.Households(list.Pupils, own), doubts: list.Doubtful, issues: issues}, nil
}

// state reads what stands about the school: eight queries, however large it is.
func (s *Service) state(ctx context.Context, by auth.Actor) (state, error) {
	day := s.today(by)
	st := state{day: day.Format(time.DateOnly), year: YearOf(day)}
	qs, school := s.db.Q(), by.School.ID
	var err error
	if st.version, err = qs.RosterVersion(ctx, school); err != nil { // first: what is written meanwhile makes the plan old
		return st, err
	}
	if st.classes, err = qs.StateClasses(ctx, school); err != nil {
		return st, err
	}
	if st.pupils, err = qs.StatePupils(ctx, school); err != nil {
		return st, err
	}
	if st.enrolments, err = qs.StateEnrolments(ctx, school); err != nil {
		return st, err
	}
	if st.households, err = qs.StateHouseholds(ctx, school); err != nil {
		return st, err
	}
	if st.links, err = qs.StateLinks(ctx, school); err != nil {
		return st, err
	}
	if st.guardians, err = qs.StateGuardians(ctx, school); err != nil {
		return st, err
	}
	st.rights, err = qs.StateRights(ctx, school)
	return st, err
}

// bundle makes one file of what was sent: itself, or a zip of several.
func bundle(files []roster.File) (data []byte, name string, err error) {
	if len(files) == 1 {
		return files[0].Data, filepath.Base(files[0].Name), nil
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	var names []string
	for i, f := range files {
		base := filepath.Base(f.Name)
		if slices.Contains(names, base) {
			base = fmt.Sprintf("%d-%s", i+1, base)
		}
		names = append(names, base)
		w, err := z.Create(base)
		if err != nil {
			return nil, "", err
		}
		if _, err := w.Write(f.Data); err != nil {
			return nil, "", err
		}
	}
	if err := z.Close(); err != nil {
		return nil, "", err
	}
	return b.Bytes(), strings.Join(names, " + "), nil
}

func account(by auth.Actor) sql.NullInt64 {
	return sql.NullInt64{Int64: by.AccountID, Valid: by.AccountID != 0}
}

func countsFrom(doc string) (c Counts, err error) {
	if doc != "" {
		err = json.Unmarshal([]byte(doc), &c)
	}
	return c, err
}

func choicesFrom(doc string) (c Choices, err error) {
	if doc != "" {
		err = json.Unmarshal([]byte(doc), &c)
	}
	return c, err
}

func jsonOf(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // plain types of ours
	}
	return string(b)
}
