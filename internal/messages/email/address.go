package email

import (
	"strings"

	"brug/internal/secret"
)

// Answers by mail come to reply+PUBLICID.SIGN@domain. The sign is 10 characters of a MAC (40 bits): enough, since what it
// lets in is an answer to one letter, and servers that try all of them are slow. Everything is lower case, for mail programs
// and servers change the case of addresses at will.
const (
	replyWord   = "reply+"
	signBytes   = 5
	signPurpose = "reply"
)

// ReplyAddress is where answers to a recipient's letter (or to a conversation) come in; publicID is theirs.
func ReplyAddress(keys *secret.Keys, publicID, domain string) string {
	return replyWord + publicID + "." + keys.Sign(signPurpose, publicID, signBytes) + "@" + domain
}

// ParseReplyAddress finds the public id in an address of ReplyAddress. ok is false for any other address, and for one that
// somebody made up.
func ParseReplyAddress(keys *secret.Keys, address, domain string) (publicID string, ok bool) {
	local, host, found := strings.Cut(strings.ToLower(strings.TrimSpace(address)), "@")
	if !found || host != strings.ToLower(domain) {
		return "", false
	}
	rest, found := strings.CutPrefix(local, replyWord)
	if !found {
		return "", false
	}
	publicID, sign, found := strings.Cut(rest, ".")
	if !found || publicID == "" || !secret.Same(sign, keys.Sign(signPurpose, publicID, signBytes)) {
		return "", false
	}
	return publicID, true
}

// messageID is the Message-ID of a letter, without its angle brackets.
func messageID(key, domain string) string { return key + ".letter@" + domain }

// KeyOf finds the recipient's public id in the Message-ID of one of our letters, with or without angle brackets. Anybody can
// write such an id: it tells what is meant, never who writes.
func KeyOf(messageID string) (key string, ok bool) {
	s := strings.Trim(strings.TrimSpace(messageID), "<>")
	local, _, found := strings.Cut(s, "@")
	if !found {
		return "", false
	}
	key, ok = strings.CutSuffix(strings.ToLower(local), ".letter")
	return key, ok && key != ""
}
