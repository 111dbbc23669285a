package guard

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"brug/internal/app/apptest"
	"brug/internal/auth"
	"brug/internal/web/route"
)

// The statuses that a person may get from a route, by the table of permissions and nothing else.
var (
	good    = []int{http.StatusOK}
	ahead   = []int{http.StatusSeeOther} // and never to the sign-in page
	signIn  = []int{http.StatusUnauthorized}
	refused = []int{http.StatusForbidden}
	unseen  = []int{http.StatusForbidden, http.StatusNotFound}
	absent  = []int{http.StatusNotFound}
	// done is what a form without anything in it leads to: it was enough, or the page says what lacks.
	done = []int{http.StatusSeeOther, http.StatusBadRequest, http.StatusNotFound, http.StatusConflict, http.StatusGone, http.StatusUnprocessableEntity, http.StatusTooManyRequests}
)

// ofClass are the placeholders that stand for something of one class: a teacher of another class gets none of it.
var ofClass = []string{"class", "pupil", "guardian", "household", "pack", "slip", "code", "answer", "contact", "conversation", "entry", "agreement", "event", "message", "recipient"}

// common are placeholders that stand for nothing of a school.
var common = []string{"school", "lang", "day"}

// writes are what changes a text itself: one that is for a class is changed by the people of that class.
var writes = []string{"/s/{school}/materials/{material}", "/s/{school}/materials/{material}/archive", "/s/{school}/materials/{material}/restore", "/s/{school}/materials/{material}/follow", "/s/{school}/materials/draft"}

// again are forms that are answered with a page instead of leading on to one: nothing, or not all, has been saved yet, or what
// was made is shown this once.
var again = []string{"/s/{school}/phrases", "/s/{school}/messages/new", "/s/{school}/materials/draft", "/s/{school}/voice/{material}/{lang}/links", "/m/{token}/notme"}

// wide are forms that are about the whole school where they name no class: a teacher may send none of these.
var wide = []string{"/s/{school}/calendar/new", "/s/{school}/calendar/events/{event}"}

// listed are forms with a list of classes to choose from: one that does not stand there is a wrong choice, ours or nobody's.
var listed = []string{"/s/{school}/calendar/new"}

// shown are forms that show the page again, with what was chosen, unless they are sent by the button that sends.
var shown = []string{"/s/{school}/conversations/{conversation}"}

// silent are for the script of a page, or a mail program, which show nothing.
var silent = []string{"/m/{token}/push", "/m/{token}/push/ended", "/m/{token}/unsubscribe"}

// forms are forms that would do, for routes that find an empty one wanting before they look whom it is about, and for
// those that learn from the form whom it is about.
var forms = map[string]string{
	"/s/{school}/households/{household}/contacts": "road=gate&how=positive",
	"/s/{school}/answers/{answer}/handled":        "how=done",
	"/s/{school}/agreements/new":                  "conversation={conversation}&who=both&body=Samen+lezen",
	"/s/{school}/agreements/{agreement}/ended":    "how=done",
	"/s/{school}/calendar/new":                    "class={class}&kind=trip&day={day}",
	"/s/{school}/calendar/events/{event}":         "class={class}&kind=swim&day={day}&version=1",
	"/s/{school}/guardians/new":                   "household={household}&name=An+Maes&reading=well&road1=paper",
	"/s/{school}/calls/{recipient}":               "outcome=no+reply&road=call",
	"/s/{school}/messages/{message}/texts/{lang}": "body=Bonjour",
	"/s/{school}/packs":                           "material=animals&scope=class:{class}",
	"/s/{school}/messages/new":                    "do=check&to=class:{class}&title=Zwemmen&body=Morgen+gaan+wij+zwemmen.&about=logistics",
	"/m/{token}/messages/{recipient}":             "answer=understood",
	"/m/{token}/conversations/{conversation}":     "body=Dank+u",
	"/m/{token}/write":                            "body=Een+vraag",
	"/m/{token}/choices":                          "amount=2",
	"/m/{token}/push/ended":                       "endpoint=https%3A%2F%2Fpush.example.org%2Fabc",
	"/m/{token}/push":                             "subscription=%7B%22endpoint%22%3A%22https%3A%2F%2Fpush.example.org%2Fabc%22%2C%22keys%22%3A%7B%22p256dh%22%3A%22BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM%22%2C%22auth%22%3A%22tBHItJI5svbpez7KI4CCXg%22%7D%7D",
	"/s/{school}/conversations/{conversation}":    "do=send&body=Dank+u",
	"/s/{school}/phrases":                         "material={wording}&title=Morgen",
	"/s/{school}/materials/draft":                 "kind=question+slip&slug={material}&title.nl=Op+uitstap",
	"/s/{school}/materials/{material}/restore":    "version=1",
	"/s/{school}/materials/{material}/publish":    "version=1",
}

