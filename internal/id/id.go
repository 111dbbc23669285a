// Package id makes public ids, link tokens and short codes: random, and safe to show.
//
// Database ids never leave the program; a public id does. A token is a secret: store only its Hash.
// The package owns no tables.
package id

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"unicode"
)

// alphabet has no vowels (no words come out) and one of each pair that looks alike.
const alphabet = "3467cdfghjkmnpqrtvwx"

// New is a public id: 16 characters of a 20-letter alphabet, about 69 bits, for URLs.
func New() string { return pick(16) }

// Token is a link secret: 22 URL-safe characters, 128 bits (base64url).
func Token() string {
	b := make([]byte, 16)
	if _, err := rand.Read(b); err != nil {
		panic(err) // crypto/rand does not fail on the systems we run on
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// ShortLen is the number of digits in a short code, without its spaces.
const ShortLen = 12

// Short is a code that can be typed or told by phone: 12 digits in groups of four, about 40 bits. Digits only: every
// keyboard has them, and every language can say them. It is guarded by its life and by throttling as well.
func Short() string {
	const digits = "0123456789"
	s := pickFrom(digits, ShortLen)
	return s[:4] + " " + s[4:8] + " " + s[8:]
}

// CleanShort brings what a person typed into the form that Short gives: any script's digits, with or without spaces,
// hyphens or dots. ok is false if it cannot be a short code.
func CleanShort(s string) (code string, ok bool) {
	var b strings.Builder
	for _, r := range s {
		switch {
		case unicode.IsDigit(r):
			b.WriteByte(byte('0' + digitValue(r)))
		case unicode.IsSpace(r), unicode.Is(unicode.Pd, r), unicode.Is(unicode.Cf, r), r == '.':
		default:
			return "", false
		}
	}
	d := b.String()
	if len(d) != ShortLen {
		return "", false
	}
	return d[:4] + " " + d[4:8] + " " + d[8:], true
}

// Digits are the digits of what a person typed, in any script, as 0 to 9; all else is left out.
func Digits(s string) string {
	var b strings.Builder
	for _, r := range s {
		if unicode.IsDigit(r) {
			b.WriteByte(byte('0' + digitValue(r)))
		}
	}
	return b.String()
}

// digitValue: Unicode keeps each script's ten digits together in order, and zero begins at the first of the run.
func digitValue(r rune) int {
	n := 0
	for r-1 > 0 && n < 9 && unicode.IsDigit(r-1) {
		r, n = r-1, n+1
	}
	return n
}

// Hash is what is stored of a secret: SHA-256 in hex, 64 characters. Fit for random secrets, not for passwords.
func Hash(secret string) string {
	h := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(h[:])
}

func pick(n int) string { return pickFrom(alphabet, n) }

func pickFrom(alphabet string, n int) string {
	most := 256 - 256%len(alphabet) // bytes from here on would favour the first letters
	out := make([]byte, 0, n)
	buf := make([]byte, 2*n)
	for len(out) < n {
		if _, err := rand.Read(buf); err != nil {
			panic(err)
		}
		for _, b := range buf {
			if int(b) < most && len(out) < n {
				out = append(out, alphabet[int(b)%len(alphabet)])
			}
		}
	}
	return string(out)
}
