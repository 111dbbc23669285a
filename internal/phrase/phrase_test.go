package phrase

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode"

	"pgregory.net/rapid"

	"brug/internal/errs"
	"brug/internal/lang"
)

func TestTheBankHasAHundredPhrasesInEveryLanguage(t *testing.T) {
	b := Shipped()
	if n := len(b.All()); n < 100 {
		t.Errorf("%d phrases, want a hundred at least", n)
	}
	for _, fault := range Check(Files()) {
		t.Error(fault)
	}
	for _, g := range Groups() {
		if len(b.Search(Source, "", g)) < 5 || g.Text() == "" {
			t.Errorf("group %s has fewer than five phrases, or no name", g)
		}
	}
	for _, s := range Slots() {
		if s.Text() == "" {
			t.Errorf("slot %s has no name", s)
		}
	}
}

func TestPhrasesWithValues(t *testing.T) {
	b := Shipped()
	for _, c := range []struct {
		slug, tag string
		v         Values
		want      string
	}{
		{"no-school", "nl", Values{Date: "2026-12-04"}, "Vrijdag 4 december: geen school."},
		{"no-school", "en", Values{Date: "2026-12-04"}, "Friday, 4 December: no school."},
		{"bring-on", "nl", Values{Date: "2026-12-04", Thing: "thing/boots\nthing/raincoat"}, "Graag meebrengen: laarzen en regenjas. Dag: vrijdag 4 december."},
		{"days-left", "nl", Values{Count: "1"}, "Nog 1 dag."},
		{"days-left", "nl", Values{Count: "3"}, "Nog 3 dagen."},
		{"pay-by", "nl", Values{Money: "12.50", Date: "2026-12-04"}, "Te betalen: €\u00a012,50. Laatste dag: vrijdag 4 december."},
		{"cheerful", "nl", Values{Child: "{child}"}, "{child} was vandaag vrolijk."},
		{"bus-late", "nl", Values{Time: "08:30"}, "De bus komt later. Nieuwe tijd: 08:30."},
	} {
		p, ok := b.Find(c.slug)
		if !ok {
			t.Fatalf("no phrase %s", c.slug)
		}
		got, ok := b.Render(c.tag, p, c.v)
		if !ok || strings.ReplaceAll(got, ", 4", " 4") != strings.ReplaceAll(c.want, ", 4", " 4") {
			t.Errorf("%s in %s: %q, want %q", c.slug, c.tag, got, c.want)
		}
	}
}

func TestALatinNameStandsByItselfInArabic(t *testing.T) {
	p, _ := Shipped().Find("interpreter-name")
	s, ok := Shipped().Render("ar", p, Values{Name: "An (Brussel)"})
	if !ok || !strings.Contains(s, "\u2068An (Brussel)\u2069") {
		t.Errorf("%q, %v: the name is not isolated", s, ok)
	}
}

// Any values in any language: a whole sentence, no braces but the child's, balanced isolates, the values inside, and nothing
// of another direction outside an isolate.
func TestAnyValueInAnyLanguageIsAWholeSentence(t *testing.T) {
	b := Shipped()
	all := b.All()
	rapid.Check(t, func(t *rapid.T) {
		p := all[rapid.IntRange(0, len(all)-1).Draw(t, "phrase")]
		tags := p.Langs()
		tag := rapid.SampledFrom(tags).Draw(t, "language")
		v := Values{}
		for _, slot := range p.Slots {
			v[slot] = drawValue(t, b, slot)
		}
		if err := b.Check(p, v, "2020-01-01"); err != nil {
			t.Fatalf("%s with %v: %v", p.Slug, v, err)
		}
		s, ok := b.Render(tag, p, v)
		if !ok {
			for _, slot := range p.Slots { // only a word of the bank that lacks in the language may stop it
				for _, item := range items(slot, v[slot]) {
					if w, known := b.Word(item); known {
						if _, has := w.In(tag); !has {
							return
						}
					}
				}
			}
			t.Fatalf("%s in %s with %v: nothing", p.Slug, tag, v)
		}
		if left := strings.ReplaceAll(s, "{child}", ""); strings.ContainsAny(left, "{}") {
			t.Fatalf("braces left: %q", s)
		}
		depth, outside := 0, strings.Builder{}
		for _, r := range s {
			switch r {
			case '\u2066', '\u2067', '\u2068':
				depth++
			case '\u2069':
				depth--
			default:
				if depth == 0 {
					outside.WriteRune(r)
				}
			}
			if depth < 0 {
				t.Fatalf("isolates are not balanced: %q", s)
			}
		}
		if depth != 0 {
			t.Fatalf("an isolate stays open: %q", s)
		}
		rtl := lang.Dir(tag) == "rtl"
		for _, r := range strings.ReplaceAll(outside.String(), "{child}", "") {
			if !rtl && (unicode.Is(unicode.Arabic, r) || unicode.Is(unicode.Hebrew, r)) {
				t.Fatalf("right-to-left text stands unprotected in %s: %q", tag, s)
			}
		}
		if own := v[Name]; own != "" && !strings.Contains(s, own) {
			t.Fatalf("the name %q is not in %q", own, s)
		}
		if rtl && v[Name] != "" && strings.IndexFunc(v[Name], func(r rune) bool { return unicode.Is(unicode.Latin, r) }) >= 0 && strings.Contains(outside.String(), v[Name]) {
			t.Fatalf("a Latin name stands unprotected: %q", s)
		}
	})
}

