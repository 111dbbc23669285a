package calendarweb

import (
	"context"
	"strings"

	"brug/internal/calendar"
	"brug/internal/lang"
)

// place joins time and place of a line; either may be "".
func place(parts ...string) string {
	var out []string
	for _, s := range parts {
		if s != "" {
			out = append(out, s)
		}
	}
	return strings.Join(out, " · ")
}

func forWhom(ctx context.Context, e calendar.Event) string {
	if e.ClassID == 0 {
		return lang.T(ctx, "The whole school")
	}
	return lang.T(ctx, "Class {name}", "name", e.Class)
}

// theirs is an event in one line, for somebody who has another version of it in the form.
func theirs(ctx context.Context, e calendar.Event) string {
	return place(e.Name(lang.From(ctx)), e.Title, forWhom(ctx, e), e.When(lang.From(ctx)), e.Place)
}

// whenOf is when an event of a file is.
func whenOf(ctx context.Context, in calendar.Input) string {
	return calendar.Event{Day: in.Day, ToDay: in.ToDay, From: in.From, To: in.To}.When(lang.From(ctx))
}
