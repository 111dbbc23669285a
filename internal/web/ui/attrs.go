package ui

import (
	"context"
	"strconv"

	"brug/internal/lang"

	"github.com/a-h/templ"
)

func nameValue(a Action) templ.Attributes {
	if a.Name == "" {
		return nil
	}
	return templ.Attributes{"name": a.Name, "value": a.Value}
}

// langAttrs marks a text that is not in the page's language.
func langAttrs(tag string) templ.Attributes {
	if tag == "" {
		return nil
	}
	return templ.Attributes{"lang": tag, "dir": dirOf(tag)}
}

func columnClass(c Column) string {
	if c.Kind == TextColumn {
		return ""
	}
	return "col-" + string(c.Kind)
}

func markTitle(ctx context.Context, s State, detail string) string {
	name := lang.T(ctx, stateNames[s])
	if detail == "" {
		return name
	}
	return name + " · " + detail
}

func legendStates(s []State) []State {
	if len(s) == 0 {
		return States
	}
	return s
}

func stepClass(s StepState) string {
	switch s {
	case StepDone:
		return "step step-done"
	case StepNow:
		return "step step-now"
	}
	return "step"
}

func stepAttrs(s StepState) templ.Attributes {
	if s == StepNow {
		return templ.Attributes{"aria-current": "step"}
	}
	return nil
}

func tintClass(t Tint) string {
	if t == "" {
		return "tint-plain"
	}
	return "tint-" + string(t)
}

func orText(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// pollAttrs makes htmx ask for the page again and take this one element out of it.
func pollAttrs(w Work) templ.Attributes {
	if w.Ended() || w.URL == "" {
		return nil
	}
	return templ.Attributes{
		"hx-get": w.URL, "hx-trigger": "every 2s", "hx-select": "#" + w.id(), "hx-target": "this", "hx-swap": "outerHTML",
	}
}

// progressValue leaves the value out while the end is not known: the bar then only moves.
func progressValue(w Work) templ.Attributes {
	if w.Total <= 0 && !w.Ended() {
		return nil
	}
	return templ.Attributes{"value": strconv.Itoa(w.percent())}
}

func wrong(f *Form, in Input) bool {
	_, is := f.Wrong(in.Name)
	return is
}

func described(f *Form, in Input) templ.Attributes {
	a := templ.Attributes{}
	if ids := in.describedBy(f); ids != "" {
		a["aria-describedby"] = ids
	}
	if wrong(f, in) {
		a["aria-invalid"] = "true"
	}
	return a
}

func inputAttrs(f *Form, in Input) templ.Attributes {
	a := described(f, in)
	for name, v := range map[string]string{
		"autocomplete": in.Auto, "inputmode": in.Mode, "min": in.Min, "max": in.MaxVal, "lang": in.Lang,
	} {
		if v != "" {
			a[name] = v
		}
	}
	if in.Lang != "" {
		a["dir"] = dirOf(in.Lang)
	} else if k := in.kind(); k == "email" || k == "tel" || k == "url" {
		a["dir"] = "ltr" // addresses and numbers run one way in every script
	} else if k == "text" || k == "search" {
		a["dir"] = "auto"
	}
	if in.Max > 0 {
		a["maxlength"] = strconv.Itoa(in.Max)
	}
	if in.Focus {
		a["autofocus"] = true
	}
	if in.Type == "email" || in.Type == "password" || in.Type == "url" {
		a["autocapitalize"], a["spellcheck"] = "none", "false"
	}
	return a
}

// selectAttrs has no direction of its own: a list opens along the page.
func selectAttrs(f *Form, in Input) templ.Attributes {
	a := described(f, in)
	if in.Auto != "" {
		a["autocomplete"] = in.Auto
	}
	return a
}

func fileAttrs(f *Form, in Input) templ.Attributes {
	a := described(f, in)
	if in.Accept != "" {
		a["accept"] = in.Accept
	}
	if in.MaxBytes > 0 {
		a["data-max"], a["data-too-large"] = strconv.FormatInt(in.MaxBytes, 10), in.TooLarge
	}
	return a
}

// optionAttrs ties an option to its own hint. The error of a group stands at its fieldset.
func optionAttrs(f *Form, in Input, o Option, i int) templ.Attributes {
	if o.Hint == "" {
		return nil
	}
	return templ.Attributes{"aria-describedby": in.optionID(f, i) + "-about"}
}

func idAttrs(id string) templ.Attributes {
	if id == "" {
		return nil
	}
	return templ.Attributes{"id": id}
}

func lateAttrs(late bool) templ.Attributes {
	if !late {
		return nil
	}
	return templ.Attributes{"loading": "lazy"}
}
