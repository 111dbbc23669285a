package press

import (
	"flag"
	"os"
	"strings"
	"testing"
)

var keep = flag.String("keep", "", "write the specimen to this file, to look at it")

// slipTexts are short slips in the scripts that a school meets.
var slipTexts = []struct {
	lang, name, title, intro string
	questions                []string
}{
	{"nl", "Emma", "Briefje met vragen", "Vraag dit vanavond aan Emma, in de taal die u thuis spreekt.", []string{"Wat was vandaag het leukst op school?", "Met wie heb je gespeeld, en wat hebben jullie samen gedaan op de speelplaats na de middag?", "Wat wil je morgen nog eens doen?"}},
	{"ar", "محمد", "ورقة أسئلة", "اسألوا محمد هذا المساء بلغتكم في البيت، يوم الثلاثاء 8 ديسمبر في الساعة 16:30.", []string{"ما أجمل شيء حدث اليوم في المدرسة؟", "مع من لعبت، وماذا فعلتم معًا في الساحة (refter)؟", "ماذا تريد أن تفعل غدًا مرة أخرى؟"}},
	{"ur", "عائشہ", "سوالوں کی پرچی", "آج شام عائشہ سے اپنی گھر کی زبان میں پوچھیں، منگل 8 دسمبر 16:30 بجے۔", []string{"آج اسکول میں سب سے اچھی بات کیا تھی؟", "تم کس کے ساتھ کھیلے، اور تم نے مل کر کیا کیا؟", "کل تم پھر کیا کرنا چاہتے ہو؟"}},
	{"ti", "ሰላም", "ወረቐት ሕቶታት", "ሎሚ ምሸት ንሰላም ብቋንቋ ገዛኹም ሕተትዋ።", []string{"ሎሚ ኣብ ቤት ትምህርቲ እቲ ዝበለጸ እንታይ ነይሩ?", "ምስ መን ተጻዊትኪ፧", "ጽባሕ እንታይ ክትገብሪ ትደልዪ፧"}},
	{"zh", "王小明", "问题小纸条", "今晚请用家里的语言问问王小明。12月8日星期二下午4:30见。", []string{"今天在学校最开心的是什么?", "你和谁一起玩?你们一起做了什么?", "明天你还想做什么?"}},
	{"hi", "आरव", "प्रश्नों की पर्ची", "आज शाम आरव से अपनी घर की भाषा में पूछिए। मंगलवार, 8 दिसंबर, 16:30।", []string{"आज विद्यालय में सबसे अच्छा क्या था?", "तुमने किसके साथ खेला, और तुम लोगों ने मिलकर क्या किया?", "कल तुम फिर क्या करना चाहोगे?"}},
	{"uk", "Оля", "Листочок із запитаннями", "Запитайте сьогодні ввечері Олю мовою, якою ви говорите вдома.", []string{"Що сьогодні в школі було найкраще?", "З ким ти гралася, і що ви робили разом?", "Що б ти хотіла зробити завтра ще раз?"}},
	{"hy", "Անի", "Հարցերի թերթիկ", "Այս երեկո հարցրեք Անիին ձեր տան լեզվով։", []string{"Ի՞նչն էր այսօր դպրոցում ամենալավը։", "Ո՞ւմ հետ խաղացիր։"}},
	{"ka", "ნინო", "კითხვების ფურცელი", "ამ საღამოს ჰკითხეთ ნინოს თქვენს სახლის ენაზე.", []string{"რა იყო დღეს სკოლაში ყველაზე კარგი?", "ვისთან ერთად ითამაშე?"}},
	{"el", "Άννα", "Χαρτάκι με ερωτήσεις", "Ρωτήστε απόψε την Άννα στη γλώσσα του σπιτιού σας.", []string{"Τι ήταν σήμερα το καλύτερο στο σχολείο;", "Με ποιον έπαιξες;"}},
}

func slipPage(t testing.TB, i int) Page {
	s := slipTexts[i]
	pictures := []*Picture{pictogram(t, "1F3EB"), pictogram(t, "1F46B"), pictogram(t, "2B50")}
	var items []Item
	for k, q := range s.questions {
		items = append(items, Item{Label: itoa(k+1) + ".", Picture: pictures[k], Text: T(q), Lines: 2})
	}
	return Page{
		Lang: s.lang, TextSize: 14, MinScale: 0.8, Accent: RGB(0x0E6A63),
		Blocks: []Block{
			Row{Cells: []Cell{
				{Width: 40, Blocks: []Block{Image{Picture: pictures[0], Width: 40, Alt: "De Wilg"}}},
				{VAlign: Middle, Blocks: []Block{Para{Text: T("Basisschool De Wilg"), Style: Style{Size: 11, Lang: "nl", Align: PageStart}}}},
			}},
			Heading{Text: T(s.title)},
			Box{Fill: RGB(0xEAF3F1), Blocks: []Block{Para{Text: Personal(s.intro), Style: Style{Size: 12}}}},
			List{Items: items},
		},
		Footer: []Block{Row{Cells: []Cell{
			{Width: 80, Blocks: []Block{QR{Payload: "https://brug.example/f/0123456789abcdef", Side: 80, Alt: s.title}}},
			{VAlign: Middle, Blocks: []Block{
				Para{Text: T("brug.example/c"), Style: Style{Size: 10, Lang: "en", Align: PageStart}},
				Para{Text: T("K7P 4QX"), Style: Style{Size: 18, Bold: true, Lang: "en", Align: PageStart}},
			}},
		}}},
		Header: []Block{Para{Text: T(s.title + " · " + s.name), Style: Style{Size: 9}}},
	}
}

