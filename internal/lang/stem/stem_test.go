package stem

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// meets tells whether what somebody types is found under a word of a text: a form in common, or the beginning of one.
func meets(tag, typed, written string) bool {
	for _, q := range Words(tag, typed) {
		found := false
		for _, w := range Words(tag, written) {
			for _, have := range w {
				for _, want := range q {
					found = found || have == want || utf8.RuneCountInString(want) >= 4 && strings.HasPrefix(have, want)
				}
			}
		}
		if !found {
			return false
		}
	}
	return len(Words(tag, typed)) > 0
}

func TestOneWordInItsForms(t *testing.T) {
	for _, c := range []struct{ tag, typed, written string }{
		{"nl", "boeken", "een boek"}, {"nl", "boek", "twee boeken"}, {"nl", "brieven", "de brief"}, {"nl", "brief", "briefje met vragen"}, {"nl", "huizen", "huis"},
		{"nl", "kinderen", "ieder kind"}, {"nl", "kind", "kinderen"}, {"nl", "spelen", "speelt buiten"}, {"nl", "VERHAAL", "verhalen"}, {"nl", "ouder", "ouderkring"}, {"nl", "bootjes", "boot"},
		{"nl", "cafe", "café"}, {"nl", "ideeen", "ideeën"}, {"nl", "IDEEEN", "een idee"}, {"nl", "zee", "zeeën"}, {"nl", "vriend", "vriendjes"}, {"nl", "beetje", "een beetje"},
		{"fr", "école", "les écoles"}, {"fr", "ecole", "l'école"}, {"fr", "enfant", "d’enfants"}, {"fr", "jouer", "ils jouent"}, {"fr", "lettres", "la lettre"}, {"fr", "journaux", "journal"},
		{"fr", "FÊTE", "fetes"}, {"fr", "eleves", "élève"}, {"en", "stories", "a story"}, {"en", "reading", "reads"}, {"en", "child", "child's"}, {"en", "homework", "Homework"},
		{"ar", "مدرسة", "المدرسة"}, {"ar", "المدارس", "مدارس"}, {"ar", "كتاب", "كِتَاب"}, {"ar", "أسئلة", "اسئلة"}, {"ar", "قصة", "قصه"}, {"ar", "معلم", "المعلمون"}, {"ar", "حيوانات", "والحيوان"}, {"nl", "eten", "eet"}, {"nl", "giraf", "giraffen"}, {"fa", "حیوانات", "حیوان‌ها"},
		{"tr", "okul", "okulda"}, {"tr", "kitaplar", "kitap"}, {"tr", "ÇOCUK", "çocuklar"}, {"tr", "cocuk", "çocuk"}, {"tr", "IŞIK", "ışık"}, {"tr", "sınıf", "sınıfta"},
		{"ru", "книга", "книги"}, {"ru", "школе", "школа"}, {"ru", "ребёнок", "ребенок"}, {"ru", "играть", "играет"}, {"ru", "вопросы", "вопрос"}, {"ru", "домой", "Домой"},
		{"de", "bücher", "buch"}, {"de", "schule", "schulen"}, {"es", "niños", "niño"}, {"it", "scuole", "scuola"}, {"pt", "perguntas", "pergunta"}, {"ro", "școală", "scoala"},
		{"pl", "książki", "książka"}, {"pl", "szkole", "szkoła"}, {"uk", "школі", "школа"}, {"bg", "училището", "училище"}, {"sq", "shkollës", "shkolla"},
		{"fa", "کتاب", "كتاب‌ها"}, {"fa", "مدرسه", "مدرسه‌ی"}, {"ur", "کتاب", "كتاب"}, {"ps", "ښوونځی", "ښوونځي"}, {"ti", "ትምህርቲ", "ቤት ትምህርቲ"}, {"so", "dugsiga", "dugsigu"},
		{"zh", "学校", "在学校里"}, {"zh", "书", "图书馆"}, {"zh", "ＱＲ", "扫QR码"}, {"fa-AF", "۱۲", "12"}, {"nl-BE", "boeken", "boek"},
	} {
		if !meets(c.tag, c.typed, c.written) {
			t.Errorf("%s: %q does not find %q: %v, %v", c.tag, c.typed, c.written, Words(c.tag, c.typed), Words(c.tag, c.written))
		}
	}
}

func TestOtherWordsStayApart(t *testing.T) {
	for _, c := range []struct{ tag, typed, written string }{
		{"nl", "boek", "boer"}, {"nl", "school", "schoen"}, {"nl", "bus", "buste"}, {"fr", "mer", "merci"}, {"en", "art", "party"}, {"ar", "كتاب", "كلب"}, {"tr", "at", "ata"}, {"ru", "дом", "дым"}, {"zh", "学校", "学生在校"},
	} {
		if meets(c.tag, c.typed, c.written) {
			t.Errorf("%s: %q finds %q: %v, %v", c.tag, c.typed, c.written, Words(c.tag, c.typed), Words(c.tag, c.written))
		}
	}
}

func TestWordsThatSayNothingAreLeftOut(t *testing.T) {
	if got := Words("nl", "Het boek van de bus"); len(got) != 2 {
		t.Errorf("%v", got)
	}
	if got := Words("en", "…!? 🙂"); len(got) != 0 {
		t.Errorf("%v", got)
	}
}

// Whatever is typed, forms are folded, sorted and never empty, and a word finds itself.
func TestAnyText(t *testing.T) {
	tags := []string{"nl", "fr", "en", "ar", "tr", "ru", "de", "es", "it", "pt", "ro", "pl", "bg", "uk", "sq", "fa", "ps", "ur", "so", "ti", "zh", "x"}
	rapid.Check(t, func(t *rapid.T) {
		tag, text := rapid.SampledFrom(tags).Draw(t, "tag"), rapid.String().Draw(t, "text")
		for _, w := range Words(tag, text) {
			if !slices.IsSorted(w) || len(w) == 0 || slices.Contains(w, "") {
				t.Fatalf("%s %q: %q", tag, text, w)
			}
		}
		if len(Words(tag, text)) > 0 && !meets(tag, text, text) {
			t.Fatalf("%s: %q does not find itself", tag, text)
		}
	})
}
