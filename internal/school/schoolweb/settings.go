package schoolweb

import (
	"context"
	"io"
	"net/http"

	"brug/internal/auth"
	"brug/internal/errs"
	"brug/internal/lang"
	"brug/internal/school"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

// settingsPage is /s/{school}/school: what the school says of itself, its logo, and the way to everything below it.
type settingsPage struct {
	formPage
	Change  bool
	HasLogo bool
	LogoURL string
	Logo    *ui.Form
	Tiles   []ui.Tile
}

func (p *Pages) settings(w http.ResponseWriter, r *http.Request) error {
	return p.showSettings(w, r, http.StatusOK, nil, nil)
}

// showSettings draws the page; typed and logo are forms that could not be used, nil where there is none.
func (p *Pages) showSettings(w http.ResponseWriter, r *http.Request, status int, typed, logo *ui.Form) error {
	ctx := r.Context()
	now, err := p.School.Settings(ctx, route.Actor(r))
	if err != nil {
		return err
	}
	fields := settingsFields(ctx)
	stored := settingsForm(now)
	page := settingsPage{Change: may(r, auth.SchoolChange), HasLogo: now.HasLogo, LogoURL: route.Path(ctx, "logo"), Logo: logo}
	page.formPage = formPage{Page: route.Page(w, r, lang.T(ctx, "School")), Form: stored, URL: route.Path(ctx, "school"), Fields: fields,
		Hidden: []string{"version", itoa(now.Version)}, Submit: lang.T(ctx, "Save"), Read: !page.Change}
	page.Heading = now.Name
	page.Tiles = schoolTiles(ctx, r)
	if typed != nil {
		page.Form = typed
		if status == http.StatusConflict {
			page.Clashes = clashes(ctx, fields, typed, stored)
		}
	}
	if page.Logo == nil {
		page.Logo = ui.NewForm()
	}
	page.Logo.Prefix = "logo"
	return route.Render(w, r, status, settingsView(page))
}

func (p *Pages) doSettings(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, err := ui.FormFrom(r, maxForm)
	if err == nil {
		err = p.School.SaveSettings(ctx, route.Actor(r), school.Settings{Name: f.Get("name"), Town: f.Get("town"), Phone: f.Get("phone"),
			Lang: f.Get("lang"), Timezone: f.Get("timezone"), Version: version(f)})
	}
	if status, ok := show(f, err); ok {
		return p.showSettings(w, r, status, f, nil)
	}
	if err != nil {
		return err
	}
	return route.SeeDone(w, r, route.Path(ctx, "school"), lang.T(ctx, "Saved."))
}

func (p *Pages) doLogo(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, err := ui.FormFrom(r, school.MaxLogo+1<<20)
	if err != nil && errs.Is(err, errs.Invalid) {
		err = errs.Field("logo", "This picture is too large. At most {size} MB is taken; a small one prints just as well.", "size", school.MaxLogo/1_000_000)
	}
	var data []byte
	if head := f.File("logo"); err == nil && head != nil {
		file, e := head.Open()
		if e != nil {
			return e
		}
		data, err = io.ReadAll(file)
		if e := file.Close(); err == nil {
			err = e
		}
	}
	if err == nil {
		err = p.School.SetLogo(ctx, route.Actor(r), data)
	}
	if status, ok := show(f, err); ok {
		return p.showSettings(w, r, status, nil, f)
	}
	if err != nil {
		return err
	}
	return route.SeeDone(w, r, route.Path(ctx, "school"), lang.T(ctx, "The logo stands on every paper from now on."))
}

func (p *Pages) removeLogo(w http.ResponseWriter, r *http.Request) error {
	if err := p.School.RemoveLogo(r.Context(), route.Actor(r)); err != nil {
		return err
	}
	return route.SeeDone(w, r, route.Path(r.Context(), "school"), lang.T(r.Context(), "The logo is taken away."))
}

// logo gives the picture itself. A drawing may hold anything its maker wrote, so it is shown without any power.
func (p *Pages) logo(w http.ResponseWriter, r *http.Request) error {
	data, kind, err := p.School.Logo(r.Context(), route.Actor(r).School)
	if err != nil {
		return err
	}
	if len(data) == 0 {
		return errs.NotFoundf("the school has no logo")
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
	w.Header().Set("Cache-Control", "private, max-age=300")
	_, err = w.Write(data)
	return err
}

func settingsForm(s school.Settings) *ui.Form {
	return ui.NewForm("name", s.Name, "town", s.Town, "phone", s.Phone, "lang", s.Lang, "timezone", s.Timezone)
}

func settingsFields(ctx context.Context) []field {
	var langs, zones []ui.Option
	for _, t := range school.SchoolLangs {
		langs = append(langs, ui.Option{Value: t, Label: langName(ctx, t)})
	}
	for _, z := range school.Timezones {
		zones = append(zones, ui.Option{Value: z, Label: z})
	}
	return []field{
		{Input: ui.Input{Name: "name", Label: lang.T(ctx, "Name of the school"), Max: 100, Auto: "organization"}},
		{Input: ui.Input{Name: "town", Label: lang.T(ctx, "Town"), Max: 100, Optional: true, Auto: "address-level2"}},
		{Input: ui.Input{Name: "phone", Label: lang.T(ctx, "Phone"), Type: "tel", Optional: true, Auto: "tel",
			Hint: lang.T(ctx, "Families find it on their page and on paper.")}},
		{Input: ui.Input{Name: "lang", Label: lang.T(ctx, "Language of the school"), Options: langs,
			Hint: lang.T(ctx, "A family whose own language lacks a text gets it in this one.")}, Control: list},
		{Input: ui.Input{Name: "timezone", Label: lang.T(ctx, "Time zone"), Options: zones}, Control: list},
	}
}

func schoolTiles(ctx context.Context, r *http.Request) []ui.Tile {
	tiles := []ui.Tile{
		{Title: lang.T(ctx, "Classes"), Text: lang.T(ctx, "Add, rename, end of the year"), URL: route.Path(ctx, "classes"), Icon: "class"},
		{Title: lang.T(ctx, "Pupils"), Text: lang.T(ctx, "Find a child or a guardian"), URL: route.Path(ctx, "pupils"), Icon: "child"},
		{Title: lang.T(ctx, "Groups"), Text: lang.T(ctx, "Pupils of several classes together"), URL: route.Path(ctx, "groups"), Icon: "people"},
	}
	if may(r, auth.SchoolChange) {
		tiles = append(tiles,
			ui.Tile{Title: lang.T(ctx, "When you answer"), Text: lang.T(ctx, "Families read the hours on their page"), URL: route.Path(ctx, "school", "hours"), Icon: "later"},
			ui.Tile{Title: lang.T(ctx, "Days off"), Text: lang.T(ctx, "Holidays from a file, or day by day"), URL: route.Path(ctx, "calendar", "off"), Icon: "calendar"})
	}
	if may(r, auth.RosterImport) {
		tiles = append(tiles, ui.Tile{Title: lang.T(ctx, "Bring in a list"), Text: lang.T(ctx, "From the school's own system"), URL: route.Path(ctx, "import"), Icon: "upload"})
	}
	if may(r, auth.StaffSee) {
		tiles = append(tiles, ui.Tile{Title: lang.T(ctx, "Staff"), Text: lang.T(ctx, "Who works here, and with which classes"), URL: route.Path(ctx, "staff"), Icon: "person"})
	}
	return tiles
}
