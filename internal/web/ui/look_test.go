package ui

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

func style(t *testing.T, name string) string {
	t.Helper()
	b, err := embedded.ReadFile("assets/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return regexp.MustCompile(`(?s)/\*.*?\*/`).ReplaceAllString(string(b), "")
}

// contrast is the ratio of WCAG 2.2 (relative luminance of sRGB), for colours such as "#0f5257".
func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	lum := func(hex string) float64 {
		hex = strings.TrimPrefix(hex, "#")
		if len(hex) == 3 {
			hex = strings.Repeat(hex[:1], 2) + strings.Repeat(hex[1:2], 2) + strings.Repeat(hex[2:], 2)
		}
		n, err := strconv.ParseUint(hex, 16, 32)
		if err != nil || len(hex) != 6 {
			t.Fatalf("colour %q", hex)
		}
		part := func(v uint64) float64 {
			c := float64(v&255) / 255
			if c <= 0.04045 {
				return c / 12.92
			}
			return math.Pow((c+0.055)/1.055, 2.4)
		}
		return 0.2126*part(n>>16) + 0.7152*part(n>>8) + 0.0722*part(n)
	}
	x, y := lum(a), lum(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// pairs are the colours of staff pages that stand on each other, and the contrast they need: 4.5 for text, 3 for what is
// only looked at (edges of fields, marks).
var pairs = []struct {
	on, under string
	least     float64
}{
	{"ink", "paper", 7}, {"ink", "card", 7}, {"ink", "rail", 7}, {"ink", "sage", 4.5}, {"ink", "sky", 4.5}, {"ink", "sand", 4.5}, {"ink", "rose", 4.5}, {"ink", "plain", 4.5},
	{"soft", "paper", 4.5}, {"soft", "card", 4.5}, {"soft", "rail", 4.5}, {"soft", "sage", 4.5},
	{"deep", "paper", 4.5}, {"deep", "card", 4.5}, {"deep", "rail", 4.5}, {"deep", "sage", 4.5}, {"deep", "plain", 4.5}, {"deep", "sand", 4.5},
	{"on-deep", "deep", 4.5}, {"on-deep", "deep-over", 4.5}, {"on-accent", "accent", 4.5},
	{"accent", "paper", 4.5}, {"accent", "card", 4.5}, {"accent", "rose", 4.5}, {"done", "card", 3}, {"done", "sage", 3}, {"open", "card", 3}, {"edge", "card", 3}, {"edge", "paper", 3},
}

func TestStaffColoursCanBeRead(t *testing.T) {
	css := style(t, "app.css")
	plain, light, dark := map[string]string{}, map[string]string{}, map[string]string{}
	screen, _, _ := strings.Cut(css, "@layer base {")
	for _, m := range regexp.MustCompile(`--([\w-]+): (#[0-9a-f]+);`).FindAllStringSubmatch(screen, -1) {
		plain[m[1]] = m[2]
	}
	for _, m := range regexp.MustCompile(`--([\w-]+): light-dark\((#[0-9a-f]+), (#[0-9a-f]+)\)`).FindAllStringSubmatch(screen, -1) {
		light[m[1]], dark[m[1]] = m[2], m[3]
	}
	if len(plain) == 0 || fmt.Sprint(plain) != fmt.Sprint(light) {
		t.Errorf("browsers without light-dark() get other colours:\n%v\n%v", plain, light)
	}
	for name, tokens := range map[string]map[string]string{"light": light, "dark": dark} {
		for _, p := range pairs {
			if c := contrast(t, tokens[p.on], tokens[p.under]); c < p.least {
				t.Errorf("%s: %s on %s is %.2f, want %.1f", name, p.on, p.under, c, p.least)
			}
		}
	}
}

func TestInitialsCanBeRead(t *testing.T) {
	for _, file := range []string{"app.css", "family.css"} {
		found := regexp.MustCompile(`\.hue-\d \{ background: (#[0-9a-f]+);`).FindAllStringSubmatch(style(t, file), -1)
		if len(found) != hues {
			t.Errorf("%s: %d colours, want %d", file, len(found), hues)
		}
		for _, m := range found {
			if c := contrast(t, "#12343b", m[1]); c < 7 {
				t.Errorf("%s: %s has %.2f", file, m[1], c)
			}
		}
	}
}

// TestFamilyColoursCanBeRead: 7:1 for every text of families. The pairs are those of family.css; each colour must stand
// there, so that a changed colour is seen here.
func TestFamilyColoursCanBeRead(t *testing.T) {
	css := style(t, "family.css")
	for _, p := range []struct{ name, on, under string }{
		{"text on the page", "#12343b", "#fbf8f2"}, {"text on a card", "#12343b", "#fff"}, {"quiet text on the page", "#39525a", "#fbf8f2"},
		{"quiet text on a card", "#39525a", "#fff"}, {"links on the page", "#0f5257", "#fbf8f2"}, {"the first button", "#fff", "#0f5257"},
		{"a chosen answer", "#12343b", "#e0eadc"}, {"a notice that cares", "#12343b", "#f5e9d2"}, {"a notice that failed", "#12343b", "#f7e0da"}, {"an error", "#8c2f17", "#fff"},
		{"dark: text on the page", "#e9efe9", "#121b1b"}, {"dark: text on a card", "#e9efe9", "#1a2625"}, {"dark: quiet text", "#bccac6", "#1a2625"},
		{"dark: links", "#9ad6d2", "#121b1b"}, {"dark: the first button", "#0d1f1e", "#8fd0cc"}, {"dark: a chosen answer", "#e9efe9", "#27402f"},
		{"dark: a notice that cares", "#e9efe9", "#443719"}, {"dark: a notice that failed", "#e9efe9", "#4b2c25"}, {"dark: an error", "#f7bba8", "#1a2625"},
	} {
		for _, c := range []string{p.on, p.under} {
			if !strings.Contains(css, c) {
				t.Errorf("%s: %s is no colour of family.css any more", p.name, c)
			}
		}
		if c := contrast(t, p.on, p.under); c < 7 {
			t.Errorf("%s: %.2f, want 7", p.name, c)
		}
	}
}

// TestFamilyStyleIsPlain: nothing that the browser of a phone of 2015 would stumble over.
func TestFamilyStyleIsPlain(t *testing.T) {
	css := style(t, "family.css")
	css = strings.NewReplacer("inline-flex", "", "inline-block", "").Replace(css) // these two are old
	for _, no := range []string{"var(", "--", "@layer", "@supports", "light-dark(", "display: grid", "gap:", "inset", "inline-size", "block-size", "-inline", "-block", ":is(", ":where(", ":has(", "&", "clamp(", "min(", "max(", "dvh", "aspect-ratio", "@container"} {
		if i := strings.Index(css, no); i >= 0 {
			t.Errorf("%q stands in family.css: …%s…", no, css[max(0, i-40):min(len(css), i+20)])
		}
	}
	// Left and right, where they are named at all, are alike.
	for _, m := range regexp.MustCompile(`\{[^{}]*\}`).FindAllString(css, -1) {
		left, right := strings.Count(m, "left"), strings.Count(m, "right")
		if left != right {
			t.Errorf("a rule that knows left from right: %s", m)
		}
	}
}

// TestStaffStyleKnowsNoLeftOrRight: the same rules hold in both directions. The arrow of a list is a picture and may.
func TestStaffStyleKnowsNoLeftOrRight(t *testing.T) {
	for _, line := range strings.Split(style(t, "app.css"), "\n") {
		if strings.Contains(line, "background-position: right") || strings.Contains(line, "background-position: left") {
			continue
		}
		for _, no := range []string{"left", "right", " width:", " height:", "margin-top", "margin-bottom", "padding-top", "padding-bottom"} {
			if strings.Contains(line, no) {
				t.Errorf("%q in: %s", no, strings.TrimSpace(line))
			}
		}
	}
}

// TestScriptsAreSmall: what a family's phone has to load and read stays a page of text.
func TestScriptsAreSmall(t *testing.T) {
	for name, most := range map[string]int{"family.js": 2100, "app.js": 2500, "editor.js": 4000, "compose.js": 1500} {
		if n := len(files()[name].plain); n > most {
			t.Errorf("%s has %d bytes, at most %d", name, n, most)
		}
	}
	js := string(files()["family.js"].plain)
	for _, no := range []string{"=>", "let ", "const ", "`", "async", "?.", "..."} {
		if strings.Contains(js, no) {
			t.Errorf("%q in family.js: phones of 2015 do not know it", no)
		}
	}
}