func drawValue(t *rapid.T, b *Bank, slot Slot) string {
	own := rapid.SampledFrom([]string{"An", "Élodie D'Hondt", "سارة", "Nguyễn Thị", "3A (rood)", "Ø-klas", "שרה", "ሰላም", "李", "a b-c", "100 %"})
	switch slot {
	case Date:
		return fmt.Sprintf("20%02d-%02d-%02d", rapid.IntRange(20, 99).Draw(t, "y"), rapid.IntRange(1, 12).Draw(t, "m"), rapid.IntRange(1, 28).Draw(t, "d"))
	case Time:
		return fmt.Sprintf("%02d:%02d", rapid.IntRange(0, 23).Draw(t, "h"), rapid.IntRange(0, 59).Draw(t, "min"))
	case Count:
		return fmt.Sprint(rapid.IntRange(0, MaxCount).Draw(t, "count"))
	case Money:
		return fmt.Sprintf("%d.%02d", rapid.IntRange(0, 9999).Draw(t, "euro"), rapid.IntRange(0, 99).Draw(t, "cent"))
	case Thing, Place:
		var parts []string
		n := 1
		if slot == Thing {
			n = rapid.IntRange(1, MaxThing).Draw(t, "things")
		}
		for range n {
			if rapid.Bool().Draw(t, "own") {
				parts = append(parts, own.Draw(t, "own word"))
			} else {
				parts = append(parts, rapid.SampledFrom(b.Words(slot)).Draw(t, "word").Slug)
			}
		}
		return strings.Join(parts, "\n")
	case Child:
		return "{child}"
	}
	return own.Draw(t, "name")
}

func TestWhatCannotBeUsedIsSaidAtItsSlot(t *testing.T) {
	b := Shipped()
	for _, c := range []struct {
		slug  string
		v     Values
		field string
	}{
		{"no-school", Values{}, "slot.date"},
		{"no-school", Values{Date: "4 december"}, "slot.date"},
		{"no-school", Values{Date: "2026-11-20"}, "slot.date"},
		{"bus-late", Values{Time: "25:00"}, "slot.time"},
		{"days-left", Values{Count: "drie"}, "slot.count"},
		{"days-left", Values{Count: "1000"}, "slot.count"},
		{"bring-tomorrow", Values{Thing: "thing/nothing-like-it"}, "slot.thing"},
		{"bring-tomorrow", Values{Thing: "a\nb\nc\nd"}, "slot.thing"},
		{"bring-tomorrow", Values{Thing: "een {child}"}, "slot.thing"},
		{"bring-tomorrow", Values{Thing: strings.Repeat("x", MaxOwn+1)}, "slot.thing"},
		{"pay-by", Values{Money: "veel", Date: "2026-12-01"}, "slot.money"},
	} {
		p, _ := b.Find(c.slug)
		fields := errs.FieldsOf(b.Check(p, c.v, "2026-11-21"))
		if _, ok := fields[c.field]; !ok || len(fields) != 1 {
			t.Errorf("%s with %v: errors at %v, want at %s", c.slug, c.v, fields, c.field)
		}
	}
	p, _ := b.Find("bus-late")
	v := Values{Time: "8.30"}
	if err := b.Check(p, v, "2026-11-21"); err != nil || v[Time] != "08:30" {
		t.Errorf("8.30 became %q, %v", v[Time], err)
	}
}