// bilingualPage has the own language beside Dutch, question by question.
func bilingualPage(t testing.TB, i int) Page {
	own, dutch := slipTexts[i], slipTexts[0]
	blocks := []Block{
		Row{Cells: []Cell{
			{Blocks: []Block{Heading{Level: 2, Text: T(own.title)}}},
			{Lang: "nl", Blocks: []Block{Heading{Level: 2, Text: T(dutch.title)}}},
		}},
		Row{Cells: []Cell{
			{Blocks: []Block{Para{Text: T(own.intro)}}},
			{Lang: "nl", Blocks: []Block{Para{Text: T(dutch.intro)}}},
		}},
		Rule{},
	}
	for k, q := range own.questions {
		blocks = append(blocks,
			Row{Cells: []Cell{
				{Blocks: []Block{List{Items: []Item{{Label: itoa(k+1) + ".", Picture: pictogram(t, "2B50"), Text: T(q)}}}}},
				{Lang: "nl", Blocks: []Block{List{Items: []Item{{Label: itoa(k+1) + ".", Text: T(dutch.questions[k])}}}}},
			}},
			WriteLines{N: 2})
	}
	return Page{Lang: own.lang, TextSize: 13, Blocks: blocks}
}

func listPage(rows int) Page {
	t := Table{Columns: []Column{
		{Head: T("Kind"), Weight: 3}, {Head: T("Taal"), Weight: 2}, {Head: T("Titel in die taal"), Weight: 3}, {Head: T("Gegeven"), Width: 60, Tick: true, Align: Center},
	}}
	for i := range rows {
		s := slipTexts[i%len(slipTexts)]
		t.Rows = append(t.Rows, []Text{Personal(itoa(i+1) + ". " + s.name), T(s.lang), {{Text: s.title, Lang: s.lang}}})
	}
	return Page{Lang: "nl", Blocks: []Block{Heading{Text: T("Klas 3A: wie krijgt welke taal")}, t},
		Header: []Block{Para{Text: T("Klas 3A, vervolg"), Style: Style{Size: 9}}}}
}

func posterPage(t testing.TB) Page {
	return Page{Size: A3, Lang: "nl", Accent: RGB(0xB4451F), Blocks: []Block{
		Spring{},
		Image{Picture: pictogram(t, "1F3EB"), Width: 300, Align: Center, Alt: "School"},
		Heading{Text: T("Ouderkring op dinsdag 8 december"), Style: Style{Size: 54, Align: Center}},
		Para{Text: Text{{Text: "Welkom "}, {Text: "أهلًا وسهلًا", Lang: "ar", Bold: true}, {Text: " Hoş geldiniz", Lang: "tr"}, {Text: " 欢迎", Lang: "zh"}, {Text: " እንቋዕ ብደሓን መጻእኩም", Lang: "ti"}}, Style: Style{Size: 26, Align: Center}},
		Spring{},
	}, Footer: []Block{QR{Payload: "https://brug.example/k/ouderkring", Side: 120, Align: Center, Alt: "Inschrijven"}}}
}

func cardPage(i int) Page {
	s := slipTexts[i%len(slipTexts)]
	return Page{Size: A6, Lang: s.lang, MinScale: 0.8, Blocks: []Block{
		Heading{Level: 2, Text: T(s.title)},
		Para{Text: T(s.intro)},
		List{Items: []Item{{Label: "1.", Text: T(s.questions[0])}, {Label: "2.", Text: T(s.questions[1])}}},
	}, Footer: []Block{QR{Payload: "https://brug.example/f/abc", Side: 60, Align: End, Alt: s.title}}}
}

func specimenPages(t testing.TB) []Page {
	var pages []Page
	for i := range slipTexts {
		pages = append(pages, slipPage(t, i))
	}
	return append(pages, bilingualPage(t, 1), bilingualPage(t, 2), listPage(60), posterPage(t))
}

// The specimen holds one of everything; with -keep FILE it is there to be looked at.
func TestSpecimenIsSoundPDF(t *testing.T) {
	pdf := printed(t, Options{}, specimenPages(t)...)
	var cards []Page
	for i := range 6 {
		cards = append(cards, cardPage(i))
	}
	four := printed(t, Options{Impose: FourUp}, cards...)
	if *keep != "" {
		for name, data := range map[string][]byte{*keep: pdf, strings.TrimSuffix(*keep, ".pdf") + "-cards.pdf": four} {
			if err := os.WriteFile(name, data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, data := range map[string][]byte{"specimen": pdf, "cards": four} {
		if out := tool(t, "qpdf", data, "qpdf", "--check", "FILE"); !strings.Contains(out, "No syntax or stream encoding errors") {
			t.Errorf("%s: %s", name, out)
		}
		info := tool(t, "poppler-utils", data, "pdfinfo", "FILE")
		for _, want := range []string{"Tagged:          yes", "Title:           Proefblad", "Author:          De Wilg"} {
			if !strings.Contains(info, want) {
				t.Errorf("%s: pdfinfo lacks %q:\n%s", name, want, info)
			}
		}
		fonts := strings.Split(strings.TrimSpace(tool(t, "poppler-utils", data, "pdffonts", "FILE")), "\n")[2:]
		seen := map[string]bool{}
		for _, f := range fonts {
			if !strings.Contains(f, "Identity-H") || !strings.Contains(f, "yes yes yes") {
				t.Errorf("%s: font not embedded, not a subset or without text: %s", name, f)
			}
			face := strings.Fields(f)[0][7:]
			if seen[face] {
				t.Errorf("%s: %s is there twice", name, face)
			}
			seen[face] = true
		}
	}
	if info := tool(t, "poppler-utils", four, "pdfinfo", "FILE"); !strings.Contains(info, "Pages:           2") {
		t.Errorf("six cards should make two sheets:\n%s", info)
	}
}
