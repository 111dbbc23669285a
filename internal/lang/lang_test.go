package lang_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"brug/internal/errs"
	"brug/internal/lang"
)

var tuesday = time.Date(2026, 12, 8, 15, 5, 0, 0, time.UTC)

func TestDatesAsSchoolsWriteThem(t *testing.T) {
	for tag, want := range map[string]struct{ date, year, short, clock string }{
		"nl": {"dinsdag 8 december", "dinsdag 8 december 2026", "8 dec", "15:05"},
		"fr": {"mardi 8 décembre", "mardi 8 décembre 2026", "8 déc.", "15:05"},
		"en": {"Tuesday, 8 December", "Tuesday, 8 December 2026", "8 Dec", "15:05"},
		"ar": {"الثلاثاء، 8 ديسمبر", "الثلاثاء، 8 ديسمبر 2026", "8 ديسمبر", "15:05"},
		"tr": {"8 Aralık Salı", "8 Aralık 2026 Salı", "8 Ara", "15:05"},
		"pl": {"wtorek, 8 grudnia", "wtorek, 8 grudnia 2026", "8 gru", "15:05"},
		"ro": {"marți, 8 decembrie", "marți, 8 decembrie 2026", "8 dec.", "15:05"},
		"bg": {"вторник, 8 декември", "вторник, 8 декември 2026\u202fг.", "8.12", "15:05 ч."},
		"es": {"martes, 8 de diciembre", "martes, 8 de diciembre de 2026", "8 dic", "15:05"},
		"pt": {"terça-feira, 8 de dezembro", "terça-feira, 8 de dezembro de 2026", "8 de dez.", "15:05"},
		"uk": {"вівторок, 8 грудня", "вівторок, 8 грудня 2026\u202fр.", "8 груд.", "15:05"},
		"ru": {"вторник, 8 декабря", "вторник, 8 декабря 2026\u202fг.", "8 дек.", "15:05"},
		"sq": {"e martë, 8 dhjetor", "e martë, 8 dhjetor 2026", "8 dhj", "15:05"},
		"fa": {"سه\u200cشنبه 8 دسامبر", "سه\u200cشنبه 8 دسامبر 2026", "8 دسامبر", "15:05"},
		"ps": {"درېنۍ د دسمبر 8", "درېنۍ د 2026 د دسمبر 8", "دسمبر 8", "15:05"},
		"ur": {"منگل، 8 دسمبر", "منگل، 8 دسمبر، 2026", "8 دسمبر", "15:05"},
		"so": {"Talaado, Diseembar 8", "Talaado, Diseembar 8, 2026", "Dis 8", "15:05"},
		"ti": {"ሰሉስ፣ 8 ታሕሳስ", "ሰሉስ፣ 8 ታሕሳስ 2026", "8 ታሕ", "15:05"},
		"it": {"martedì 8 dicembre", "martedì 8 dicembre 2026", "8 dic", "15:05"},
		"de": {"Dienstag, 8. Dezember", "Dienstag, 8. Dezember 2026", "8. Dez.", "15:05"},
		"zh": {"12月8日星期二", "2026年12月8日星期二", "12月8日", "15:05"},
	} {
		l := lang.For(tag)
		for what, pair := range map[string][2]string{
			"Date":      {l.Date(tuesday), want.date},
			"DateYear":  {l.DateYear(tuesday), want.year},
			"DateShort": {l.DateShort(tuesday), want.short},
			"Time":      {l.Time(tuesday), want.clock},
		} {
			if pair[0] != pair[1] {
				t.Errorf("%s %s = %q, want %q", tag, what, pair[0], pair[1])
			}
		}
	}
}

func TestDatesOfEveryDayAreWhole(t *testing.T) {
	for _, tag := range lang.Family {
		l := lang.For(tag)
		seen := map[string]bool{}
		for d := range 365 {
			day := time.Date(2026, 1, 1+d, 9, 0, 0, 0, time.UTC)
			s := l.DateYear(day)
			if seen[s] {
				t.Errorf("%s: two days are %q", tag, s)
			}
			seen[s] = true
			if strings.ContainsAny(s, "'{}") || strings.Contains(s, "  ") || strings.TrimSpace(s) != s {
				t.Errorf("%s: %q", tag, s)
			}
			if l.Weekday(day) == "" || l.Month(day) == "" {
				t.Errorf("%s: no name for %s", tag, s)
			}
		}
	}
}

