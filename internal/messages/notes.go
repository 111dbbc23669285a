package messages

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"brug/internal/contact"
	"brug/internal/db/q"
	"brug/internal/id"
	"brug/internal/messages/road"
)

// Between the moment in which a mail server takes a letter and the commit of the row that says so lie some hundred letters
// of other people. A process that is killed there would send them all again. So each process keeps notes: a line in a small file,
// written the moment a road takes a letter. What was written is there when the process is not (a killed one loses nothing of
// it; a machine that loses its power may). Who finds the notes of a process that is gone writes them into the rows, and gives
// back the rest of what it had claimed.
//
// The file is named after the claim, and is held by its process as long as that lives.

// notes is the file of this process. A nil *notes writes nothing.
type notes struct {
	mu    sync.Mutex
	file  *os.File
	line  []byte
	lines int
}

const notesEnd = ".notes"

// notesFolder is where they lie; "" where the service was given no folder.
func (s *Service) notesFolder() string {
	if s.Data == "" {
		return ""
	}
	return filepath.Join(s.Data, "sent")
}

// openNotes makes the file of a claim, or none without a folder.
func openNotes(folder, claim string) (*notes, error) {
	if folder == "" {
		return nil, nil
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	f, err := createHeld(filepath.Join(folder, claim+notesEnd))
	if err != nil {
		return nil, err
	}
	return &notes{file: f}, nil
}

// add notes that a road took a letter. When it returns, the note outlives the process.
func (n *notes) add(key string, by contact.Road, r road.Result) error {
	if n == nil {
		return nil
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	b := append(n.line[:0], key...)
	b = append(b, '\t')
	b = append(b, by...)
	b = append(b, '\t')
	b = strconv.AppendInt(b, int64(r.Parts), 10)
	b = append(b, '\t')
	b = append(b, clean(r.Ref)...)
	n.line = append(b, '\n')
	n.lines++
	_, err := n.file.Write(n.line)
	return err
}

// clear forgets everything: all of it stands in the rows.
func (n *notes) clear() error {
	if n == nil {
		return nil
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.lines == 0 {
		return nil
	}
	n.lines = 0
	return n.file.Truncate(0)
}

func clean(ref string) string {
	if strings.ContainsAny(ref, "\t\n") {
		return ""
	}
	return ref
}

// parseNotes reads a file of notes. Its last line may be torn, and then the letter was not noted.
func parseNotes(b []byte) map[string]noted {
	out := map[string]noted{}
	for {
		line, rest, whole := bytes.Cut(b, []byte{'\n'})
		if !whole {
			return out
		}
		b = rest
		f := strings.Split(string(line), "\t")
		if len(f) != 4 {
			continue
		}
		parts, err := strconv.Atoi(f[2])
		if err != nil {
			continue
		}
		out[f[0]] = noted{contact.Road(f[1]), road.Result{Taken: true, Parts: parts, Ref: f[3]}}
	}
}

type noted struct {
	road contact.Road
	road.Result
}

// recover settles what processes of this folder left behind that are gone, and gives back the rest of their claims.
func (s *Service) recover(ctx context.Context) error {
	folder := s.notesFolder()
	if folder == "" {
		return nil
	}
	files, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, f := range files {
		claim, ok := strings.CutSuffix(f.Name(), notesEnd)
		if !ok || claim == s.post.name() {
			continue
		}
		if err := s.absorb(ctx, filepath.Join(folder, f.Name()), claim); err != nil {
			return fmt.Errorf("notes of a process that is gone: %w", err)
		}
	}
	return nil
}

func (s *Service) absorb(ctx context.Context, path, claim string) (err error) {
	release, left, err := takeOver(path)
	if err != nil || !left {
		return err
	}
	defer func() { err = errors.Join(err, release()) }()
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	taken := parseNotes(text)
	rows, err := s.DB.Q().ClaimedRecipients(ctx, claim)
	if err != nil {
		return err
	}
	rows = only(rows, func(r q.Recipient) bool { _, ok := taken[r.PublicID]; return ok })
	for len(rows) > 0 {
		n := min(len(rows), claimSize)
		group, err := s.withFollowers(ctx, rows[:n])
		if err != nil {
			return err
		}
		for i := range group {
			t := taken[group[i].row.PublicID]
			group[i].take(s.Now(), t.road, t.Result)
		}
		if err := s.settle(ctx, claim, group); err != nil {
			return err
		}
		rows = rows[n:]
	}
	if err := s.giveBack(ctx, claim, nil); err != nil {
		return err
	}
	return os.Remove(path)
}

func only(rows []q.Recipient, want func(q.Recipient) bool) []q.Recipient {
	var out []q.Recipient
	for _, r := range rows {
		if want(r) {
			out = append(out, r)
		}
	}
	return out
}

// newClaim names a process: nobody else has this name, nor will the next process on the same machine.
func newClaim() string { return id.New() }
