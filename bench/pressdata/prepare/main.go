// Command prepare makes what the three printers of bench/press are given: content.json for Brug, which makes its QR
// codes itself inside the measured time; families.json with a ready-made QR path for each family for Typst;
// families.html for Chromium; and the pictograms. The families come from -samples if that folder is there, else they are put together
// from the texts with which package press is tested.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"strings"

	"rsc.io/qr"
)

type record struct {
	ID        int      `json:"id"`
	Lang      string   `json:"lang"`
	Dir       string   `json:"dir"`
	Font      string   `json:"font"`
	Name      string   `json:"name"`
	Title     string   `json:"title"`
	Family    string   `json:"family"`
	Intro     string   `json:"intro"`
	Scan      string   `json:"scan"`
	Date      string   `json:"date"`
	Questions []string `json:"questions"`
	Icons     []int    `json:"icons"`
	URL       string   `json:"url"`
	QR        string   `json:"qr,omitempty"` // SVG path data
	QRSize    int      `json:"qrsize,omitempty"`
}

type families struct {
	School  string   `json:"school"`
	Records []record `json:"records"`
}

func main() {
	samples := flag.String("samples", "../shared/data/print", "folder with data.json and icons")
	texts := flag.String("texts", "internal/press/testdata/texts.tsv", "texts to put families together from")
	moji := flag.String("openmoji", "node_modules/openmoji/color/svg", "pictograms for these")
	fonts := flag.String("fonts", "internal/press/fonts", "the fonts")
	out := flag.String("out", ".cache/bench-press", "folder to write to")
	flag.Parse()
	if err := run(*samples, *texts, *moji, *fonts, *out); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(samples, texts, moji, fonts, out string) error {
	if err := os.MkdirAll(filepath.Join(out, "icons"), 0o755); err != nil {
		return err
	}
	var in families
	raw, err := os.ReadFile(filepath.Join(samples, "data.json"))
	if err == nil {
		if err := json.Unmarshal(raw, &in); err != nil {
			return err
		}
		err = copyIcons(out, func(name string) string { return filepath.Join(samples, "icons", name) })
	} else {
		if in, err = generate(texts); err != nil {
			return err
		}
		codes := map[string]string{"0.svg": "1F600", "1.svg": "1F46B", "2.svg": "1F4D6", "3.svg": "2B50", "logo.svg": "1F3EB"}
		err = copyIcons(out, func(name string) string { return filepath.Join(moji, codes[name]+".svg") })
	}
	if err != nil {
		return err
	}
	if err := write(out, "content.json", in); err != nil {
		return err
	}
	for i := range in.Records {
		code, err := qr.Encode(in.Records[i].URL, qr.M)
		if err != nil {
			return err
		}
		in.Records[i].QR, in.Records[i].QRSize = path(code), code.Size
	}
	if err := write(out, "families.json", in); err != nil {
		return err
	}
	absolute, err := filepath.Abs(fonts)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(out, "families.html"), []byte(page(&in, absolute)), 0o644)
}

func write(out, name string, in families) error {
	raw, err := json.Marshal(in)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(out, name), raw, 0o644)
}