// asked are pages that learn from the query whom they are about.
var asked = map[string]string{
	"/s/{school}/guardians/new":  "household={household}",
	"/s/{school}/agreements/new": "conversation={conversation}",
}

// whole is the pattern with what is asked or sent besides.
func whole(r route.Route) string {
	if q := asked[r.Pattern]; q != "" && r.Method == http.MethodGet {
		return r.Pattern + "?" + q
	}
	return r.Pattern
}

// onward are pages that only lead on, and for whom.
var onward = map[string]func(apptest.Person) bool{
	"/{$}":                                  func(apptest.Person) bool { return true },
	"/demo/{token}":                         func(apptest.Person) bool { return true },
	"/signin":                               func(p apptest.Person) bool { return p.Role != auth.Nobody },            // who is signed in is led home
	"/support/centre":                       func(apptest.Person) bool { return true },                               // to its house
	"/s/{school}/materials/{material}/edit": func(p apptest.Person) bool { return p.Role == auth.Teacher && p.Else }, // to an own version of it
}

// view is one person at one address.
type view struct {
	apptest.Person
	own    bool // at the address of their own house, with what belongs to the school of the demo in the path
	things bool // with what is theirs instead
}

// expect tells the statuses that are right.
func expect(r route.Route, v view, form string) []int {
	names := slices.DeleteFunc(apptest.Placeholders(whole(r)+form), func(n string) bool { return slices.Contains(common, n) })
	atSchool := strings.HasPrefix(r.Pattern, "/s/{school}/")
	well := done
	if slices.Contains(again, r.Pattern) || form == "" && slices.Contains(shown, r.Pattern) {
		well = append(slices.Clone(done), http.StatusOK)
	}
	if slices.Contains(silent, r.Pattern) {
		well = append(slices.Clone(done), http.StatusNoContent)
	}
	if r.Method == http.MethodGet {
		well = good
		if lead := onward[r.Pattern]; lead != nil && lead(v.Person) {
			well = ahead
		}
	}
	switch {
	case r.Pattern == "/f/{token}/photos/{photo}":
		return absent // a photo of the school that does not stand on what this family got
	case slices.Contains(cut, r.Pattern) || strings.HasSuffix(r.Pattern, "/{rest...}") || slices.Contains(unsent, r.Method+" "+r.Pattern):
		return absent
	case strings.HasPrefix(r.Pattern, "/hooks/"):
		return absent // the walk's secret is no gateway's
	case r.Need == auth.Public || r.Need == auth.Family:
		return well
	case v.Role == auth.Nobody:
		return signIn
	case atSchool && v.Role == auth.Support && !v.own:
		return refused
	case atSchool && v.stranger() && !v.own:
		return absent
	case !slices.Contains(auth.RolesWith(r.Need), v.at(atSchool)):
		return refused
	case v.own && !v.things && len(names) > 0 && slices.Contains(listed, r.Pattern):
		return []int{http.StatusUnprocessableEntity}
	case v.own && !v.things && len(names) > 0:
		return unseen
	case v.Role == auth.Teacher && form == "" && r.Method == http.MethodPost && slices.Contains(wide, r.Pattern):
		return unseen
	case v.Role == auth.Teacher && v.Else && slices.ContainsFunc(names, func(n string) bool { return slices.Contains(ofClass, n) }):
		return unseen
	case v.Role == auth.Teacher && v.Else && r.Method == http.MethodPost && slices.Contains(writes, r.Pattern) && slices.Contains(names, "material"):
		return refused
	case v.Role == auth.Teacher && v.Else && r.Pattern == "/s/{school}/translate/{lang}/{material}":
		return absent // only those who may write a text translate it
	case slices.Contains(names, "session") && !(v.Role == auth.Director && !v.Else):
		return absent // somebody else's session
	}
	return well
}

