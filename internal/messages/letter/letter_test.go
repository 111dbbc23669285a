package letter

import (
	"strings"
	"testing"

	"brug/internal/lang"
	"brug/internal/material"
	"brug/internal/plain"

	"golang.org/x/net/html"
)

const link = "https://brug.test/m/xxxxxxxxxxxxxxxxxxxxxx/messages/3467cdfghjkmnpqr"

// letterIn is a letter as package messages makes it: two paragraphs and a phrase.
func letterIn(tag string, texts ...string) *Letter {
	l := &Letter{Lang: tag, School: "De Brug", From: "Els Daems, 3A", Title: Piece{Text: "Zwemmen", Lang: "nl"}, Hello: Hello(tag, "Ali"),
		Link: link, StopLink: "https://brug.test/m/xxxxxxxxxxxxxxxxxxxxxx/stop", Phone: "+3225550100"}
	for _, t := range texts {
		l.Blocks = append(l.Blocks, Block{Piece: Piece{Text: t, Lang: tag}})
	}
	return l
}

func TestASmallLetterIsOneSMSWithAllItsWords(t *testing.T) {
	cases := []struct {
		name  string
		make  func() []*Letter
		want  string // "" : not looked at
		parts int
	}{
		{"all words fit", func() []*Letter { return []*Letter{letterIn("nl", "Neem morgen een zwempak mee.")} },
			"De Brug: Neem morgen een zwempak mee. " + link, 1},
		{"too many words: the title and the link", func() []*Letter { return []*Letter{letterIn("nl", strings.Repeat("Neem morgen een zwempak mee. ", 5))} },
			"De Brug: Zwemmen " + link, 1},
		{"urgent words may take three", func() []*Letter {
			l := letterIn("nl", strings.Repeat("De school is dicht. ", 9))
			l.Urgent = true
			return []*Letter{l}
		}, "", 2},
		{"signs of a word processor do not double the price", func() []*Letter { return []*Letter{letterIn("nl", "Neem “alles” mee – ook ’t pak…")} },
			`De Brug: Neem "alles" mee - ook 't pak... ` + link, 1},
		{"a name in a right-to-left text leaves no marks", func() []*Letter {
			l := letterIn("ar")
			l.Title = Piece{Text: "رسالة عن \u2068Ali\u2069", Lang: "ar"}
			return []*Letter{l}
		}, "De Brug: رسالة عن Ali " + link, 2},
		{"what is private says no word of it", func() []*Letter {
			l := letterIn("nl", "Er waren luizen.")
			l.Sensitive = true
			return []*Letter{l}
		}, "De Brug: " + wordsIn("nl").private + " " + link, 0},
		{"the child is named", func() []*Letter {
			l := letterIn("nl", "Zwempak mee.")
			l.About = []string{"Ali", "Badra"}
			return []*Letter{l}
		}, "De Brug, Ali, Badra: Zwempak mee. " + link, 1},
		{"a child whom the words name is not named twice", func() []*Letter {
			l := letterIn("nl", "Ali heeft geholpen.")
			l.About = []string{"Ali"}
			return []*Letter{l}
		}, "De Brug: Ali heeft geholpen. " + link, 1},
		{"a child whose name is only part of another word is named", func() []*Letter {
			l := letterIn("nl", "Januari: zwempak mee.")
			l.About = []string{"Jan"}
			return []*Letter{l}
		}, "De Brug, Jan: Januari: zwempak mee. " + link, 1},
		{"a name that stands in a word first, and then by itself, is there", func() []*Letter {
			l := letterIn("nl", "Januari: Jan's zwempak.")
			l.About = []string{"Jan"}
			return []*Letter{l}
		}, "De Brug: Januari: Jan's zwempak. " + link, 1},
		{"where one of several is private no child is named", func() []*Letter {
			a, b := letterIn("nl", "Zwempak mee."), letterIn("nl", "Er waren luizen.")
			a.About, b.About, b.Sensitive = []string{"Ali"}, []string{"Badra"}, true
			return []*Letter{a, b}
		}, several("nl", 2, "De Brug") + " " + link, 1},
		{"each letter of two names its child", func() []*Letter {
			a, b := letterIn("nl", "Zwempak mee."), letterIn("nl", "Dag.")
			a.About, b.About = []string{"Ali"}, []string{"Badra"}
			return []*Letter{a, b}
		}, "De Brug: Ali: Zwempak mee. / Badra: Dag. " + link, 1},
		{"two that do not fit name both", func() []*Letter {
			a, b := letterIn("nl", strings.Repeat("Zwempak mee. ", 8)), letterIn("nl", "Dag.")
			a.About, b.About = []string{"Ali"}, []string{"Badra"}
			return []*Letter{a, b}
		}, "Ali, Badra: " + several("nl", 2, "De Brug") + " " + link, 1},
		{"two that fit together stand together", func() []*Letter { return []*Letter{letterIn("nl", "Zwempak mee."), letterIn("nl", "Dag.")} },
			"De Brug: Zwempak mee. / Dag. " + link, 1},
		{"two that do not fit are counted", func() []*Letter {
			return []*Letter{letterIn("nl", strings.Repeat("Zwempak mee. ", 8)), letterIn("nl", "Dag.")}
		}, several("nl", 2, "De Brug") + " " + link, 1},
		{"a title in another language than the reader's", func() []*Letter {
			l := letterIn("ti", strings.Repeat("Neem morgen een zwempak mee. ", 5))
			l.Title = Piece{Text: "Zwemmen", Lang: "nl"}
			return []*Letter{l}
		}, strings.NewReplacer("\u2068", "", "\u2069", "").Replace(several("ti", 1, "De Brug")) + ": Zwemmen " + link, 2},
		{"a long title in another language makes the SMS no dearer", func() []*Letter {
			l := letterIn("ti", strings.Repeat("Neem morgen een zwempak mee. ", 5))
			l.Title = Piece{Text: "Zwemmen, en daarna met de hele klas naar het bos aan de overkant", Lang: "nl"}
			return []*Letter{l}
		}, strings.NewReplacer("\u2068", "", "\u2069", "").Replace(several("ti", 1, "De Brug")) + " " + link, 2},
	}
	for _, c := range cases {
		got := SMS(c.make())
		if c.want != "" && got != c.want {
			t.Errorf("%s:\n got %q\nwant %q", c.name, got, c.want)
		}
		if n := plain.Count(got).Segments; c.parts != 0 && n != c.parts {
			t.Errorf("%s: %d parts, want %d: %q", c.name, n, c.parts, got)
		}
	}
}