func copyIcons(out string, from func(name string) string) error {
	for _, name := range []string{"0.svg", "1.svg", "2.svg", "3.svg", "logo.svg"} {
		raw, err := os.ReadFile(from(name))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(out, "icons", name), raw, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// path draws the dark modules, runs of a row as one rectangle.
func path(c *qr.Code) string {
	var b strings.Builder
	for y := range c.Size {
		for x := 0; x < c.Size; {
			if !c.Black(x, y) {
				x++
				continue
			}
			e := x
			for e < c.Size && c.Black(e, y) {
				e++
			}
			fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", x, y, e-x, e-x)
			x = e
		}
	}
	return b.String()
}

// generate puts 600 families together: 22 languages, two of five questions with the child's name in them.
func generate(texts string) (families, error) {
	raw, err := os.ReadFile(texts)
	if err != nil {
		return families{}, err
	}
	fontOf := map[string]string{"ar": "Noto Sans Arabic", "fa": "Noto Sans Arabic", "ps": "Noto Sans Arabic", "ur": "Noto Nastaliq Urdu",
		"hi": "Noto Sans Devanagari", "ne": "Noto Sans Devanagari", "ti": "Noto Sans Ethiopic", "hy": "Noto Sans Armenian",
		"ka": "Noto Sans Georgian", "zh": "Noto Sans SC"}
	pieces := map[string][]string{}
	for _, line := range strings.Split(string(raw), "\n") {
		lang, text, ok := strings.Cut(line, "\t")
		if !ok {
			continue
		}
		words := strings.Fields(text)
		if lang == "zh" {
			words = strings.SplitAfter(text, ",")
		}
		for len(words) > 0 {
			n := min(len(words), 13)
			pieces[lang] = append(pieces[lang], strings.Join(words[:n], " "))
			words = words[n:]
		}
	}
	names := strings.Fields("Emma Yusuf Zeynep Noor Oleh Ioana Selam Wei Aarav Anahit Nino Eleni Fatima Luka Sofie Adam")
	in := families{School: "Basisschool De Wilg"}
	languages := strings.Fields("nl fr en ar tr pl ro bg uk ti fa ps ur so sq zh hi ne hy ka el de")
	for i := range 600 {
		lang := languages[i%len(languages)]
		p := pieces[lang]
		at := func(k int) string { return p[(i/len(languages)+k)%len(p)] }
		name := names[(i*7)%len(names)]
		r := record{
			ID: i, Lang: lang, Dir: "ltr", Font: fontOf[lang], Name: name, Title: short(at(0), 3), Family: short(at(1), 3) + " " + name,
			Intro: at(2), Scan: short(at(3), 5), Date: "20.11.2026", URL: fmt.Sprintf("https://brug.school.example/f/%016x", i*2654435761),
			Questions: []string{name + ": " + at(4), name + ": " + at(5), at(6), at(7), at(8)}, Icons: []int{0, 1, 2, 2, 3},
		}
		if r.Font == "" {
			r.Font = "Noto Sans"
		}
		switch lang {
		case "ar", "fa", "ps", "ur":
			r.Dir = "rtl"
		}
		in.Records = append(in.Records, r)
	}
	return in, nil
}

func short(s string, words int) string {
	f := strings.Fields(s)
	return strings.Join(f[:min(len(f), words)], " ")
}

// page is the same slip for Chromium. The pictograms are shared images, which it prints faster than inline SVG.
func page(in *families, fonts string) string {
	var b strings.Builder
	b.WriteString("<!doctype html><html lang=nl><meta charset=utf-8><title>Briefjes met vragen</title><style>\n")
	for _, f := range [][2]string{{"Noto Sans", "NotoSans"}, {"Noto Sans Arabic", "NotoSansArabic"}, {"Noto Nastaliq Urdu", "NotoNastaliqUrdu"},
		{"Noto Sans Devanagari", "NotoSansDevanagari"}, {"Noto Sans Ethiopic", "NotoSansEthiopic"}, {"Noto Sans Armenian", "NotoSansArmenian"},
		{"Noto Sans Georgian", "NotoSansGeorgian"}, {"Noto Sans SC", "NotoSansSC"}} {
		for _, w := range [][2]string{{"Regular", "400"}, {"Bold", "700"}} {
			if f[1] == "NotoSansSC" && w[0] == "Bold" {
				continue
			}
			fmt.Fprintf(&b, "@font-face{font-family:'%s';font-weight:%s;src:url('file://%s/%s-%s.ttf')}\n", f[0], w[1], fonts, f[1], w[0])
		}
	}
	b.WriteString(`@page{size:A4;margin:51pt}body{margin:0}
section{break-after:page;height:735pt;position:relative;font-size:15pt;line-height:1.36}
header{display:flex;align-items:center;gap:11pt;font-size:11pt}header img{width:45pt;height:45pt}header span:last-child{margin-inline-start:auto}
h1{font-size:24pt;margin:14pt 0 0}.f{font-weight:700;font-size:14pt;margin:5pt 0}.i{font-size:12pt;margin:0}
ol{list-style:none;margin:12pt 0 0;padding:0}li{display:flex;gap:9pt;margin-bottom:10pt}li img{width:34pt;height:34pt}
li div{flex:1}li div::after{content:"";display:block;height:23pt;border-bottom:1px dotted #888}
footer{position:absolute;bottom:0;display:flex;align-items:center;gap:11pt;font-size:12pt}footer svg{width:90pt;height:90pt}
</style>
`)
	for i := range in.Records {
		r := &in.Records[i]
		fmt.Fprintf(&b, "<section lang=%q dir=%s style=\"font-family:'%s','Noto Sans'\"><header><img src=icons/logo.svg alt=Logo><span lang=nl>%s</span><span>%s</span></header><h1>%s</h1><p class=f>%s<p class=i>%s<ol>",
			r.Lang, r.Dir, r.Font, html.EscapeString(in.School), html.EscapeString(r.Date), html.EscapeString(r.Title), html.EscapeString(r.Family), html.EscapeString(r.Intro))
		for k, q := range r.Questions {
			fmt.Fprintf(&b, "<li><img src=icons/%d.svg alt=''><b>%d.</b><div>%s</div>", r.Icons[k], k+1, html.EscapeString(q))
		}
		fmt.Fprintf(&b, "</ol><footer><svg viewBox='-4 -4 %d %d' role=img aria-label=\"QR\"><path d=%q></svg><span>%s</span></footer></section>\n",
			r.QRSize+8, r.QRSize+8, r.QR, html.EscapeString(r.Scan))
	}
	return b.String()
}