// stranger works at another school.
func (v view) stranger() bool { return v.Role == auth.Director && v.Else }

// answered are the statuses of a form that did what it is for.
func answered(r route.Route) []int {
	if slices.Contains(again, r.Pattern) {
		return good
	}
	if slices.Contains(silent, r.Pattern) {
		return []int{http.StatusNoContent}
	}
	return ahead
}

// at is the role at this address: away from a school's pages everybody is a visitor, but for the support centre.
func (v view) at(school bool) auth.Role {
	if school || v.Role == auth.Support {
		return v.Role
	}
	return auth.Visitor
}

// cut are addresses of families of which the end is missing: the page says what to do, and that nothing was found.
var cut = []string{"/m", "/m/{$}", "/f", "/f/{$}"}

// unsent are pages of families to which nothing is ever sent: who does so all the same gets a page with the way back.
var unsent = []string{"POST /m/{token}", "POST /f/{token}"}

// amiss is what a route itself says against the rules: the walk believes what it asks for.
func amiss(r route.Route) string {
	school, family := strings.HasPrefix(r.Pattern, "/s/{school}/"), r.Pattern == "/c" || r.Pattern == "/v/{token}" || slices.Contains(cut, r.Pattern) || strings.HasPrefix(r.Pattern, "/f/{token}") || strings.HasPrefix(r.Pattern, "/m/{token}")
	switch {
	case r.Method != http.MethodGet && r.Method != http.MethodPost:
		return "neither looks nor changes"
	case family != (r.Need == auth.Family):
		return "is for families and not theirs, or the other way round"
	case school && (r.Need == auth.SignedIn || !slices.Contains(auth.Permissions(), r.Need)):
		return "is a school's, and asks for no permission at a school"
	case school && r.Method == http.MethodPost && strings.HasSuffix(string(r.Need), ".see"):
		return "changes something, and asks for a permission to see"
	case !school && !family && len(auth.RolesWith(r.Need)) == 0 && r.Need != auth.Public:
		return "can be opened by nobody"
	}
	return ""
}

func TestTheRulesOfRoutes(t *testing.T) {
	for _, r := range []route.Route{
		route.Get("/s/{school}/packs", auth.Public, nil), route.Get("/s/{school}/packs", auth.SignedIn, nil), route.Get("/s/{school}/packs", "", nil),
		route.Post("/s/{school}/packs", auth.FamiliesSee, nil), route.Get("/s/{school}/f", auth.Family, nil), route.Get("/f/{token}", auth.Public, nil),
		route.Get("/account", "packs.read", nil), {Method: "PUT", Pattern: "/account", Need: auth.SignedIn},
	} {
		if amiss(r) == "" {
			t.Errorf("%s %s with %q passes", r.Method, r.Pattern, r.Need)
		}
	}
}