func TestOddDates(t *testing.T) {
	first := time.Date(2026, 9, 1, 8, 30, 0, 0, time.UTC)
	for _, c := range []struct{ what, got, want string }{
		{"the first of a month is an ordinal in French", lang.For("fr").Date(first), "mardi 1er septembre"},
		{"a month on its own is not a genitive", lang.For("pl").Month(first), "wrzesień"},
		{"a Persian month takes its ezafe before a year only", lang.For("fa").Date(time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)), "دوشنبه 5 ژانویه"},
		{"an hour below ten", lang.For("nl").Time(first), "08:30"},
		{"the zone of the time itself", lang.For("nl").Date(time.Date(2026, 12, 8, 23, 30, 0, 0, time.UTC).In(time.FixedZone("", 3600))), "woensdag 9 december"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.what, c.got, c.want)
		}
	}
}

func TestAgo(t *testing.T) {
	brussels, err := time.LoadLocation("Europe/Brussels")
	if err != nil {
		t.Skip("no time zones on this machine")
	}
	now := time.Date(2026, 12, 8, 9, 0, 0, 0, brussels)
	for _, c := range []struct {
		tag  string
		t    time.Time
		want string
	}{
		{"nl", now, "vandaag"},
		{"nl", now.Add(time.Hour), "vandaag"},
		{"nl", time.Date(2026, 12, 7, 23, 59, 0, 0, brussels), "gisteren"},
		{"nl", time.Date(2026, 12, 7, 22, 30, 0, 0, time.UTC), "gisteren"},
		{"nl", time.Date(2026, 12, 7, 23, 30, 0, 0, time.UTC), "vandaag"},
		{"nl", now.AddDate(0, 0, -2), "2 dagen"},
		{"nl", now.AddDate(0, 0, -13), "13 dagen"},
		{"nl", now.AddDate(0, 0, -14), "2 weken"},
		{"nl", now.AddDate(0, 0, -62), "8 weken"},
		{"nl", now.AddDate(0, 0, -63), "2 maanden"},
		{"nl", now.AddDate(-1, 0, 0), "12 maanden"},
		{"en", now.AddDate(0, 0, -35), "5 weeks"},
		{"ru", now.AddDate(0, 0, -5), "5 дней"},
		{"ru", now.AddDate(0, 0, -21), "3 недели"},
		{"pl", now.AddDate(0, 0, -35), "5 tygodni"},
		{"ar", now.AddDate(0, 0, -2), "يومان"},
		{"ar", now.AddDate(0, 0, -11), "11 يومًا"},
		{"ro", now.AddDate(0, 0, -3), "3 zile"},
		{"zh", now.AddDate(0, 0, -3), "3天"},
	} {
		if got := lang.For(c.tag).Ago(now, c.t); got != c.want {
			t.Errorf("%s, %s: %q, want %q", c.tag, c.t, got, c.want)
		}
	}
	// 25 October 2026 has 25 hours in Brussels.
	autumn := time.Date(2026, 10, 26, 0, 10, 0, 0, brussels)
	if got := lang.For("nl").Ago(autumn, autumn.Add(-24*time.Hour-20*time.Minute)); got != "gisteren" {
		t.Errorf("over a day of 25 hours: %q", got)
	}
	if got := lang.For("nl").Span(1); got != "1 dag" {
		t.Errorf("one day is %q", got)
	}
}

func TestNumbersAreGroupedAndWestern(t *testing.T) {
	for _, c := range []struct {
		tag  string
		n    int
		want string
	}{
		{"nl", 0, "0"}, {"nl", 999, "999"}, {"nl", 1234, "1.234"}, {"nl", -1234567, "-1.234.567"},
		{"fr", 1234, "1\u202f234"}, {"pl", 1234, "1234"}, {"pl", 12345, "12\u00a0345"}, {"ar", 12345, "12,345"}, {"fa", 7, "7"},
	} {
		if got := lang.For(c.tag).Number(c.n); got != c.want {
			t.Errorf("%s %d = %q, want %q", c.tag, c.n, got, c.want)
		}
	}
}

