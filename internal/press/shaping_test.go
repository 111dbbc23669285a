package press

import (
	"bufio"
	"bytes"
	"encoding/json"
	"encoding/xml"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"testing"
)

var remake = flag.Bool("remake", false, "write testdata/shaping.golden anew with hb-shape")

// run is text in one font, script, language and direction, as HarfBuzz takes it.
type run struct {
	face                   *typeface
	script, language, text string
	rtl                    bool
	pieces                 []piece
}

// runsOf itemises a text and joins the pieces that were shaped apart at spaces.
func runsOf(t testing.TB, lang, text string, bold bool) []run {
	t.Helper()
	s := New(io.Discard, Options{Lang: lang}).newSetter()
	p, err := s.paragraph(T(text), lang, direction(Auto, lang) == RTL, bold)
	if err != nil {
		t.Fatalf("%s: %v", lang, err)
	}
	var runs []run
	for _, part := range p.parts {
		for i, q := range part {
			if n := len(runs); i > 0 && n > 0 {
				r, before := &runs[n-1], part[i-1]
				if before.key.face == q.key.face && before.key.script == q.key.script && before.level == q.level && q.key.before == 0 {
					r.text += q.text
					r.pieces = append(r.pieces, q)
					continue
				}
			}
			script := q.key.script.String()
			runs = append(runs, run{q.word.face, strings.ToUpper(script[:1]) + script[1:], string(q.key.language), q.text, q.key.rtl, []piece{q}})
		}
	}
	return runs
}

// ink lists what is painted: glyph and position in 1/1000 em, and at the end the width. It is what Brug prints, after
// cutting at spaces, composites and all.
func (r *run) ink() string {
	var b strings.Builder
	pen := 0
	pieces := append([]piece(nil), r.pieces...)
	if r.rtl {
		for a, z := 0, len(pieces)-1; a < z; a, z = a+1, z-1 {
			pieces[a], pieces[z] = pieces[z], pieces[a]
		}
	}
	for _, q := range pieces {
		for _, g := range q.word.glyphs {
			if g.id != blankGlyph {
				if len(r.face.outline(int(g.id))) > 0 {
					fmt.Fprintf(&b, "%d@%d,0 ", g.id, pen+int(g.dx))
				}
			}
			for p := []byte(g.parts); len(p) > 0; p = p[6:] {
				fmt.Fprintf(&b, "%d@%d,%d ", be.Uint16(p), pen+int(g.dx)+int(int16(be.Uint16(p[2:]))), int16(be.Uint16(p[4:])))
			}
			pen += int(g.advance)
		}
	}
	fmt.Fprintf(&b, "|%d", pen)
	return b.String()
}

