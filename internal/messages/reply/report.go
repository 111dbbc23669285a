package reply

import (
	"bufio"
	"bytes"
	"net/textproto"
	"regexp"
	"strings"

	"brug/internal/messages/email"

	"github.com/emersion/go-message"
)

// Fate is what a server tells of a mail of ours.
type Fate string

// The fates. Underway is everything that is not the end: it waits, or went on to a server that tells nothing.
const (
	Brought  Fate = "brought"
	Returned Fate = "returned"
	Underway Fate = "underway"
)

// Report is what a server tells of a mail of ours (RFC 3464), or something else that reports tell (a mail was displayed, somebody
// complained), which is Underway: we do not follow who reads what.
type Report struct {
	Key    string // recipient's public id out of the Message-ID of the mail, "" where the report does not show it. Anybody can write one
	Fate   Fate
	Status string // "5.1.1", or ""
}

// Wrong tells whether the address itself is wrong: there is nobody, or never will be. A full box and a refused text are not.
func (r Report) Wrong() bool {
	for _, s := range []string{"5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.4.4"} {
		if r.Status == s {
			return true
		}
	}
	return false
}

// Problem is why a mail was returned, without address or words.
func (r Report) Problem() string {
	if r.Status == "" {
		return "the mail came back"
	}
	return "the mail came back with " + r.Status
}

// keyOf is the recipient's public id in a Message-ID; "" in one that is not ours.
func keyOf(messageID string) string {
	if key, ok := email.KeyOf(messageID); ok {
		return key
	}
	return ""
}

var statusForm = regexp.MustCompile(`\b([245]\.\d{1,3}\.\d{1,3})\b`)

// readReport reads the part of a report for programs, and the head of the mail that it is about.
func readReport(kind string, status []byte, original message.Header) *Report {
	r := &Report{Fate: Underway}
	if original.Len() > 0 {
		r.Key = keyOf(original.Get("Message-Id"))
	}
	if kind != "" && kind != "delivery-status" {
		return r
	}
	// Blocks of header lines: the first about the mail, one for each address that it was for. Ours have one.
	tp := textproto.NewReader(bufio.NewReader(bytes.NewReader(append(status, "\r\n\r\n"...))))
	for range 20 {
		block, err := tp.ReadMIMEHeader()
		if action := strings.ToLower(strings.TrimSpace(block.Get("Action"))); action != "" {
			if m := statusForm.FindString(block.Get("Status")); m != "" {
				r.Status = m
			}
			switch {
			case action == "failed":
				r.Fate = Returned
			case action == "delivered":
				r.Fate = Brought
			}
			return r
		}
		if err != nil && len(block) == 0 {
			return r
		}
	}
	return r
}

var (
	ourID   = regexp.MustCompile(`(?i)message-id:\s*<?([a-z0-9]{16}\.letter@[a-z0-9.-]+)`)
	nothing = regexp.MustCompile(`(?i)(could not be delivered|couldn't be delivered|wasn't delivered|permanent(ly)? (error|failure)|user unknown|no such user|does not exist|address not found|mailbox unavailable|recipient rejected|unknown user|undeliverable|returned to sender|kon niet worden (af|be)geleverd|niet worden bezorgd|n'a pas pu être|konnte nicht zugestellt)`)
)

// oldReport reads reports of servers that do not write what the standard asks for: a program wrote them, they name our letter, and
// say that it did not arrive. nil for any other mail.
func oldReport(h message.Header, from string, texts []string, original message.Header) *Report {
	local, _, _ := strings.Cut(from, "@")
	daemon := local == "mailer-daemon" || local == "postmaster" || strings.TrimSpace(h.Get("Return-Path")) == "<>" || h.Has("X-Failed-Recipients")
	if !daemon {
		return nil
	}
	text := strings.Join(texts, "\n")
	r := &Report{Fate: Underway}
	if original.Len() > 0 {
		r.Key = keyOf(original.Get("Message-Id"))
	}
	if m := ourID.FindStringSubmatch(text); r.Key == "" && m != nil {
		r.Key = keyOf(m[1])
	}
	said := statusForm.FindString(text)
	if h.Has("X-Failed-Recipients") || strings.HasPrefix(said, "5.") || said == "" && nothing.MatchString(text) {
		r.Fate, r.Status = Returned, said
	}
	if r.Fate == Underway && r.Key == "" {
		return nil
	}
	return r
}