func TestLists(t *testing.T) {
	for _, c := range []struct {
		tag   string
		items []string
		want  string
	}{
		{"nl", nil, ""},
		{"nl", []string{"Amina"}, "Amina"},
		{"nl", []string{"Amina", "Noor"}, "Amina en Noor"},
		{"nl", []string{"Amina", "Noor", "Youssef", "Wout"}, "Amina, Noor, Youssef en Wout"},
		{"en", []string{"a", "b", "c"}, "a, b and c"},
		{"it", []string{"a", "b", "c"}, "a, b e c"},
		{"zh", []string{"甲", "乙", "丙"}, "甲、乙和丙"},
		{"ar", []string{"سامي", "ليلى"}, "سامي وليلى"},
		{"ar", []string{"Amina", "Noor"}, "\u2068Amina\u2069 و\u2068Noor\u2069"},
		{"es", []string{"Ana", "Inés"}, "Ana e Inés"},
		{"es", []string{"Ana", "Hilal"}, "Ana e Hilal"},
		{"es", []string{"Ana", "Hiedra"}, "Ana y Hiedra"},
		{"es", []string{"Inés", "Ana", "Sara"}, "Inés, Ana y Sara"},
		{"nl", []string{"{0}", "{1}"}, "{0} en {1}"},
	} {
		if got := lang.For(c.tag).List(c.items); got != c.want {
			t.Errorf("%s %v = %q, want %q", c.tag, c.items, got, c.want)
		}
	}
}

func TestForFindsTheLanguageToShow(t *testing.T) {
	for _, c := range []struct{ what, tag, want string }{
		{"a language with texts", "ar", "ar"},
		{"a region falls away", "nl-BE", "nl"},
		{"small and capital letters", "PT-br", "pt"},
		{"an underscore", "fr_FR", "fr"},
		{"Dari reads Persian", "prs", "fa"},
		{"Dari as a region", "fa-AF", "fa"},
		{"a script falls away", "zh-Hant-TW", "zh"},
		{"three letters", "tur", "tr"},
		{"bibliographic three letters", "alb", "sq"},
		{"a known language without texts is Dutch", "rif", "nl"},
		{"Moroccan Arabic is not Arabic", "ary", "nl"},
		{"an unknown one", "tlh", "nl"},
		{"nothing", "", "nl"},
		{"no tag at all", "<script>", "nl"},
		{"private use falls away", "de-x-school", "de"},
		{"an extension falls away", "fa-u-nu-latn", "fa"},
	} {
		if got := lang.For(c.tag).Tag(); got != c.want {
			t.Errorf("%s: For(%q) is %q, want %q", c.what, c.tag, got, c.want)
		}
	}
	if lang.For("nl") != lang.For("nl-NL") {
		t.Error("two locales for one language")
	}
}

