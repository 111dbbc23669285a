package translateweb

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"strings"

	"brug/internal/lang"
	"brug/internal/material"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

type languagesPage struct {
	ui.Page
	Read, Others []progress // languages that families of this school read, and the others
}

// progress is one language of the table.
type progress struct {
	material.Progress
	Name, URL string
}

// languages is /s/{school}/translate.
func (p *Pages) languages(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), route.Actor(r)
	read, err := p.Material.FamilyLangs(ctx, by)
	if err != nil {
		return err
	}
	all, err := p.Material.List(ctx, by, material.Filter{})
	if err != nil {
		return err
	}
	l := languagesPage{Page: route.Page(w, r, lang.T(ctx, "Translations"))}
	for _, pr := range material.ProgressOf(all, material.Languages()) {
		row := progress{pr, name(ctx, pr.Lang), choice{Lang: pr.Lang}.list(ctx)}
		if slices.ContainsFunc(read, func(tag string) bool { return tag == pr.Lang || strings.HasPrefix(tag, pr.Lang+"-") }) {
			l.Read = append(l.Read, row)
		} else {
			l.Others = append(l.Others, row)
		}
	}
	l.Lead = lang.T(ctx, "Do you speak one of these languages? Say that a text is right, or write it better. Families of your school then get your words.")
	l.Actions = []ui.Action{{Label: lang.T(ctx, "Bring in a PO file"), Icon: "upload", URL: route.Path(ctx, "translate", "import")}}
	l.Back = ui.Link{Label: lang.T(ctx, "Materials"), URL: route.Path(ctx, "materials")}
	return route.Render(w, r, http.StatusOK, languagesView(l))
}

type listPage struct {
	ui.Page
	choice
	Form     *ui.Form
	Items    []material.TranslationItem // of this page
	Turn     ui.Turn
	Kinds    []ui.Option
	Tabs     []ui.Tab
	Progress material.Progress
}

// perPage is how many texts stand on one page of the list.
const perPage = 50

// list is /s/{school}/translate/{lang}, page by page. ?after is the last text of the page before: it keeps its place also when it
// stands on this list no more.
func (p *Pages) list(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), route.Actor(r)
	c := choiceOf(r.PathValue("lang"), r.URL.Query())
	if err := known(c.Lang); err != nil {
		return err
	}
	items, err := p.Material.ItemsOf(ctx, by, c.Lang, material.Filter{Kind: material.Kind(c.Kind)})
	if err != nil {
		return err
	}
	l := listPage{choice: c, Kinds: kinds(ctx), Form: ui.NewForm("kind", c.Kind, "only", c.Only), Page: route.Page(w, r, name(ctx, c.Lang))}
	count := map[string]int{}
	for _, only := range []string{"", onlyLacking, onlyDrafts} {
		for _, it := range items {
			if c.with(only).fits(it) {
				count[only]++
			}
		}
	}
	after := r.URL.Query().Get("after")
	from := 1 + slices.IndexFunc(items, func(it material.TranslationItem) bool { return it.Slug == after })
	first := ""
	for i, it := range items {
		switch {
		case !c.fits(it):
			continue
		case first == "":
			first = it.Slug
		}
		if i < from {
			l.Turn.PrevURL, l.Turn.Prev = c.list(ctx), lang.T(ctx, "From the start")
			continue
		}
		if len(l.Items) == perPage {
			l.Turn.NextURL, l.Turn.Next = c.listAfter(ctx, l.Items[perPage-1].Slug), lang.T(ctx, "More")
			break
		}
		l.Items = append(l.Items, it)
	}
	l.Tabs = []ui.Tab{
		{Label: lang.T(ctx, "All"), URL: c.with("").list(ctx), Current: c.Only == "", Count: count[""]},
		{Label: lang.T(ctx, "Lacking"), URL: c.with(onlyLacking).list(ctx), Current: c.Only == onlyLacking, Count: count[onlyLacking]},
		{Label: lang.T(ctx, "Drafts"), URL: c.with(onlyDrafts).list(ctx), Current: c.Only == onlyDrafts, Count: count[onlyDrafts]},
	}
	l.Back = ui.Link{Label: lang.T(ctx, "Translations"), URL: route.Path(ctx, "translate")}
	if first != "" {
		l.Actions = append(l.Actions, ui.Action{Label: lang.T(ctx, "Begin with the first"), Icon: "edit", Kind: ui.First, URL: c.item(ctx, first)},
			ui.Action{Label: lang.T(ctx, "Download as PO"), Icon: "download", URL: route.Path(ctx, "translate", c.Lang, "materials.po") + c.query(), Download: true})
	}
	return route.Render(w, r, http.StatusOK, listView(l))
}

// export is /s/{school}/translate/{lang}/materials.po: what the list shows.
func (p *Pages) export(w http.ResponseWriter, r *http.Request) error {
	c := choiceOf(r.PathValue("lang"), r.URL.Query())
	if err := known(c.Lang); err != nil {
		return err
	}
	items, err := p.Material.ItemsOf(r.Context(), route.Actor(r), c.Lang, material.Filter{Kind: material.Kind(c.Kind)})
	if err != nil {
		return err
	}
	items = slices.DeleteFunc(items, func(it material.TranslationItem) bool { return !c.fits(it) })
	w.Header().Set("Content-Type", "text/x-gettext-translation; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="materials-`+c.Lang+`.po"`)
	_, err = bytes.NewReader(material.ExportPO(c.Lang, items)).WriteTo(w)
	return err
}

// status says how far a text is, for staff.
func status(ctx context.Context, it material.TranslationItem) ui.Tag {
	lacks := 0
	for _, p := range it.Pieces {
		if p.Target == "" || p.Stale {
			lacks++
		}
	}
	switch {
	case lacks == len(it.Pieces):
		return ui.Tag{Label: lang.T(ctx, "not there yet")}
	case lacks > 0:
		return ui.Tag{Label: lang.N(ctx, lacks, "{n} piece lacks", "{n} pieces lack"), Tone: ui.Care}
	case it.Text.Status == material.Reviewed:
		return ui.Tag{Label: lang.T(ctx, "read by {who}", "who", it.Text.ReviewedBy), Tone: ui.Done, Icon: "ok"}
	}
	return ui.Tag{Label: lang.T(ctx, "draft"), Icon: "edit"}
}
