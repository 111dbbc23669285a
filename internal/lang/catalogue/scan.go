// Package catalogue keeps the PO catalogues of package lang in step with the code: it finds the texts in Go sources,
// merges them into the files in internal/lang/po, takes translations in, and says what is missing or wrong.
//
// Its callers are the command internal/lang/extract (run by bin/generate, and by translators) and the tests of package
// lang. The running program does not use it. It owns no tables.
package catalogue

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// familyFolders are where texts stand that parents meet; all others are texts for staff. A text that stands in both is
// for families. An entry is a folder with all below it, or a pattern of files.
var familyFolders = []string{
	"internal/errs",
	"internal/lang",
	"internal/contact/familyweb",
	"internal/contact/contact.go", // what is wrong with an answer
	"internal/contact/visit.go",
	"internal/contact/links.go", // links, second step and choices of the personal page
	"internal/contact/second.go",
	"internal/contact/choices.go",
	"internal/sheets/*.go", // paper
	"internal/material/sheetview",
	"internal/calendar/kinds.go", // what events are called, and when they are
	"internal/calendar/say.go",
	"internal/calendar/feed.go",
	"internal/messages/letter",
	"internal/messages/push",      // what a telephone shows
	"internal/messages/family.go", // what is wrong with what a family says
	"internal/messages/said.go",
	"internal/messages/push", // the sign on a phone
	"internal/voice/*.go",    // what is spoken, and what whoever lends a voice by a link is told
	"internal/voice/voiceweb/guest*",
	"internal/mail",
	"internal/web/ui/family*.go",
	"internal/web/ui/forms*.go",   // the answer form
	"internal/web/ui/problem*.go", // the pages for what goes wrong
	"internal/web/ui/recorder*.go",
}

// skippedFolders are no part of the program: what people see there needs no translation.
var skippedFolders = []string{"internal/web/ui/gallery"}

// Message is a text that the code uses.
type Message struct {
	Ctx, ID, Plural string
	Family          bool    // parents meet it
	Places          []Place // in order
}

// Place is where a text is used. File is relative to the root of the module, with slashes, and names the .templ where
// the Go file is made from one.
type Place struct {
	File string
	Line int
}

func (p Place) String() string { return fmt.Sprintf("%s:%d", p.File, p.Line) }

type key struct{ ctx, id string }

func (m Message) key() key { return key{m.Ctx, m.ID} }

// Scan reads all Go sources of the module in root, tests left out, and gives its texts in the order of files and lines.
// A file that cannot be parsed is an error: with half the code, texts would seem to be gone.
//
// Found are: lang.T, C, N, Msg, MsgC; the methods T, C, N of anything; errs.T, New, Field, Text{ID: …} and Check.That;
// and functions, methods and templates that hand on one of their parameters to one of these (see forwarders.go). The
// text must be a constant: a literal, literals joined by +, or a constant of the same folder. A call with something
// else is passed over, since it translates what lang.Msg or errs.T has marked elsewhere.
func Scan(root string) ([]Message, error) {
	s := scanner{root: root, found: map[key]*Message{}, forward: map[string]shape{}, forwardMethods: map[string]shape{}}
	folders := map[string][]string{}
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, p)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		name := d.Name()
		if d.IsDir() {
			if p != root && (strings.HasPrefix(name, ".") || name == "testdata" || name == "node_modules" || slices.Contains(skippedFolders, rel)) {
				return filepath.SkipDir
			}
			return nil
		}
		if strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") {
			folders[path.Dir(rel)] = append(folders[path.Dir(rel)], rel)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	var sources []source
	for dir, files := range folders {
		more, err := s.folder(dir, files)
		if err != nil {
			return nil, err
		}
		sources = append(sources, more...)
	}
	s.findForwarders(sources)
	for _, src := range sources {
		ast.Inspect(src.file, src.visit)
	}
	all := make([]Message, 0, len(s.found))
	for _, m := range s.found {
		slices.SortFunc(m.Places, comparePlaces)
		m.Places = slices.Compact(m.Places)
		all = append(all, *m)
	}
	slices.SortFunc(all, func(a, b Message) int {
		return cmp.Or(comparePlaces(a.Places[0], b.Places[0]), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Ctx, b.Ctx))
	})
	return all, s.clash
}

func comparePlaces(a, b Place) int {
	return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
}

type scanner struct {
	root  string
	found map[key]*Message
	clash error // a text that counts in one place and not, or otherwise, in another

	forward        map[string]shape // "folder.Function" → where its text is
	forwardMethods map[string]shape // method name → where its text is
}

// source is one file while it is read.
type source struct {
	*scanner
	fset    *token.FileSet
	file    *ast.File
	dir     string   // from the root
	rel     string   // as in Place
	templ   []string // lines of the .templ it is made from, if it is
	family  bool
	imports map[string]string // name in this file → folder from the root, or the path of a foreign package
	consts  map[string]string
}

