package ui

import (
	"strings"

	"github.com/a-h/templ"
)

func orRoot(url string) string {
	if url == "" {
		return "/"
	}
	return url
}

func current(is bool) templ.Attributes {
	if is {
		return templ.Attributes{"aria-current": "page"}
	}
	return nil
}

// shortTag is the language as it stands on a small button: "NL".
func shortTag(tag string) string {
	base, _, _ := strings.Cut(tag, "-")
	return strings.ToUpper(base)
}
