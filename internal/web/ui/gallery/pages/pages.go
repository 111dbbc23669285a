// Package pages holds the example pages of the gallery. Their names, families and texts are made up; package ui's tests
// and the gallery command call it. It owns no tables.
package pages

import (
	"net/http"
	"sort"

	"brug/internal/errs"
	"brug/internal/lang"
	"brug/internal/web/ui"

	"github.com/a-h/templ"
)

// Policy is the content security policy of Brug, as the pages must bear it.
const Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"

// show makes a page for a request: its language and its size of letters.
type show func(r *http.Request) templ.Component

var all = map[string]show{
	"/":          func(*http.Request) templ.Component { return today(staff("Vandaag", 0)) },
	"/class":     func(*http.Request) templ.Component { return class(staff("Klas 3A", 1)) },
	"/materials": func(*http.Request) templ.Component { return materials(staff("Materialen", 2)) },
	"/form": func(*http.Request) templ.Component {
		return form(staff("Ouder toevoegen", 5), ui.NewForm("language", "ti"))
	},
	"/wrong":   func(*http.Request) templ.Component { return form(staff("Ouder toevoegen", 5), wrong()) },
	"/import":  func(*http.Request) templ.Component { return importing(staff("Lijst inlezen", 5)) },
	"/parts":   func(*http.Request) templ.Component { return parts(staff("Onderdelen", 5)) },
	"/confirm": func(*http.Request) templ.Component { return confirm(staff("Code intrekken", 1)) },
	"/signin": func(*http.Request) templ.Component {
		return signIn(ui.Page{Title: "Aanmelden", School: "Basisschool De Wilg"}, ui.NewForm())
	},
	"/icons": func(*http.Request) templ.Component { return iconSheet(staff("Tekens", 5)) },
	"/problem": func(*http.Request) templ.Component {
		return ui.ProblemPage(ui.Page{}, ui.Problem{Kind: errs.Internal, RequestID: "7hk4pqx3",
			Links: []ui.Action{{Label: "Naar Vandaag", URL: "/", Kind: ui.First}}})
	},
	"/long": func(*http.Request) templ.Component {
		p := staff("Ouderbetrokkenheidsbijeenkomstuitnodigingen", 3)
		p.School = "Gemeentelijke Basisschool Sint-Katelijne-Waver-Onze-Lieve-Vrouw"
		p.Person = "Marie-Antoinette Vandenbroucke-Van Oudenhove"
		p.Crumbs = []ui.Link{{Label: "Oudercontactmomentenplanning", URL: "/"}}
		p.Steps = ui.Steps(1, "Gegevensbestandselectie", "Kolommenovereenstemming", "Nakijken")
		return long(p)
	},
	"/family/long": func(r *http.Request) templ.Component {
		p := familyPage(r)
		p.School = "Gemeentelijke Basisschool Sint-Katelijne-Waver-Onze-Lieve-Vrouw"
		return familyLong(p)
	},
	"/family":        func(r *http.Request) templ.Component { return family(familyPage(r)) },
	"/family/answer": func(r *http.Request) templ.Component { return familyForm(familyPage(r), ui.NewForm()) },
	"/family/gone": func(r *http.Request) templ.Component {
		return ui.FamilyProblem(familyPage(r), ui.Problem{Kind: errs.Gone})
	},
}

// Paths are all example pages.
func Paths() []string {
	out := make([]string, 0, len(all))
	for p := range all {
		out = append(out, p)
	}
	sort.Strings(out)
	return out
}

// Handler serves the example pages with Brug's policy; ?lang= and ?type=large as in Brug.
func Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle(ui.AssetPrefix, ui.Assets())
	for path, s := range all {
		if path == "/" {
			path = "/{$}"
		}
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			tag := r.URL.Query().Get("lang")
			if tag == "" {
				tag = "nl"
			}
			w.Header().Set("Content-Security-Policy", Policy)
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			if err := s(r).Render(lang.With(r.Context(), lang.For(tag)), w); err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
			}
		})
	}
	return mux
}

func staff(title string, now int) ui.Page {
	nav := []ui.NavItem{
		{Label: "Vandaag", URL: "/", Icon: "today", Count: 2}, {Label: "Klas 3A", URL: "/class", Icon: "class"},
		{Label: "Materialen", URL: "/materials", Icon: "materials"}, {Label: "Berichten", URL: "/parts", Icon: "messages"},
		{Label: "Kalender", URL: "/import", Icon: "calendar"}, {Label: "School", URL: "/form", Icon: "school"},
	}
	nav[now].Current = true
	return ui.Page{Title: title, School: "Basisschool De Wilg", SchoolURL: "/", Person: "Els Maes", PersonURL: "/form", Nav: nav}
}

func wrong() *ui.Form {
	f := ui.NewForm("first", "Hodan", "phone", "0470 12", "language", "so", "roads", "sms", "roads", "paper", "about", "Komt liever na 16 uur.")
	f.Fail("last", "Write the family name.")
	f.Fail("phone", "This telephone number is too short.")
	f.Fail("reading", "Choose how this parent reads.")
	return f
}

func familyPage(r *http.Request) ui.FamilyPage {
	tag := lang.From(r.Context()).Tag()
	if t := r.URL.Query().Get("lang"); t != "" {
		tag = lang.For(t).Tag()
	}
	p := ui.FamilyPage{School: "Basisschool De Wilg", Large: r.URL.Query().Get("type") == "large", LargeURL: "?type=large", Listen: true}
	if p.Large {
		p.LargeURL = "?type=normal"
	}
	p.Langs = ui.LangLinks(lang.Family, tag, func(tag string) string { return "?lang=" + tag })
	return p
}

// words are the example texts of the family page.
type words struct {
	tag, title, child, question, second, understood, ask, call, later, tell, send, stop string
}

func familyWords(tag string) words {
	switch tag {
	case "ar":
		return words{"ar", "هذا الأسبوع في الصف 3A", "سلام", "ماذا لعبتَ اليوم في المدرسة؟ مع مَن؟", "الثلاثاء 8 ديسمبر، الساعة 15:30، في المدرسة",
			"فهمت", "عندي سؤال", "اتصلوا بي", "لاحقًا", "اكتب ما تريد أن تقوله", "أرسل", "أوقفوا الرسائل"}
	case "fr":
		return words{"fr", "Cette semaine en 3A", "Selam", "À quoi as-tu joué aujourd’hui à l’école ? Avec qui ?", "Mardi 8 décembre, 15:30, à l’école",
			"Compris", "J’ai une question", "Appelez-moi", "Plus tard", "Écrivez ce que vous voulez dire", "Envoyer", "Arrêter les messages"}
	case "ti":
		return words{"ti", "እዚ ሰሙን ኣብ ክፍሊ 3A", "ሰላም", "ሎሚ ኣብ ቤት ትምህርቲ እንታይ ተጻዊትካ? ምስ መን?", "ሰሉስ 8 ታሕሳስ፣ 15:30፣ ኣብ ቤት ትምህርቲ",
			"ተረዲኡኒ", "ሕቶ ኣለኒ", "ደውሉለይ", "ድሓር", "ክትብልዎ እትደልይዎ ጽሓፉ", "ስደድ", "መልእኽቲ ኣቋርጹ"}
	}
	return words{"nl", "Deze week in klas 3A", "Selam", "Waarmee heb je vandaag gespeeld op school? Met wie?", "Dinsdag 8 december, 15:30, op school",
		"Begrepen", "Ik heb een vraag", "Bel mij", "Later", "Schrijf wat u wilt zeggen", "Versturen", "Stop met berichten"}
}