func (s *scanner) folder(dir string, files []string) ([]source, error) {
	fset := token.NewFileSet()
	consts := map[string]string{}
	var sources []source
	for _, rel := range files {
		f, err := parser.ParseFile(fset, filepath.Join(s.root, filepath.FromSlash(rel)), nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		collectConsts(f, consts)
		src := source{scanner: s, fset: fset, file: f, dir: dir, rel: rel, family: isFamily(rel), imports: map[string]string{}, consts: consts}
		for _, im := range f.Imports {
			p, err := strconv.Unquote(im.Path.Value)
			if err != nil {
				return nil, err
			}
			name := path.Base(p)
			if im.Name != nil {
				name = im.Name.Name
			}
			if i := strings.Index(p, "internal/"); i > 0 {
				p = p[i:]
			}
			src.imports[name] = p
		}
		if base, ok := strings.CutSuffix(rel, "_templ.go"); ok {
			if b, err := os.ReadFile(filepath.Join(s.root, filepath.FromSlash(base+".templ"))); err == nil {
				src.rel, src.templ = base+".templ", strings.Split(string(b), "\n")
			}
		}
		sources = append(sources, src)
	}
	return sources, nil
}

func isFamily(rel string) bool {
	for _, f := range familyFolders {
		if ok, _ := path.Match(f, rel); ok || strings.HasPrefix(rel, f+"/") {
			return true
		}
	}
	return false
}

// collectConsts keeps the string constants of a file's package level.
func collectConsts(f *ast.File, to map[string]string) {
	for _, d := range f.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.CONST {
			continue
		}
		for _, sp := range g.Specs {
			v := sp.(*ast.ValueSpec)
			for i, n := range v.Names {
				if i < len(v.Values) {
					if s, ok := text(v.Values[i], to); ok {
						to[n.Name] = s
					}
				}
			}
		}
	}
}

// text is the value of a constant expression.
func text(e ast.Expr, consts map[string]string) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind != token.STRING {
			return "", false
		}
		s, err := strconv.Unquote(e.Value)
		return s, err == nil
	case *ast.ParenExpr:
		return text(e.X, consts)
	case *ast.BinaryExpr:
		a, ok1 := text(e.X, consts)
		b, ok2 := text(e.Y, consts)
		return a + b, ok1 && ok2 && e.Op == token.ADD
	case *ast.Ident:
		s, ok := consts[e.Name]
		return s, ok
	case *ast.CallExpr: // errs.T(lang.Msg("…"))
		if s, ok := e.Fun.(*ast.SelectorExpr); ok && s.Sel.Name == "Msg" && len(e.Args) == 1 {
			return text(e.Args[0], consts)
		}
	}
	return "", false
}

// shape says which arguments of a call are the text: positions, or -1. context is a context that is not an argument.
type shape struct {
	ctx, id, plural int
	context         string
}

var functions = map[string]shape{
	"internal/lang.T":     {-1, 1, -1, ""},
	"internal/lang.C":     {1, 2, -1, ""},
	"internal/lang.N":     {-1, 2, 3, ""},
	"internal/lang.Msg":   {-1, 0, -1, ""},
	"internal/lang.MsgC":  {0, 1, -1, ""},
	"internal/errs.T":     {-1, 0, -1, ""},
	"internal/errs.New":   {-1, 1, -1, ""},
	"internal/errs.Field": {-1, 1, -1, ""},
}

var methods = map[string]shape{
	"T":    {-1, 0, -1, ""},
	"C":    {0, 1, -1, ""},
	"N":    {-1, 1, 2, ""},
	"That": {-1, 2, -1, ""},
}

func (s source) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.CallExpr:
		if sh, ok := s.shapeOf(n.Fun); ok {
			s.call(n, sh)
		}
	case *ast.CompositeLit:
		s.literal(n)
	}
	return true
}

func (s source) shapeOf(fun ast.Expr) (shape, bool) {
	byName := func(own, found map[string]shape, name string) (shape, bool) {
		if sh, ok := own[name]; ok {
			return sh, true
		}
		sh, ok := found[name]
		return sh, ok
	}
	switch fun := fun.(type) {
	case *ast.Ident:
		return byName(functions, s.forward, s.dir+"."+fun.Name)
	case *ast.SelectorExpr:
		if x, ok := fun.X.(*ast.Ident); ok && s.imports[x.Name] != "" {
			return byName(functions, s.forward, s.imports[x.Name]+"."+fun.Sel.Name)
		}
		return byName(methods, s.forwardMethods, fun.Sel.Name)
	}
	return shape{}, false
}

func (s source) call(c *ast.CallExpr, sh shape) {
	arg := func(i int) (string, bool) {
		if i < 0 {
			return "", true
		}
		if i >= len(c.Args) {
			return "", false
		}
		return text(c.Args[i], s.consts)
	}
	ctx, ok1 := arg(sh.ctx)
	id, ok2 := arg(sh.id)
	plural, ok3 := arg(sh.plural)
	if ok1 && ok2 && ok3 {
		s.add(Message{Ctx: cmp.Or(ctx, sh.context), ID: id, Plural: plural}, c.Pos())
	}
}

// literal takes errs.Text{ID: "…"}.
func (s source) literal(c *ast.CompositeLit) {
	sel, ok := c.Type.(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != "Text" {
		return
	}
	if x, ok := sel.X.(*ast.Ident); !ok || s.imports[x.Name] != "internal/errs" {
		return
	}
	for _, e := range c.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			if k, ok := kv.Key.(*ast.Ident); ok && k.Name == "ID" {
				if id, ok := text(kv.Value, s.consts); ok {
					s.add(Message{ID: id}, c.Pos())
				}
			}
		}
	}
}

func (s source) add(m Message, pos token.Pos) {
	if m.ID == "" {
		return
	}
	place := Place{s.rel, s.fset.Position(pos).Line}
	if s.templ != nil {
		place.Line = 1 + max(0, slices.IndexFunc(s.templ, func(l string) bool { return strings.Contains(l, m.ID) }))
	}
	old := s.found[m.key()]
	if old == nil {
		old = &m
		s.found[m.key()] = old
	} else if old.Plural != m.Plural {
		if s.clash == nil {
			s.clash = fmt.Errorf("%q is used with different plurals: %q at %v, %q at %v; give one a context",
				m.ID, old.Plural, old.Places[0], m.Plural, place)
		}
		old.Plural = cmp.Or(old.Plural, m.Plural)
	}
	old.Family = old.Family || s.family
	old.Places = append(old.Places, place)
}
