package translateweb

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"brug/internal/auth"
	"brug/internal/errs"
	"brug/internal/lang"
	"brug/internal/material"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

type itemPage struct {
	ui.Page
	choice
	Item       material.TranslationItem
	Form       *ui.Form
	English    material.Pieces   // nil: not asked for, or there are none
	Theirs     map[string]string // what somebody else wrote meanwhile, by piece
	Prev, Next string            // addresses
	Asked      []string          // placeholders of the whole text
	Order      []string
	Post       string
	HelpURL    string
}

// show is /s/{school}/translate/{lang}/{material}.
func (p *Pages) show(w http.ResponseWriter, r *http.Request) error {
	return p.showWith(w, r, http.StatusOK, nil)
}

// showWith shows the item; with a form that could not be used, what was typed stands there.
func (p *Pages) showWith(w http.ResponseWriter, r *http.Request, code int, f *ui.Form) error {
	ctx, by := r.Context(), route.Actor(r)
	c := choiceOf(r.PathValue("lang"), r.URL.Query())
	slug := r.PathValue("material")
	items, at, err := p.around(ctx, by, c, slug)
	if err != nil {
		return err
	}
	it := items[at]
	i := itemPage{choice: c, Item: it, Form: f, Post: c.item(ctx, slug), Theirs: map[string]string{}}
	if f == nil {
		i.Form = ui.NewForm("read", strconv.FormatInt(it.Read, 10))
		for _, piece := range it.Pieces {
			i.Form.Set(piece.Key, piece.Target)
		}
	} else if code == http.StatusConflict {
		i.Form.Set("read", strconv.FormatInt(it.Read, 10)) // who saves again has seen the other words
		for _, piece := range it.Pieces {
			if piece.Target != "" && piece.Target != i.Form.Get(piece.Key) {
				i.Theirs[piece.Key] = piece.Target
			}
		}
	}
	if c.Lang != "en" && it.Main != "en" {
		if i.English = it.Entry.Pieces("en"); i.English != nil {
			other := c
			other.Help = !c.Help
			i.HelpURL = other.item(ctx, slug)
		}
		if !c.Help {
			i.English = nil
		}
	}
	for _, piece := range it.Pieces {
		i.Order = append(i.Order, piece.Key)
		for _, ph := range piece.Placeholders() {
			if !slices.Contains(i.Asked, ph) {
				i.Asked = append(i.Asked, ph)
			}
		}
	}
	i.Order = append(i.Order, "who")
	i.Prev, i.Next = c.neighbour(ctx, items, at, -1), c.neighbour(ctx, items, at, 1)
	i.Page = route.Page(w, r, it.Entry.TitleIn(it.Main))
	i.Wide = true
	i.Lead = lang.T(ctx, it.Kind.Spec().Name) + " · " + name(ctx, c.Lang)
	i.Back = ui.Link{Label: name(ctx, c.Lang), URL: c.list(ctx)}
	return route.Render(w, r, code, itemView(i))
}

// around are the materials of the chosen kind, and where the one with this slug stands among them.
func (p *Pages) around(ctx context.Context, by auth.Actor, c choice, slug string) ([]material.TranslationItem, int, error) {
	if err := known(c.Lang); err != nil {
		return nil, 0, err
	}
	items, err := p.Material.ItemsOf(ctx, by, c.Lang, material.Filter{Kind: material.Kind(c.Kind)})
	if err != nil {
		return nil, 0, err
	}
	at := slices.IndexFunc(items, func(it material.TranslationItem) bool { return it.Slug == slug })
	if at < 0 {
		return nil, 0, errs.NotFoundf("material %s to translate into %s", slug, c.Lang)
	}
	return items, at, nil
}

// neighbour is the address of the next item before or after that stands on the translator's list; "" if there is none.
func (c choice) neighbour(ctx context.Context, items []material.TranslationItem, at, step int) string {
	for at += step; at >= 0 && at < len(items); at += step {
		if c.fits(items[at]) {
			return c.item(ctx, items[at].Slug)
		}
	}
	return ""
}

// save stores the words and goes on to the next material of the list.
func (p *Pages) save(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), route.Actor(r)
	f, err := ui.FormFrom(r, 256<<10)
	if err != nil {
		return err
	}
	c := choiceOf(r.PathValue("lang"), r.URL.Query())
	slug := r.PathValue("material")
	items, at, err := p.around(ctx, by, c, slug)
	if err != nil {
		return err
	}
	pieces := material.Pieces{}
	for _, piece := range items[at].Pieces {
		if s := f.Get(piece.Key); s != "" && !piece.Fixed {
			pieces[piece.Key] = s
		}
	}
	read, _ := f.Int("read") // what is no number has read nothing: a conflict, or the first words
	who := ""
	confirm := f.Get("do") == "confirm"
	if confirm {
		if who = f.Get("who"); who == "" {
			f.Fail("who", "Write who has read this text: a name or a role.")
			return p.showWith(w, r, http.StatusUnprocessableEntity, f)
		}
		for _, piece := range items[at].Pieces {
			if !piece.Fixed && pieces[piece.Key] == "" {
				f.Fail(piece.Key, "This piece lacks. A text is confirmed when it is whole.")
			}
		}
		if !f.OK() {
			return p.showWith(w, r, http.StatusUnprocessableEntity, f)
		}
	}
	err = p.Material.Translate(ctx, by, slug, c.Lang, int64(read), pieces, who)
	if code, ok := route.FormStatus(err); ok {
		if !f.Take(err) {
			f.Fail("", "Somebody else has changed this text meanwhile. Your text is still here; look at theirs and save again.")
		}
		return p.showWith(w, r, code, f)
	}
	if err != nil {
		return err
	}
	line := lang.T(ctx, "Saved.")
	if confirm {
		line = lang.T(ctx, "Thank you. The text is marked as read by a speaker.")
	}
	next := c.neighbour(ctx, items, at, 1)
	if next == "" {
		next = c.list(ctx)
	}
	return route.SeeDone(w, r, next, line)
}

// label is what a piece is, for the label of its field.
func label(ctx context.Context, p material.TranslationPiece) string {
	switch p.Key {
	case "title":
		return lang.T(ctx, "Title")
	case "intro":
		return lang.T(ctx, "First words")
	case "close":
		return lang.T(ctx, "Last words")
	}
	return lang.T(ctx, p.Role.Text())
}

// rows is how tall a field is for a text of this length.
func rows(p material.TranslationPiece) int { return min(6, 1+len([]rune(p.Source))/45) }