func TestSearchStandsAccentsAndEndings(t *testing.T) {
	b := Shipped()
	for _, c := range []struct{ tag, typed, want string }{
		{"nl", "luis", "lice"}, {"nl", "luizen!", "lice"}, {"nl", "luizen", "lice"}, {"nl", "zwemmen", "swimming"}, {"nl", "ZWEMMEN", "swimming"}, {"nl", "laarzen", "bring-on"},
		{"nl", "tolken", "interpreter-there"}, {"nl", "fotografen", "photographer"}, {"nl", "zwem", "swimming"}, {"fr", "poux", "lice"}, {"fr", "interprete", "interpreter-there"}, {"nl", "geen school", "no-school"}, {"en", "interpreters", "interpreter-there"},
	} {
		found := b.Search(c.tag, c.typed, "")
		has := slices.ContainsFunc(found, func(p *Phrase) bool { return p.Slug == c.want })
		if has != (c.want != "") {
			t.Errorf("%q in %s: %d found, want %q among them", c.typed, c.tag, len(found), c.want)
		}
		if len(found) > 40 {
			t.Errorf("%q in %s finds %d: too many to choose from", c.typed, c.tag, len(found))
		}
	}
	if n := len(b.Search("nl", "", "")); n != len(b.All()) {
		t.Errorf("no words find %d of %d", n, len(b.All()))
	}
}

func TestAFaultInTheFilesIsNamed(t *testing.T) {
	const head = "[a]\ngroup: bring\npicture: bag\nslots: date, count\n"
	for _, c := range []struct{ name, phrases, nl, want string }{
		{"no Dutch", head, "status: source\n", "[a] is missing"},
		{"a form lacks", head, "status: source\n[a]\ntext[one]: {date}: {count}.\n", "text[other] is missing"},
		{"a slot lacks", head, "status: source\n[a]\ntext[one]: {date}: {count}.\ntext[other]: {date}.\n", "want [date count]"},
		{"a slot twice", head, "status: source\n[a]\ntext[one]: {date} {date}: {count}.\ntext[other]: {date}: {count}.\n", "twice"},
		{"a slot too many", head, "status: source\n[a]\ntext[one]: {date}: {count} {time}.\ntext[other]: {date}: {count}.\n", "{time}"},
		{"an open brace", head, "status: source\n[a]\ntext[one]: {date}: {count} {.\ntext[other]: {date}: {count}.\n", "is no slot"},
		{"another picture", "[a]\ngroup: bring\npicture: nothing\n", "", "pictogram"},
		{"another group", "[a]\ngroup: food\npicture: bag\n", "", "group"},
		{"an unknown key", head, "status: source\n[a]\ntext[one]: {date}: {count}.\ntext[other]: {date}: {count}.\ntekst: x\n", "tekst"},
		{"not in phrases.txt", head, "status: source\n[b]\ntext: x\n", "not in phrases.txt"},
		{"no status", head, "[a]\ntext[one]: {date}: {count}.\ntext[other]: {date}: {count}.\n", "status"},
	} {
		_, err := Read(fstest.MapFS{"phrases.txt": {Data: []byte(c.phrases)}, "nl.txt": {Data: []byte(c.nl)}})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q in it", c.name, err, c.want)
		}
	}
}

func TestTheCheckFindsWhatLacksAndWhatIsTooLong(t *testing.T) {
	long := strings.Repeat("heel ", 40)
	faults := Check(fstest.MapFS{"phrases.txt": {Data: []byte("[a]\ngroup: bring\npicture: bag\n[thing/b]\npicture: bag\n")},
		"nl.txt": {Data: []byte("status: source\n[a]\ntext: " + long + "\n[thing/b]\ntext: tas\n")}, "fr.txt": {Data: []byte("status: draft\n[a]\ntext: x\n")}})
	has := func(what string) bool {
		return slices.ContainsFunc(faults, func(f string) bool { return strings.Contains(f, what) })
	}
	if !has("nl.txt: [a] text[] has 199") || !has("fr.txt: [thing/b] is missing") || has("fr.txt: [a]") || !has("ar.txt: [a] is missing") {
		t.Errorf("found %q", faults)
	}
	if faults := Check(fstest.MapFS{}); len(faults) != 1 {
		t.Errorf("an empty folder: %q", faults)
	}
}

func TestTheFormsOfALanguage(t *testing.T) {
	for tag, want := range map[string]string{"nl": "other one", "ar": "zero one two few many other", "pl": "many one few", "ru": "many one few", "ro": "few one other", "zh": "other", "fr": "one other"} {
		if got := strings.Join(Forms(tag), " "); got != want {
			t.Errorf("%s: %s, want %s", tag, got, want)
		}
	}
}
