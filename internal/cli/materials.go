package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"brug/internal/app"
	"brug/internal/material"
	"brug/internal/phrase"
)

// materialsCmd is for who writes and translates what Brug ships; only Index needs a database.
type materialsCmd struct {
	Check  materialsCheckCmd  `cmd:"" help:"Check the library and the phrases: lengths, placeholders, direction, words, missing languages."`
	Export materialsExportCmd `cmd:"" help:"Write the texts of a language as a PO file."`
	Import materialsImportCmd `cmd:"" help:"Write a PO file into the files of the library."`
	Index  materialsIndexCmd  `cmd:"" help:"Make the search in a school's own materials anew."`
}

// library is a folder with files as internal/material/library, or what this program ships.
func library(dir string) (fs.FS, error) {
	if dir == "" {
		return material.Files(), nil
	}
	info, err := os.Stat(dir)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("%s is not a folder", dir)
	}
	return os.DirFS(dir), nil
}

type materialsCheckCmd struct {
	Dir string `placeholder:"FOLDER" help:"Check this folder, as internal/material/library. Default: what this program ships."`
}

func (m *materialsCheckCmd) Run(c *commands) error {
	files, err := library(m.Dir)
	if err != nil {
		return err
	}
	all := material.Check(files)
	for _, f := range all {
		fmt.Fprintln(c.out, f)
	}
	faults := len(material.Strict(all))
	warnings := len(all) - faults
	if m.Dir == "" { // the phrases lie in a folder of their own
		for _, f := range phrase.Check(phrase.Files()) {
			fmt.Fprintln(c.out, "phrases/"+f)
			faults++
		}
	}
	fmt.Fprintf(c.out, "%d faults, %d warnings\n", faults, warnings)
	if faults > 0 {
		return errors.New("the library has faults")
	}
	return nil
}

type materialsExportCmd struct {
	Lang string `required:"" placeholder:"TAG" help:"Which language, as ti or pt."`
	Dir  string `placeholder:"FOLDER" help:"From this folder, as internal/material/library. Default: what this program ships."`
	Out  string `short:"o" placeholder:"FILE" help:"The PO file to write. Default: what it prints."`
}

func (m *materialsExportCmd) Run(c *commands) error {
	l, err := readLibrary(m.Dir)
	if err != nil {
		return err
	}
	if !slices.Contains(material.Languages(), m.Lang) || m.Lang == material.SourceLanguage {
		return fmt.Errorf("%q is no language that is translated into; there are: %v", m.Lang, material.Languages()[1:])
	}
	po := material.ExportPO(m.Lang, material.LibraryItems(l, m.Lang))
	if m.Out == "" {
		_, err := c.out.Write(po)
		return err
	}
	return whole(m.Out, func(w io.Writer) error {
		_, err := w.Write(po)
		return err
	})
}

func readLibrary(dir string) (*material.Library, error) {
	files, err := library(dir)
	if err != nil {
		return nil, err
	}
	return material.ReadLibrary(files)
}

type materialsImportCmd struct {
	File string `arg:"" type:"existingfile" help:"The PO file."`
	Dir  string `required:"" placeholder:"FOLDER" help:"The folder to write into, as internal/material/library."`
	Yes  bool   `short:"y" help:"Write; without it you see what would change."`
}

func (m *materialsImportCmd) Run(c *commands) error {
	l, err := readLibrary(m.Dir)
	if err != nil {
		return err
	}
	data, err := os.ReadFile(m.File)
	if err != nil {
		return err
	}
	read := func(name string) (string, error) {
		b, err := os.ReadFile(filepath.Join(m.Dir, filepath.FromSlash(name)))
		if errors.Is(err, fs.ErrNotExist) {
			return "", nil
		}
		return string(b), err
	}
	plan, files, err := material.ImportFiles(l, read, data, time.Now())
	if err != nil {
		return err
	}
	for _, f := range plan.Faults {
		fmt.Fprintf(c.out, "%s:%d: %s: %s\n", m.File, f.Line, f.Ctx, f.What)
	}
	fmt.Fprintln(c.out, plan.Summary())
	if !m.Yes {
		_, err := fmt.Fprintln(c.out, "Nothing was written. Say --yes to write it.")
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		path := filepath.Join(m.Dir, filepath.FromSlash(name))
		if err := rewrite(path, []byte(files[name])); err != nil {
			return err
		}
		fmt.Fprintln(c.out, "wrote", path)
	}
	return nil
}

type materialsIndexCmd struct {
	School string `placeholder:"SLUG" help:"Which school, if there are several."`
}

func (m *materialsIndexCmd) Run(ctx context.Context, c *commands) error {
	return c.with(ctx, func(a *app.App) error {
		by, err := school(ctx, a, m.School)
		if err != nil {
			return err
		}
		n, err := a.Material.Index(ctx, by)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(c.out, "%d materials can be searched.\n", n)
		return err
	})
}

// rewrite replaces a file in one step, and keeps who may read it.
func rewrite(path string, data []byte) error {
	if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, data) {
		return nil
	}
	mode := fs.FileMode(0o644)
	if info, err := os.Stat(path); err == nil {
		mode = info.Mode().Perm()
	}
	if err := os.WriteFile(path+".new", data, mode); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}
