package press

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sort"
	"strings"
	"testing"
	"unicode"
)

// squeezed is a text without white space and without the signs that steer direction.
func squeezed(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || vanishes(r) {
			return -1
		}
		return r
	}, s)
}

// letters counts the characters of a text that are not white space.
func letters(s string) map[rune]int {
	m := map[rune]int{}
	for _, r := range squeezed(s) {
		m[r]++
	}
	return m
}

func TestTextCanBeCopiedOut(t *testing.T) {
	texts := fixtures(t)
	var pages []Page
	for _, s := range texts {
		pages = append(pages, Page{Lang: s.lang, Blocks: []Block{Para{Text: T(s.text)}}})
	}
	pdf := printed(t, Options{}, pages...)
	raw := strings.Split(tool(t, "poppler-utils", pdf, "pdftotext", "-raw", "FILE", "-"), "\f")
	out := strings.Split(tool(t, "poppler-utils", pdf, "pdftotext", "FILE", "-"), "\f")
	exact := map[string]bool{}
	for i, s := range texts {
		got := squeezed(out[i])
		if got == squeezed(s.text) || squeezed(raw[i]) == squeezed(s.text) {
			exact[s.lang] = true
		}
		// Where two directions meet on a line, readers lose the order; no character may be lost or made up.
		want := letters(s.text)
		have := letters(out[i])
		for r, n := range want {
			if have[r] != n {
				t.Errorf("%s: %q stands %d times, want %d\n got %s\nwant %s", s.lang, r, have[r], n, got, squeezed(s.text))
				break
			}
		}
		for r := range have {
			if want[r] == 0 {
				t.Errorf("%s: %q was made up", s.lang, r)
			}
		}
	}
	for _, lang := range strings.Fields("nl fr en tr pl ro bg uk ru el sq so es pt it de ti am hi ne hy ka zh ar fa ps ur vi sr") {
		if !exact[lang] {
			t.Errorf("%s: no text comes out in its own order", lang)
		}
	}
}

