package ui

import (
	"errors"
	"net/http"
	"time"

	"brug/internal/errs"
	"brug/internal/lang"
)

// Problem is an error as a person meets it: what happened, what is kept, what to do. It never tells more than that.
type Problem struct {
	Kind      errs.Kind
	Text      errs.Text     // said by the operation; the general sentence unless set
	Wait      time.Duration // for errs.TooMany
	RequestID string        // for errs.Internal: the word to tell whoever keeps the program
	Links     []Action      // what to do next
}

// ProblemOf makes a Problem of any error. Internal errors lose their text here.
func ProblemOf(err error, requestID string) Problem {
	p := Problem{Kind: errs.KindOf(err)}
	var e *errs.Error
	if errors.As(err, &e) {
		p.Text, p.Wait = e.Text, e.Wait
	}
	if p.Kind == errs.Internal {
		p.Text, p.RequestID = errs.Text{}, requestID
	}
	return p
}

// Status is the status code of a kind of error.
func Status(k errs.Kind) int {
	switch k {
	case errs.NotFound:
		return http.StatusNotFound
	case errs.Invalid:
		return http.StatusUnprocessableEntity
	case errs.Forbidden:
		return http.StatusForbidden
	case errs.Conflict:
		return http.StatusConflict
	case errs.TooMany:
		return http.StatusTooManyRequests
	case errs.Gone:
		return http.StatusGone
	case errs.SignIn:
		return http.StatusUnauthorized
	}
	return http.StatusInternalServerError
}

// problemWords are the title, what happened, what is kept and what to do, for each kind.
type problemWords struct{ title, happened, kept, do, icon string }

var problems = map[errs.Kind]problemWords{
	errs.NotFound: {
		title:    lang.Msg("This page is not here"),
		happened: lang.Msg("The address may be wrong, or the page is for somebody else."),
		kept:     lang.Msg("Nothing has changed."),
		do:       lang.Msg("Look at the address again, or go back."),
		icon:     "search",
	},
	errs.Invalid: {
		title:    lang.Msg("This cannot be used yet"),
		happened: lang.Msg("Something that was sent cannot be used."),
		kept:     lang.Msg("Nothing has changed."),
		do:       lang.Msg("Go back, and look it over."),
		icon:     "edit",
	},
	errs.Forbidden: {
		title:    lang.Msg("This is not for you"),
		happened: lang.Msg("You are not allowed to see or do this."),
		kept:     lang.Msg("Nothing has changed."),
		do:       lang.Msg("Do you need it? Ask the school."),
		icon:     "lock",
	},
	errs.Conflict: {
		title:    lang.Msg("Somebody was just before you"),
		happened: lang.Msg("Meanwhile this was changed by somebody else, or it is in use."),
		kept:     lang.Msg("What the other person did is kept."),
		do:       lang.Msg("Open the page again, and look at what has changed."),
		icon:     "people",
	},
	errs.Gone: {
		title:    lang.Msg("This has ended"),
		happened: lang.Msg("The link or the code does not work any more."),
		kept:     lang.Msg("What you sent before is kept."),
		do:       lang.Msg("Ask the school for a new one."),
		icon:     "later",
	},
	errs.TooMany: {
		title:    lang.Msg("Please wait a little"),
		happened: lang.Msg("This was tried many times. That is why we stop for a while."),
		kept:     lang.Msg("Nothing has changed."),
		do:       lang.Msg("Try again later."),
		icon:     "later",
	},
	errs.SignIn: {
		title:    lang.Msg("Please sign in"),
		happened: lang.Msg("This page is for people of the school."),
		kept:     lang.Msg("Nothing has changed."),
		do:       lang.Msg("Sign in, and you come back here."),
		icon:     "signin",
	},
	errs.Internal: {
		title:    lang.Msg("Something went wrong here"),
		happened: lang.Msg("The fault is ours, not yours."),
		kept:     lang.Msg("What was saved before is kept. What you just sent may be lost."),
		do:       lang.Msg("Go back and try once more. Does it happen again? Tell the school."),
		icon:     "care",
	},
}

func (p Problem) words() problemWords {
	w, ok := problems[p.Kind]
	if !ok {
		return problems[errs.Internal]
	}
	return w
}

// Title is the title of the page, as a message id for lang.T.
func (p Problem) Title() string { return p.words().title }

// minutes of waiting, rounded up: at least one.
func (p Problem) minutes() int {
	return max(1, int((p.Wait+time.Minute-1)/time.Minute))
}

// offline is what a page says that the phone has kept, when there is no network.
var offline = problemWords{
	title:    lang.Msg("No internet"),
	happened: lang.Msg("This phone has no internet now."),
	kept:     lang.Msg("What you sent before is kept."),
	do:       lang.Msg("Try again when there is a connection."),
	icon:     "offline",
}

func withTitle(p Page, title string) Page {
	p.Title, p.Heading = title, ""
	return p
}

func familyTitle(p FamilyPage, title string) FamilyPage {
	p.Title = title
	return p
}