func TestTheTextOfAMail(t *testing.T) {
	l := letterIn("nl", "Eerste.", "Tweede.")
	l.Title = Piece{Text: "Zwemmen", Lang: "nl"}
	l.Blocks = append(l.Blocks, Block{Piece: Piece{Text: "Breng zwemspullen mee.", Lang: "nl"}, Pictogram: "swim", Role: material.Point})
	l.Files = []File{{Name: "brief.pdf"}}
	w := wordsIn("nl")
	want := "Zwemmen\n\n" + Hello("nl", "Ali").Text + "\n\nEerste.\n\nTweede.\n\n- Breng zwemspullen mee.\n\n" + w.files + ":\n- brief.pdf\n\n" + w.read + ": " + link + "\n" + w.answer +
		"\n\n-- \nEls Daems, 3A\nDe Brug\n" + w.phone + ": +3225550100\n" + w.stop + ": https://brug.test/m/xxxxxxxxxxxxxxxxxxxxxx/stop\n"
	if got := Text([]*Letter{l}); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestAMachinesWordsAreFollowedByTheOriginal(t *testing.T) {
	l := letterIn("ar")
	l.Notes = []Piece{ByMachine("ar")}
	l.Blocks = []Block{{Piece: Piece{Text: "مرحبا", Lang: "ar"}, Machine: true, Original: Piece{Text: "Dag.", Lang: "nl"}},
		{Piece: Piece{Text: "شكرا", Lang: "ar"}, Original: Piece{Text: "Dank u.", Lang: "nl"}}}
	text, page := Text([]*Letter{l}), HTML([]*Letter{l})
	for _, got := range []string{text, page} {
		if !strings.Contains(got, wordsIn("ar").machine) || !strings.Contains(got, wordsIn("ar").original) || !strings.Contains(got, "Dag.") {
			t.Errorf("the label, the heading or the original lacks in\n%s", got)
		}
		if strings.Contains(got, "Dank u.") {
			t.Error("what a person translated needs no original beside it in a mail")
		}
	}
	if !strings.Contains(page, `lang="nl" dir="ltr"`) {
		t.Error("the original does not say in which language and direction it is")
	}
}

// In every language of families the frame is whole, says its language and direction, and the page fetches nothing.
func TestAMailFetchesNothingAndSaysItsLanguage(t *testing.T) {
	for _, tag := range lang.Family {
		l := letterIn(tag, "Eerste <b>regel</b> & \"meer\"\nen verder")
		l.Urgent = true
		l.Notes = NotInYours(tag, "nl")
		l.Blocks[0].Lang = "nl"
		other := letterIn(tag, "Nog een")
		page := HTML([]*Letter{l, other})
		doc, err := html.Parse(strings.NewReader(page))
		if err != nil {
			t.Fatal(err)
		}
		var walk func(n *html.Node)
		seen := map[string]int{}
		walk = func(n *html.Node) {
			if n.Type == html.ElementNode {
				seen[n.Data]++
				for _, a := range n.Attr {
					if a.Key == "src" || a.Key == "srcset" || a.Key == "background" || a.Key == "style" && strings.Contains(a.Val, "url(") {
						t.Errorf("%s: <%s %s=%q> is fetched", tag, n.Data, a.Key, a.Val)
					}
				}
				switch n.Data {
				case "script", "img", "link", "iframe", "object", "form", "style":
					t.Errorf("%s: a mail has no <%s>", tag, n.Data)
				case "html":
					if n.Attr[0].Val != tag || n.Attr[1].Val != lang.Dir(tag) {
						t.Errorf("%s: html says %v", tag, n.Attr)
					}
				}
			}
			for c := n.FirstChild; c != nil; c = c.NextSibling {
				walk(c)
			}
		}
		walk(doc)
		if seen["h1"] != 2 || seen["a"] < 4 {
			t.Errorf("%s: %d letters and %d links in the mail", tag, seen["h1"], seen["a"])
		}
		if strings.Contains(page, "<b>regel") || !strings.Contains(page, "Eerste &lt;b&gt;regel&lt;/b&gt; &amp; &#34;meer&#34;<br>en verder") {
			t.Errorf("%s: what people write is not escaped", tag)
		}
		if len(page) > 12_000 {
			t.Errorf("%s: %d bytes are a large mail", tag, len(page))
		}
	}
}

func TestSubject(t *testing.T) {
	cases := []struct {
		name    string
		letters []*Letter
		want    string
	}{
		{"the school, then the title", []*Letter{letterIn("nl", "x")}, "De Brug: Zwemmen"},
		{"a title that names the school", []*Letter{{Lang: "nl", School: "De Brug", Title: Piece{Text: "Feest in De Brug", Lang: "nl"}}}, "Feest in De Brug"},
		{"several", []*Letter{letterIn("nl", "x"), letterIn("nl", "y")}, several("nl", 2, "De Brug")},
	}
	for _, c := range cases {
		if got := Subject(c.letters); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	if got := Subject([]*Letter{{Lang: "ar", Title: Piece{Text: "عن \u2068Ali\u2069", Lang: "ar"}}}); strings.ContainsAny(got, "\u2068\u2069") {
		t.Errorf("marks in a subject: %q", got)
	}
}

func TestALetterOnPaper(t *testing.T) {
	free := letterIn("nl", "Eerste.", "Tweede.")
	free.Blocks = append(free.Blocks, Block{Piece: Piece{Text: "Breng mee.", Lang: "nl"}, Pictogram: "swim"})
	s := free.Sheet()
	if s.Kind != material.SampleLetter || s.Intro.Text != "Eerste." || len(s.Parts) != 2 || s.Parts[0].Role != material.Paragraph || s.Parts[1].Role != material.Point || s.Parts[1].Pictogram != "swim" {
		t.Errorf("free text: %+v", s)
	}
	nudge := letterIn("nl", "Lees samen een boek.")
	nudge.Kind = material.Nudge
	if s := nudge.Sheet(); s.Kind != material.Nudge || s.Intro.Text == "" || len(s.Parts) != 0 {
		t.Errorf("a nudge stays a nudge: %+v", s)
	}
	slip := letterIn("nl", "Vraag het.")
	slip.Kind = material.QuestionSlip
	slip.Blocks = append(slip.Blocks, Block{Piece: Piece{Text: "Met wie speelde je?", Lang: "nl"}, Role: material.Question}, Block{Piece: Piece{Text: "Veel plezier.", Lang: "nl"}})
	if s := slip.Sheet(); s.Close.Text != "Veel plezier." || len(s.Of(material.Question)) != 1 {
		t.Errorf("a slip has its close: %+v", s)
	}
	private := letterIn("nl")
	private.Sensitive = true
	if s := private.Sheet(); len(s.Parts) != 1 || s.Parts[0].Text != wordsIn("nl").private {
		t.Errorf("private: %+v", s)
	}
}

func TestHours(t *testing.T) {
	cases := []struct{ name, tag, office, want string }{
		{"nobody told", "en", "", ""},
		{"the same every day", "en", `{"mon":["08:30","16:00"],"tue":["08:30","16:00"],"wed":["08:30","16:00"]}`, "The school answers: Monday – Wednesday 08:30–16:00"},
		{"two days, and a short one", "en", `{"mon":["08:30","16:00"],"tue":["08:30","16:00"],"wed":["08:30","12:00"]}`, "The school answers: Monday and Tuesday 08:30–16:00, Wednesday 08:30–12:00"},
		{"a day between without hours", "en", `{"mon":["08:30","16:00"],"wed":["08:30","16:00"]}`, "The school answers: Monday 08:30–16:00, Wednesday 08:30–16:00"},
		{"what cannot be read is not told", "en", `{"mon":["early","late"]}`, ""},
		{"only a line", "en", `{"line":"Bel gerust."}`, ""},
	}
	for _, c := range cases {
		if got := Hours(c.tag, c.office); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func BenchmarkMail(b *testing.B) {
	l := letterIn("ar", "Morgen gaan we zwemmen.", "Neem een zwempak mee en een handdoek.", "Tot dan.")
	for b.Loop() {
		Mail([]*Letter{l})
	}
}
