package pages

import (
	"strings"
	"testing"

	"brug/internal/web/ui/uitest"
)

// TestEveryPageIsSound gives every example the checks that every page of Brug gets.
func TestEveryPageIsSound(t *testing.T) {
	h := Handler()
	for _, path := range Paths() {
		for _, tag := range []string{"nl", "ar", "ti"} {
			p := uitest.Get(t, h, path+"?lang="+tag)
			if p.Status != 200 {
				t.Fatalf("%s: status %d", path, p.Status)
			}
			p.Check()
			want := "ltr"
			if tag == "ar" {
				want = "rtl"
			}
			if got := p.Attr("html", "dir"); got != want {
				t.Errorf("%s in %s: direction %s", path, tag, got)
			}
			if got := p.Attr("html", "lang"); got != tag {
				t.Errorf("%s in %s: language %s", path, tag, got)
			}
			if !strings.HasSuffix(p.Text("title"), "Brug") {
				t.Errorf("%s: title %q", path, p.Text("title"))
			}
		}
	}
}

// TestWhatWasTypedIsKept looks at the form that came back: values, errors at their fields, and the summary on top.
func TestWhatWasTypedIsKept(t *testing.T) {
	p := uitest.Get(t, Handler(), "/wrong?lang=en")
	f := p.Form("main form")
	for name, want := range map[string]string{"first": "Hodan", "phone": "0470 12", "language": "so", "about": "Komt liever na 16 uur."} {
		if got := f.Values.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if got := strings.Join(f.Values["roads"], " "); got != "sms paper" {
		t.Errorf("roads: %q", got)
	}
	var links []string
	for _, a := range p.All(".summary li a") {
		links = append(links, uitest.AttrOf(a, "href"))
	}
	if got := strings.Join(links, " "); got != "#f-last #f-phone #f-reading" {
		t.Errorf("the summary leads to %s, want the order of the page", got)
	}
	if got := p.Attr("#f-phone", "aria-describedby"); got != "f-phone-hint f-phone-error" {
		t.Errorf("phone is described by %q", got)
	}
	p.Has("#f-last[aria-invalid=true]")
	p.HasNot("#f-first[aria-invalid]")
	p.Has("fieldset[aria-invalid=true] #f-reading")
}

func TestTheBarOfAPhoneHasFourLinesAndTheRestStandsAtTheFoot(t *testing.T) {
	p := uitest.Get(t, Handler(), "/?lang=nl")
	if got := p.Texts(".rail li.later"); strings.Join(got, " ") != "Kalender School" {
		t.Errorf("later: %q", got)
	}
	if got := p.Texts(".foot-nav a"); strings.Join(got, " ") != "Kalender School" {
		t.Errorf("foot: %q", got)
	}
	if n := p.Count(".rail [aria-current=page]"); n != 1 {
		t.Errorf("%d current lines", n)
	}
}

func TestWorkAsksForItselfWhileItRuns(t *testing.T) {
	p := uitest.Get(t, Handler(), "/import?lang=nl")
	p.Has("#work[hx-get='/import'][hx-select='#work'][hx-trigger='every 2s']")
	p.Has("#work a[href='/import']")
	p.HasNot("#work-2[hx-get]")
	if got := p.Attr("#work progress", "value"); got != "33" {
		t.Errorf("value %s, want 33", got)
	}
}
