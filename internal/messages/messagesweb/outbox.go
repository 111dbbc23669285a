package messagesweb

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"brug/internal/auth"
	"brug/internal/contact"
	"brug/internal/errs"
	"brug/internal/lang"
	"brug/internal/messages"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

// outboxRoutes are the letters that were not sent because their road is not configured. The pages are there in the demo only:
// the letters hold the personal links of families, which no page of staff may show.
func (p *Pages) outboxRoutes() []route.Route {
	return []route.Route{
		route.Get("/s/{school}/outbox", auth.JournalSee, p.inDemo(p.outbox)),
		route.Get("/s/{school}/outbox/{letter}", auth.JournalSee, p.inDemo(p.outboxLetter)),
		route.Get("/s/{school}/outbox/{letter}/mail.html", auth.JournalSee, p.inDemo(p.outboxMail)),
	}
}

func (p *Pages) inDemo(h route.Handler) route.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if !p.Demo {
			return errs.NotFoundf("the outbox is shown in the demo only")
		}
		return h(w, r)
	}
}

type outboxPage struct {
	ui.Page
	Roads   []ui.Tab
	Letters []messages.Diverted
	Turn    ui.Turn
}

const perOutbox = 30

func (p *Pages) outbox(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), route.Actor(r)
	query := r.URL.Query()
	road := contact.Road(query.Get("road"))
	letters, next, err := p.Messages.Outbox(ctx, by, messages.OutboxFilter{Road: road}, before(r), perOutbox)
	if err != nil {
		return err
	}
	self := route.Path(ctx, "outbox")
	o := outboxPage{Page: route.Page(w, r, lang.T(ctx, "Outbox of the demo")), Letters: letters}
	o.Lead = lang.T(ctx, "Nothing leaves this demo. Here you see what would have gone out, as families get it.")
	o.Back = ui.Link{Label: lang.T(ctx, "Messages"), URL: route.Path(ctx, "messages")}
	o.Roads = []ui.Tab{{Label: lang.T(ctx, "All"), URL: self, Current: road == ""}}
	for _, one := range []contact.Road{contact.Mail, contact.SMS, contact.Push} {
		o.Roads = append(o.Roads, ui.Tab{Label: roadName(ctx, one), URL: self + "?road=" + string(one), Current: road == one})
	}
	if next != 0 {
		o.Turn = ui.Turn{NextURL: self + "?" + url.Values{"road": {string(road)}, "before": {strconv.FormatInt(next, 10)}}.Encode(), Next: lang.T(ctx, "Older")}
	}
	return route.Render(w, r, http.StatusOK, outboxView(o))
}

// before is the cursor of a list, 0 for its beginning.
func before(r *http.Request) int64 {
	n, err := strconv.ParseInt(r.URL.Query().Get("before"), 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

type outboxLetterPage struct {
	ui.Page
	Letter  messages.Diverted
	MailURL string // the mail as a mail program shows it; "" if it is none
}

func (p *Pages) outboxLetter(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	l, err := p.Messages.OutboxLetter(ctx, route.Actor(r), r.PathValue("letter"))
	if err != nil {
		return err
	}
	o := outboxLetterPage{Page: route.Page(w, r, lang.T(ctx, "{road} to {name}", "road", roadName(ctx, l.Road), "name", orFamily(ctx, l.Guardian))), Letter: l}
	o.Back = ui.Link{Label: lang.T(ctx, "Outbox of the demo"), URL: route.Path(ctx, "outbox")}
	o.Lead = lang.Name(lang.From(ctx).Tag(), l.Lang)
	if l.HTML != "" {
		o.MailURL = route.Path(ctx, "outbox", l.PublicID, "mail.html")
	}
	return route.Render(w, r, http.StatusOK, outboxLetterView(o))
}

// outboxMail is the HTML of a mail as a mail program shows it: it may have its style in it, and nothing else.
func (p *Pages) outboxMail(w http.ResponseWriter, r *http.Request) error {
	l, err := p.Messages.OutboxLetter(r.Context(), route.Actor(r), r.PathValue("letter"))
	if err != nil {
		return err
	}
	if l.HTML == "" {
		return errs.NotFoundf("letter %s is no mail", l.PublicID)
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'")
	_, err = io.WriteString(w, l.HTML)
	return err
}

func orFamily(ctx context.Context, name string) string {
	if name == "" {
		return lang.T(ctx, "the family")
	}
	return name
}

// firstLine is what a list shows of a letter without a title.
func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	line, _, _ = strings.Cut(line, " http")
	return line
}

// outboxItem is a letter in the list.
func outboxItem(ctx context.Context, l messages.Diverted) ui.Item {
	it := ui.Item{Icon: roadIcon[l.Road], Lead: l.Title, URL: route.Path(ctx, "outbox", l.PublicID), Tags: []ui.Tag{{Label: lang.Name(lang.From(ctx).Tag(), l.Lang), Icon: "language"}},
		Note: lang.T(ctx, "to {name}", "name", orFamily(ctx, l.Guardian)) + " · " + when(ctx, l.At)}
	if it.Lead == "" {
		it.Lead = firstLine(l.Text)
	}
	return it
}