func TestMatch(t *testing.T) {
	have := []string{"nl", "fr", "en", "ar"}
	for _, c := range []struct{ what, header, want string }{
		{"the only one", "fr", "fr"},
		{"the first of equals", "ar,en", "ar"},
		{"by weight", "en;q=0.5, ar;q=0.9, nl;q=0.1", "ar"},
		{"a region is met by the language", "fr-BE,en;q=0.8", "fr"},
		{"one we have not, then one we have", "zgh,fr;q=0.7", "fr"},
		{"not wanted at all", "fr;q=0,ar;q=0.1", "ar"},
		{"anything", "*", "nl"},
		{"nothing", "", "nl"},
		{"rubbish", ";;;q=,,=1;q=x", "nl"},
		{"spaces", "  en ; q = 0.3 ,ar ;q=0.2", "en"},
	} {
		if got := lang.Match(c.header, have, "nl"); got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
	if got := lang.Match("pt", []string{"nl", "pt-BR"}, "nl"); got != "pt-BR" {
		t.Errorf("a language is not met by its variety: %q", got)
	}
}

func TestTextsFallBackToDutchNeverToEnglish(t *testing.T) {
	for _, tag := range lang.Family {
		l := lang.For(tag)
		if got := l.C("ago", "today"); tag != "en" && got == "today" {
			t.Errorf("%s: a family text is English", tag)
		}
		if l.Has("There is no such text.") != (tag == "en") {
			t.Errorf("%s: Has a text that is nowhere", tag)
		}
		if !l.HasC("ago", "today") || l.Has("today") && tag != "en" {
			t.Errorf("%s: context is not told apart", tag)
		}
	}
	if got := lang.For("ar").T("There is no such text."); got != "There is no such text." {
		t.Errorf("a text that is nowhere: %q", got)
	}
}

func TestPlaceholders(t *testing.T) {
	nl, ar := lang.For("nl"), lang.For("ar")
	for _, c := range []struct{ what, got, want string }{
		{"filled by name", nl.T("{a} and {b}", "b", 2, "a", "x"), "x and 2"},
		{"twice", nl.T("{a} {a}", "a", "x"), "x x"},
		{"braces in a value stay", nl.T("{a} {b}", "a", "{b}", "b", "y"), "{b} y"},
		{"without a value it stays", nl.T("{a} {b}", "a", "x"), "x {b}"},
		{"a brace alone", nl.T("{a} {", "a", "x"), "x {"},
		{"a date", nl.T("on {day}", "day", tuesday), "on dinsdag 8 december"},
		{"names", nl.T("for {names}", "names", []string{"Noor", "Wout"}), "for Noor en Wout"},
		{"a text within", nl.T("{a}!", "a", errs.T("{b}?", "b", "x")), "x?!"},
		{"a year is not grouped", nl.T("{y}", "y", 2026), "2026"},
		{"a count is", nl.N(1234, "{n} thing", "{n} things"), "1.234 things"},
		{"a count with more", nl.N(1, "{n} thing of {who}", "{n} things of {who}", "who", "Noor"), "1 thing of Noor"},
		{"an error's text", nl.Text(errs.T("{a}.", "a", "x")), "x."},
		{"an Arabic name in Dutch", nl.T("{name}: hello", "name", "ليلى"), "\u2068ليلى\u2069: hello"},
		{"a Dutch name in Dutch", nl.T("{name}: hello", "name", "Noor"), "Noor: hello"},
		{"a Dutch name in Arabic", ar.T("{name}: hello", "name", "Noor"), "\u2068Noor\u2069: hello"},
		{"an Arabic name in Arabic", ar.T("{name}: hello", "name", "ليلى"), "ليلى: hello"},
		{"a telephone number in Arabic", ar.T("{tel}", "tel", "+32 470 12 34 56"), "\u2068+32 470 12 34 56\u2069"},
		{"a code in Arabic", ar.T("{code}", "code", "K7-42"), "\u2068K7-42\u2069"},
		{"a time in Arabic", ar.T("{time}", "time", "15:05"), "15:05"},
		{"a date in Arabic", ar.T("{day}", "day", tuesday), "الثلاثاء، 8 ديسمبر"},
		{"names in a list that is put in", ar.T("{names}", "names", []string{"Noor", "Wout"}), "\u2068Noor\u2069 و\u2068Wout\u2069"},
		{"plain has no marks", ar.Plain().T("{name}", "name", "Noor"), "Noor"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.what, c.got, c.want)
		}
	}
	if ar.Plain().Plain() != ar.Plain() || ar.Plain().Tag() != "ar" || ar.Plain().C("ago", "today") != "اليوم" {
		t.Error("Plain is another language")
	}
}

func TestContextCarriesTheLanguage(t *testing.T) {
	ctx := context.Background()
	if lang.From(ctx).Tag() != "nl" {
		t.Error("without a word it is not Dutch")
	}
	ctx = lang.With(ctx, lang.For("pl"))
	if lang.C(ctx, "ago", "today") != "dzisiaj" || lang.N(ctx, 5, "{n} day", "{n} days") != "5 dni" {
		t.Error("not Polish")
	}
	if lang.T(ctx, "{a}", "a", 1) != "1" || lang.Text(ctx, errs.T("{a}", "a", 1)) != "1" {
		t.Error("not filled")
	}
}

