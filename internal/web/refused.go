package web

import (
	"context"
	"net/http"

	"brug/internal/auth"
	"brug/internal/lang"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

// elsewhere is ui.Elsewhere for staff and visitors.
var elsewhere = ui.Words{
	Title:    ui.Elsewhere.Title,
	Happened: lang.Msg("It did not come from a page of Brug, but from another site or from an old copy. So it was not taken."),
	Kept:     ui.Elsewhere.Kept,
	Do:       lang.Msg("Go back and copy what you wrote. Then open the page anew in Brug and send it again."),
	Icon:     ui.Elsewhere.Icon,
}

// turnAway answers what a page of somebody else sends to us in the name of who reads it there: an ordinary page in the language of
// the browser, with status 403. Nobody is looked up, no link is opened and nothing is counted: it says the same for every address.
func (c Config) turnAway(mux *http.ServeMux) http.Handler {
	family := map[string]bool{}
	for _, rt := range c.Routes {
		if rt.Need == auth.Family {
			family[rt.Method+" "+rt.Pattern] = true
		}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, pattern := mux.Handler(r)
		c.Log.Info("refused", "route", pattern, "kind", "sent from elsewhere")
		tag := lang.Match(r.Header.Get("Accept-Language"), lang.Family, lang.Fallback)
		if !family[pattern] {
			tag = c.guestLang(w, r)
		}
		r = r.WithContext(lang.With(r.Context(), lang.For(tag)))
		page := ui.FamilyProblemInSix(ui.FamilyPage{}, ui.Problem{Own: &ui.Elsewhere})
		if !family[pattern] {
			page = ui.ProblemPage(route.Page(w, r, ""), ui.Problem{Own: &elsewhere})
		}
		w.Header().Set("Cache-Control", "private, no-store")
		if err := route.Render(w, r, http.StatusForbidden, page); err != nil {
			c.Log.Debug("refused page", "route", pattern, "err", err)
		}
	})
}

// ended is a used or ended link of staff: what it was for is not told, so the words fit an invitation and a new password alike.
func ended(ctx context.Context, pr ui.Problem) ui.Problem {
	pr.Own = &ui.Words{Title: lang.Msg("This link has ended"), Happened: lang.Msg("Each link works once, and for a short time."),
		Do:   lang.Msg("Were you invited? Ask the person who invited you to send it again. Do you have an account? Ask for a new link here, or sign in as always."),
		Icon: "later"}
	pr.Links = []ui.Action{{Label: lang.T(ctx, "Ask for a new link"), Icon: "mail", Kind: ui.First, URL: "/reset"}, {Label: lang.T(ctx, "Sign in"), Icon: "signin", URL: "/signin"}}
	return pr
}
