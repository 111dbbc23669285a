// Command extract keeps the catalogues of texts in step with the code. Run it from anywhere inside the module.
//
//	go run ./internal/lang/extract                      find the texts, write the .pot files, merge into the .po files
//	go run ./internal/lang/extract -missing ar          print what lacks in Arabic, as PO to be filled in
//	go run ./internal/lang/extract -missing ar -short   the same as "id<TAB>" lines
//	go run ./internal/lang/extract -fill FILE ar        merge translations (PO, or id<TAB>translation) into Arabic
//	go run ./internal/lang/extract -check               say what is missing or wrong anywhere
//
// bin/generate runs the first form, after templ. Package catalogue does the work and describes the formats.
package main

import (
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"brug/internal/lang/catalogue"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("extract: ")
	missing := flag.String("missing", "", "print the texts that lack a translation in this language")
	short := flag.Bool("short", false, "with -missing: id<TAB> lines in place of PO")
	only := flag.String("only", "", "with -missing: family or staff")
	fill := flag.String("fill", "", "merge the translations of this file into the language named after it")
	check := flag.Bool("check", false, "say what is missing or wrong")
	flag.Parse()
	root, err := moduleRoot()
	if err != nil {
		log.Fatal(err)
	}
	switch {
	case *missing != "":
		err = printMissing(root, *missing, *only, *short)
	case *fill != "":
		err = fillIn(root, *fill, flag.Arg(0))
	case *check:
		err = checkAll(root)
	default:
		err = merge(root)
	}
	if err != nil {
		log.Fatal(err)
	}
}

// moduleRoot is the nearest folder upwards with a go.mod.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", errors.New("no go.mod here or above")
		}
		dir = up
	}
}

func merge(root string) error {
	unlock, err := lock(filepath.Join(root, filepath.FromSlash(catalogue.Folder)))
	if err != nil {
		return err
	}
	defer unlock()
	changed, err := catalogue.Merge(root)
	for _, c := range changed {
		fmt.Println(c)
	}
	return err
}

func printMissing(root, tag, only string, short bool) error {
	get := catalogue.Missing
	if short {
		get = catalogue.MissingShort
	}
	s, err := get(root, tag, only)
	fmt.Print(s)
	return err
}

func fillIn(root, file, tag string) error {
	if tag == "" {
		return errors.New("name the language after the file: -fill FILE LANG")
	}
	src, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	unlock, err := lock(filepath.Join(root, filepath.FromSlash(catalogue.Folder)))
	if err != nil {
		return err
	}
	defer unlock()
	n, problems, err := catalogue.Fill(root, tag, file, string(src))
	if err != nil {
		return err
	}
	fmt.Printf("%d texts filled in\n", n)
	return show(problems)
}

func checkAll(root string) error {
	complete, err := catalogue.Complete(root)
	if err != nil {
		return err
	}
	sound, err := catalogue.Sound(root)
	if err != nil {
		return err
	}
	return show(append(complete, sound...))
}

func show(ps []catalogue.Problem) error {
	for _, p := range ps {
		fmt.Println(p)
	}
	if len(ps) > 0 {
		return fmt.Errorf("%d problems", len(ps))
	}
	return nil
}
