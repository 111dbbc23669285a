package auth

import (
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"brug/internal/errs"
)

// foldEmail is the form in which addresses are compared: Els@School.BE and els@school.be are one account.
func foldEmail(email string) string {
	return strings.ToLower(norm.NFC.String(strings.TrimSpace(email)))
}

// validEmail tells whether something is one bare mail address that we could write to.
func validEmail(email string) bool {
	if len(email) > 254 || strings.ContainsFunc(email, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
		return false
	}
	a, err := mail.ParseAddress(email)
	return err == nil && a.Name == "" && a.Address == email
}

// line is what was typed into a field of one line: no line breaks or signs that cannot be seen, single spaces.
func line(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, norm.NFC.String(s))
	return strings.Join(strings.Fields(s), " ")
}

// text is what was typed into a field of several lines.
func text(s string) string {
	s = strings.ReplaceAll(norm.NFC.String(s), "\r\n", "\n")
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' {
			return -1
		}
		return r
	}, s))
}

const maxLine = 120 // characters of a name

func checkName(c *errs.Check, field, name string) {
	c.That(name != "", field, "Write the name.")
	c.That(utf8.RuneCountInString(name) <= maxLine, field, "At most {n} characters, please.", "n", maxLine)
}

func checkEmail(c *errs.Check, field, email string) {
	c.That(email != "", field, "Write the e-mail address.")
	c.That(validEmail(email), field, "This is not an e-mail address. It looks like name@school.be.")
}