func TestTheRulesOfTheWalk(t *testing.T) {
	person := func(r auth.Role) view { return view{Person: apptest.Person{Role: r}} }
	elsewhere := func(r auth.Role) view { return view{Person: apptest.Person{Role: r, Else: true}} }
	get := func(p string, need auth.Permission) route.Route { return route.Get(p, need, nil) }
	for _, c := range []struct {
		name string
		r    route.Route
		v    view
		form string
		want []int
	}{
		{"anybody signs in", get("/signin", auth.Public), person(auth.Nobody), "", good},
		{"a family needs no account", get("/f/{token}", auth.Family), person(auth.Nobody), "", good},
		{"nobody at a school", get("/s/{school}/packs", auth.PacksPrint), person(auth.Nobody), "", signIn},
		{"a teacher of the class", get("/s/{school}/classes/{class}", auth.ContactSee), person(auth.Teacher), "", good},
		{"a teacher of another class", get("/s/{school}/classes/{class}", auth.ContactSee), elsewhere(auth.Teacher), "", unseen},
		{"a teacher of another class, what is of no class", get("/s/{school}/materials/{material}", auth.MaterialSee), elsewhere(auth.Teacher), "", good},
		{"a teacher among the staff", get("/s/{school}/staff", auth.StaffSee), person(auth.Teacher), "", refused},
		{"support among families", get("/s/{school}/classes/{class}", auth.ContactSee), person(auth.Support), "", refused},
		{"support at materials of a school", get("/s/{school}/materials", auth.MaterialSee), person(auth.Support), "", refused},
		{"a stranger at the school", get("/s/{school}/packs", auth.PacksPrint), elsewhere(auth.Director), "", absent},
		{"a stranger at home, with our family", get("/s/{school}/households/{household}", auth.FamiliesSee), view{Person: apptest.Person{Role: auth.Director, Else: true}, own: true}, "", unseen},
		{"a stranger at home", get("/s/{school}/packs", auth.PacksPrint), view{Person: apptest.Person{Role: auth.Director, Else: true}, own: true}, "", good},
		{"support at home", get("/s/{school}/materials", auth.MaterialSee), view{Person: apptest.Person{Role: auth.Support}, own: true}, "", good},
		{"support at home, with our material", get("/s/{school}/materials/{material}", auth.MaterialSee), view{Person: apptest.Person{Role: auth.Support}, own: true}, "", unseen},
		{"support at home, with its own material", get("/s/{school}/materials/{material}", auth.MaterialSee), view{Person: apptest.Person{Role: auth.Support}, own: true, things: true}, "", good},
		{"support at home, where families would be", get("/s/{school}/classes", auth.ContactSee), view{Person: apptest.Person{Role: auth.Support}, own: true}, "", refused},
		{"a director publishes", route.Post("/s/{school}/materials/{material}/publish", auth.MaterialPublish, nil), person(auth.Director), "", refused},
		{"a teacher of another class, a text for the class", route.Post("/s/{school}/materials/{material}/archive", auth.MaterialChange, nil), elsewhere(auth.Teacher), "", refused},
		{"a teacher of another class, the words of a text for the class", get("/s/{school}/translate/{lang}/{material}", auth.MaterialChange), elsewhere(auth.Teacher), "", absent},
		{"a stranger at home, a language", get("/s/{school}/translate/{lang}", auth.MaterialChange), view{Person: apptest.Person{Role: auth.Director, Else: true}, own: true}, "", good},
		{"a director at the desk of support", get("/support", auth.SupportDesk), person(auth.Director), "", refused},
		{"an empty form of who may", route.Post("/s/{school}/packs", auth.PacksPrint, nil), person(auth.Care), "", done},
		{"a form about somebody of another class", route.Post("/s/{school}/guardians/new", auth.FamiliesChange, nil), elsewhere(auth.Teacher), "household={household}", unseen},
		{"a page about somebody of another class", get("/s/{school}/guardians/new", auth.FamiliesChange), elsewhere(auth.Teacher), "", unseen},
		{"somebody else's session", route.Post("/account/sessions/{session}/end", auth.SignedIn, nil), person(auth.Care), "", absent},
	} {
		if got := expect(c.r, c.v, c.form); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
