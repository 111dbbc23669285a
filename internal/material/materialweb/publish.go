package materialweb

import (
	"net/http"
	"strconv"

	"brug/internal/auth"
	"brug/internal/errs"
	"brug/internal/lang"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

// publishRoutes are for the people of the support centre, in its own house.
func (p *Pages) publishRoutes() []route.Route {
	return []route.Route{
		route.Post("/s/{school}/materials/{material}/publish", auth.MaterialPublish, p.publish),
		route.Post("/s/{school}/materials/{material}/withdraw", auth.MaterialPublish, p.withdraw),
	}
}

func (p *Pages) publish(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.FormFrom(r, 16<<10)
	if err != nil {
		return err
	}
	ctx, slug := r.Context(), r.PathValue("material")
	read, err := strconv.ParseInt(f.Get("version"), 10, 64)
	if err != nil {
		read = 0 // no version is 0: it is told as one that has changed since
	}
	err = p.Material.Publish(ctx, route.Actor(r), slug, read)
	if errs.Is(err, errs.Conflict) {
		return route.SeeDone(w, r, route.Path(ctx, "materials", slug), lang.T(ctx, "Somebody else has changed this text meanwhile. Look at it, then publish it."))
	}
	if err != nil {
		return err
	}
	return route.SeeDone(w, r, route.Path(ctx, "materials", slug), lang.T(ctx, "Published. Every school sees this version now."))
}

func (p *Pages) withdraw(w http.ResponseWriter, r *http.Request) error {
	ctx, slug := r.Context(), r.PathValue("material")
	if err := p.Material.Withdraw(ctx, route.Actor(r), slug); err != nil {
		return err
	}
	return route.SeeDone(w, r, route.Path(ctx, "materials", slug), lang.T(ctx, "Withdrawn. No school finds it any more; what was printed keeps working."))
}
