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
	Own       *Words        // instead of those of the kind
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

// Words are the title, what happened, what is kept ("": nothing to say) and what to do, as message ids for lang.T; and an icon.
type Words struct{ Title, Happened, Kept, Do, Icon string }

// Elsewhere is said to families when something was sent from a page that is none of ours. A browser does so for a trap on another
// site, and now and then for an old copy of a page.
var Elsewhere = Words{
	Title:    lang.Msg("This was not sent"),
	Happened: lang.Msg("It did not come from our own page. So we did not take it."),
	Kept:     lang.Msg("Nothing has changed."),
	Do:       lang.Msg("Open the page again with the link of the school. Then try once more."),
	Icon:     "lock",
}

var problems = map[errs.Kind]Words{
	errs.NotFound: {
		Title:    lang.Msg("This page is not here"),
		Happened: lang.Msg("The address may be wrong, or the page is for somebody else."),
		Kept:     lang.Msg("Nothing has changed."),
		Do:       lang.Msg("Look at the address again, or go back."),
		Icon:     "search",
	},
	errs.Invalid: {
		Title:    lang.Msg("This cannot be used yet"),
		Happened: lang.Msg("Something that was sent cannot be used."),
		Kept:     lang.Msg("Nothing has changed."),
		Do:       lang.Msg("Go back, and look it over."),
		Icon:     "edit",
	},
	errs.Forbidden: {
		Title:    lang.Msg("This is not for you"),
		Happened: lang.Msg("You are not allowed to see or do this."),
		Kept:     lang.Msg("Nothing has changed."),
		Do:       lang.Msg("Do you need it? Ask the school."),
		Icon:     "lock",
	},
	errs.Conflict: {
		Title:    lang.Msg("Somebody was just before you"),
		Happened: lang.Msg("Meanwhile this was changed by somebody else, or it is in use."),
		Kept:     lang.Msg("What the other person did is kept."),
		Do:       lang.Msg("Open the page again, and look at what has changed."),
		Icon:     "people",
	},
	errs.Gone: {
		Title:    lang.Msg("This has ended"),
		Happened: lang.Msg("The link or the code does not work any more."),
		Kept:     lang.Msg("What you sent before is kept."),
		Do:       lang.Msg("Ask the school for a new one."),
		Icon:     "later",
	},
	errs.TooMany: {
		Title:    lang.Msg("Please wait a little"),
		Happened: lang.Msg("This was tried many times. That is why we stop for a while."),
		Kept:     lang.Msg("Nothing has changed."),
		Do:       lang.Msg("Try again later."),
		Icon:     "later",
	},
	errs.SignIn: {
		Title:    lang.Msg("Please sign in"),
		Happened: lang.Msg("This page is for people of the school."),
		Kept:     lang.Msg("Nothing has changed."),
		Do:       lang.Msg("Sign in, and you come back here."),
		Icon:     "signin",
	},
	errs.Internal: {
		Title:    lang.Msg("Something went wrong here"),
		Happened: lang.Msg("The fault is ours, not yours."),
		Kept:     lang.Msg("What was saved before is kept. What you just sent may be lost."),
		Do:       lang.Msg("Go back and try once more. Does it happen again? Tell the school."),
		Icon:     "care",
	},
}

func (p Problem) words() Words {
	if p.Own != nil {
		return *p.Own
	}
	w, ok := problems[p.Kind]
	if !ok {
		return problems[errs.Internal]
	}
	return w
}

// Title is the title of the page, as a message id for lang.T.
func (p Problem) Title() string { return p.words().Title }

// minutes of waiting, rounded up: at least one.
func (p Problem) minutes() int {
	return max(1, int((p.Wait+time.Minute-1)/time.Minute))
}

// offline is what a page says that the phone has kept, when there is no network.
var offline = Words{
	Title:    lang.Msg("No internet"),
	Happened: lang.Msg("This phone has no internet now."),
	Kept:     lang.Msg("What you sent before is kept."),
	Do:       lang.Msg("Try again when there is a connection."),
	Icon:     "offline",
}

func withTitle(p Page, title string) Page {
	p.Title, p.Heading = title, ""
	return p
}

func familyTitle(p FamilyPage, title string) FamilyPage {
	p.Title = title
	return p
}