func TestLanguagesThatAFamilyCanHave(t *testing.T) {
	known := lang.Known()
	for i, tag := range lang.Family {
		if known[i].Tag != tag || !known[i].Texts {
			t.Errorf("language %d is %s, not %s with texts", i, known[i].Tag, tag)
		}
	}
	var others []string
	seen := map[string]bool{}
	for i, k := range known {
		if seen[k.Tag] || lang.Canonical(k.Tag) != k.Tag {
			t.Errorf("%s: twice, or not canonical", k.Tag)
		}
		seen[k.Tag] = true
		if k.Endonym == "" || lang.Endonym(k.Tag) != k.Endonym || lang.Dir(k.Tag) != k.Dir {
			t.Errorf("%s: %+v", k.Tag, k)
		}
		for _, in := range lang.Family {
			if lang.Name(in, k.Tag) == "" {
				t.Errorf("%s has no name in %s", k.Tag, in)
			}
		}
		for _, in := range lang.Staff {
			if n := lang.Name(in, k.Tag); n == k.Tag {
				t.Errorf("%s has no name for staff in %s", k.Tag, in)
			}
		}
		if i >= len(lang.Family) {
			others = append(others, k.Tag)
		}
	}
	if !slices.IsSorted(others) {
		t.Error("the others are not in order of their tags")
	}
	for _, tag := range []string{"ary", "rif", "zgh", "so", "ti"} {
		if i := slices.IndexFunc(known, func(k lang.Info) bool { return k.Tag == tag }); i < 0 || !known[i].SpokenFirst {
			t.Errorf("%s is not a language that is spoken first", tag)
		}
	}
}

func TestNamesAndDirections(t *testing.T) {
	for _, c := range []struct{ what, got, want string }{
		{"Arabic in Dutch", lang.Name("nl", "ar"), "Arabisch"},
		{"Dutch in Arabic", lang.Name("ar", "nl"), "الهولندية"},
		{"Dari in Dutch", lang.Name("nl", "prs"), "Dari"},
		{"a region is its language", lang.Name("nl", "pt-BR"), "Portugees"},
		{"Tarifit in French", lang.Name("fr", "rif"), "rifain"},
		{"no name in this language", lang.Name("so", "rif"), "Tarifit"},
		{"unknown", lang.Name("nl", "tlh"), "tlh"},
		{"its own name", lang.Endonym("ar"), "العربية"},
		{"a variety's own name", lang.Endonym("ar-MA"), "العربية"},
		{"Arabic", lang.Dir("ar"), "rtl"},
		{"Pashto of Pakistan", lang.Dir("ps-PK"), "rtl"},
		{"Punjabi", lang.Dir("pa"), "ltr"},
		{"Punjabi in Arabic script", lang.Dir("pa-Arab-PK"), "rtl"},
		{"Kurdish in Arabic script", lang.Dir("ku-Arab"), "rtl"},
		{"Persian in Latin script", lang.Dir("fa-Latn"), "ltr"},
		{"unknown", lang.Dir("tlh"), "ltr"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.what, c.got, c.want)
		}
	}
}

func TestManyReadAtOnce(t *testing.T) {
	var wg sync.WaitGroup
	for i := range 64 {
		wg.Go(func() {
			l := lang.For(lang.Family[i%len(lang.Family)])
			if l.C("ago", "today") == "" || l.Plain().N(i, "{n} day", "{n} days") == "" {
				t.Error("no text")
			}
		})
	}
	wg.Wait()
}

func TestALookupTakesNoMemory(t *testing.T) {
	l := lang.For("ar")
	ctx := lang.With(context.Background(), l)
	if n := testing.AllocsPerRun(100, func() { lang.C(ctx, "ago", "today"); lang.T(ctx, "nowhere"); lang.For("ar") }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

var sink string

func BenchmarkC(b *testing.B) {
	ctx := lang.With(context.Background(), lang.For("ar"))
	b.ReportAllocs()
	for b.Loop() {
		sink = lang.C(ctx, "ago", "today")
	}
}

func BenchmarkN(b *testing.B) {
	ctx := lang.With(context.Background(), lang.For("ar"))
	b.ReportAllocs()
	for b.Loop() {
		sink = lang.N(ctx, 12, "{n} day", "{n} days")
	}
}

func BenchmarkDate(b *testing.B) {
	l := lang.For("ar")
	b.ReportAllocs()
	for b.Loop() {
		sink = l.Date(tuesday)
	}
}
