package voiceweb

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"brug/internal/lang"
	"brug/internal/voice"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

type queuePage struct {
	ui.Page
	voice.Queue
	Lang string // narrowed to it; "" is all
}

// queue is /s/{school}/voice: what lacks a voice, and what has one.
func (p *Pages) queue(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	n, err := strconv.Atoi(r.URL.Query().Get("page"))
	if err != nil {
		n = 1
	}
	tag := r.URL.Query().Get("for")
	v, err := p.Voice.Queue(ctx, route.Actor(r), tag, n)
	if err != nil {
		return err
	}
	page := queuePage{Page: route.Page(w, r, lang.T(ctx, "Voices")), Queue: v, Lang: tag}
	page.Lead = lang.T(ctx, "Some families rather listen than read. Here a person reads a text aloud in their language; they hear it on their page.")
	page.Back = ui.Link{Label: lang.T(ctx, "Materials"), URL: route.Path(ctx, "materials")}
	return route.Render(w, r, http.StatusOK, queueView(page))
}

// at is the address of this page for a language and a page number.
func (q queuePage) at(base, tag string, page int) string {
	v := url.Values{}
	if tag != "" {
		v.Set("for", tag)
	}
	if page > 1 {
		v.Set("page", strconv.Itoa(page))
	}
	if len(v) == 0 {
		return base
	}
	return base + "?" + v.Encode()
}

func needTabs(ctx context.Context, p queuePage) []ui.Tab {
	base := route.Path(ctx, "voice")
	out := []ui.Tab{{Label: lang.T(ctx, "All languages"), URL: base, Current: p.Lang == ""}}
	for _, n := range p.Needs {
		out = append(out, ui.Tab{Label: lang.Name(lang.From(ctx).Tag(), n.Lang), URL: p.at(base, n.Lang, 1), Current: p.Lang == n.Lang, Count: n.Homes})
	}
	return out
}

func wantingTags(ctx context.Context, w voice.Wanting) []ui.Tag {
	var out []ui.Tag
	switch {
	case w.Own:
		out = append(out, ui.Tag{Label: lang.T(ctx, "your own text")})
	case w.Printed:
		out = append(out, ui.Tag{Label: lang.T(ctx, "printed of late")})
	}
	if w.Changed {
		out = append(out, ui.Tag{Label: lang.T(ctx, "text changed since"), Tone: ui.Care})
	}
	return out
}

func heardTags(ctx context.Context, r voice.Recording) []ui.Tag {
	var out []ui.Tag
	if r.Centre {
		out = append(out, ui.Tag{Label: lang.T(ctx, "of the support centre")})
	}
	if r.Changed {
		out = append(out, ui.Tag{Label: lang.T(ctx, "text changed since"), Tone: ui.Care})
	}
	return out
}

func turn(ctx context.Context, p queuePage) ui.Turn {
	var t ui.Turn
	base := route.Path(ctx, "voice")
	if p.Queue.Page > 1 {
		t.PrevURL = p.at(base, p.Lang, p.Queue.Page-1)
	}
	if p.More {
		t.NextURL = p.at(base, p.Lang, p.Queue.Page+1)
	}
	return t
}
