// Package errs names the few kinds of error that Brug tells people about.
//
// An operation answers with one of these kinds, or with any other error, which then is internal: logged with the
// request's id and shown to nobody. One place in package web turns a kind into a page in the reader's language.
// The package owns no tables and imports nothing of Brug.
package errs

import (
	"errors"
	"fmt"
	"sort"
	"strings"
	"time"
)

// Kind says what sort of thing went wrong, for a person.
type Kind int

// The kinds. Internal is everything that carries no kind.
const (
	Internal  Kind = iota
	NotFound       // there is nothing there, or nothing that this person may know of (404)
	Invalid        // what was typed cannot be used; says at which field (422)
	Forbidden      // the person is known and may not (403)
	Conflict       // somebody else changed it first, or it is in use (409)
	TooMany        // too many tries; Wait says for how long (429)
	Gone           // it was there and has ended: an expired code, a used link (410)
	SignIn         // nobody is signed in (to the sign-in page)
)

// Text is a sentence for a person: an English message id with named {placeholders}, translated where it is shown.
type Text struct {
	ID   string         // English, as in the PO catalogues
	Args map[string]any // values of the placeholders
}

// T makes a Text; kv are placeholder names and values in turn. Extracted for translation like lang.T.
func T(id string, kv ...any) Text {
	t := Text{ID: id}
	for i := 0; i+1 < len(kv); i += 2 {
		if t.Args == nil {
			t.Args = map[string]any{}
		}
		t.Args[fmt.Sprint(kv[i])] = kv[i+1]
	}
	return t
}

// String is the English sentence, for logs and tests only.
func (t Text) String() string {
	s := t.ID
	for k, v := range t.Args {
		s = strings.ReplaceAll(s, "{"+k+"}", fmt.Sprint(v))
	}
	return s
}

// Error is an error of a kind. Field errors are kept by field name, the same name as the form field.
type Error struct {
	Kind   Kind
	Text   Text
	Fields map[string]Text
	Wait   time.Duration // for TooMany
	Err    error         // the cause, for the log
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Kind.String())
	if e.Text.ID != "" {
		b.WriteString(": " + e.Text.String())
	}
	names := make([]string, 0, len(e.Fields))
	for f := range e.Fields {
		names = append(names, f)
	}
	sort.Strings(names)
	for _, f := range names {
		b.WriteString("; " + f + ": " + e.Fields[f].String())
	}
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	return b.String()
}

func (e *Error) Unwrap() error { return e.Err }

func (k Kind) String() string {
	return [...]string{"internal", "not found", "invalid", "forbidden", "conflict", "too many", "gone", "sign in"}[k]
}

// New makes an error of a kind with a sentence for a person.
func New(k Kind, id string, kv ...any) *Error { return &Error{Kind: k, Text: T(id, kv...)} }

// NotFoundf is NotFound with a note for the log; a person sees the general sentence.
func NotFoundf(format string, args ...any) *Error {
	return &Error{Kind: NotFound, Err: fmt.Errorf(format, args...)}
}

// Forbiddenf is Forbidden with a note for the log; a person sees the general sentence.
func Forbiddenf(format string, args ...any) *Error {
	return &Error{Kind: Forbidden, Err: fmt.Errorf(format, args...)}
}

// KindOf tells the kind of an error anywhere in its chain; Internal if there is none.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// Is tells whether err is of the kind.
func Is(err error, k Kind) bool { return err != nil && KindOf(err) == k }

// FieldsOf gives the field errors of an Invalid error, nil if there are none.
func FieldsOf(err error) map[string]Text {
	var e *Error
	if errors.As(err, &e) {
		return e.Fields
	}
	return nil
}

// Check collects field errors, so that a form tells all that is wrong at once.
//
//	var c errs.Check
//	c.That(name != "", "name", "Write a name.")
//	return c.Err()
type Check struct{ fields map[string]Text }

// That records the sentence at the field unless ok. The first sentence of a field stays. It returns ok.
func (c *Check) That(ok bool, field, id string, kv ...any) bool {
	if ok {
		return true
	}
	if c.fields == nil {
		c.fields = map[string]Text{}
	}
	if _, has := c.fields[field]; !has {
		c.fields[field] = T(id, kv...)
	}
	return false
}

// OK tells whether nothing was wrong so far.
func (c *Check) OK() bool { return len(c.fields) == 0 }

// Err is nil, or an Invalid error with all fields.
func (c *Check) Err() error {
	if c.OK() {
		return nil
	}
	return &Error{Kind: Invalid, Fields: c.fields}
}

// Field is an Invalid error at one field.
func Field(field, id string, kv ...any) error {
	return &Error{Kind: Invalid, Fields: map[string]Text{field: T(id, kv...)}}
}