// hbShape runs HarfBuzz's own program over the texts of runs, one call for all that agree in font and properties.
func hbShape(t testing.TB, runs []run) []string {
	t.Helper()
	if _, err := exec.LookPath("hb-shape"); err != nil {
		t.Fatal("hb-shape is missing: install Debian's package libharfbuzz-bin")
	}
	type key struct {
		file, script, language string
		rtl                    bool
	}
	groups := map[key][]int{}
	for i, r := range runs {
		k := key{r.face.name, r.script, r.language, r.rtl}
		groups[k] = append(groups[k], i)
	}
	dir := t.TempDir()
	out := make([]string, len(runs))
	for k, at := range groups {
		font := filepath.Join(dir, k.file+".ttf")
		if _, err := os.Stat(font); err != nil {
			raw, err := fontFiles.ReadFile("fonts/" + k.file + ".ttf")
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(font, raw, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		var in strings.Builder
		for _, i := range at {
			in.WriteString(runs[i].text + "\n")
		}
		direction := "ltr"
		if k.rtl {
			direction = "rtl"
		}
		cmd := exec.Command("hb-shape", "--no-glyph-names", "--no-clusters", "--output-format=json", "--font-size=upem",
			"--direction="+direction, "--script="+k.script, "--language="+k.language, "--text-file=-", font)
		cmd.Stdin = strings.NewReader(in.String())
		var errOut bytes.Buffer
		cmd.Stderr = &errOut
		raw, err := cmd.Output()
		if err != nil {
			t.Fatalf("hb-shape: %v %s", err, errOut.String())
		}
		lines := strings.Split(strings.TrimSuffix(string(raw), "\n"), "\n")
		if len(lines) != len(at) {
			t.Fatalf("hb-shape gave %d lines for %d texts", len(lines), len(at))
		}
		for n, i := range at {
			var glyphs []struct{ G, DX, DY, AX int }
			if err := json.Unmarshal([]byte(lines[n]), &glyphs); err != nil {
				t.Fatal(err)
			}
			var b strings.Builder
			pen := 0
			for _, g := range glyphs {
				if len(runs[i].face.outline(g.G)) > 0 {
					fmt.Fprintf(&b, "%d@%d,%d ", g.G, pen+g.DX, g.DY)
				}
				pen += g.AX
			}
			fmt.Fprintf(&b, "|%d", pen)
			out[i] = b.String()
		}
	}
	return out
}

type sample struct{ lang, text string }

func fixtures(t testing.TB) []sample {
	t.Helper()
	raw, err := os.ReadFile("testdata/texts.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var all []sample
	for _, line := range strings.Split(string(raw), "\n") {
		if lang, text, ok := strings.Cut(line, "\t"); ok && !strings.HasPrefix(line, "#") {
			all = append(all, sample{lang, text})
		}
	}
	if len(all) < 45 {
		t.Fatalf("only %d texts", len(all))
	}
	return all
}

// The committed goldens hold on any machine; they were made by hb-shape (see testdata/shaping.sh).
func TestShapingIsThatOfHarfBuzz(t *testing.T) {
	var runs []run
	for _, s := range fixtures(t) {
		for _, bold := range []bool{false, true} {
			runs = append(runs, runsOf(t, s.lang, s.text, bold)...)
		}
	}
	name := func(r run) string {
		return fmt.Sprintf("%s %s %s rtl=%v %q", r.face.name, r.script, r.language, r.rtl, r.text)
	}
	if *remake {
		seen := map[string]bool{}
		var lines []string
		for i, g := range hbShape(t, runs) {
			if n := name(runs[i]); !seen[n] {
				seen[n] = true
				lines = append(lines, n+"\t"+g)
			}
		}
		sort.Strings(lines)
		if err := os.WriteFile("testdata/shaping.golden", []byte(strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	raw, err := os.ReadFile("testdata/shaping.golden")
	if err != nil {
		t.Fatal(err)
	}
	golden := map[string]string{}
	for _, line := range strings.Split(string(raw), "\n") {
		if n, g, ok := strings.Cut(line, "\t"); ok {
			golden[n] = g
		}
	}
	for _, r := range runs {
		want, ok := golden[name(r)]
		if !ok {
			t.Errorf("no golden for %s: run testdata/shaping.sh", name(r))
		} else if got := r.ink(); got != want {
			t.Errorf("%s\n got %s\nwant %s", name(r), got, want)
		}
	}
}

// All texts at hand against the hb-shape of this machine.
func TestShapingOfRealTexts(t *testing.T) {
	texts := fixtures(t)
	texts = append(texts, sharedTexts(t)...)
	var runs []run
	seen := map[string]bool{}
	for _, s := range texts {
		for _, r := range runsOf(t, s.lang, s.text, false) {
			if k := r.face.name + r.script + r.language + strconv.FormatBool(r.rtl) + r.text; !seen[k] {
				seen[k] = true
				runs = append(runs, r)
			}
		}
	}
	bad := map[string]int{}
	for i, want := range hbShape(t, runs) {
		if got := runs[i].ink(); got != want {
			l := runs[i].language + " " + runs[i].face.name
			if bad[l]++; bad[l] <= 2 {
				t.Errorf("%s %q\n got %s\nwant %s", l, runs[i].text, got, want)
			}
		}
	}
	t.Logf("%d runs compared", len(runs))
	for l, n := range bad {
		t.Errorf("%s: %d runs differ", l, n)
	}
}

// sharedTexts are samples that may lie beside the repository; none is fine.
func sharedTexts(t testing.TB) (all []sample) {
	t.Helper()
	if raw, err := os.ReadFile("../../../shared/data/print/data.json"); err == nil {
		var in struct {
			Records []struct {
				Lang, Title, Family, Intro, Scan, Date string
				Questions                              []string
			}
		}
		if err := json.Unmarshal(raw, &in); err != nil {
			t.Fatal(err)
		}
		for _, r := range in.Records {
			for _, s := range append(r.Questions, r.Title, r.Family, r.Intro, r.Scan, r.Date) {
				all = append(all, sample{r.Lang, s})
			}
		}
	}
	languages := map[string]string{"nld": "nl", "fra": "fr", "arb": "ar", "tur": "tr", "pol": "pl", "bul": "bg", "ukr": "uk",
		"tir": "ti", "pes_1": "fa", "pbu": "ps", "urd": "ur", "som": "so", "als": "sq", "cmn_hans": "zh", "hin": "hi",
		"nep": "ne", "hye": "hy", "kat": "ka", "ell_monotonic": "el", "amh": "am"}
	files, err := fs.Glob(os.DirFS("../../../shared/data/udhr"), "udhr_*.xml")
	if err != nil {
		return all
	}
	for _, f := range files {
		lang := languages[strings.TrimSuffix(strings.TrimPrefix(f, "udhr_"), ".xml")]
		if lang == "" {
			continue
		}
		raw, err := os.ReadFile(filepath.Join("../../../shared/data/udhr", f))
		if err != nil {
			t.Fatal(err)
		}
		dec := xml.NewDecoder(bufio.NewReader(bytes.NewReader(raw)))
		in := false
		for {
			tok, err := dec.Token()
			if err != nil {
				break
			}
			switch tok := tok.(type) {
			case xml.StartElement:
				in = tok.Name.Local == "para"
			case xml.EndElement:
				in = false
			case xml.CharData:
				if text := strings.Join(strings.Fields(string(tok)), " "); in && text != "" && Check(lang, text) == nil {
					all = append(all, sample{lang, text})
				}
			}
		}
	}
	return all
}
