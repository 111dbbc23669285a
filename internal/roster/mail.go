package roster

import (
	"net/mail"
	"regexp"
	"strings"
)

// ParseEmail folds an address to lower case and checks its form. ok is false where no mail can go there.
func ParseEmail(s string) (address string, ok bool) {
	s = strings.ToLower(strings.Trim(strings.TrimSpace(s), "<>.,;\"'"))
	s = strings.TrimPrefix(s, "mailto:")
	if len(s) > 254 || strings.ContainsAny(s, " <>\"\\()[],;:") {
		return "", false
	}
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s {
		return "", false
	}
	local, domain, _ := strings.Cut(s, "@")
	if len(local) > 64 || !domainForm.MatchString(domain) {
		return "", false
	}
	return s, true
}

var (
	domainForm = regexp.MustCompile(`^(?:[\pL\d](?:[\pL\d-]*[\pL\d])?\.)+[\pL]{2,}$`)
	mailParts  = regexp.MustCompile(`(?i)[;,|\n\s]+|\s/\s|/`)
	angled     = regexp.MustCompile(`<([^<>]+@[^<>]+)>`)
)

// mailsIn reads all addresses of a cell. bad are the pieces that are none, with an @ or not.
func mailsIn(cell string) (good, bad []string) {
	cell = clean(cell)
	if empty(cell) {
		return nil, nil
	}
	if all := angled.FindAllStringSubmatch(cell, -1); all != nil { // "Emma Janssens <emma@…>"
		for _, m := range all {
			if a, ok := ParseEmail(m[1]); ok {
				good = addOnce(good, a)
			} else {
				bad = append(bad, m[1])
			}
		}
		return good, bad
	}
	if a, ok := ParseEmail(cell); ok {
		return []string{a}, nil
	}
	for _, piece := range mailParts.Split(cell, -1) {
		if !strings.Contains(piece, "@") {
			continue
		}
		if a, ok := ParseEmail(piece); ok {
			good = addOnce(good, a)
		} else {
			bad = append(bad, piece)
		}
	}
	if len(good) == 0 {
		return nil, []string{cell}
	}
	return good, bad
}

// Endings and names that are slips of the hand far more often than real.
var slips = map[string]string{
	"gmail.con": "gmail.com", "gmail.be": "gmail.com", "gmial.com": "gmail.com", "gmai.com": "gmail.com", "gamil.com": "gmail.com",
	"gmail.cm": "gmail.com", "gmail.co": "gmail.com", "hotmial.com": "hotmail.com", "hotmail.con": "hotmail.com", "hotmai.com": "hotmail.com",
	"hotmal.com": "hotmail.com", "outlook.con": "outlook.com", "outlok.com": "outlook.com", "yahoo.con": "yahoo.com", "telenet.com": "telenet.be",
	"skynet.com": "skynet.be", "icloud.con": "icloud.com",
}

// meant proposes what a mistyped address may have meant, "" if it looks right.
func meant(address string) string {
	local, domain, _ := strings.Cut(address, "@")
	if right, ok := slips[domain]; ok {
		return local + "@" + right
	}
	return ""
}

var sharedLocal = set("info", "school", "secretariaat", "secretariat", "directie", "direction", "admin", "administratie", "office", "contact",
	"noreply", "no reply", "geen", "onbekend", "test", "mail", "email", "onthaal", "accueil", "x", "xx", "xxx", "zorg", "leerlingen", "ouders", "parents")

// sharedMail tells whether an address is an office's or a filler, never one person's.
func sharedMail(address string) bool {
	local, _, _ := strings.Cut(address, "@")
	return sharedLocal[fold(local)]
}
