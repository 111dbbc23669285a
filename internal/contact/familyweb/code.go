package familyweb

import (
	"net/http"

	"brug/internal/errs"
	"brug/internal/id"
	"brug/internal/lang"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

type codePage struct {
	ui.FamilyPage
	Typed string
	Wrong string    // at the field
	Kind  errs.Kind // why a code did not work; Internal: no code yet
	Link  bool      // it was a personal link
	Six   []string
	Wait  int // minutes, for TooMany
}

// guestLayout begins a page for somebody of whom only the browser's language is known. Another language says the same again: a link
// that ended must not turn into the page where a code is typed for who cannot read the first of the six.
func guestLayout(r *http.Request, title string) ui.FamilyPage {
	l := lang.From(r.Context())
	f := ui.FamilyPage{Title: title}
	at := "/c"
	if r.Method == http.MethodGet {
		at = r.URL.EscapedPath()
	}
	for _, tag := range lang.Family {
		f.Langs = append(f.Langs, ui.LangLink{Tag: tag, Name: lang.Endonym(tag), URL: at + "?lang=" + tag, Current: tag == l.Tag()})
	}
	return f
}

// typeCode is where a code from paper is typed.
func (p *Pages) typeCode(w http.ResponseWriter, r *http.Request) error {
	r = r.WithContext(lang.With(r.Context(), guest(r)))
	return route.Render(w, r, http.StatusOK, codeView(codePage{FamilyPage: guestLayout(r, lang.T(r.Context(), "Type your code"))}))
}

func (p *Pages) openCode(w http.ResponseWriter, r *http.Request) error {
	r = r.WithContext(lang.With(r.Context(), guest(r)))
	form, err := ui.FormFrom(r, 4<<10)
	if err != nil {
		return err
	}
	typed := form.Get("code")
	short, ok := id.CleanShort(typed)
	if !ok {
		cp := codePage{FamilyPage: guestLayout(r, lang.T(r.Context(), "Type your code")), Typed: typed,
			Wrong: lang.T(r.Context(), "A code has {n} numbers. Look at your paper again.", "n", id.ShortLen)}
		return route.Render(w, r, http.StatusUnprocessableEntity, codeView(cp))
	}
	v, err := p.Contact.Open(r.Context(), short, route.IP(r))
	if err != nil {
		return p.wrongCode(w, r, err, typed)
	}
	return route.See(w, r, (&visit{Visit: v}).path())
}

// wrongCode says in six languages what to do; what is our own fault goes on as an error.
func (p *Pages) wrongCode(w http.ResponseWriter, r *http.Request, err error, typed string) error {
	kind := errs.KindOf(err)
	if kind != errs.NotFound && kind != errs.Gone && kind != errs.TooMany {
		return err
	}
	l := lang.From(r.Context())
	cp := codePage{FamilyPage: guestLayout(r, l.T("This code does not work")), Typed: typed, Kind: kind, Six: ui.SixLanguages(l.Tag())}
	if pr := ui.ProblemOf(err, ""); kind == errs.TooMany {
		cp.Title, cp.Wait = l.T("Please wait a little"), max(1, int(pr.Wait.Minutes()+0.99))
	}
	return route.Render(w, r, ui.Status(kind), codeView(cp))
}

// advice is what to do about a code, in one language.
func (c codePage) advice(l *lang.Locale) string {
	switch {
	case c.Link && c.Kind != errs.TooMany:
		return l.T("The link or the code does not work any more.") + " " + l.T("Ask the school for a new one.")
	case c.Kind == errs.Gone:
		return l.T("This code has ended. Ask the school for a new paper.")
	case c.Kind == errs.TooMany:
		return l.N(c.Wait, "There were too many wrong codes. Wait one minute and try again.", "There were too many wrong codes. Wait {n} minutes and try again.")
	}
	return l.T("This code is not right. Look at the numbers on your paper and type them again. Or ask the school.")
}
