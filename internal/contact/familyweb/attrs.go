package familyweb

import (
	"strconv"

	"github.com/a-h/templ"

	"brug/internal/contact"
)

func bodyAttrs(sp slipPage) templ.Attributes {
	a := templ.Attributes{"maxlength": strconv.Itoa(contact.MaxBody)}
	if sp.BodyErr != "" {
		a["aria-invalid"], a["aria-describedby"] = "true", "body-error"
	}
	return a
}

func codeAttrs(c codePage) templ.Attributes {
	if c.Wrong == "" {
		return nil
	}
	return templ.Attributes{"aria-invalid": "true", "aria-describedby": "code-error"}
}
