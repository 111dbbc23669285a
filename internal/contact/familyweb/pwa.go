package familyweb

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"brug/internal/contact"
	"brug/internal/lang"
	"brug/internal/web/ui"
)

// icon is a picture of the page on the phone's own screen.
type icon struct {
	Src   string `json:"src"`
	Sizes string `json:"sizes"`
	Type  string `json:"type"`
}

// webManifest is what a phone reads to keep the page as an app. It belongs to one link, as the page does.
type webManifest struct {
	ID         string `json:"id"`
	Name       string `json:"name"`
	ShortName  string `json:"short_name"`
	Lang       string `json:"lang"`
	Dir        string `json:"dir"`
	StartURL   string `json:"start_url"`
	Scope      string `json:"scope"`
	Display    string `json:"display"`
	Background string `json:"background_color"`
	Theme      string `json:"theme_color"`
	Icons      []icon `json:"icons"`
}

func (p *Pages) manifest(v *guestVisit) error {
	m := webManifest{ID: v.path(), Name: v.School.Name, ShortName: short(v.School.Name), Lang: v.School.Lang, Dir: lang.Dir(v.School.Lang), StartURL: v.path(), Scope: v.path(), Display: "minimal-ui",
		Background: "#fbf8f2", Theme: "#0f5257", Icons: []icon{{ui.AssetURL("icon-192.png"), "192x192", "image/png"}, {ui.AssetURL("icon-512.png"), "512x512", "image/png"}}}
	doc, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("manifest: %w", err)
	}
	v.Header().Set("Content-Type", "application/manifest+json")
	if _, err := v.Write(doc); err != nil {
		return nil // the phone has gone
	}
	return nil
}

// short is a name that fits under an icon.
func short(name string) string {
	if r := []rune(name); len(r) > 12 {
		return strings.TrimSpace(string(r[:12]))
	}
	return name
}

// worker is the service worker of one link: it shows the last view where there is no internet, and shows signs. It knows the
// link from its own address. It is given to whoever asks, also for a link that has ended: a worker that is there already
// then comes anew, and finds by itself that it has to forget (see sw.js).
func (p *Pages) worker(w http.ResponseWriter, r *http.Request) error {
	body, ok := ui.AssetText("sw.js")
	if !ok {
		return fmt.Errorf("no service worker")
	}
	h := w.Header()
	h.Set("Content-Type", "text/javascript; charset=utf-8")
	h.Set("Cache-Control", "no-cache")
	h.Set("Service-Worker-Allowed", contact.LinkPath(r.PathValue("token")))
	if _, err := w.Write(body); err != nil {
		return nil // the phone has gone
	}
	return nil
}