func TestCodesScan(t *testing.T) {
	if _, err := exec.LookPath("zbarimg"); err != nil {
		t.Fatal("zbarimg is missing: install Debian's package zbar-tools")
	}
	if _, err := exec.LookPath("pdftoppm"); err != nil {
		t.Fatal("pdftoppm is missing: install Debian's package poppler-utils")
	}
	payloads := []string{"https://brug.example/f/K7P4QX", "https://brug.example/f/" + strings.Repeat("aZ09-_", 8), "HTTPS://BRUG.EXAMPLE/F/ABC", "Zoë & 王"}
	var pages []Page
	for _, p := range payloads {
		pages = append(pages, Page{Lang: "nl", Size: A6, Blocks: []Block{Para{Text: T("Scan")}, QR{Payload: p, Side: 70}}})
	}
	four := printed(t, Options{Impose: FourUp}, pages...)
	dir := t.TempDir()
	file := filepath.Join(dir, "in.pdf")
	if err := os.WriteFile(file, four, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("pdftoppm", "-r", "150", "-png", file, filepath.Join(dir, "p")).CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	out, err := exec.Command("zbarimg", "--quiet", "--raw", filepath.Join(dir, "p-1.png")).Output()
	if err != nil {
		t.Fatalf("zbarimg found nothing: %v", err)
	}
	got := strings.Split(strings.TrimSpace(string(out)), "\n")
	sort.Strings(got)
	want := append([]string(nil), payloads...)
	sort.Strings(want)
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("scanned\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestBytesDoNotDependOnWorkers(t *testing.T) {
	pages := specimenPages(t)
	for range 3 {
		pages = append(pages, pages...)
	}
	first := printed(t, Options{Title: "x", Lang: "nl", Created: jobTime, Workers: 1}, pages...)
	for _, workers := range []int{1, 2, 3, 8} {
		if again := printed(t, Options{Title: "x", Lang: "nl", Created: jobTime, Workers: workers}, pages...); !bytes.Equal(first, again) {
			t.Errorf("%d workers give other bytes", workers)
		}
	}
	cache := NewCache(1 << 20)
	for range 2 {
		if again := printed(t, Options{Title: "x", Lang: "nl", Created: jobTime, Cache: cache}, pages...); !bytes.Equal(first, again) {
			t.Error("a cache gives other bytes")
		}
	}
}

func TestStructureIsReadInOrder(t *testing.T) {
	pdf := printed(t, Options{}, slipPage(t, 1), bilingualPage(t, 2), listPage(40))
	out := tool(t, "poppler-utils", pdf, "pdfinfo", "-struct-text", "FILE")
	for _, want := range []string{"Document", "Sect", "H1", "L ", "LI", "Lbl", "LBody", "Figure", "Table", "TR", "TH", "TD"} {
		if !strings.Contains(out, want) {
			t.Errorf("the structure has no %s", want)
		}
	}
	// A row of the table is read cell by cell, also on the second page; decoration is not read.
	if !strings.Contains(squeezed(out), squeezed(`TD "4. ሰላም" TD "ti"`)) {
		t.Errorf("the table is not read in rows:\n%s", out)
	}
	if n := strings.Count(out, "Gegeven"); n != 1 {
		t.Errorf("the header of the table is read %d times", n)
	}
	if strings.Contains(out, "1 / 2") {
		t.Error("page numbers are read out")
	}
	raw := tool(t, "qpdf", pdf, "qpdf", "--qdf", "--object-streams=disable", "FILE", "-")
	for _, want := range []string{"/Lang (ar)", "/Lang (nl)", "/Lang (ur)", "/MarkInfo", "/ParentTree", "/Alt "} {
		if !strings.Contains(raw, want) {
			t.Errorf("the file has no %s", want)
		}
	}
}

func TestEveryMarkedPieceHasItsElement(t *testing.T) {
	var cards []Page
	for i := range 9 {
		cards = append(cards, cardPage(i))
	}
	for name, pdf := range map[string][]byte{
		"pages": printed(t, Options{}, append(specimenPages(t), specimenPages(t)...)...),
		"cards": printed(t, Options{Impose: FourUp}, cards...),
	} {
		var doc struct {
			Pages []struct{ Object string }
			QPDF  []json.RawMessage
		}
		if err := json.Unmarshal([]byte(tool(t, "qpdf", pdf, "qpdf", "--json", "FILE")), &doc); err != nil {
			t.Fatal(err)
		}
		var objects map[string]struct{ Value any }
		if err := json.Unmarshal(doc.QPDF[1], &objects); err != nil {
			t.Fatal(err)
		}
		value := func(ref any) map[string]any {
			m, ok := objects["obj:"+ref.(string)].Value.(map[string]any)
			if !ok {
				t.Fatalf("%s: %v is not a dictionary", name, ref)
			}
			return m
		}
		// Marks that elements point to, by page object.
		claimed := map[string]map[int]int{}
		elements := 0
		for _, o := range objects {
			e, ok := o.Value.(map[string]any)
			if !ok || e["/S"] == nil || e["/P"] == nil || e["/K"] == nil {
				continue
			}
			elements++
			for _, k := range e["/K"].([]any) {
				page, mark := e["/Pg"], -1
				switch k := k.(type) {
				case float64:
					mark = int(k)
				case map[string]any:
					page, mark = k["/Pg"], int(k["/MCID"].(float64))
				default: // a child, which must point back
					if value(k)["/P"] == nil {
						t.Errorf("%s: %v is a child without parent", name, k)
					}
					continue
				}
				p := page.(string)
				if claimed[p] == nil {
					claimed[p] = map[int]int{}
				}
				claimed[p][mark]++
			}
		}
		if elements < 20 {
			t.Errorf("%s: only %d elements", name, elements)
		}
		for i, p := range doc.Pages {
			content := tool(t, "qpdf", pdf, "qpdf", "--show-object="+value(p.Object)["/Contents"].(string), "--filtered-stream-data", "FILE")
			n := strings.Count(content, "/MCID ")
			if n != len(claimed[p.Object]) {
				t.Errorf("%s: page %d has %d marked pieces, elements point to %d", name, i+1, n, len(claimed[p.Object]))
			}
			for mark, times := range claimed[p.Object] {
				if times != 1 || mark >= n {
					t.Errorf("%s: page %d: mark %d of %d is claimed %d times", name, i+1, mark, n, times)
				}
			}
			if strings.Count(content, "BDC")+strings.Count(content, "BMC") != strings.Count(content, "EMC") {
				t.Errorf("%s: page %d: marks do not close", name, i+1)
			}
		}
	}
}

func TestLongTablesMakeSoundFiles(t *testing.T) {
	pdf := printed(t, Options{}, listPage(3000), slipPage(t, 0))
	if out := tool(t, "qpdf", pdf, "qpdf", "--check", "FILE"); !strings.Contains(out, "No syntax or stream encoding errors") {
		t.Error(out)
	}
	text := tool(t, "poppler-utils", pdf, "pdftotext", "-layout", "FILE", "-")
	if n := strings.Count(text, "Briefje met vragen"); n != 3000/len(slipTexts)+1 {
		t.Errorf("%d Dutch rows, want %d", n, 3000/len(slipTexts)+1)
	}
}

func TestErrorsNameThePage(t *testing.T) {
	good := Page{Lang: "nl", Blocks: []Block{Para{Text: T("goed")}}}
	d := New(io.Discard, Options{})
	for range 20 {
		if err := d.Add(context.Background(), good); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Add(context.Background(), Page{Lang: "nl", Blocks: []Block{Para{Text: T("fout 😀")}}}); err != nil {
		t.Fatal(err)
	}
	var err error
	for i := 0; i < 500 && err == nil; i++ {
		err = d.Add(context.Background(), good)
	}
	var p *PageError
	var m *MissingGlyphError
	if !errors.As(err, &p) || p.Index != 20 || !errors.As(err, &m) {
		t.Errorf("Add: %v, want the missing character on page 20", err)
	}
	if again := d.Close(); again != err {
		t.Errorf("Close: %v, want the same error", again)
	}

	ctx, cancel := context.WithCancel(context.Background())
	d = New(io.Discard, Options{})
	cancel()
	if err := d.Add(ctx, good); !errors.Is(err, context.Canceled) {
		t.Errorf("Add after cancel: %v", err)
	}
	if err := d.Close(); !errors.Is(err, context.Canceled) {
		t.Errorf("Close after cancel: %v", err)
	}
	if err := New(io.Discard, Options{}).Close(); err == nil {
		t.Error("a document without pages is not a PDF")
	}
	d = New(io.Discard, Options{Impose: FourUp})
	var size *SizeError
	if err := d.Add(context.Background(), Page{Lang: "nl", Size: A4}); !errors.As(err, &size) {
		t.Errorf("A4 on a sheet of A6: %v", err)
	}
	d.Close()
	d = New(failing{}, Options{})
	for i := 0; i < 500 && err == nil; i++ {
		err = d.Add(context.Background(), good)
	}
	if err := d.Close(); err == nil {
		t.Error("a full disk went unnoticed")
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestPlacedIsToldInOrder(t *testing.T) {
	var got []PageResult
	o := Options{Title: "x", Lang: "nl", Placed: func(i int, r PageResult) {
		if i != len(got) {
			t.Errorf("page %d told after %d others", i, len(got))
		}
		got = append(got, r)
	}}
	printed(t, o, slipPage(t, 0), listPage(60), slipPage(t, 1))
	if len(got) != 3 || got[0].Pages != 1 || got[1].Pages < 2 || got[2].Pages != 1 {
		t.Errorf("told %v", got)
	}
	for i, p := range []Page{slipPage(t, 0), listPage(60)} {
		if r, err := Measure(Options{Lang: "nl"}, p); err != nil || r != got[i] {
			t.Errorf("Measure says %v %v, printing says %v", r, err, got[i])
		}
	}
}

func TestNamesStayOutOfTheSharedCache(t *testing.T) {
	cache := NewCache(1 << 20)
	page := Page{Lang: "nl", Blocks: []Block{Para{Text: Text{{Text: "Voor "}, {Text: "Zeynep", Personal: true}, {Text: " van school"}}}}}
	printed(t, Options{Title: "x", Lang: "nl", Cache: cache}, page)
	found := map[string]bool{}
	for _, m := range []map[wordKey]*word{cache.words.young, cache.words.old} {
		for k := range m {
			found[k.text] = true
		}
	}
	if !found["Voor"] || !found["school"] {
		t.Errorf("the words that all share are not kept: %v", found)
	}
	if found["Zeynep"] {
		t.Error("a name is kept between documents")
	}
}

func TestCachesStayWithinTheirLimit(t *testing.T) {
	g := generations[int, int]{limit: 1000}
	for i := range 10_000 {
		g.put(i, i, 10)
		if v, ok := g.get(i); !ok || v != i {
			t.Fatalf("%d is gone at once", i)
		}
		if n := len(g.young) + len(g.old); n > 100 {
			t.Fatalf("%d entries of 10 in a cache of 1000", n)
		}
	}
}

// Memory is bounded by the window and the caches, not by the document: what stays of a page is a few dozen bytes.
func TestMemoryDoesNotGrowWithPages(t *testing.T) {
	live := func(pages int) uint64 {
		d := New(io.Discard, Options{Title: "x", Lang: "nl", Workers: 2})
		var most uint64
		for i := range pages {
			p := Page{Lang: "nl", Size: A6, Blocks: []Block{Para{Text: Personal("Voor kind nummer " + itoa(i) + " van " + itoa(i*7919))}, QR{Payload: itoa(i)}}}
			if err := d.Add(context.Background(), p); err != nil {
				t.Fatal(err)
			}
			if i%2000 == 1999 {
				var m runtime.MemStats
				runtime.GC()
				runtime.ReadMemStats(&m)
				most = max(most, m.HeapAlloc)
			}
		}
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
		return most
	}
	few, many := live(4000), live(40_000)
	t.Logf("%d KB alive at 4,000 pages, %d KB at 40,000", few>>10, many>>10)
	if grown := int64(many) - int64(few); grown > 36_000*200+(wordMemo+textMemo) {
		t.Errorf("36,000 more pages keep %d KB", grown>>10)
	}
}
