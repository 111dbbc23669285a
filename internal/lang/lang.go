// Package lang is how Brug speaks: texts in the reader's language, dates, lists, numbers, and the languages themselves.
//
// Everything that makes a page, a paper, a mail or an SMS calls it; it imports nothing of Brug but errs, owns no tables,
// and reads nothing but what is embedded here: PO catalogues (folder po) and a cut of the CLDR data (cldr_gen.go).
//
// The message id is the English sentence, with named {placeholders}. Texts that parents meet are translated into all of
// Family, texts that only staff meet into Staff; which is which follows from the folder (see package catalogue). A
// text without a translation is shown in Dutch, the school's language, never silently in English.
package lang

import (
	"context"

	"brug/internal/errs"
)

// Family lists the languages that texts for parents are translated into, in the order of the menus.
var Family = []string{
	"nl", "fr", "en", "ar", "tr", "pl", "ro", "bg", "es", "pt", "uk",
	"ru", "sq", "fa", "ps", "ur", "so", "ti", "it", "de", "zh",
}

// Staff lists the languages that texts for staff are translated into.
var Staff = []string{"nl", "fr", "en"}

// Fallback is the school's language: shown where a text, or a whole language, is missing.
const Fallback = "nl"

type ctxKey struct{}

// With puts the reader's language into the context. The middleware and the jobs call it, once for each reader.
func With(ctx context.Context, l *Locale) context.Context { return context.WithValue(ctx, ctxKey{}, l) }

// From is the reader's language; Dutch if nobody said.
func From(ctx context.Context) *Locale {
	if l, ok := ctx.Value(ctxKey{}).(*Locale); ok && l != nil {
		return l
	}
	return For(Fallback)
}

// T is the text in the reader's language. kv are placeholder names and values in turn; see Locale.T.
func T(ctx context.Context, id string, kv ...any) string { return From(ctx).T(id, kv...) }

// C is T for a short word that needs a context to be translated, such as "Open" (the verb or the state).
func C(ctx context.Context, msgctxt, id string, kv ...any) string {
	return From(ctx).C(msgctxt, id, kv...)
}

// N is T for a text that counts: one and many are the two English forms, {n} is the number. See Locale.N.
func N(ctx context.Context, n int, one, many string, kv ...any) string {
	return From(ctx).N(n, one, many, kv...)
}

// Text is a sentence of package errs in the reader's language.
func Text(ctx context.Context, t errs.Text) string { return From(ctx).Text(t) }

// Msg marks a text that is kept in a table or a constant and translated later, by T with a variable. It gives back the
// id as it is; the mark is for the extractor.
func Msg(id string) string { return id }

// MsgC is Msg for a text that is translated by C, in this context.
func MsgC(msgctxt, id string) string { return id }
